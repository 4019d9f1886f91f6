package sqlite

import (
	"errors"
	"hash/maphash"
	"strconv"
	"sync/atomic"
)

// filter knows which ids and answers' keys the entries table does not have. Nearly every transaction looks for some that
// are not there: the id it creates, the idempotency key it came with, parts that an object may have. The filter spares them
// the look into the index, which would be a third of what a create costs. It takes two bytes for each id or key, and is wrong, which costs the look, in
// less than one case of a hundred.
//
// It is made beside the writer after the start, and again, larger, when it is full; until it is complete nobody is
// spared anything.
type filter struct {
	seed     maphash.Seed
	words    []atomic.Uint64
	capacity int64
	added    atomic.Int64
	complete atomic.Bool
}

const (
	filterBits = 16 // for each key
	filterMin  = 128 << 10
	// filterScan is how many keys are read at once when a filter is made.
	filterScan = 1024
)

func newFilter(keys int64) *filter {
	capacity := max(2*keys, filterMin)
	return &filter{seed: maphash.MakeSeed(), words: make([]atomic.Uint64, capacity*filterBits/64), capacity: capacity}
}

// place finds a prefix's word and the four bits that it has there.
func (f *filter) place(prefix []byte) (word *atomic.Uint64, bits uint64) {
	h := maphash.Bytes(f.seed, prefix)
	for shift := 0; shift < 24; shift += 6 {
		bits |= 1 << (h >> shift & 63)
	}
	return &f.words[(h>>32)*uint64(len(f.words))>>32], bits
}

func (f *filter) add(prefix []byte) {
	word, bits := f.place(prefix)
	if word.Load()&bits != bits {
		word.Or(bits)
	}
	f.added.Add(1)
}

// mayHave is false only if the table has no key of the prefix.
func (f *filter) mayHave(prefix []byte) bool {
	if !f.complete.Load() {
		return true
	}
	word, bits := f.place(prefix)
	return word.Load()&bits == bits
}

// filtered says whether the filter keeps a field's keys: those of ids and answers, whose names begin with an at sign,
// which comes before all letters.
func filtered(prefix string) bool {
	for i := range len(prefix) - 1 {
		if prefix[i] == separator {
			return prefix[i+1] == '@'
		}
	}
	return false
}

// filters are the filter in use, which all ask, and, at times, its successor. Only the writer adds to them, but the one that is
// being made is also filled by its maker.
type filters struct {
	now  atomic.Pointer[filter]
	next *filter
}

// absent says that the table has no key of a prefix. Whoever asks must have looked into the tail before: what leaves that is
// in the filter by then.
func (f *filters) absent(prefix []byte) bool {
	now := f.now.Load()
	return now != nil && !now.mayHave(prefix)
}

// add notes an entry that is being written to the table.
func (f *filters) add(prefix string) {
	if !filtered(prefix) {
		return
	}
	var buf [160]byte
	key := append(buf[:0], prefix...)
	f.now.Load().add(key)
	if f.next != nil {
		f.next.add(key)
	}
}

// tend begins a larger filter when the present one is full, and takes it when it is complete.
func (f *filters) tend(db *DB) {
	if f.next != nil && f.next.complete.Load() {
		f.now.Store(f.next)
		f.next = nil
	}
	if now := f.now.Load(); f.next == nil && now.added.Load() > now.capacity {
		f.next = newFilter(now.added.Load())
		made := f.next
		db.background.Go(func() { db.fillFilter(made) })
	}
}

// fillFilter adds all ids and keys of the table. If it fails the filter stays incomplete and nobody is spared anything,
// until the next start.
func (db *DB) fillFilter(f *filter) {
	from := []byte{}
	for !db.closed.Load() {
		next, err := db.filterSome(f, from)
		if err != nil {
			return
		}
		if next == nil {
			f.complete.Store(true)
			return
		}
		from = next
	}
}

// filterSome adds a stretch of keys and says where the next one begins; nil after the last.
func (db *DB) filterSome(f *filter, from []byte) ([]byte, error) {
	v := db.view()
	defer v.close()
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stEntriesUp)
	if err != nil {
		return nil, err
	}
	var last []byte
	rows := 0
	err = s.each(func() {
		s.textBytes(1, from)
		s.blob(2, []byte{}) // all text comes before all blobs
		s.int(3, filterScan)
	}, func() error {
		key := s.columnView(0)
		rows++
		if prefix := key[:max(0, len(key)-positionLength)]; filtered(string(prefix)) {
			f.add(prefix)
			last = append(last[:0], key...)
			return nil
		}
		last, err = endOfSpace(key)
		if err != nil {
			return err
		}
		return errSkip
	})
	switch {
	case errors.Is(err, errSkip):
		return last, nil
	case err != nil:
		return nil, err
	case rows < filterScan:
		return nil, nil
	}
	return append(last, 0), nil
}

var errSkip = errors.New("rest of the namespace is not needed")

// endOfSpace is beyond all keys of the space that a key is in.
func endOfSpace(key []byte) ([]byte, error) {
	space, _, _, _, err := splitKey(key)
	if err != nil {
		return nil, err
	}
	return append(strconv.AppendInt(nil, space, 10), afterSeparator), nil
}
