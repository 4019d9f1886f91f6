package billing

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Meter events by version 2 of the API are those of version 1 in other words. A stream takes many of them at once and
// answers nothing: what is wrong with them is told by thin events.
//
//	session: (new) --quarter of an hour--> gone
func init() {
	register(resource.Rules{
		Object: "v2.billing.meter_event", Customer: eventCustomer,
		Actions: resource.Actions{"POST /v2/billing/meter_events": createMeterEventV2},
	})
	register(resource.Rules{
		Object: "v2.billing.meter_event_adjustment", Customer: adjustedCustomer,
		Actions: resource.Actions{"POST /v2/billing/meter_event_adjustments": adjustMeterEventV2},
	})
	register(resource.Rules{
		Object: "v2.billing.meter_event_session", Create: createMeterSession,
		Actions: resource.Actions{meterStream: streamMeterEvents},
		Bearer:  []string{meterStream},
		Timers:  map[string]resource.Hook{meterSessionEnd: endMeterSession},
	})
}

const (
	meterStream      = "POST /v2/billing/meter_event_stream"
	meterSessionEnd  = "v2.billing.meter_event_session.end"
	meterSessionLife = 15 * time.Minute
	// maxStreamed is how many events one request may bring.
	maxStreamed = 100
	// maxSamples is how many errors of one kind a report shows.
	maxSamples = 5
)

// rfc3339 is a time as version 2 writes it.
func rfc3339(unixSeconds int64) string {
	return unix(unixSeconds).UTC().Format("2006-01-02T15:04:05.000Z")
}

func createMeterEventV2(op *resource.Op) error {
	e, err := recordMeterEvent(op, op.Params)
	if err != nil {
		return err
	}
	op.Result = newParams("object", "v2.billing.meter_event", "created", rfc3339(e.Int("created")), "event_name", e.String("event_name"),
		"identifier", e.String("identifier"), "livemode", op.Live(), "payload", e.Object("payload").Clone(), "timestamp", rfc3339(e.Int("timestamp")))
	return nil
}

// recordMeterEvent makes the event of version 1.
func recordMeterEvent(op *resource.Op, sent *object.Object) (*object.Object, error) {
	params := newParams("event_name", sent.String("event_name"), "identifier", sent.String("identifier"))
	params.Set("payload", sent.Object("payload").Clone())
	if text := sent.String("timestamp"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, apierr.Invalid("", "timestamp", "%q is no time: write it as 2026-09-01T12:00:00Z.", text)
		}
		params.Set("timestamp", at.Unix())
	}
	return op.Create("billing.meter_event", params)
}

func adjustMeterEventV2(op *resource.Op) error {
	made, err := op.Create("billing.meter_event_adjustment", op.Params.Clone())
	if err != nil {
		return err
	}
	op.Result = newParams("id", op.NewID("v2.billing.meter_event_adjustment"), "object", "v2.billing.meter_event_adjustment",
		"cancel", newParams("identifier", made.Object("cancel").String("identifier")), "created", rfc3339(op.Now().Unix()),
		"event_name", made.String("event_name"), "livemode", op.Live(), "status", made.String("status"), "type", made.String("type"))
	return nil
}

// createMeterSession makes a key that can do nothing but stream.
func createMeterSession(op *resource.Op) error {
	s := op.Object
	expires := op.WallNow().Add(meterSessionLife)
	id, secret, err := op.IssueKey(s.ID(), expires)
	if err != nil {
		return err
	}
	s.Set("created", rfc3339(op.WallNow().Unix()))
	s.Set("expires_at", rfc3339(expires.Unix()))
	s.Set("authentication_token", "")
	if err := op.SetPrivate(s, newParams("key", id)); err != nil {
		return err
	}
	if err := op.SetTimer(meterSessionEnd, s, expires); err != nil {
		return err
	}
	op.Result = s.Clone()
	op.Result.Set("authentication_token", secret)
	return nil
}

func endMeterSession(op *resource.Op) error {
	if err := revokeKey(op); err != nil {
		return err
	}
	return op.Delete(op.Object)
}

// streamMeterEvents counts the events that are right, and reports the others.
func streamMeterEvents(op *resource.Op) error {
	sent := op.Params.Array("events")
	if len(sent) > maxStreamed {
		return apierr.Invalid("", "events", "A request can bring up to %d events.", maxStreamed)
	}
	reports := map[string]*meterReport{}
	var order []*meterReport
	for _, v := range sent {
		event := v.(*object.Object)
		_, err := recordMeterEvent(op, event)
		var wrong *apierr.Error
		if err != nil && !errors.As(err, &wrong) {
			return err
		}
		if wrong == nil {
			continue
		}
		meter, err := activeMeter(op, event.String("event_name"))
		if err != nil {
			return err
		}
		id := meter.ID()
		if reports[id] == nil {
			reports[id] = &meterReport{meter: meter}
			order = append(order, reports[id])
		}
		reports[id].add(wrong, event)
	}
	for _, report := range order {
		if err := report.tell(op); err != nil {
			return err
		}
	}
	op.Result = object.New(nil)
	return nil
}

// meterReport is what is wrong with events of one meter, or with those of none.
type meterReport struct {
	meter *object.Object
	count int64
	kinds []*object.Object
}

func (r *meterReport) add(wrong *apierr.Error, event *object.Object) {
	r.count++
	code := r.codeOf(wrong)
	var kind *object.Object
	for _, k := range r.kinds {
		if k.String("code") == code {
			kind = k
		}
	}
	if kind == nil {
		kind = newParams("code", code, "error_count", 0)
		kind.Set("sample_errors", []any{})
		r.kinds = append(r.kinds, kind)
	}
	kind.Set("error_count", kind.Int("error_count")+1)
	if samples := kind.Array("sample_errors"); len(samples) < maxSamples {
		request := object.New(nil)
		request.Set("identifier", event.String("identifier"))
		kind.Set("sample_errors", append(samples, newParams("error_message", wrong.Message, "request", request)))
	}
}

// codeOf is the name that Stripe's reports give to an error.
func (r *meterReport) codeOf(wrong *apierr.Error) string {
	customer := "payload[" + r.meter.Object("customer_mapping").String("event_payload_key") + "]"
	switch {
	case r.meter == nil:
		return "no_meter"
	case wrong.Param == "timestamp" && strings.Contains(wrong.Message, "past"):
		return "timestamp_too_far_in_past"
	case wrong.Param == customer && wrong.Code == "resource_missing":
		return "meter_event_customer_not_found"
	case wrong.Param == customer:
		return "meter_event_no_customer_defined"
	case wrong.Code == "parameter_missing":
		return "meter_event_value_not_found"
	}
	return "meter_event_invalid_value"
}

// tell makes the thin event of a report.
func (r *meterReport) tell(op *resource.Op) error {
	now := rfc3339(op.WallNow().Unix())
	kinds := make([]any, len(r.kinds))
	for i, kind := range r.kinds {
		kinds[i] = kind
	}
	data := newParams("developer_message_summary", "Meter events that could not be counted: "+strconv.FormatInt(r.count, 10)+".", "validation_end", now, "validation_start", now)
	data.Set("reason", newParams("error_count", r.count, "error_types", kinds))
	event, err := op.Make("v2.core.event", "", object.New(nil), func(op *resource.Op) error {
		op.Object.Set("created", now)
		op.Object.Set("data", data)
		op.Object.Set("type", "v1.billing.meter.no_meter_found")
		if r.meter != nil {
			op.Object.Set("type", "v1.billing.meter.error_report_triggered")
			op.Object.Set("related_object", newParams("id", r.meter.ID(), "type", "billing.meter", "url", "/v1/billing/meters/"+r.meter.ID()))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return op.Announce(event)
}
