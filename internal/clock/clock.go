// Package clock owns time, randomness and ids. Nothing else calls time.Now or reads random bytes, so that a test,
// or a test clock, decides what "now" is.
package clock

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
	"sync"
	"time"
)

// Clock tells the time and makes ids.
type Clock interface {
	Now() time.Time
	// Random fills p with bytes nobody can guess.
	Random(p []byte)
}

// Wall is the real clock.
type Wall struct{}

// Now is the current time.
func (Wall) Now() time.Time { return time.Now() }

// Random reads the system's source. It cannot fail since Go 1.24.
func (Wall) Random(p []byte) { rand.Read(p) }

// Fake is a clock for tests: it stands still until it is moved, and its random bytes repeat from run to run.
type Fake struct {
	mu  sync.Mutex
	now time.Time
	src *mathrand.ChaCha8
}

// NewFake returns a clock that stands at t.
func NewFake(t time.Time) *Fake {
	return &Fake{now: t, src: mathrand.NewChaCha8([32]byte{1})}
}

// Now is the time the clock was last set to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock on by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// Random fills p from a repeatable stream.
func (f *Fake) Random(p []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, _ = f.src.Read(p) // never fails
}

// uint64From reads one random number.
func uint64From(c Clock) uint64 {
	var b [8]byte
	c.Random(b[:])
	return binary.LittleEndian.Uint64(b[:])
}
