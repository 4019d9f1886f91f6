package money

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSpanPart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what           string
		start, end, at string
		amount, want   int64
	}{
		// 1 April to 1 May 2026: 2592000 s.
		{"half", "2026-04-01", "2026-05-01", "2026-04-16", 1000, 500},
		{"two thirds", "2026-04-01", "2026-05-01", "2026-04-11", 2000, 1333},
		{"two thirds of five", "2026-04-01", "2026-05-01", "2026-04-11", 5000, 3333},
		{"a third", "2026-04-01", "2026-05-01", "2026-04-21", 999, 333},
		{"a third taken back", "2026-04-01", "2026-05-01", "2026-04-21", -2000, -667},
		{"at the start", "2026-04-01", "2026-05-01", "2026-04-01", 999, 999},
		{"before the start", "2026-04-01", "2026-05-01", "2026-03-01", 999, 999},
		{"at the end", "2026-04-01", "2026-05-01", "2026-05-01", 999, 0},
		{"after the end", "2026-04-01", "2026-05-01", "2026-06-01", 999, 0},
		// 1000000 * 1/2592000 = 0.39, twice that is 0.77.
		{"a second left", "2026-04-01", "2026-05-01", "2026-04-30 23:59:59", 1_000_000, 0},
		{"two seconds left", "2026-04-01", "2026-05-01", "2026-04-30 23:59:58", 1_000_000, 1},
		{"a second gone", "2026-04-01", "2026-05-01", "2026-04-01 00:00:01", 2_592_000, 2_591_999},
		// A half goes away from zero, and so a credit undoes its debit.
		{"half of an odd amount", "2026-04-01", "2026-05-01", "2026-04-16", 999, 500},
		{"half of an odd credit", "2026-04-01", "2026-05-01", "2026-04-16", -999, -500},
		{"half of one yen", "2026-04-01", "2026-05-01", "2026-04-16", 1, 1},
		// February, 28 days: 2419200 s; 1000*881112/2419200 = 364.2 (gist.github.com/matthewarkin/27bcfdf6).
		{"to the second", "2015-02-01", "2015-03-01", "2015-02-18 19:14:48", -1000, -364},
		{"14 of 28 days", "2026-02-01", "2026-03-01", "2026-02-15", 1000, 500},
		{"14 of 29 days", "2028-02-01", "2028-03-01", "2028-02-16", 1000, 483},
		{"16 of 31 days", "2026-01-01", "2026-02-01", "2026-01-16", 3100, 1600},
		{"184 of 365 days", "2026-01-01", "2027-01-01", "2026-07-01", 36500, 18400},
		{"184 of 366 days", "2028-01-01", "2029-01-01", "2028-07-01", 36600, 18400},
		// The last Sunday of March has 23 hours in Europe, and 24 here.
		{"over a change of clocks", "2026-03-28", "2026-03-30", "2026-03-29", 1000, 500},
		{"one day", "2026-03-29", "2026-03-30", "2026-03-29 06:00", 1000, 750},
		{"no period", "2026-04-01", "2026-04-01", "2026-04-01", 1000, 0},
		{"nothing", "2026-04-01", "2026-05-01", "2026-04-16", 0, 0},
		{"no overflow", "2026-01-01", "2029-01-01", "2026-01-01", math.MaxInt64, math.MaxInt64},
	} {
		span := SpanOf(moment(t, c.start), moment(t, c.end))
		if got := span.Part(c.amount, moment(t, c.at).Unix()); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

func TestSpanBetween(t *testing.T) {
	t.Parallel()
	span := Span{Start: 1000, End: 4000}
	for _, c := range []struct{ amount, from, to, want int64 }{
		{3000, 1000, 4000, 3000}, {3000, 2000, 3000, 1000}, {3000, 0, 2000, 1000}, {3000, 3500, 9000, 500},
		{3000, 3000, 2000, 0}, {3000, 5000, 6000, 0}, {-1, 1000, 2500, -1}, {100, 1000, 2000, 33}, {100, 1000, 3000, 67},
	} {
		if got := span.Between(c.amount, c.from, c.to); got != c.want {
			t.Errorf("%d between %d and %d: %d, want %d", c.amount, c.from, c.to, got, c.want)
		}
	}
}

// What is credited and what was used are the whole, within the one unit that rounding each may cost.
func TestPartAndRestAddUp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		span := Span{Start: random.Int64N(1 << 32)}
		span.End = span.Start + 1 + random.Int64N(3*366*secondsPerDay)
		amount, at := random.Int64N(Maximum), span.Start+random.Int64N(span.End-span.Start+1)
		left, used := span.Part(amount, at), span.Between(amount, span.Start, at)
		if sum := left + used; sum < amount || sum > amount+1 {
			t.Fatalf("%d over %v at %d: %d left and %d used", amount, span, at, left, used)
		}
		if back := span.Part(-amount, at); back != -left {
			t.Fatalf("%d over %v at %d: credited %d, debited %d", amount, span, at, back, left)
		}
	}
}

func TestIntervalCharge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what             string
		interval         Interval
		amount           int64
		anchor, from, to string
		want             int64
	}{
		{"a whole period", every(1, "month"), 1000, "2026-04-01", "2026-04-01", "2026-05-01", 1000},
		{"a stub of 15 of 30 days", every(1, "month"), 1000, "2026-05-01", "2026-04-16", "2026-05-01", 500},
		{"a stub of 17 of 31 days", every(1, "month"), 3100, "2026-06-01", "2026-05-15", "2026-06-01", 1700},
		{"a stub before the 31st", every(1, "month"), 3000, "2026-05-31", "2026-05-16", "2026-05-31", 1452},
		{"a stub of a year", every(1, "year"), 36500, "2027-01-01", "2026-10-01", "2027-01-01", 9200},
		{"two and a half months gone by", every(1, "month"), 1000, "2026-02-01", "2026-02-01", "2026-04-16", 2500},
		{"the end of one and the start of another", every(1, "month"), 1000, "2026-05-01", "2026-04-16", "2026-05-16 12:00", 1000},
		{"rounded once", every(1, "month"), 1, "2026-05-01", "2026-04-16", "2026-05-16 12:00", 1},
		{"no time", every(1, "month"), 1000, "2026-05-01", "2026-04-16", "2026-04-16", 0},
		{"time turned round", every(1, "month"), 1000, "2026-05-01", "2026-04-16", "2026-04-15", 0},
	} {
		if got := c.interval.Charge(c.amount, moment(t, c.anchor), moment(t, c.from), moment(t, c.to)); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}
