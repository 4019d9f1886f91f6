package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

// testHistory changes a document of many lines again and again, several times in a transaction, and reads all that it
// was: in the transactions, after them, of a copy, and after what was put off is done.
func testHistory(t *testing.T, h Harness) {
	s := h.Open(t, options())
	r := random{state: 1}
	text := strings.Split(strings.Repeat("  \"field\": null,\n", 80), "\n")
	var texts []string
	change := func(tx store.Tx, d *store.Doc) error {
		for range 1 + r.below(3) {
			text[r.below(len(text))] = fmt.Sprintf("  \"number\": %d,", r.below(1000))
		}
		if r.chance(12) {
			text = text[r.below(5):]
		}
		d.Data = []byte(strings.Join(text, "\n"))
		texts = append(texts, string(d.Data))
		return tx.Put(1, d)
	}
	all := func(reader store.Reader, ns store.NS) {
		t.Helper()
		for i, want := range texts {
			if got, err := reader.Version(ns, "cus_h", int64(i+1)); err != nil || string(got.Data) != want {
				t.Fatalf("version %d of %d in namespace %d: %q, %v; want %q", i+1, len(texts), ns, got.Data, err, want)
			}
		}
	}
	d := customer("cus_h", 1)
	for range 12 {
		update(t, s, func(tx store.Tx) error {
			for range 1 + r.below(4) {
				if err := change(tx, &d); err != nil {
					return err
				}
				all(tx, 1)
			}
			return nil
		})
		all(s, 1)
	}
	update(t, s, func(tx store.Tx) error { return errors.Join(change(tx, &d), tx.Copy(1, 2, false)) })
	for range 20 {
		if h.Work != nil {
			h.Work(t, s)
		}
	}
	all(s, 1)
	all(s, 2)
	sound(t, s)
}

// testUnversioned changes a document of which no versions are kept: in the transaction that makes it, and in later ones.
func testUnversioned(t *testing.T, h Harness) {
	o := options()
	o.Unversioned = []string{"customer"}
	s := h.Open(t, o)
	text := strings.Repeat("  \"field\": null,\n", 80)
	d := customer("cus_u", 1)
	for round := range 3 {
		update(t, s, func(tx store.Tx) error {
			for i := range 3 {
				d.Data = fmt.Appendf(nil, "%s  \"number\": %d\n", text, 3*round+i)
				if err := tx.Put(1, &d); err != nil {
					return err
				}
			}
			return nil
		})
		sound(t, s)
	}
	for version := int64(1); version < d.Version; version++ {
		_, err := s.Version(1, "cus_u", version)
		wantError(t, err, store.ErrNotFound)
	}
	if got, err := s.Version(1, "cus_u", d.Version); err != nil || string(got.Data) != string(d.Data) {
		t.Errorf("the newest version: %q, %v", got.Data, err)
	}
}
