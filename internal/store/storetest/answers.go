package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

func testAnswers(t *testing.T, h Harness) {
	s := h.Open(t, options())
	first := store.Answer{
		Key: "key", Fingerprint: "f", Path: "/v1/customers", RequestID: "req_1", Status: 200,
		ObjectID: "cus_1", ObjectVersion: 3, Created: 77,
	}
	second := store.Answer{Key: "key2", Status: 400, Body: []byte("{}"), Created: 78}
	empty := store.Answer{Key: "\x01odd", Status: 204, Body: []byte{}}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SaveAnswer(1, first), tx.SaveAnswer(1, second), tx.SaveAnswer(1, empty))
	})
	for _, want := range []store.Answer{first, second, empty} {
		got, err := s.Answer(1, want.Key)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", want.Key, err, diff)
		}
	}
	for _, c := range []struct {
		ns  store.NS
		key string
	}{{2, "key"}, {1, "ke"}, {1, ""}} {
		_, err := s.Answer(c.ns, c.key)
		wantError(t, err, store.ErrNotFound)
	}
	again := first
	again.Status, again.RequestID = 500, "req_2"
	update(t, s, func(tx store.Tx) error { return tx.SaveAnswer(1, again) })
	if got, err := s.Answer(1, "key"); err != nil || got.Status != 500 || got.RequestID != "req_2" {
		t.Errorf("saved again: %+v, %v", got, err)
	}
	sound(t, s)
}

func testPrune(t *testing.T, h Harness) {
	o := options()
	now := int64(1000)
	o.Now = func() int64 { return now }
	s := h.Open(t, o)
	d := put(t, s, 1, customer("cus_1", 1))[0]
	d = put(t, s, 1, d)[0] // version 1 was replaced at 1000
	now = 2000
	put(t, s, 1, d)
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SaveAnswer(1, store.Answer{Key: "old", Created: 1000}), tx.SaveAnswer(1, store.Answer{Key: "new", Created: 2000}))
	})
	has := func(when string, versions []bool, old, new bool) {
		t.Helper()
		for i, want := range versions {
			_, err := s.Version(1, "cus_1", int64(i+1))
			if (err == nil) != want || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: version %d: %v", when, i+1, err)
			}
		}
		for key, want := range map[string]bool{"old": old, "new": new} {
			_, err := s.Answer(1, key)
			if (err == nil) != want || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: answer %s: %v", when, key, err)
			}
		}
	}
	for _, c := range []struct {
		before   int64
		versions []bool
		old, new bool
	}{
		{1000, []bool{true, true, true}, true, true},
		{1001, []bool{false, true, true}, false, true},
		{1001, []bool{false, true, true}, false, true},
		{3000, []bool{false, false, true}, false, false},
	} {
		if err := s.Prune(c.before); err != nil {
			t.Fatal(err)
		}
		has(fmt.Sprint("pruned before ", c.before), c.versions, c.old, c.new)
	}
	update(t, s, func(tx store.Tx) error { return tx.SaveAnswer(1, store.Answer{Key: "old", Created: 4000, Status: 201}) })
	if a, err := s.Answer(1, "old"); err != nil || a.Status != 201 {
		t.Errorf("a key that is used again: %+v, %v", a, err)
	}
	sound(t, s)
}
