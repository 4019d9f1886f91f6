package clock

import (
	"strings"
	"sync/atomic"
)

// RequestIDs makes the ids of requests: req_ and 14 characters, of which the first eight carry the request's place in
// the log and the last six are random. They look random, need no look-up table to find the log entry, and cost one
// allocation. They are names, not secrets: who knows the recipe can tell their order.
type RequestIDs struct{ state atomic.Uint64 }

// NewRequestIDs seeds a source from the clock.
func NewRequestIDs(c Clock) *RequestIDs {
	r := &RequestIDs{}
	r.state.Store(uint64From(c))
	return r
}

// New makes the id of the request at seq, which may not exceed 2^47.
func (r *RequestIDs) New(seq int64) string {
	var b [18]byte
	copy(b[:], "req_")
	putBase62(b[4:12], scramble(uint64(seq)))
	putBase62(b[12:], mix(r.state.Add(0x9e3779b97f4a7c15)))
	return string(b[:])
}

// LogSeq finds the place in the log that a request's id carries. Any eight characters may carry one, so the entry
// found there must be compared with the whole id.
func LogSeq(id string) (int64, bool) {
	body, ok := strings.CutPrefix(id, "req_")
	if !ok || len(body) != 14 {
		return 0, false
	}
	var v uint64
	for i := range len(body) {
		digit := strings.IndexByte(base62, body[i])
		if digit < 0 {
			return 0, false
		}
		if i < 8 {
			v = v*62 + uint64(digit)
		}
	}
	if v > mask47 {
		return 0, false
	}
	return int64(unscramble(v)), true
}

// Eight base62 characters hold 47 bits. scramble permutes the numbers of 47 bits: each step, a multiplication by an odd
// number or a shift folded in, has an inverse.
const (
	mask47  = 1<<47 - 1
	factor1 = 0x5851f42d4c95
	factor2 = 0x2545f4914f6d
)

var inverse1, inverse2 = inverse(factor1), inverse(factor2)

func scramble(v uint64) uint64 {
	v = v * factor1 & mask47
	v ^= v >> 24
	v = v * factor2 & mask47
	return v ^ v>>24
}

func unscramble(v uint64) uint64 {
	v ^= v >> 24 // its own inverse, as twice 24 bits are more than 47
	v = v * inverse2 & mask47
	v ^= v >> 24
	return v * inverse1 & mask47
}

// inverse finds x with v*x = 1 modulo 2^64 for an odd v: each round doubles the right bits, of which v has three.
func inverse(v uint64) uint64 {
	x := v
	for range 5 {
		x *= 2 - v*x
	}
	return x
}

// mix is the finaliser of splitmix64: it turns a counter into numbers that look random.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
