package money

import (
	"testing"
	"time"
)

// moment reads a time of the tests: a date, or a date and a time of day.
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime, time.RFC3339Nano} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no time", text)
	return time.Time{}
}

func every(count int, unit string) Interval { return Interval{Unit: unit, Count: count} }

func TestIntervalAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		interval Interval
		anchor   string
		k        int
		want     string
	}{
		// The end of a month, from the anchor's day and never from the boundary before.
		{every(1, "month"), "2026-01-31", 1, "2026-02-28"},
		{every(1, "month"), "2026-01-31", 2, "2026-03-31"},
		{every(1, "month"), "2026-01-31", 3, "2026-04-30"},
		{every(1, "month"), "2026-01-31", 25, "2028-02-29"},
		{every(1, "month"), "2026-01-31", 26, "2028-03-31"},
		{every(1, "month"), "2026-01-31", -1, "2025-12-31"},
		{every(1, "month"), "2026-01-31", -2, "2025-11-30"},
		{every(1, "month"), "2026-01-30", 1, "2026-02-28"},
		{every(1, "month"), "2026-01-29", 1, "2026-02-28"},
		{every(1, "month"), "2028-01-29", 1, "2028-02-29"},
		{every(1, "month"), "2028-01-30", 1, "2028-02-29"},
		{every(1, "month"), "2026-01-28", 1, "2026-02-28"},
		{every(1, "month"), "2026-09-02", 4, "2027-01-02"},
		{every(1, "month"), "2026-02-28", 1, "2026-03-28"},
		{every(3, "month"), "2025-11-30", 1, "2026-02-28"},
		{every(3, "month"), "2025-11-30", 2, "2026-05-30"},
		{every(6, "month"), "2025-08-31", 1, "2026-02-28"},
		{every(36, "month"), "2024-02-29", 1, "2027-02-28"},
		// Leap years, among them those of a century.
		{every(1, "year"), "2024-02-29", 1, "2025-02-28"},
		{every(1, "year"), "2024-02-29", 4, "2028-02-29"},
		{every(1, "year"), "2096-02-29", 4, "2100-02-28"},
		{every(1, "year"), "2096-02-29", 8, "2104-02-29"},
		{every(1, "year"), "1996-02-29", 4, "2000-02-29"},
		{every(3, "year"), "2024-02-29", -1, "2021-02-28"},
		{every(1, "year"), "2023-02-28", 1, "2024-02-28"},
		// Days and weeks have 24 hours each, also where a time zone would change its clocks (29 March 2026 in Europe).
		{every(1, "day"), "2026-03-28 02:30:00", 1, "2026-03-29 02:30:00"},
		{every(1, "day"), "2028-02-28", 1, "2028-02-29"},
		{every(10, "day"), "2025-12-25", 1, "2026-01-04"},
		{every(1095, "day"), "2026-01-01", 1, "2028-12-31"},
		{every(1, "week"), "2022-06-03", 1, "2022-06-10"},
		{every(2, "week"), "2026-01-01", -1, "2025-12-18"},
		{every(156, "week"), "2026-01-01", 1, "2028-12-28"},
		// The time of day stays, to the second, and what is finer is dropped.
		{every(1, "month"), "2026-01-31 23:59:59", 1, "2026-02-28 23:59:59"},
		{every(1, "month"), "2026-01-31T23:59:59.9Z", 1, "2026-02-28 23:59:59"},
		// Another zone's anchor counts in UTC: 1 February 00:30 in Berlin is still 31 January.
		{every(1, "month"), "2026-02-01T00:30:00+01:00", 1, "2026-02-28 23:30:00"},
	} {
		if got, want := c.interval.After(moment(t, c.anchor), c.k), moment(t, c.want); !got.Equal(want) {
			t.Errorf("%+v: boundary %d of %s: %v, want %s", c.interval, c.k, c.anchor, got, c.want)
		}
	}
}

func TestIntervalAround(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		interval                Interval
		anchor, at, start, stop string
	}{
		{every(1, "month"), "2026-01-31", "2026-01-31", "2026-01-31", "2026-02-28"},
		{every(1, "month"), "2026-01-31", "2026-02-27 23:59:59", "2026-01-31", "2026-02-28"},
		{every(1, "month"), "2026-01-31", "2026-02-28", "2026-02-28", "2026-03-31"},
		{every(1, "month"), "2026-01-31", "2026-03-30", "2026-02-28", "2026-03-31"},
		{every(1, "month"), "2026-01-31", "2026-03-31", "2026-03-31", "2026-04-30"},
		{every(1, "month"), "2026-01-31 12:00", "2026-03-31 11:59", "2026-02-28 12:00", "2026-03-31 12:00"},
		// An anchor in the future: the period that ends at it, or one before.
		{every(1, "month"), "2026-05-01", "2026-04-16", "2026-04-01", "2026-05-01"},
		{every(1, "month"), "2026-05-31", "2026-04-16", "2026-03-31", "2026-04-30"},
		{every(1, "month"), "2026-05-01", "2026-02-10", "2026-02-01", "2026-03-01"},
		{every(1, "year"), "2028-02-29", "2027-02-28", "2027-02-28", "2028-02-29"},
		{every(1, "year"), "2028-02-29", "2027-02-27", "2026-02-28", "2027-02-28"},
		{every(3, "month"), "2026-05-15", "2026-05-14", "2026-02-15", "2026-05-15"},
		{every(3, "month"), "2026-05-15", "2026-01-01", "2025-11-15", "2026-02-15"},
		{every(1, "day"), "2026-01-01 12:00", "2026-01-01 11:59:59", "2025-12-31 12:00", "2026-01-01 12:00"},
		{every(1, "week"), "2022-06-03", "2026-11-24", "2026-11-20", "2026-11-27"},
		{every(1, "week"), "2026-11-27", "2026-11-24", "2026-11-20", "2026-11-27"},
		// Far away.
		{every(1, "day"), "1970-01-01", "9999-12-30 12:00", "9999-12-30", "9999-12-31"},
		{every(1, "month"), "1970-01-31", "9999-02-28 12:00", "9999-02-28", "9999-03-31"},
		{every(7, "day"), "9999-12-31", "1970-01-01", "1969-12-26", "1970-01-02"},
	} {
		start, end := c.interval.Around(moment(t, c.anchor), moment(t, c.at))
		if !start.Equal(moment(t, c.start)) || !end.Equal(moment(t, c.stop)) {
			t.Errorf("%+v from %s around %s: %v to %v, want %s to %s", c.interval, c.anchor, c.at, start, end, c.start, c.stop)
		}
	}
}

// The periods cover time without a gap and without an overlap, whatever the interval.
func TestPeriodsCoverTime(t *testing.T) {
	t.Parallel()
	anchor := moment(t, "2024-01-31 13:37:42")
	for _, interval := range []Interval{
		every(1, "day"), every(9, "day"), every(1, "week"), every(3, "week"), every(1, "month"), every(5, "month"), every(12, "month"), every(1, "year"), every(3, "year"),
	} {
		last := interval.After(anchor, -30)
		for k := -30; k <= 30; k++ {
			start, end := interval.After(anchor, k), interval.After(anchor, k+1)
			if !start.Equal(last) || !end.After(start) {
				t.Fatalf("%+v: period %d is %v to %v after %v", interval, k, start, end, last)
			}
			last = end
			for _, at := range []time.Time{start, start.Add(end.Sub(start) / 2), end.Add(-time.Second)} {
				if s, e := interval.Around(anchor, at); !s.Equal(start) || !e.Equal(end) {
					t.Fatalf("%+v: %v is found in %v to %v, want %v to %v", interval, at, s, e, start, end)
				}
			}
		}
	}
}

func TestIntervalValid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		interval Interval
		want     bool
	}{
		{every(1, "day"), true}, {every(2, "week"), true}, {every(36, "month"), true}, {every(3, "year"), true},
		{every(0, "month"), false}, {every(-1, "day"), false}, {every(1, "hour"), false}, {Interval{}, false},
	} {
		if got := c.interval.Valid(); got != c.want {
			t.Errorf("%+v: %t, want %t", c.interval, got, c.want)
		}
	}
}

func TestAnchorConfig(t *testing.T) {
	t.Parallel()
	at := func(hour, minute, second int) AnchorConfig {
		return AnchorConfig{Hour: &hour, Minute: &minute, Second: &second}
	}
	on := func(c AnchorConfig, day, month int) AnchorConfig { c.Day, c.Month = day, month; return c }
	now := AnchorConfig{}
	for _, c := range []struct {
		config   AnchorConfig
		interval Interval
		after    string
		want     string
	}{
		{on(now, 1, 0), every(1, "month"), "2026-04-16 10:20:30", "2026-05-01 10:20:30"},
		{on(now, 16, 0), every(1, "month"), "2026-04-16 10:20:30", "2026-04-16 10:20:30"},
		// In a month that has the day, which may be some periods ahead.
		{on(now, 31, 0), every(2, "month"), "2026-02-10", "2026-08-31"}, // docs.stripe.com/billing/subscriptions/billing-cycle
		{on(now, 31, 0), every(1, "month"), "2026-02-10", "2026-03-31"},
		{on(now, 31, 0), every(1, "month"), "2026-04-30 10:00", "2026-05-31 10:00"},
		{on(now, 29, 0), every(1, "month"), "2026-02-10", "2026-03-29"},
		{on(now, 29, 0), every(1, "month"), "2028-02-10", "2028-02-29"},
		{on(now, 31, 0), every(6, "month"), "2026-03-01", "2026-03-31"},
		{on(now, 31, 4), every(1, "year"), "2026-01-01", "2026-04-30"},
		{on(now, 31, 2), every(1, "year"), "2026-01-01", "2028-02-29"},
		{on(now, 29, 2), every(1, "year"), "2097-01-01", "2104-02-29"},
		{on(now, 29, 2), every(3, "year"), "2095-01-01", "2104-02-29"},
		{on(now, 30, 0), every(1, "month"), "2026-12-31", "2027-01-30"},
		{on(at(9, 0, 0), 16, 0), every(1, "month"), "2026-04-16 08:00", "2026-04-16 09:00"},
		{on(at(9, 0, 0), 16, 0), every(1, "month"), "2026-04-16 09:00", "2026-04-16 09:00"},
		{on(at(9, 0, 0), 16, 0), every(1, "month"), "2026-04-16 09:00:01", "2026-05-16 09:00"},
		{on(at(0, 0, 0), 31, 0), every(1, "month"), "2026-01-31 00:00:01", "2026-03-31"},
		{on(at(23, 59, 59), 31, 0), every(1, "month"), "2026-01-31 12:00", "2026-01-31 23:59:59"},
		{on(now, 15, 3), every(1, "year"), "2026-04-16", "2027-03-15"},
		{on(now, 15, 9), every(1, "year"), "2026-04-16", "2026-09-15"},
		{on(now, 28, 2), every(1, "year"), "2026-03-01", "2027-02-28"},
		{on(now, 29, 2), every(1, "year"), "2026-03-01", "2028-02-29"},
		{on(now, 10, 0), every(1, "year"), "2026-04-16", "2026-05-10"},
		{on(now, 1, 4), every(1, "year"), "2026-04-16", "2027-04-01"},
		{on(now, 1, 2), every(3, "month"), "2026-06-10", "2026-08-01"},
		{on(now, 1, 2), every(3, "month"), "2026-11-02", "2027-02-01"},
		{on(now, 30, 2), every(3, "month"), "2027-01-05", "2027-05-30"},
		{on(now, 1, 1), every(6, "month"), "2026-06-10", "2026-07-01"},
		{on(now, 1, 10), every(1, "month"), "2026-06-10", "2026-07-01"},
		{on(now, 1, 10), every(5, "month"), "2026-06-10", "2026-10-01"},
	} {
		if got := c.config.Next(moment(t, c.after), c.interval); !got.Equal(moment(t, c.want)) {
			t.Errorf("day %d of month %d after %s: %v, want %s", c.config.Day, c.config.Month, c.after, got, c.want)
		}
	}
}

func TestIntervalDivides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		short, long Interval
		want        bool
	}{
		{every(1, "month"), every(3, "month"), true}, {every(1, "month"), every(1, "year"), true}, {every(2, "month"), every(3, "month"), false},
		{every(1, "day"), every(1, "week"), true}, {every(7, "day"), every(2, "week"), true}, {every(2, "day"), every(1, "week"), false},
		{every(1, "day"), every(2, "year"), true}, {every(1, "week"), every(1, "month"), false}, {every(2, "day"), every(1, "month"), false},
		{every(1, "month"), every(1, "week"), false}, {every(12, "month"), every(1, "year"), true}, {every(1, "year"), every(12, "month"), true}, {every(1, "year"), every(6, "month"), false},
	} {
		if got := c.short.Divides(c.long); got != c.want {
			t.Errorf("%v divides %v: %t, want %t", c.short, c.long, got, c.want)
		}
	}
}
