package clock

import (
	"slices"
	"sync"
	"testing"
	"time"
)

func TestOrderedIDsSortAsTheyAreMade(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 26, 0, 0, 0, 0, time.UTC)
	const account, source = "acct_1032D82eZvKYlo2C", "pi_1FWqvi2eZvKYlo2CZd3TwT6n"
	for _, c := range []Clock{NewFake(now), Wall{}} {
		o := NewOrder(c)
		o.begin.Do(func() { o.last.Store(62 * 62 * 62 * 62 * 5) }) // far from where they begin again
		for _, test := range []struct {
			name, random string // random is one of the form that has no order
			same         int    // characters that both begin with
			make         func() string
		}{
			{"long", Long(c, "evt_", account, now), 20, func() string { return o.Long("evt_", account, now) }},
			{"short", Short(c, "cus_", now), 8, func() string { return o.Short("cus_", now) }},
			{"kin", Kin(c, "ch_", source), 20, func() string { return o.Kin("ch_", source) }},
			{"kin of what is short", Kin(c, "ch_", "pi_1"), 4, func() string { return o.Kin("ch_", "pi_1") }},
		} {
			var made []string
			for range 5000 {
				made = append(made, test.make())
			}
			if !slices.IsSorted(made) {
				t.Errorf("%s: ids do not sort as they were made", test.name)
			}
			if len(slices.Compact(made)) != 5000 {
				t.Errorf("%s: an id was made twice", test.name)
			}
			if len(made[0]) != len(test.random) || made[0][:test.same] != test.random[:test.same] {
				t.Errorf("%s: %s has not the form of %s", test.name, made[0], test.random)
			}
		}
	}
}

func TestOrderedIDsAreUniqueAcrossGoroutines(t *testing.T) {
	t.Parallel()
	o, now := NewOrder(Wall{}), time.Unix(1571864382, 0)
	made := make([][]string, 8)
	var work sync.WaitGroup
	for i := range made {
		work.Go(func() {
			for range 2000 {
				made[i] = append(made[i], o.Long("evt_", "acct_1032D82eZvKYlo2C", now))
			}
		})
	}
	work.Wait()
	all := slices.Concat(made...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 16000 {
		t.Errorf("%d different ids, want 16000", n)
	}
}
