package storetest

import (
	"fmt"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

func testTimers(t *testing.T, h Harness) {
	s := h.Open(t, options())
	set := func(timers ...store.Timer) {
		update(t, s, func(tx store.Tx) error {
			for _, timer := range timers {
				if err := tx.SetTimer(timer); err != nil {
					return err
				}
			}
			return nil
		})
	}
	want := func(now int64, limit int, want string) {
		t.Helper()
		due, err := s.Due(now, limit)
		var got []string
		for _, timer := range due {
			got = append(got, fmt.Sprintf("%d/%d/%s/%s", timer.NS, timer.Due, timer.Kind, timer.ID))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("due at %d: got %q, %v; want %q", now, got, err, want)
		}
	}
	set(store.Timer{NS: 1, Due: 30, Kind: "pay", ID: "a"}, store.Timer{NS: 2, Due: 10, Kind: "pay", ID: "a"},
		store.Timer{NS: 1, Due: 20, Kind: "end", ID: "a"}, store.Timer{NS: 1, Due: -5, Kind: "pay", ID: "b"})
	want(-6, 10, "")
	want(20, 10, "1/-5/pay/b 2/10/pay/a 1/20/end/a")
	want(30, 2, "1/-5/pay/b 2/10/pay/a")
	set(store.Timer{NS: 1, Due: 40, Kind: "pay", ID: "b"}, store.Timer{NS: 2, Kind: "pay", ID: "a"}, store.Timer{NS: 9, Kind: "pay", ID: "none"})
	want(39, 10, "1/20/end/a 1/30/pay/a")
	want(40, 10, "1/20/end/a 1/30/pay/a 1/40/pay/b")
	update(t, s, func(tx store.Tx) error { return tx.Drop(1) })
	want(100, 10, "")
	set(store.Timer{NS: 1, Due: 5, Kind: "pay", ID: "a"})
	want(100, 1, "1/5/pay/a")
}
