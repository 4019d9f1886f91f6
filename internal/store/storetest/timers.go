package storetest

import (
	"errors"
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
		due, err := s.Due(store.TimerQuery{Until: now, Limit: limit})
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

func testClocks(t *testing.T, h Harness) {
	s := h.Open(t, options())
	update(t, s, func(tx store.Tx) error {
		for _, timer := range []store.Timer{
			{NS: 1, Due: 30, Kind: "pay", ID: "a", Clock: "c"}, {NS: 1, Due: 20, Kind: "pay", ID: "b", Clock: "c"},
			{NS: 1, Due: 20, Kind: "end", ID: "b", Clock: "c"}, {NS: 1, Due: 20, Kind: "end", ID: "d", Clock: "other"},
			{NS: 2, Due: 20, Kind: "pay", ID: "a", Clock: "c"}, {NS: 1, Due: 10, Kind: "pay", ID: "wall"},
		} {
			if err := tx.SetTimer(timer); err != nil {
				return err
			}
		}
		return tx.Copy(1, 3, true)
	})
	want := func(q store.TimerQuery, want string) {
		t.Helper()
		due, err := s.Due(q)
		var got []string
		for _, timer := range due {
			got = append(got, fmt.Sprintf("%d/%d/%s/%s/%s", timer.NS, timer.Due, timer.Kind, timer.ID, timer.Clock))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("due by %+v: got %q, %v; want %q", q, got, err, want)
		}
	}
	want(store.TimerQuery{Until: 100, Limit: 10}, "1/10/pay/wall/")
	want(store.TimerQuery{NS: 1, Clock: "c", Until: 29, Limit: 10}, "1/20/end/b/c 1/20/pay/b/c")
	want(store.TimerQuery{NS: 1, Clock: "c", Until: 30, Limit: 2}, "1/20/end/b/c 1/20/pay/b/c")
	want(store.TimerQuery{NS: 3, Clock: "c", Until: 100, Limit: 10}, "")
	update(t, s, func(tx store.Tx) error {
		timer := store.Timer{NS: 1, Due: 20, Kind: "pay", ID: "b"} // it goes by the wall clock from now on
		return errors.Join(tx.Copy(3, 4, false), tx.SetTimer(timer))
	})
	want(store.TimerQuery{NS: 1, Clock: "c", Until: 29, Limit: 10}, "1/20/end/b/c")
	want(store.TimerQuery{NS: 4, Clock: "c", Until: 29, Limit: 10}, "4/20/end/b/c 4/20/pay/b/c")
	want(store.TimerQuery{Until: 100, Limit: 10}, "1/10/pay/wall/ 4/10/pay/wall/ 1/20/pay/b/")
}
