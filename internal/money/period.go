package money

import "time"

// Interval is how often something is billed: every Count days, weeks, months or years. There are no time zones in it:
// every boundary is reckoned in UTC, to the second, so that no day is longer than another.
//
// The rules are those of docs.stripe.com/billing/subscriptions/billing-cycle: an anchor on 31 January bills on the last
// day of each shorter month, 28 February (29 in a leap year), then on 31 March again.
type Interval struct {
	Unit  string // day, week, month, year
	Count int
}

// Valid reports whether boundaries can be reckoned with it.
func (i Interval) Valid() bool {
	switch i.Unit {
	case "day", "week", "month", "year":
		return i.Count > 0
	}
	return false
}

// days is the length of an interval of days or weeks, and 0 for the others.
func (i Interval) days() int {
	switch i.Unit {
	case "day":
		return i.Count
	case "week":
		return 7 * i.Count
	}
	return 0
}

// months is the length of an interval of months or years.
func (i Interval) months() int {
	if i.Unit == "year" {
		return 12 * i.Count
	}
	return i.Count
}

// Divides reports whether another interval is so many of this one: a quarter is three months, and all of them are days.
// No month and no year is a number of weeks.
func (i Interval) Divides(other Interval) bool {
	days, others := i.days(), other.days()
	switch {
	case days > 0 && others > 0:
		return others%days == 0
	case days > 0:
		return days == 1
	case others > 0:
		return false
	}
	return other.months()%i.months() == 0
}

// After is the k-th boundary counted from the anchor, which is the one with number 0; k may be negative. Each is
// reckoned from the anchor itself and never from the boundary before it, so a short month moves no later one.
func (i Interval) After(anchor time.Time, k int) time.Time {
	anchor = anchor.UTC().Truncate(time.Second)
	if days := i.days(); days > 0 {
		return anchor.AddDate(0, 0, k*days)
	}
	return inMonth(anchor, monthNumber(anchor)+k*i.months(), anchor.Day())
}

// Around is the period that contains a moment: start <= at < end. It costs the same however far the anchor is.
func (i Interval) Around(anchor, at time.Time) (start, end time.Time) {
	k := i.index(anchor, at)
	return i.After(anchor, k), i.After(anchor, k+1)
}

// index is the number of the last boundary that is not after a moment.
func (i Interval) index(anchor, at time.Time) int {
	var k int
	if days := i.days(); days > 0 {
		k = floorDiv(int(at.Unix()-anchor.Unix()), days*secondsPerDay)
	} else {
		k = floorDiv(monthNumber(at.UTC())-monthNumber(anchor.UTC()), i.months())
	}
	// Within the month of a boundary the moment may still be before it.
	for i.After(anchor, k).After(at) {
		k--
	}
	for !i.After(anchor, k+1).After(at) {
		k++
	}
	return k
}

const secondsPerDay = 24 * 60 * 60

// monthNumber counts months over the years.
func monthNumber(t time.Time) int { return t.Year()*12 + int(t.Month()) - 1 }

// inMonth is a moment moved to a day of another month, or to the last one that the month has.
func inMonth(t time.Time, month, day int) time.Time {
	year := floorDiv(month, 12)
	m := time.Month(month - year*12 + 1)
	last := time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return time.Date(year, m, min(day, last), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// floorDiv rounds down also below zero.
func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// AnchorConfig says where an anchor falls: billing_cycle_anchor_config. Day is 1 to 31, Month 1 to 12, or 0 for any.
// What is nil of the time of day is that of the moment it is reckoned from.
type AnchorConfig struct {
	Day, Month           int
	Hour, Minute, Second *int
}

// Next is the anchor of a billing cycle that is set up at a moment: the first that is not before it, a whole number of
// intervals after the next one, and in a month that has the day. So it may be several periods ahead, and Around finds
// the first, short one: the 31st with an interval of two months, set up in February, is anchored on 31 August and first
// bills on 28 February (docs.stripe.com/billing/subscriptions/billing-cycle). A month is any in which a period starts:
// February with an interval of three months is met in May, too. Only intervals of months and years have such anchors.
func (c AnchorConfig) Next(after time.Time, unit Interval) time.Time {
	after = after.UTC().Truncate(time.Second)
	clock := time.Date(after.Year(), after.Month(), 1, or(c.Hour, after.Hour()), or(c.Minute, after.Minute()), or(c.Second, after.Second()), 0, time.UTC)
	month, step := monthNumber(after), 1
	if c.Month > 0 {
		step = 12
		if unit.Unit == "month" && 12%unit.Count == 0 {
			step = unit.Count
		}
		month += ((c.Month-1-month)%step + step) % step
	}
	if inMonth(clock, month, c.Day).Before(after) {
		month += step
	}
	next := inMonth(clock, month, c.Day)
	for range longestCycle {
		if next.Day() == c.Day {
			break
		}
		month += unit.months()
		if at := inMonth(clock, month, c.Day); at.Day() > next.Day() {
			next = at
		}
	}
	return next
}

// longestCycle is after how many intervals every day that will come has come: 29 February, every third year, around a
// year such as 2100.
const longestCycle = 16

// or is the value, or another if there is none.
func or(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}
