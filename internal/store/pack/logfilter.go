package pack

import (
	"slices"

	"sharesmart/internal/store"
)

// A block's filter is a Bloom filter over the terms of its entries: it never says no to a term that an entry has, and says
// yes to about one in two thousand that none has. It costs two bytes for each different term of a block.
const (
	termBits   = 16 // for each different term
	termProbes = 8
)

// termHash hashes a field and a value as FNV-1a does, with a zero byte between them. It is part of what is stored.
func termHash(field, value string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(field) {
		h = (h ^ uint64(field[i])) * prime
	}
	h *= prime
	for i := range len(value) {
		h = (h ^ uint64(value[i])) * prime
	}
	// FNV leaves the high bits of short texts alike; this folds them over.
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// makeFilter makes the filter of a set of hashes, which it sorts. A nil filter is that of a log without terms.
func makeFilter(hashes []uint64) []byte {
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	filter := make([]byte, max(8, len(hashes)*termBits/8))
	for _, h := range hashes {
		eachProbe(filter, h, func(at uint64, bit byte) bool {
			filter[at] |= bit
			return true
		})
	}
	return filter
}

// eachProbe calls fn for the bits of a hash, until it returns false.
func eachProbe(filter []byte, hash uint64, fn func(at uint64, bit byte) bool) {
	size, step := uint64(len(filter))*8, hash>>32|1
	for range termProbes {
		at := hash % size
		if !fn(at/8, 1<<(at%8)) {
			return
		}
		hash += step
	}
}

func mayHold(filter []byte, hash uint64) bool {
	holds := true
	eachProbe(filter, hash, func(at uint64, bit byte) bool {
		holds = filter[at]&bit != 0
		return holds
	})
	return holds
}

// Wanted is a LogQuery's conditions as hashes.
type Wanted [][]uint64

// WantedTerms hashes the conditions of a query.
func WantedTerms(where []store.Cond) Wanted {
	var all Wanted
	for _, c := range where {
		var any []uint64
		for _, v := range c.Values {
			any = append(any, termHash(c.Field, v))
		}
		all = append(all, any)
	}
	return all
}

// MayFit reports whether a block with a filter may have an entry that is wanted.
func (w Wanted) MayFit(filter []byte) bool {
	if len(filter) == 0 {
		return true
	}
	for _, any := range w {
		if !slices.ContainsFunc(any, func(h uint64) bool { return mayHold(filter, h) }) {
			return false
		}
	}
	return true
}

// Fits reports whether an entry meets all conditions of a query, given what makes the terms of entries.
func Fits(q *store.LogQuery, e *store.LogEntry, terms Terms) bool {
	if q.From != 0 && e.Time < q.From || q.Until != 0 && e.Time >= q.Until {
		return false
	}
	if len(q.Where) > 0 && !hasTerms(q.Where, e, terms) {
		return false
	}
	return q.Match == nil || q.Match(e)
}

func hasTerms(where []store.Cond, e *store.LogEntry, terms Terms) bool {
	if terms == nil {
		return false
	}
	missing := len(where)
	met := make([]bool, len(where))
	for term := range terms(e) {
		for i, c := range where {
			if !met[i] && c.Field == term.Field && slices.Contains(c.Values, term.Value) {
				met[i] = true
				missing--
			}
		}
		if missing == 0 {
			return true
		}
	}
	return false
}
