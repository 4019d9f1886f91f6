//go:build linux

package disk

import "math/rand/v2"

// file is what a disk knows of one of its files.
type file struct {
	durable []byte   // as it was last synced
	pending []change // since then, in their order
}

// change is a write, or, where data is nil, a new size.
type change struct {
	at   int64
	data []byte
}

// sync makes all that is pending durable.
func (f *file) sync() {
	for _, c := range f.pending {
		f.apply(c)
	}
	f.pending = nil
}

func (f *file) apply(c change) {
	end := c.at + int64(len(c.data))
	if c.data == nil && end < int64(len(f.durable)) {
		f.durable = f.durable[:end]
		return
	}
	if grown := end - int64(len(f.durable)); grown > 0 {
		f.durable = append(f.durable, make([]byte, grown)...)
	}
	copy(f.durable[c.at:], c.data)
}

// sector is what a disk writes as a whole.
const sector = 512

// cut applies a random part of what is pending: all up to some change, and of those after it some, or some of their
// sectors.
func (f *file) cut(chance *rand.Rand) {
	whole := chance.IntN(len(f.pending) + 1)
	for i, c := range f.pending {
		switch {
		case i < whole:
			f.apply(c)
		case c.data == nil || chance.IntN(2) == 0:
		default:
			f.tear(c, chance)
		}
	}
	f.pending = nil
}

// tear applies some sectors of a write.
func (f *file) tear(c change, chance *rand.Rand) {
	for from := 0; from < len(c.data); {
		to := min(len(c.data), from+sector-int((c.at+int64(from))%sector))
		if chance.IntN(2) == 0 {
			f.apply(change{c.at + int64(from), c.data[from:to]})
		}
		from = to
	}
}
