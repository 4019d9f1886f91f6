package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A meter counts what customers use: each meter event says who used how much (meter_event.go), and a summary adds that
// up for a customer and a time (meter_summary.go).
//
//	active --deactivate--> inactive --reactivate--> active
//
// An inactive meter takes no events; what it has counted stays. Of all active meters, one counts the events of a name.
//
// Emits billing.meter.created, billing.meter.updated, billing.meter.deactivated, billing.meter.reactivated.
func init() {
	register(resource.Rules{
		Object: "billing.meter", Create: createMeter, Index: filters{"event_name": at("event_name")},
		States: resource.States{"active": {"inactive"}, "inactive": {"active"}},
		Actions: resource.Actions{
			"POST /v1/billing/meters/{id}/deactivate":     deactivateMeter,
			"POST /v1/billing/meters/{id}/reactivate":     reactivateMeter,
			"GET /v1/billing/meters/{id}/event_summaries": summariseEvents,
		},
	})
}

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
	return eventNameFree(op, m)
}

// eventNameFree checks that no other active meter counts the events that a meter is for.
func eventNameFree(op *resource.Op, m *object.Object) error {
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

func deactivateMeter(op *resource.Op) error {
	if err := op.Move(op.Object, "inactive"); err != nil {
		return err
	}
	op.Object.Sub("status_transitions").Set("deactivated_at", op.Now().Unix())
	return announceMeter(op, "billing.meter.deactivated")
}

func reactivateMeter(op *resource.Op) error {
	if op.Object.String("status") == "inactive" {
		if err := eventNameFree(op, op.Object); err != nil {
			return err
		}
	}
	if err := op.Move(op.Object, "active"); err != nil {
		return err
	}
	op.Object.Sub("status_transitions").Set("deactivated_at", nil)
	return announceMeter(op, "billing.meter.reactivated")
}

// announceMeter emits an event that tells by its type what changed.
func announceMeter(op *resource.Op, eventType string) error {
	if _, err := op.Changes(op.Object); err != nil {
		return err
	}
	return op.Emit(eventType, op.Object)
}
