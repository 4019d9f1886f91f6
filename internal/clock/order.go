package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

// Order makes ids of one second sort as they were made: half of what is random in others counts up. On a test clock that
// stands still, or is advanced by a month, all that comes of ten thousand renewals is of the same second, and an index
// that ids are put into in their order is written far cheaper than by random ones. Who has such an id learns how many others
// were made between two of them. It is safe for concurrent use.
type Order struct {
	clock Clock
	begin sync.Once
	last  atomic.Uint64
}

// countDigits are the digits that count up, and orderedDigits how many a body must end in: 14.7 million ids go by until they
// begin again, and what is random beside them keeps apart what several processes make.
const (
	countDigits   = 4
	orderedDigits = 7
)

// NewOrder begins anywhere, so that processes that make ids of the same second hardly meet.
func NewOrder(c Clock) *Order { return &Order{clock: c} }

// Long makes an id of the form of Long.
func (o *Order) Long(prefix, account string, t time.Time) string {
	return string(o.appendNext(appendLong(prefix, account, t), longTail))
}

// Short makes an id of the form of Short.
func (o *Order) Short(prefix string, t time.Time) string {
	return string(o.appendNext(appendShort(prefix, t), shortTail))
}

// Kin makes an id of the form of Kin.
func (o *Order) Kin(prefix, id string) string {
	b := appendKin(prefix, id)
	return string(o.appendNext(b, max(orderedDigits, cap(b)-len(b))))
}

// appendNext appends n characters, at least orderedDigits of them, that sort behind those before.
func (o *Order) appendNext(dst []byte, n int) []byte {
	o.begin.Do(func() { o.last.Store(uint64From(o.clock) >> 1) })
	dst = appendTime(dst, o.last.Add(1), countDigits)
	return appendRandom(dst, o.clock, base62, n-countDigits)
}
