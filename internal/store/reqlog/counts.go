package reqlog

import (
	"maps"
	"slices"

	"sharesmart/internal/store/pack"
)

// Counts adds what is in memory to what stored reads of a field from the database, by value, since a day. Meanwhile no entry
// goes from one to the other.
func (l *Log) Counts(space int64, field string, day int64, stored func(counts map[string]int64) error) (map[string]int64, error) {
	l.moving.RLock()
	defer l.moving.RUnlock()
	counts := map[string]int64{}
	if l.counted != nil {
		for key, n := range l.waitingCounts(space) {
			if key.Field == field && key.Day >= day {
				counts[key.Value] += n
			}
		}
	}
	return counts, stored(counts)
}

func (l *Log) waitingCounts(space int64) pack.Counts {
	counts := pack.Counts{}
	for _, part := range l.memory() {
		for _, e := range part {
			if e.space == space {
				counts.Count(&e.LogEntry, l.counted)
			}
		}
	}
	return counts
}

// CountsOf merges the counts of blocks, by space.
func CountsOf(blocks []Block) map[int64]pack.Counts {
	bySpace := map[int64]pack.Counts{}
	for i := range blocks {
		if b := &blocks[i]; b.Counts != nil {
			if bySpace[b.Space] == nil {
				bySpace[b.Space] = pack.Counts{}
			}
			bySpace[b.Space].Add(b.Counts)
		}
	}
	return bySpace
}

// Stored are the counts that a database holds, by space. From is the first day of them: entries of days before it are left
// that are counted no more.
type Stored struct {
	From    int64
	bySpace map[int64]pack.Counts
}

// Note notes a count.
func (s *Stored) Note(space int64, key pack.CountKey, n int64) {
	if s.bySpace == nil {
		s.bySpace = map[int64]pack.Counts{}
	}
	if s.bySpace[space] == nil {
		s.bySpace[space] = pack.Counts{}
	}
	s.bySpace[space][key] = n
}

// Compare tells where the counts are not those of the blocks. A database without any is counted when it is opened next.
func (s *Stored) Compare(blocks map[int64]pack.Counts, fault func(format string, args ...any)) {
	if len(s.bySpace) == 0 {
		return
	}
	tell := func(space int64, key pack.CountKey, stored, found int64) {
		if stored != found && key.Day >= s.From {
			fault("day %d of namespace %d has %d requests of %s %q in the log, which count as %d", key.Day, space, found, key.Field, key.Value, stored)
		}
	}
	for _, space := range slices.Sorted(maps.Keys(blocks)) {
		for _, key := range blocks[space].Keys() {
			tell(space, key, s.bySpace[space][key], blocks[space][key])
		}
	}
	for _, space := range slices.Sorted(maps.Keys(s.bySpace)) {
		for _, key := range s.bySpace[space].Keys() {
			if blocks[space][key] == 0 {
				tell(space, key, s.bySpace[space][key], 0)
			}
		}
	}
}
