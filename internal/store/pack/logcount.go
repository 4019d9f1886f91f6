package pack

import (
	"cmp"
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// CountKey is what is counted: the entries of a day that have a ref.
type CountKey struct {
	Day          int64 // since 1970, UTC
	Field, Value string
}

// Counts are how many entries there are of each.
type Counts map[CountKey]int64

// DayOf is the day of a time in unix microseconds.
func DayOf(micros int64) int64 {
	const day = 24 * 3600 * 1_000_000
	return micros / day
}

// Count counts an entry by what refs makes of it.
func (c Counts) Count(e *store.LogEntry, refs Terms) {
	day := DayOf(e.Time)
	for ref := range refs(e) {
		c[CountKey{day, ref.Field, ref.Value}]++
	}
}

// Add adds other counts.
func (c Counts) Add(other Counts) {
	for key, n := range other {
		c[key] += n
	}
}

// Keys are what was counted, in an order that is always the same, so that writers of the same rows never wait for each other
// in a circle.
func (c Counts) Keys() []CountKey {
	return slices.SortedFunc(maps.Keys(c), func(a, b CountKey) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Value, b.Value))
	})
}

// CountsOf counts the entries of a packed block. Without refs there are none.
func CountsOf(block []byte, refs Terms) (Counts, error) {
	if refs == nil {
		return nil, nil
	}
	entries, err := Unpack(0, block)
	if err != nil {
		return nil, err
	}
	counts := Counts{}
	for i := range entries {
		counts.Count(&entries[i], refs)
	}
	return counts, nil
}
