package billing

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How usage is kept so that adding it up does not mean reading every event.
//
// For each meter, customer and day (UTC) there is one summary, whose private part holds a tally for each hour in which
// something happened. The events of the day live below it, findable by hour. An event costs one more write; the usage
// of a month costs some thirty small reads, and, where it begins or ends within an hour, the events of those hours.

const (
	hourSeconds = 3600
	daySeconds  = 86400
)

// usage is how much of a meter a customer used from one time up to another, exactly: a fraction of at most fifteen
// decimals, and below zero if more was given back than used, which invoices bill as nothing. Each day in between costs
// two reads, whatever happened on it; a time within an hour costs the customer's events of that hour.
func usage(op *resource.Op, meter *object.Object, customer string, from, to int64) (*big.Rat, error) {
	t, err := usageTally(op, meter, customer, from, to)
	if err != nil {
		return nil, err
	}
	return t.value(meter), nil
}

func usageTally(op *resource.Op, meter *object.Object, customer string, from, to int64) (tally, error) {
	var total tally
	err := eachUsageDay(op, meter, customer, from, to, func(d *usageDay) error {
		for hour, t := range d.hours() {
			start := hour * hourSeconds
			switch {
			case start+hourSeconds <= from || start >= to:
				continue
			case start < from || start+hourSeconds > to:
				events, err := d.eventsOf(op, hour)
				if err != nil {
					return err
				}
				t = d.tallyWithin(events, from, to)
			}
			total = total.plus(t)
		}
		return nil
	})
	return total, err
}

// eachUsageDay runs fn on the days between two times on which a customer used something, the earliest first. It looks
// for no day on which there can be no event of the meter.
func eachUsageDay(op *resource.Op, meter *object.Object, customer string, from, to int64, fn func(d *usageDay) error) error {
	from, err := usageBegins(op, meter, customer, from)
	if err != nil {
		return err
	}
	to = min(to, op.Now().Add(newestEvent).Unix()+1)
	for day := from / daySeconds; day*daySeconds < to; day++ {
		d, err := findUsageDay(op, meter, customer, day)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		if err := fn(d); err != nil {
			return err
		}
	}
	return nil
}

// usageBegins is from when there can be events of a customer: only a meter that is there is sent some, and only for a
// customer who is. On a test clock the customer may have come long before the meter.
func usageBegins(op *resource.Op, meter *object.Object, customer string, from int64) (int64, error) {
	c, err := op.Find("customer", customer)
	if err != nil {
		return 0, err
	}
	since := c.Int("created")
	if c.Ref("test_clock") == "" {
		since = max(since, meter.Int("created"))
	}
	return max(from, unix(since).Add(-oldestEvent).Unix()), nil
}

// usageDay is what a customer used on a day.
type usageDay struct {
	meter   *object.Object
	summary *object.Object
	private *object.Object
}

// usageDayID is the id of the summary that a day is kept in. It is never shown.
func usageDayID(meter *object.Object, customer string, day int64) string {
	return "mtrusg_" + meter.ID() + "_" + customer + "_" + strconv.FormatInt(day, 10)
}

func findUsageDay(op *resource.Op, meter *object.Object, customer string, day int64) (*usageDay, error) {
	s, err := op.Find("billing.meter_event_summary", usageDayID(meter, customer, day))
	if s == nil || err != nil {
		return nil, err
	}
	private, err := op.Private(s)
	return &usageDay{meter: meter, summary: s, private: private}, err
}

func makeUsageDay(op *resource.Op, meter *object.Object, customer string, day int64) (*usageDay, error) {
	op.Choose("billing.meter_event_summary", usageDayID(meter, customer, day))
	s, err := op.Make("billing.meter_event_summary", "", newParams(), func(op *resource.Op) error {
		fillSummary(op, op.Object, meter, new(big.Rat), day*daySeconds, (day+1)*daySeconds)
		return nil
	})
	return &usageDay{meter: meter, summary: s, private: object.New(nil)}, err
}

// hours are the tallies of the day by hour, counted since 1970.
func (d *usageDay) hours() map[int64]tally {
	out := map[int64]tally{}
	for name, v := range d.private.Object("hours").All() {
		if hour, err := strconv.ParseInt(name, 10, 64); err == nil {
			out[hour] = readTally(v.(*object.Object))
		}
	}
	return out
}

func (d *usageDay) total() tally {
	var total tally
	for _, t := range d.hours() {
		total = total.plus(t)
	}
	return total
}

// save writes what an hour adds up to. If the meter's events sum up whole days, the hour is the only one of its day.
func (d *usageDay) save(op *resource.Op, hour int64, t tally) error {
	name := strconv.FormatInt(hour, 10)
	if d.meter.String("event_time_window") == "day" {
		d.private.Delete("hours")
	}
	if hours := d.private.Sub("hours"); t.count == 0 {
		hours.Delete(name)
	} else {
		hours.Set(name, t.stored())
	}
	d.summary.Set("aggregated_value", ratNumber(d.total().value(d.meter)))
	op.Save(d.summary)
	return op.SetPrivate(d.summary, d.private)
}

// eventsOf are the events of some hours of the day in the order in which they came.
func (d *usageDay) eventsOf(op *resource.Op, hours ...int64) ([]*object.Object, error) {
	names := make([]string, len(hours))
	for i, hour := range hours {
		names[i] = strconv.FormatInt(hour, 10)
	}
	return op.Oldest("billing.meter_event", resource.Selection{Below: d.summary.ID(), Field: "hour", Values: names, Limit: math.MaxInt32})
}

// sharers are the hours whose events decide with those of an hour what counts: the hour alone, or its whole day if each
// event sums up a day.
func (d *usageDay) sharers(hour int64) []int64 {
	if d.meter.String("event_time_window") != "day" {
		return []int64{hour}
	}
	all := make([]int64, daySeconds/hourSeconds)
	for i := range all {
		all[i] = d.summary.Int("start_time")/hourSeconds + int64(i)
	}
	return all
}

// tallyWithin adds up those events of an hour, or of a whole day, that are within a time. Of events that each sum up
// an hour or a day only the one counts that came last.
func (d *usageDay) tallyWithin(events []*object.Object, from, to int64) tally {
	if d.meter.String("event_time_window") != "" && len(events) > 0 {
		events = events[len(events)-1:]
	}
	var total tally
	for _, e := range events {
		if at := e.Int("timestamp"); at >= from && at < to {
			total = total.plus(tallyOf(meteredValue(d.meter, e), at))
		}
	}
	return total
}

// countEvent adds a new event to its day and tells the alerts.
func countEvent(op *resource.Op, meter, event *object.Object) error {
	customer, at := meteredCustomer(meter, event), event.Int("timestamp")
	d, err := findUsageDay(op, meter, customer, at/daySeconds)
	if d == nil && err == nil {
		d, err = makeUsageDay(op, meter, customer, at/daySeconds)
	}
	if err != nil {
		return err
	}
	op.PlaceBelow(event, d.summary)
	before, hour := d.total(), at/hourSeconds
	t := tallyOf(meteredValue(meter, event), at)
	if meter.String("event_time_window") == "" {
		t = d.hours()[hour].plus(t)
	}
	if err := d.save(op, hour, t); err != nil {
		return err
	}
	return watchUsage(op, meter, customer, before, d.total())
}

// uncountEvent takes an event out of its day, of which it reads the hour again. It reports whether the event counted.
func uncountEvent(op *resource.Op, event *object.Object) (bool, error) {
	d, events, err := dayOfEvent(op, event)
	if d == nil || err != nil {
		return false, err
	}
	events = slices.DeleteFunc(events, func(e *object.Object) bool { return e == event })
	hour := event.Int("timestamp") / hourSeconds
	if len(events) > 0 {
		hour = events[len(events)-1].Int("timestamp") / hourSeconds
	}
	before := d.total()
	if err := d.save(op, hour, d.tallyWithin(events, 0, math.MaxInt64)); err != nil {
		return false, err
	}
	return true, watchUsage(op, d.meter, meteredCustomer(d.meter, event), before, d.total())
}

// dayOfEvent is the day in which an event is counted, and the events that it is counted with; nil if it is not counted.
// The meter may be inactive by now, and another one may have its event name.
func dayOfEvent(op *resource.Op, event *object.Object) (*usageDay, []*object.Object, error) {
	meters, err := op.Lookup("billing.meter", "event_name", event.String("event_name"))
	if err != nil {
		return nil, nil, err
	}
	at := event.Int("timestamp")
	for _, meter := range meters {
		d, err := findUsageDay(op, meter, meteredCustomer(meter, event), at/daySeconds)
		if err != nil {
			return nil, nil, err
		}
		if d == nil {
			continue
		}
		events, err := d.eventsOf(op, d.sharers(at/hourSeconds)...)
		if err != nil {
			return nil, nil, err
		}
		if slices.Contains(events, event) {
			return d, events, nil
		}
	}
	return nil, nil, nil
}
