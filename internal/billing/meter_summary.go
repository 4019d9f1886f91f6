package billing

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// summariseEvents adds up what a customer used, once for the whole time or for each hour or day of it in which there
// was something, the latest first.
func summariseEvents(op *resource.Op) error {
	meter, params := op.Object, op.Params
	customer, start, end := params.String("customer"), params.Int("start_time"), params.Int("end_time")
	step, err := summaryStep(params.String("value_grouping_window"), start, end)
	if err != nil {
		return err
	}
	if _, err := op.Get("customer", customer, "customer"); err != nil {
		return err
	}
	windows := map[int64]tally{} // by their beginning
	if step == 0 {
		step = end - start
		windows[start], err = usageTally(op, meter, customer, start, end)
	} else {
		err = groupUsage(op, meter, customer, start, end, step, windows)
	}
	if err != nil {
		return err
	}
	var items []any
	for _, from := range slices.Backward(slices.Sorted(maps.Keys(windows))) {
		if windows[from].count > 0 {
			s := object.New(nil)
			s.Set("id", "mtrusg_"+strings.TrimPrefix(meter.ID(), "mtr_")+strconv.FormatInt(from, 10))
			fillSummary(op, s, meter, windows[from].value(meter), from, from+step)
			items = append(items, s)
		}
	}
	op.List, err = resource.PageOf(items, params, "/v1/billing/meters/"+meter.ID()+"/event_summaries", "billing.meter_event_summary")
	return err
}

// groupUsage adds up each window of a step, which is an hour or a day, between two times that are multiples of it.
func groupUsage(op *resource.Op, meter *object.Object, customer string, start, end, step int64, windows map[int64]tally) error {
	return eachUsageDay(op, meter, customer, start, end, func(d *usageDay) error {
		for hour, t := range d.hours() {
			if at := hour * hourSeconds; at >= start && at < end {
				windows[at-at%step] = windows[at-at%step].plus(t)
			}
		}
		return nil
	})
}

// summaryStep is how many seconds one summary covers, or zero for all of them.
func summaryStep(window string, start, end int64) (int64, error) {
	step, unit := int64(60), "minute"
	switch window {
	case "hour":
		step, unit = hourSeconds, "hour"
	case "day":
		step, unit = daySeconds, "day"
	}
	switch {
	case start%step != 0:
		return 0, apierr.Invalid("", "start_time", "`start_time` must be aligned with %s boundaries (UTC).", unit)
	case end%step != 0:
		return 0, apierr.Invalid("", "end_time", "`end_time` must be aligned with %s boundaries (UTC).", unit)
	case end <= start:
		return 0, apierr.Invalid("", "end_time", "`end_time` must be after `start_time`.")
	case window == "":
		return 0, nil
	}
	return step, nil
}

func fillSummary(op *resource.Op, s, meter *object.Object, value *big.Rat, start, end int64) {
	s.Set("object", "billing.meter_event_summary")
	s.Set("aggregated_value", ratNumber(value))
	s.Set("end_time", end)
	s.Set("livemode", op.Live())
	s.Set("meter", meter.ID())
	s.Set("start_time", start)
}

// ratNumber is a number as a document holds it.
func ratNumber(r *big.Rat) any {
	if r.IsInt() && r.Num().IsInt64() {
		return r.Num().Int64()
	}
	text := decimalText(r)
	if !r.IsInt() {
		text = strings.TrimRight(text, "0")
	}
	return object.Number(text)
}
