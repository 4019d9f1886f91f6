package billing

import (
	"math/big"

	"sharesmart/internal/object"
)

// A tally is what events add up to, under every formula at once.
type tally struct {
	sum    *big.Rat
	count  int64
	last   *big.Rat
	lastAt int64 // the time of the event that last came from
}

func tallyOf(value *big.Rat, at int64) tally {
	return tally{sum: value, count: 1, last: value, lastAt: at}
}

// plus is both tallies as one. Of two values of the same second, that of the other one is the last.
func (t tally) plus(other tally) tally {
	switch {
	case other.count == 0:
		return t
	case t.count == 0:
		return other
	}
	out := tally{sum: new(big.Rat).Add(t.sum, other.sum), count: t.count + other.count, last: t.last, lastAt: t.lastAt}
	if other.lastAt >= t.lastAt {
		out.last, out.lastAt = other.last, other.lastAt
	}
	return out
}

// changed is a tally of more than a day after the tally of a day went from one to another. What was last is no longer
// known if it was taken back.
func (t tally) changed(before, after tally) tally {
	out := tally{sum: new(big.Rat).Add(orZero(t.sum), orZero(after.sum)), count: t.count + after.count - before.count, last: t.last, lastAt: t.lastAt}
	out.sum.Sub(out.sum, orZero(before.sum))
	if after.count > 0 && after.lastAt >= t.lastAt {
		out.last, out.lastAt = after.last, after.lastAt
	}
	return out
}

// value is what a meter's formula makes of the tally.
func (t tally) value(meter *object.Object) *big.Rat {
	switch meter.Object("default_aggregation").String("formula") {
	case "count":
		return new(big.Rat).SetInt64(t.count)
	case "last":
		return orZero(t.last)
	}
	return orZero(t.sum)
}

// orZero is a number, zero if there is none.
func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// stored is the tally as a document holds it: numbers as texts, since they may have more digits than an int64.
func (t tally) stored() *object.Object {
	o := object.New(nil)
	o.Set("sum", decimalText(orZero(t.sum)))
	o.Set("count", t.count)
	o.Set("last", decimalText(orZero(t.last)))
	o.Set("last_at", t.lastAt)
	return o
}

func readTally(o *object.Object) tally {
	return tally{sum: ratOf(o.String("sum")), count: o.Int("count"), last: ratOf(o.String("last")), lastAt: o.Int("last_at")}
}

// decimalText is a number that has at most fifteen decimals, as all that comes of values does.
func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return r.FloatString(usageDigits)
}

// ratOf is the number that a text says, or zero.
func ratOf(text string) *big.Rat {
	if r, ok := new(big.Rat).SetString(text); ok {
		return r
	}
	return new(big.Rat)
}
