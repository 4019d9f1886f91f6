package billing

import (
	"errors"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// How an invoice is paid: by request, by itself, and again after it failed.

// retryAfter is how long after each failed try by itself the next one comes.
var retryAfter = []time.Duration{3 * 24 * time.Hour, 5 * 24 * time.Hour, 7 * 24 * time.Hour}

// payInvoiceAction pays an invoice now; a draft is finalized first.
func payInvoiceAction(op *resource.Op) error {
	in, p := op.Object, op.Params
	if p.String("payment_method") != "" && p.String("source") != "" {
		return onlyOne("payment_method", "source")
	}
	if in.String("status") == "paid" {
		return apierr.Invalid("", "", "Invoice is already paid")
	}
	if in.String("status") == "draft" {
		if err := finalizeInvoice(op, in); err != nil {
			return err
		}
		if in.String("status") == "paid" {
			return nil
		}
	}
	switch status := in.String("status"); {
	case status == "void":
		return apierr.Invalid("status_transition_invalid", "", "This invoice is void and cannot be paid.")
	case p.Bool("paid_out_of_band"):
		return payOutside(op, in)
	}
	src, err := receiverOf(op, p)
	if err != nil {
		return err
	}
	if src != nil {
		return payFromReceiver(op, in, src)
	}
	return collectInvoice(op, in, p, false)
}

// payOutside notes that an invoice was paid in another way.
func payOutside(op *resource.Op, in *object.Object) error {
	left := in.Int("amount_remaining")
	in.Set("amount_paid", in.Int("amount_paid")+left)
	in.Set("amount_paid_off_stripe", in.Int("amount_paid_off_stripe")+left)
	in.Set("amount_remaining", 0)
	return closePaid(op, in)
}

// collectInvoice tries to take what is left to pay. params are those of a request to pay: payment_method, source,
// off_session, mandate. automatic says that nobody asked for this try.
//
// Emits what the payment intent does, then what countPayment does, or invoice.updated and invoice.payment_failed or
// invoice.payment_action_required. A decline, and an action that is needed, end with an ErrKept.
func collectInvoice(op *resource.Op, in, params *object.Object, automatic bool) error {
	pm, err := invoiceMethod(op, in, params)
	if err != nil {
		return err
	}
	return collectWith(op, in, pm, params, automatic)
}

// collectWith is collectInvoice with a certain payment method.
func collectWith(op *resource.Op, in, pm, params *object.Object, automatic bool) error {
	if pm.String("type") == "custom" {
		return askOutside(op, in)
	}
	_, pi, err := defaultPayment(op, in)
	if err != nil {
		return err
	}
	if pi == nil || pi.String("status") == canceled {
		if err := startPayment(op, in); err != nil {
			return err
		}
		if _, pi, err = defaultPayment(op, in); err != nil {
			return err
		}
	}
	if err := allowIn(pi, "confirm", "confirmed", requiresMethod, requiresConfirmation, requiresAction); err != nil {
		return err
	}
	if err := askedAlready(op, pi); err != nil {
		return err
	}
	if err := fitPayment(op, in); err != nil {
		return err
	}
	if mandate := in.Object("payment_settings").String("default_mandate"); mandate != "" && !params.Has("mandate") {
		params = params.Clone()
		params.Set("mandate", mandate)
	}
	in.Set("attempted", true)
	if automatic || in.Int("attempt_count") == 0 {
		in.Set("attempt_count", in.Int("attempt_count")+1)
	}
	op.Save(in)
	if err := tryPayment(op, pi, pm, params); err != nil {
		return err
	}
	switch pi.String("status") {
	case requiresAction:
		return needAction(op, in, pi)
	case processing:
		in.Set("next_payment_attempt", nil)
		if err := op.EmitUpdated(in); err != nil {
			return err
		}
		return followInvoice(op, in)
	}
	return nil
}

// askOutside asks the merchant to take the payment with a processor of their own and to attach a record of it. Nothing is
// tried again: what becomes of it is theirs to say.
func askOutside(op *resource.Op, in *object.Object) error {
	in.Set("next_payment_attempt", nil)
	op.Save(in)
	return op.Emit("invoice.payment_attempt_required", in)
}

// tryPayment confirms a payment intent without its customer, unless there is a return_url, to which they come back. A bank that wants to see the customer is asked again with
// them there, so that the intent waits for them.
func tryPayment(op *resource.Op, pi, pm, params *object.Object) error {
	if kind := any(pm.String("type")); !slices.Contains(pi.Array("payment_method_types"), kind) {
		pi.Set("payment_method_types", append(slices.Clone(pi.Array("payment_method_types")), kind))
	}
	if err := checkMethod(op, pi, pm); err != nil {
		return err
	}
	pi.Set("payment_method", pm.ID())
	if err := moveTo(op, pi, requiresConfirmation); err != nil {
		return err
	}
	pi.Set("next_action", nil)
	pi.Set("last_payment_error", nil)
	with := newParams("off_session", !params.Has("off_session") || params.Bool("off_session"), "mandate", params.String("mandate"))
	t, err := newTry(op, pi, pm, with)
	if err != nil {
		return err
	}
	back := params.String("return_url")
	t.visit = visit{returnURL: back, sdk: back == ""}
	t.collects = true
	if op.Live() {
		return t.run(op)
	}
	if answer := bank.Pay(t.with.method, t.attempt); answer.Step == processor.Declined && answer.Outcome.Decline.Code == "authentication_required" {
		t.attempt.OffSession = false
	}
	return t.run(op)
}

// invoiceMethod is what an invoice is paid with: what the request names, the invoice's own default, or the customer's.
func invoiceMethod(op *resource.Op, in, params *object.Object) (*object.Object, error) {
	customer, err := op.Get("customer", in.Ref("customer"), "customer")
	if err != nil {
		return nil, err
	}
	for _, choice := range []struct{ id, param string }{
		{params.String("payment_method"), "payment_method"}, {params.String("source"), "source"},
		{in.Ref("default_payment_method"), ""}, {in.Ref("default_source"), ""},
		{customer.Object("invoice_settings").Ref("default_payment_method"), ""}, {customer.Ref("default_source"), ""},
	} {
		if choice.id == "" {
			continue
		}
		pm, err := getMethod(op, choice.id, choice.param)
		if err == nil && pm.Ref("customer") != customer.ID() {
			return nil, apierr.Invalid("resource_missing", choice.param, "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", choice.id)
		}
		return pm, err
	}
	return nil, apierr.Invalid("resource_missing", "", "This customer has no attached payment source or default payment method. Please consider adding a default payment method.")
}

// failInvoice tells the invoice that a payment intent is for, if it is for one, that the payment failed.
// Emits invoice.updated, invoice.payment_failed.
func failInvoice(op *resource.Op, pi *object.Object) error {
	payment, err := paymentBy(op, pi)
	if payment == nil || err != nil {
		return err
	}
	in, err := op.Get("invoice", payment.Ref("invoice"), "")
	if err != nil || in.String("status") != "open" {
		return err
	}
	if err := scheduleRetry(op, in); err != nil {
		return err
	}
	return tellFailure(op, in)
}

// tellFailure tells of a try that failed, and lets a subscription follow.
func tellFailure(op *resource.Op, in *object.Object) error {
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	if err := op.Emit("invoice.payment_failed", in); err != nil {
		return err
	}
	return followInvoice(op, in)
}

// scheduleRetry sets the time of the next try by itself, if there will be one.
func scheduleRetry(op *resource.Op, in *object.Object) error {
	tries := int(in.Int("attempt_count"))
	if !in.Bool("auto_advance") || in.String("collection_method") != "charge_automatically" || tries < 1 || tries > len(retryAfter) {
		in.Set("next_payment_attempt", nil)
		return op.SetTimer(invoiceCollection, in, time.Time{})
	}
	if next := in.Int("next_payment_attempt"); next > op.Now().Unix() {
		return nil // a try by request changes nothing
	}
	at := op.Now().Add(retryAfter[tries-1])
	in.Set("next_payment_attempt", at.Unix())
	return op.SetTimer(invoiceCollection, in, at)
}

// needAction says that the customer has to do something first.
func needAction(op *resource.Op, in, pi *object.Object) error {
	if err := scheduleRetry(op, in); err != nil {
		return err
	}
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	if err := op.Emit("invoice.payment_action_required", in); err != nil {
		return err
	}
	if err := followInvoice(op, in); err != nil {
		return err
	}
	e := apierr.Invalid("invoice_payment_intent_requires_action", "", "This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.")
	e.Status, e.Type = 402, "card_error"
	e.Objects = map[string][]byte{"payment_intent": pi.JSON()}
	return resource.ErrKept{Err: e}
}

// collectDue takes an invoice's money when it is time, or sends it to the customer. A decline waits for the next try.
func collectDue(op *resource.Op) error {
	in := op.Object
	switch {
	case in.String("status") != "open" || !in.Bool("auto_advance"):
		return nil
	case in.String("collection_method") == "send_invoice":
		return op.Emit("invoice.sent", in)
	}
	in.Set("next_payment_attempt", nil)
	err := collectInvoice(op, in, object.New(nil), true)
	var kept resource.ErrKept
	switch {
	case errors.As(err, &kept):
		return nil
	case apierr.As(err) != nil:
		return failAlone(op, in)
	}
	return err
}

// failAlone is a try by itself without anything to pay with.
func failAlone(op *resource.Op, in *object.Object) error {
	in.Set("attempted", true)
	in.Set("attempt_count", in.Int("attempt_count")+1)
	if err := scheduleRetry(op, in); err != nil {
		return err
	}
	return tellFailure(op, in)
}
