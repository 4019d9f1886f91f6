package money

import (
	"math/big"
	"time"
)

// Span is a stretch of time from one second to another: a billing period.
type Span struct{ Start, End int64 }

// SpanOf is the span between two moments.
func SpanOf(start, end time.Time) Span { return Span{start.Unix(), end.Unix()} }

// clip moves a moment into the span.
func (s Span) clip(at int64) int64 { return max(s.Start, min(at, s.End)) }

// Part is what a whole period's amount comes to from a moment to the period's end: amount * (End-at)/(End-Start).
// Prorations are reckoned to the second (docs.stripe.com/billing/subscriptions/prorations), and each is rounded on its
// own: a third of 1000 left is 333, two thirds are 667, and so a credit and a debit may differ by one from the
// difference of the prices. What Stripe does with an exact half is not written down; its amounts are rounded to the
// nearest unit and a half up (support.stripe.com/questions/what-rules-do-you-use-for-rounding-stripe-fees), which here
// is away from zero, so that a credit undoes its debit to the cent. A moment before the span counts as its start, one
// after it as its end. An empty span has no parts.
func (s Span) Part(amount, at int64) int64 { return Share(amount, s.End-s.clip(at), s.End-s.Start) }

// Between is Part from one moment to another.
func (s Span) Between(amount, from, to int64) int64 {
	return Share(amount, max(s.clip(to)-s.clip(from), 0), s.End-s.Start)
}

// Charge is what an amount for each interval comes to over any stretch of time: every whole period and the parts of
// those that begin or end within it, rounded once. It is the price of a stub (from a start to an anchor that is less
// than an interval away, against the whole period that would have ended at the anchor), and of a time gone by that is
// billed afterwards.
func (i Interval) Charge(amount int64, anchor, from, to time.Time) int64 {
	if !to.After(from) {
		return 0
	}
	periods := new(big.Rat).Sub(i.position(anchor, to), i.position(anchor, from))
	return round(periods.Mul(periods, new(big.Rat).SetInt64(amount)))
}

// position is how many periods after the anchor a moment is.
func (i Interval) position(anchor, at time.Time) *big.Rat {
	k := i.index(anchor, at)
	start, end := i.After(anchor, k), i.After(anchor, k+1)
	part := big.NewRat(at.Unix()-start.Unix(), end.Unix()-start.Unix())
	return part.Add(part, new(big.Rat).SetInt64(int64(k)))
}
