package billing

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A meter event says that a customer used something. It is checked and counted at once, so that whoever sends a bad one
// is told in the answer; an adjustment takes it back for a day.
//
//	(new) counted --adjustment--> not counted
//
// Events live below the summary of their day, in which they are counted (meter_usage.go), and after an adjustment below
// that adjustment. They have no events of their own; billing.alert.triggered may follow.
func init() {
	register(resource.Rules{
		Object: "billing.meter_event", Create: createMeterEvent, Customer: eventCustomer,
		Index: filters{"identifier": at("identifier"), "hour": eventHour},
	})
	register(resource.Rules{Object: "billing.meter_event_adjustment", Create: adjustMeterEvent, Customer: adjustedCustomer})
}

const (
	// oldestEvent and newestEvent are how far from now the time of a meter event may be.
	oldestEvent = 35 * 24 * time.Hour
	newestEvent = 5 * time.Minute
	// identifierLength is how long the identifiers are that we make.
	identifierLength = 24
	// identifierLife is how long an identifier is taken, and an event can be taken back.
	identifierLife = 24 * time.Hour
	// usageDigits is how many digits the value of an event may have.
	usageDigits = 15
)

func eventHour(event *object.Object) []string {
	return []string{strconv.FormatInt(event.Int("timestamp")/hourSeconds, 10)}
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
	if !op.Params.Has("timestamp") {
		e.Set("timestamp", op.Now().Unix())
	}
	if err := checkMeterEvent(op, meter, e); err != nil {
		return err
	}
	if err := identifyEvent(op, e); err != nil {
		return err
	}
	return countEvent(op, meter, e)
}

// identifyEvent gives the event an identifier, or checks that its own was not used of late.
func identifyEvent(op *resource.Op, e *object.Object) error {
	if !op.Params.Has("identifier") {
		e.Set("identifier", op.Secret(identifierLength))
		return nil
	}
	other, err := recentEvent(op, e.String("identifier"))
	if err != nil || other == nil {
		return err
	}
	return apierr.Invalid("resource_already_exists", "identifier", "An event already exists with identifier %s.", e.String("identifier"))
}

// recentEvent is the event of an identifier that was sent within a day, or nil.
func recentEvent(op *resource.Op, identifier string) (*object.Object, error) {
	events, err := op.Lookup("billing.meter_event", "identifier", identifier)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	if newest := events[0]; unix(newest.Int("created")).After(op.Now().Add(-identifierLife)) {
		return newest, nil
	}
	return nil, nil
}

func checkMeterEvent(op *resource.Op, meter, e *object.Object) error {
	if at := unix(e.Int("timestamp")); at.Before(op.Now().Add(-oldestEvent)) || at.After(op.Now().Add(newestEvent)) {
		return apierr.Invalid("", "timestamp", "The timestamp must be within the past 35 days and at most 5 minutes ahead.")
	}
	key := meter.Object("customer_mapping").String("event_payload_key")
	customer := meteredCustomer(meter, e)
	if customer == "" {
		return missingParam("payload[" + key + "]")
	}
	if _, err := op.Get("customer", customer, "payload["+key+"]"); err != nil {
		return err
	}
	if meter.Object("default_aggregation").String("formula") == "count" {
		return nil
	}
	key = meter.Object("value_settings").String("event_payload_key")
	text := e.Object("payload").String(key)
	if text == "" {
		return missingParam("payload[" + key + "]")
	}
	return checkUsage(text, "payload["+key+"]")
}

// meteredCustomer is the id of the customer in an event's payload.
func meteredCustomer(meter, event *object.Object) string {
	return event.Object("payload").String(meter.Object("customer_mapping").String("event_payload_key"))
}

// eventCustomer is the customer that a new event is for: its time is that of the customer's test clock.
func eventCustomer(op *resource.Op) (string, error) { return customerOf(op, op.Params) }

// adjustedCustomer is the customer of the event that is to be taken back.
func adjustedCustomer(op *resource.Op) (string, error) {
	events, err := op.Lookup("billing.meter_event", "identifier", op.Params.Object("cancel").String("identifier"))
	if err != nil || len(events) == 0 {
		return "", err
	}
	return customerOf(op, events[0])
}

// customerOf is the customer in the payload of an event; empty if no meter counts it.
func customerOf(op *resource.Op, event *object.Object) (string, error) {
	meters, err := op.Lookup("billing.meter", "event_name", event.String("event_name"))
	for _, meter := range meters {
		if id := meteredCustomer(meter, event); id != "" {
			return id, err
		}
	}
	return "", err
}

// meteredValue is the value in an event's payload, which was checked when the event was made. A meter that only counts
// takes none, and what is sent all the same may be anything.
func meteredValue(meter, event *object.Object) *big.Rat {
	if meter.Object("default_aggregation").String("formula") == "count" {
		return new(big.Rat)
	}
	return ratOf(event.Object("payload").String(meter.Object("value_settings").String("event_payload_key")))
}

// checkUsage checks a value, which is not empty: decimal digits with a point or a sign, and not so many that a program
// which reads them as a floating-point number loses some.
func checkUsage(text, param string) error {
	unsigned := text
	if text[0] == '-' || text[0] == '+' {
		unsigned = text[1:]
	}
	whole, fraction, _ := strings.Cut(unsigned, ".")
	if digits := whole + fraction; digits == "" || strings.Trim(digits, "0123456789") != "" {
		return apierr.Invalid("", param, "The value of the event must be a number, not `%s`.", text)
	}
	if len(strings.TrimLeft(whole+strings.TrimRight(fraction, "0"), "0")) > usageDigits {
		return apierr.Invalid("", param, "The value in the event payload can have at most %d digits. Received %s.", usageDigits, text)
	}
	return nil
}

// adjustMeterEvent takes an event back.
func adjustMeterEvent(op *resource.Op) error {
	a := op.Object
	identifier := op.Params.Object("cancel").String("identifier")
	if identifier == "" {
		return missingParam("cancel[identifier]")
	}
	event, err := recentEvent(op, identifier)
	if err != nil {
		return err
	}
	if event == nil || event.String("event_name") != a.String("event_name") {
		return apierr.Invalid("resource_missing", "cancel[identifier]", "No meter event `%s` with identifier `%s` was sent within the last 24 hours.", a.String("event_name"), identifier)
	}
	counted, err := uncountEvent(op, event)
	if err != nil {
		return err
	}
	if !counted {
		return apierr.Invalid("", "cancel[identifier]", "The meter event with identifier `%s` was canceled already.", identifier)
	}
	op.PlaceBelow(event, a)
	a.Set("status", "complete")
	return nil
}
