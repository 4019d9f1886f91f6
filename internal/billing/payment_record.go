package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payment record tells of a payment that was made elsewhere: by another processor, or in cash. It has one or more
// attempts (payment_attempt_record.go) and shows the amounts of the latest.
//
//	report_payment, report_payment_attempt --> started, guaranteed or failed
//	started --report_payment_attempt_guaranteed--> guaranteed --report_refund--> guaranteed, amount_refunded grows
//	started --report_payment_attempt_failed--> failed --report_payment_attempt--> a new attempt
//	started --report_payment_attempt_canceled--> canceled --report_payment_attempt--> a new attempt
//
// Emits nothing: Stripe has no events for records.
func init() {
	register(resource.Rules{
		Object: "payment_record",
		Actions: resource.Actions{
			"POST /v1/payment_records/report_payment":                            reportPayment,
			"POST /v1/payment_records/{id}/report_payment_attempt":               reportAttempt,
			"POST /v1/payment_records/{id}/report_payment_attempt_canceled":      reportOutcome("canceled"),
			"POST /v1/payment_records/{id}/report_payment_attempt_failed":        reportOutcome("failed"),
			"POST /v1/payment_records/{id}/report_payment_attempt_guaranteed":    reportOutcome("guaranteed"),
			"POST /v1/payment_records/{id}/report_payment_attempt_informational": reportInformation,
			"POST /v1/payment_records/{id}/report_refund":                        reportRefund,
		},
	})
}

// reportPayment makes a record and its first attempt.
func reportPayment(op *resource.Op) error {
	if op.Params.Object("payment_method_details") == nil {
		return missingParam("payment_method_details")
	}
	if err := checkReportedAmount(op.Params.Object("amount_requested"), "amount_requested"); err != nil {
		return err
	}
	if err := checkReport(op); err != nil {
		return err
	}
	attempt := op.NewID("payment_attempt_record")
	record, err := op.Make("payment_record", "", customReport(op.Params), func(op *resource.Op) error {
		record := op.Object
		record.Set("reported_by", "self")
		record.Set("latest_payment_attempt_record", attempt)
		record.Set("amount", record.Object("amount_requested").Clone())
		record.Object("processor_details").Set("type", "custom")
		openAmounts(record)
		return beginAttempt(op, record)
	})
	if err != nil {
		return err
	}
	op.Object = record
	return makeAttempt(op, record, attempt)
}

// reportAttempt begins another attempt once the last one came to nothing.
func reportAttempt(op *resource.Op) error {
	record := op.Object
	last, err := latestAttempt(op, record)
	if err != nil {
		return err
	}
	if state := attemptState(last); state != "failed" && state != "canceled" {
		return apierr.Invalid("", "", "A new payment attempt can only be reported if all other payment attempts are canceled or failed. "+
			"The latest payment attempt of PaymentRecord %s is %s.", record.ID(), state)
	}
	if err := checkReport(op); err != nil {
		return err
	}
	if err := op.Merge(record, customReport(op.Params)); err != nil {
		return err
	}
	openAmounts(record)
	if err := beginAttempt(op, record); err != nil {
		return err
	}
	attempt := op.NewID("payment_attempt_record")
	record.Set("latest_payment_attempt_record", attempt)
	op.Save(record)
	return makeAttempt(op, record, attempt)
}

// beginAttempt puts onto the record what a report says of a new attempt.
func beginAttempt(op *resource.Op, record *object.Object) error {
	if err := fillCustomMethod(op, record); err != nil {
		return err
	}
	if outcome := op.Params.String("outcome"); outcome != "" {
		settleAmounts(record, outcome)
	}
	return nil
}

// checkReport checks what both reports of a new attempt can say.
func checkReport(op *resource.Op) error {
	outcome := op.Params.String("outcome")
	for _, name := range []string{"failed", "guaranteed"} {
		switch sent := op.Params.Has(name); {
		case outcome == name && !sent:
			return missingParam(name)
		case outcome != name && sent:
			return apierr.Invalid("", name, "You can only specify `%s` when `outcome` is `%s`.", name, name)
		}
	}
	return checkReportedCustomer(op)
}

func checkReportedCustomer(op *resource.Op) error {
	id := op.Params.Object("customer_details").String("customer")
	if id == "" {
		return nil
	}
	_, err := op.Get("customer", id, "customer_details[customer]")
	return err
}

func checkReportedAmount(amount *object.Object, param string) error {
	if err := checkCurrency(amount.String("currency")); err != nil {
		return within(err, param)
	}
	if amount.Int("value") < 1 {
		return apierr.Invalid("parameter_invalid_integer", param+"[value]", "This value must be greater than or equal to 1.")
	}
	return nil
}

// reportOutcome tells how the latest attempt ended.
func reportOutcome(outcome string) resource.Hook {
	return func(op *resource.Op) error {
		record := op.Object
		attempt, err := latestAttempt(op, record)
		if err != nil {
			return err
		}
		if state := attemptState(attempt); state != started {
			return apierr.Invalid("", "", "The latest payment attempt of PaymentRecord %s is already %s, so it cannot be reported as %s.", record.ID(), state, outcome)
		}
		settleAmounts(record, outcome)
		settleAmounts(attempt, outcome)
		return annotate(op, newParams("metadata", op.Params.Get("metadata")), record, attempt)
	}
}

// reportInformation changes what the record and its latest attempt say beside the money.
func reportInformation(op *resource.Op) error {
	attempt, err := latestAttempt(op, op.Object)
	if err != nil {
		return err
	}
	if err := checkReportedCustomer(op); err != nil {
		return err
	}
	return annotate(op, op.Params, op.Object, attempt)
}

// reportRefund counts what was given back: all that is left, unless something less was said.
func reportRefund(op *resource.Op) error {
	record := op.Object
	attempt, err := latestAttempt(op, record)
	if err != nil {
		return err
	}
	refunded := attempt.Object("amount_refunded").Int("value")
	left := attempt.Object("amount_guaranteed").Int("value") - refunded
	amount, err := reportedRefund(op, attempt, left)
	if err != nil {
		return err
	}
	for _, o := range []*object.Object{record, attempt} {
		setAmount(o, "amount_refunded", refunded+amount)
	}
	return annotate(op, newParams("metadata", op.Params.Get("metadata")), record, attempt)
}

func reportedRefund(op *resource.Op, attempt *object.Object, left int64) (int64, error) {
	switch state := attemptState(attempt); {
	case state != "guaranteed":
		return 0, apierr.Invalid("", "", "The latest payment attempt of PaymentRecord %s is %s. Only a guaranteed payment can be refunded.", op.Object.ID(), state)
	case left == 0:
		return 0, apierr.Invalid("", "", "PaymentRecord %s has already been refunded.", op.Object.ID())
	}
	asked := op.Params.Object("amount")
	if asked == nil {
		return left, nil
	}
	if err := checkReportedAmount(asked, "amount"); err != nil {
		return 0, err
	}
	currency := attempt.Object("amount").String("currency")
	switch amount := asked.Int("value"); {
	case asked.String("currency") != currency:
		return 0, apierr.Invalid("", "amount[currency]", "The payment was made in %s, so it cannot be refunded in %s.", currency, asked.String("currency"))
	case amount > left:
		return 0, apierr.Invalid("", "amount[value]", "Refund amount (%d) is greater than the unrefunded amount of the payment (%d).", amount, left)
	default:
		return amount, nil
	}
}

// annotate merges what was said into the record and its latest attempt.
func annotate(op *resource.Op, said *object.Object, all ...*object.Object) error {
	for _, o := range all {
		if err := op.Merge(o, said); err != nil {
			return err
		}
		op.Save(o)
	}
	return nil
}
