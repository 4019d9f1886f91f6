package audit_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// trail is a store with a chain of five entries.
func trail(t *testing.T) (store.Store, *clock.Fake) {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{Unversioned: audit.Unversioned})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := clock.NewFake(time.Unix(1_790_000_000, 0))
	ctx := audit.By(t.Context(), audit.Actor{Kind: audit.Person, ID: "usr_1", Name: "ada@example.com"})
	for i, action := range []string{"a", "b", "c", "d", "e"} {
		c.Advance([]time.Duration{0, time.Second, -time.Hour, 0, time.Minute}[i]) // a machine's clock may be set back
		err := s.Update(ctx, func(tx store.Tx) error {
			return audit.Append(ctx, tx, c, audit.Entry{Action: action, Account: "acct_1", Subject: "key_1", Details: map[string]string{"x": "1", "a": "2"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, c
}

// entries are the chain's entries, newest first.
func entries(t *testing.T, s store.Store) []store.Doc {
	t.Helper()
	docs, err := control.Collect(s, store.Query{Kind: "audit_entry"})
	if err != nil || len(docs) != 5 {
		t.Fatalf("%d entries, %v", len(docs), err)
	}
	return docs
}

// change writes a document as somebody would who can write the database.
func change(t *testing.T, s store.Store, d store.Doc, fn func(map[string]any)) {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(d.Data, &v); err != nil {
		t.Fatal(err)
	}
	fn(v)
	d.Data, _ = json.Marshal(v)
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put(store.Control, &d) }); err != nil {
		t.Fatal(err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s, _ := trail(t)
	page, more, err := audit.List(s, audit.Query{Account: "acct_1", Actor: "usr_1", Limit: 2})
	if err != nil || !more || len(page) != 2 || page[0].Action != "e" || page[1].Action != "d" {
		t.Fatalf("the first page is %+v, %t, %v", page, more, err)
	}
	page, more, err = audit.List(s, audit.Query{After: page[1].ID, Limit: 10})
	if err != nil || more || len(page) != 3 || page[0].N != 3 || page[2].Prev != "" {
		t.Errorf("the second page is %+v, %t, %v", page, more, err)
	}
	if page, _, err := audit.List(s, audit.Query{Action: "c", Limit: 10}); err != nil || len(page) != 1 || page[0].Actor.Name != "ada@example.com" {
		t.Errorf("c was done by %+v, %v", page, err)
	}
	if n, hash, err := audit.Head(s); n != 5 || len(hash) != 64 || err != nil {
		t.Errorf("the head is %d, %s, %v", n, hash, err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	whole, _ := trail(t)
	if problems, err := audit.Verify(whole); len(problems) > 0 || err != nil {
		t.Fatalf("the whole chain: %v, %v", problems, err)
	}
	empty, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = empty.Close() })
	if problems, err := audit.Verify(empty); len(problems) > 0 || err != nil {
		t.Fatalf("no chain: %v, %v", problems, err)
	}
	for name, test := range map[string]struct {
		tamper func(t *testing.T, s store.Store)
		want   string
	}{
		"another actor": {func(t *testing.T, s store.Store) {
			change(t, s, entries(t, s)[2], func(e map[string]any) { e["actor"].(map[string]any)["name"] = "eve@example.com" })
		}, "entry 3 ("},
		"a detail": {func(t *testing.T, s store.Store) {
			change(t, s, entries(t, s)[4], func(e map[string]any) { e["details"] = map[string]any{"x": "2", "a": "2"} })
		}, "entry 1 ("},
		"a missing one": {func(t *testing.T, s store.Store) {
			d := entries(t, s)[1]
			if err := s.Update(t.Context(), func(tx store.Tx) error { return control.Remove(tx, d) }); err != nil {
				t.Fatal(err)
			}
		}, "entry 4 is missing"},
		"the last is missing": {func(t *testing.T, s store.Store) {
			d := entries(t, s)[0]
			if err := s.Update(t.Context(), func(tx store.Tx) error { return control.Remove(tx, d) }); err != nil {
				t.Fatal(err)
			}
		}, "entry 5 is missing"},
		"the first are missing": {func(t *testing.T, s store.Store) {
			docs := entries(t, s)
			if err := s.Update(t.Context(), func(tx store.Tx) error {
				return errors.Join(control.Remove(tx, docs[3]), control.Remove(tx, docs[4]))
			}); err != nil {
				t.Fatal(err)
			}
		}, "the first 2 entries are missing"},
		"a head that goes back": {func(t *testing.T, s store.Store) {
			head, err := s.Get(store.Control, "audit_head")
			if err != nil {
				t.Fatal(err)
			}
			change(t, s, head, func(h map[string]any) { h["n"] = 4 })
		}, "entry 4 ("},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := trail(t)
			test.tamper(t, s)
			problems, err := audit.Verify(s)
			if err != nil || !strings.Contains(strings.Join(problems, "\n"), test.want) {
				t.Errorf("found %q, %v; want %q", problems, err, test.want)
			}
		})
	}
}
