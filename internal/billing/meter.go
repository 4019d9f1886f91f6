package billing

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A meter counts what customers use: each meter event says who used how much, and a summary adds that up for a customer
// and a time.
//
//	(new) --> active
//
// Emits billing.meter.created, billing.meter.updated.
func init() {
	register(resource.Rules{
		Object: "billing.meter", Create: createMeter, Index: filters{"event_name": at("event_name")},
		Actions: resource.Actions{"GET /v1/billing/meters/{id}/event_summaries": summariseEvents},
	})
	register(resource.Rules{
		Object: "billing.meter_event", Create: createMeterEvent,
		Index: filters{"identifier": at("identifier"), "event_name": at("event_name")},
	})
}

const (
	// oldestEvent and newestEvent are how far from now the time of a meter event may be.
	oldestEvent = 35 * 24 * time.Hour
	newestEvent = 5 * time.Minute
	// identifierLength is how long the identifiers are that we make.
	identifierLength = 24
)

func createMeter(op *resource.Op) error {
	m := op.Object
	m.Set("status", "active")
	m.Set("status_transitions", newParams())
	m.Sub("status_transitions").Set("deactivated_at", nil)
	if !op.Params.Has("event_time_window") {
		m.Set("event_time_window", nil)
	}
	if !op.Params.Has("customer_mapping") {
		m.Set("customer_mapping", newParams("event_payload_key", "stripe_customer_id", "type", "by_id"))
	}
	if !op.Params.Has("value_settings") {
		m.Set("value_settings", newParams("event_payload_key", "value"))
	}
	known, err := activeMeter(op, m.String("event_name"))
	if err != nil {
		return err
	}
	if known != nil {
		return apierr.Invalid("resource_already_exists", "event_name", "An active meter (`%s`) already has the event name `%s`.", known.ID(), m.String("event_name"))
	}
	return nil
}

// activeMeter is the meter that counts events of a name, or nil.
func activeMeter(op *resource.Op, name string) (*object.Object, error) {
	meters, err := op.Lookup("billing.meter", "event_name", name)
	if err != nil {
		return nil, err
	}
	for _, m := range meters {
		if m.String("status") == "active" {
			return m, nil
		}
	}
	return nil, nil
}

func createMeterEvent(op *resource.Op) error {
	e := op.Object
	meter, err := activeMeter(op, e.String("event_name"))
	if err != nil {
		return err
	}
	if meter == nil {
		return apierr.Invalid("resource_missing", "event_name", "No active meter has the event name `%s`.", e.String("event_name"))
	}
	if err := checkMeterPayload(meter, e.Object("payload")); err != nil {
		return err
	}
	if !op.Params.Has("timestamp") {
		e.Set("timestamp", op.Now().Unix())
	}
	if at := unix(e.Int("timestamp")); at.Before(op.Now().Add(-oldestEvent)) || at.After(op.Now().Add(newestEvent)) {
		return apierr.Invalid("", "timestamp", "The timestamp must be within the past 35 days and at most 5 minutes ahead.")
	}
	if !op.Params.Has("identifier") {
		e.Set("identifier", op.Secret(identifierLength))
		return nil
	}
	others, err := op.Lookup("billing.meter_event", "identifier", e.String("identifier"))
	if err != nil {
		return err
	}
	if len(others) > 0 {
		return apierr.Invalid("resource_already_exists", "identifier", "An event with the identifier `%s` was sent already.", e.String("identifier"))
	}
	return nil
}

func checkMeterPayload(meter, payload *object.Object) error {
	customer := meter.Object("customer_mapping").String("event_payload_key")
	if payload.String(customer) == "" {
		return missingParam("payload[" + customer + "]")
	}
	value := meter.Object("value_settings").String("event_payload_key")
	if _, ok := new(big.Rat).SetString(payload.String(value)); !ok && meter.Object("default_aggregation").String("formula") != "count" {
		return apierr.Invalid("", "payload["+value+"]", "The value of the event must be a number, not `%s`.", payload.String(value))
	}
	return nil
}

// summariseEvents adds up what a customer used, once for the whole time or for each hour or day of it, the latest
// first. It reads all events of the meter.
func summariseEvents(op *resource.Op) error {
	meter, params := op.Object, op.Params
	start, end := params.Int("start_time"), params.Int("end_time")
	step, err := summaryStep(params.String("value_grouping_window"), start, end)
	if err != nil {
		return err
	}
	events, err := op.Lookup("billing.meter_event", "event_name", meter.String("event_name"))
	if err != nil {
		return err
	}
	mine := meter.Object("customer_mapping").String("event_payload_key")
	windows := map[int64][]*object.Object{} // by number, counted from the end
	for _, e := range events {
		if at := e.Int("timestamp"); e.Object("payload").String(mine) == params.String("customer") && at >= start && at < end {
			n := (end - 1 - at) / step
			windows[n] = append(windows[n], e)
		}
	}
	var items []any
	for _, n := range slices.Sorted(maps.Keys(windows)) {
		items = append(items, meterSummary(op, meter, windows[n], end-(n+1)*step, end-n*step))
	}
	op.List, err = resource.PageOf(items, params, "/v1/billing/meters/"+meter.ID()+"/event_summaries", "billing.meter_event_summary")
	return err
}

// summaryStep is how many seconds one summary covers.
func summaryStep(window string, start, end int64) (int64, error) {
	if end <= start {
		return 0, apierr.Invalid("", "end_time", "`end_time` must be after `start_time`.")
	}
	step, unit := int64(60), "minute"
	switch window {
	case "hour":
		step, unit = 3600, "hour"
	case "day":
		step, unit = 86400, "day"
	}
	for name, t := range map[string]int64{"start_time": start, "end_time": end} {
		if t%step != 0 {
			return 0, apierr.Invalid("", name, "`%s` must be the beginning of a %s.", name, unit)
		}
	}
	if window == "" {
		return end - start, nil
	}
	return step, nil
}

// meterSummary adds up events, which are in order from the newest.
func meterSummary(op *resource.Op, meter *object.Object, events []*object.Object, start, end int64) *object.Object {
	key := meter.Object("value_settings").String("event_payload_key")
	total := new(big.Rat)
	switch meter.Object("default_aggregation").String("formula") {
	case "count":
		total.SetInt64(int64(len(events)))
	case "last":
		total.SetString(events[0].Object("payload").String(key))
	default:
		for _, e := range events {
			if v, ok := new(big.Rat).SetString(e.Object("payload").String(key)); ok {
				total.Add(total, v)
			}
		}
	}
	s := object.New(nil)
	s.Set("id", "mtrusg_"+meter.ID()+"_"+strconv.FormatInt(start, 10))
	s.Set("object", "billing.meter_event_summary")
	s.Set("aggregated_value", ratNumber(total))
	s.Set("end_time", end)
	s.Set("livemode", op.Live())
	s.Set("meter", meter.ID())
	s.Set("start_time", start)
	return s
}

// ratNumber is a number as a document holds it, with at most twelve decimals.
func ratNumber(r *big.Rat) any {
	if r.IsInt() && r.Num().IsInt64() {
		return r.Num().Int64()
	}
	text, err := amountDecimal(r.FloatString(maxDecimals), "")
	if err != nil {
		return object.Number(r.FloatString(maxDecimals)) // it is below zero
	}
	return object.Number(text)
}
