package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payment attempt record is one try to take the payment that a payment record tells of. It is made and changed by the
// reports to its record (payment_record.go), and its state is read from its amounts: the whole amount is guaranteed,
// failed or canceled, or none of it yet.

// started is the state of an attempt that has no outcome yet.
const started = "started"

// outcomes are how an attempt can end.
var outcomes = []string{"guaranteed", "failed", "canceled"}

// attemptFields are what an attempt shares with its record.
var attemptFields = []string{
	"amount", "amount_authorized", "amount_canceled", "amount_failed", "amount_guaranteed", "amount_refunded", "amount_requested",
	"customer_details", "customer_presence", "description", "payment_method_details", "processor_details", "reported_by", "shipping_details",
}

func attemptState(attempt *object.Object) string {
	for _, outcome := range outcomes {
		if attempt.Object("amount_"+outcome).Int("value") > 0 {
			return outcome
		}
	}
	return started
}

// openAmounts says that nothing has become of the payment yet.
func openAmounts(o *object.Object) {
	for _, name := range []string{"amount_authorized", "amount_canceled", "amount_failed", "amount_guaranteed", "amount_refunded"} {
		setAmount(o, name, 0)
	}
}

// settleAmounts says how the attempt ended. What is guaranteed was authorized before.
func settleAmounts(o *object.Object, outcome string) {
	whole := o.Object("amount_requested").Int("value")
	setAmount(o, "amount_"+outcome, whole)
	if outcome == "guaranteed" {
		setAmount(o, "amount_authorized", whole)
	}
}

// setAmount sets one of the amounts of a record or attempt, which all have the currency of the payment.
func setAmount(o *object.Object, name string, value int64) {
	o.Set(name, newParams("currency", o.Object("amount_requested").String("currency"), "value", value))
}

// customReport is a report that says the payment method's type, which it may leave out.
func customReport(sent *object.Object) *object.Object {
	params := sent.Clone()
	if details := params.Object("payment_method_details"); details != nil {
		details.Set("type", "custom")
	}
	return params
}

// fillCustomMethod completes what a record shows of the payment method: only custom ones can be reported.
func fillCustomMethod(op *resource.Op, record *object.Object) error {
	sent, details := op.Params.Object("payment_method_details"), record.Object("payment_method_details")
	if sent == nil {
		return nil
	}
	if id := sent.String("payment_method"); id != "" {
		pm, err := op.Get("payment_method", id, "payment_method_details[payment_method]")
		if err != nil {
			return err
		}
		if pm.String("type") != "custom" {
			return apierr.Invalid("", "payment_method_details[payment_method]", "PaymentMethod %s is of type %s. Only payment methods of type custom can be reported.", id, pm.String("type"))
		}
		if custom := pm.Object("custom"); !sent.Has("custom") && custom != nil {
			details.Set("custom", newParams("display_name", custom.String("display_name"), "type", custom.String("type")))
		}
		return nil
	}
	if custom := sent.Object("custom"); custom.String("type") == "" && custom.String("display_name") == "" {
		return missingParam("payment_method_details[custom]")
	}
	return nil
}

// makeAttempt writes the attempt that a record has just begun.
func makeAttempt(op *resource.Op, record *object.Object, id string) error {
	op.Choose("payment_attempt_record", id)
	params := newParams("payment_record", record.ID(), "metadata", op.Params.Get("metadata"))
	_, err := op.Make("payment_attempt_record", record.ID(), params, func(op *resource.Op) error {
		for _, name := range attemptFields {
			value := record.Get(name)
			if o, ok := value.(*object.Object); ok {
				value = o.Clone()
			}
			op.Object.Set(name, value)
		}
		return nil
	})
	return err
}

func latestAttempt(op *resource.Op, record *object.Object) (*object.Object, error) {
	return op.Get("payment_attempt_record", record.Ref("latest_payment_attempt_record"), "id")
}
