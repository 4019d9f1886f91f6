package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What comes of a try to pay a payment intent.

// intentSettlement is the timer by which a bank answers that takes its time.
const intentSettlement = "payment_intent.settle"

// charge records the try as a charge.
func (t *try) charge(op *resource.Op, answer processor.Answer, capture bool) (*object.Object, error) {
	pi, prefix := t.pi, "ch_"
	if t.pm.String("type") != "card" {
		prefix = "py_"
	}
	if pi.Object("transfer_data") != nil {
		shareGroup(pi)
	}
	op.Choose("charge", op.KinID(prefix, pi.ID()))
	params := newParams("amount", pi.Int("amount"), "currency", pi.String("currency"), "payment_intent", pi.ID(), "customer", textOrNull(pi.Ref("customer")),
		"description", pi.Get("description"), "receipt_email", pi.Get("receipt_email"), "statement_descriptor", pi.Get("statement_descriptor"),
		"statement_descriptor_suffix", pi.Get("statement_descriptor_suffix"), "on_behalf_of", textOrNull(pi.Ref("on_behalf_of")),
		"transfer_group", pi.Get("transfer_group"), "application_fee_amount", pi.Get("application_fee_amount"))
	for _, name := range []string{"metadata", "shipping", "transfer_data"} {
		if part := pi.Object(name); part.Len() > 0 {
			params.Set(name, part.Clone())
		}
	}
	a := attempt{with: t.with, answer: answer, capture: capture, sync: pi.String("capture_method") == "automatic" || t.remote != nil, remote: t.remote}
	charge, err := op.Make("charge", "", params, a.charge)
	if charge != nil {
		pi.Set("latest_charge", charge.ID())
		pi.Set("review", charge.Get("review"))
	}
	return charge, err
}

// paid is how a try ends that the bank agreed to, or will answer later.
func (t *try) paid(op *resource.Op, answer processor.Answer) error {
	pi := t.pi
	if err := t.keepMethod(op); err != nil {
		return err
	}
	mandate, err := t.mandate.agree(op, t.pm, pi.String("setup_future_usage") == "off_session", pi.Int("amount"), pi.String("currency"))
	if err != nil {
		return err
	}
	if mandate != "" {
		t.with.mandate = mandate
	}
	charge, err := t.charge(op, answer, t.capturesNow())
	if err != nil {
		return err
	}
	switch {
	case answer.Step == processor.Processing:
		return t.process(op, answer.Settlement)
	case !charge.Bool("captured"):
		pi.Set("amount_capturable", pi.Int("amount"))
		if err := op.Move(pi, requiresCapture); err != nil {
			return err
		}
		if err := op.Emit("payment_intent.amount_capturable_updated", pi); err != nil {
			return err
		}
		return followCheckout(op, pi)
	}
	return succeedIntent(op, pi, charge)
}

// succeedIntent ends an intent whose money was taken.
func succeedIntent(op *resource.Op, pi, charge *object.Object) error {
	pi.Set("amount_received", charge.Int("amount_captured"))
	pi.Set("amount_capturable", 0)
	pi.Set("processing", nil)
	if charge.Has("application_fee_amount") { // a capture may have changed it
		pi.Set("application_fee_amount", charge.Get("application_fee_amount"))
	}
	if part := charge.Object("transfer_data").Get("amount"); part != nil {
		pi.Sub("transfer_data").Set("amount", part)
	}
	if err := op.Move(pi, succeeded); err != nil {
		return err
	}
	if err := commitTax(op, pi); err != nil {
		return err
	}
	if err := op.Emit("payment_intent.succeeded", pi); err != nil {
		return err
	}
	if err := settleInvoice(op, pi); err != nil {
		return err
	}
	if err := followPayment(op, charge); err != nil {
		return err
	}
	return followCheckout(op, pi)
}

// process waits for the bank.
func (t *try) process(op *resource.Op, s processor.Settlement) error {
	if err := op.Move(t.pi, processing); err != nil {
		return err
	}
	var due time.Time // never
	if !s.Never {
		due = op.Now().Add(s.After)
	}
	if err := op.SetTimer(intentSettlement, t.pi, due); err != nil {
		return err
	}
	if err := op.Emit("payment_intent.processing", t.pi); err != nil {
		return err
	}
	return followCheckout(op, t.pi)
}

// keepMethod attaches the method to the customer if it is to be used again, and otherwise notes that it was used.
func (t *try) keepMethod(op *resource.Op) error {
	customer, future := t.pi.Ref("customer"), t.pi.String("setup_future_usage")
	switch {
	case t.pm.Ref("customer") != "":
	case customer == "" || future == "":
		return spendMethod(op, t.pm, "used with a PaymentIntent without Customer attachment")
	default:
		if err := attachTo(op, t.pm, customer); err != nil {
			return err
		}
	}
	if future == "off_session" {
		return noteMethod(op, t.pm, "ready", true)
	}
	return nil
}

// declined is how a try ends that the bank refused: the failed charge stays, and the caller hears of the decline.
func (t *try) declined(op *resource.Op, answer processor.Answer) error {
	_, err := t.charge(op, answer, t.capturesNow())
	failed := declinedCharge(err)
	if failed == nil {
		return err
	}
	return t.fail(op, failed)
}

// fail sends the intent back to where it needs another method. The error stays with it and goes to the caller.
func (t *try) fail(op *resource.Op, failed *apierr.Error) error {
	if err := failIntent(op, t.pi, t.pm, failed); err != nil {
		return err
	}
	failed.Objects = map[string][]byte{"payment_intent": t.pi.JSON(), "payment_method": t.pm.AppendJSON(nil, 0)}
	return resource.ErrKept{Err: failed}
}

func failIntent(op *resource.Op, pi, pm *object.Object, failed *apierr.Error) error {
	pi.Set("payment_method", nil)
	pi.Set("next_action", nil)
	pi.Set("processing", nil)
	pi.Set("last_payment_error", shownError(op, failed, pm))
	if err := moveTo(op, pi, requiresMethod); err != nil {
		return err
	}
	if err := op.Emit("payment_intent.payment_failed", pi); err != nil {
		return err
	}
	if err := failInvoice(op, pi); err != nil {
		return err
	}
	return followCheckout(op, pi)
}

// shownError is an error as an intent shows it.
func shownError(op *resource.Op, e *apierr.Error, pm *object.Object) *object.Object {
	shown := newParams("advice_code", e.AdviceCode, "charge", e.Charge, "code", e.Code, "decline_code", e.DeclineCode, "doc_url", op.DocURL(e.Code), "message", e.Message, "network_decline_code", e.NetworkCode, "param", e.Param)
	if pm != nil {
		shown.Set("payment_method", pm.Clone())
	}
	shown.Set("type", e.Type)
	return shown
}

// settleIntent lets the bank answer that took its time, or the customer pay who was told how.
// Emits charge.succeeded and payment_intent.succeeded, or charge.failed and payment_intent.payment_failed.
func settleIntent(op *resource.Op) error {
	pi := op.Object
	switch pi.String("status") {
	case requiresAction:
		return settleAction(op, pi)
	case processing:
	default:
		return nil
	}
	charge, err := op.Find("charge", pi.Ref("latest_charge"))
	if charge == nil || err != nil {
		return err
	}
	answer := lateAnswer(op, charge)
	if d := answer.Settlement.Decline; d != nil {
		return refuseIntent(op, pi, charge, answer.Settlement)
	}
	if err := approveCharge(op, charge, answer); err != nil {
		return err
	}
	return succeedIntent(op, pi, charge)
}

// settleAction ends the wait for a customer who pays elsewhere, with a voucher, or whose deposits could not be made.
func settleAction(op *resource.Op, pi *object.Object) error {
	pm, err := op.Find("payment_method", pi.Ref("payment_method"))
	if pm == nil || err != nil {
		return err
	}
	t, err := newTry(op, pi, pm, object.New(nil))
	if err != nil {
		return err
	}
	answer := bank.Pay(t.with.method, t.attempt)
	d := answer.Settlement.Decline
	if d != nil {
		return failIntent(op, pi, pm, cardError(d, ""))
	}
	if answer.Step != processor.Voucher {
		return nil // it asked for something else since
	}
	pi.Set("next_action", nil)
	answer.Step = processor.Approved
	return t.paid(op, answer)
}

// refuseIntent sends an intent back whose bank took its time to say no, and perhaps takes no more debits.
func refuseIntent(op *resource.Op, pi, charge *object.Object, s processor.Settlement) error {
	if err := refuseCharge(op, charge, s.Decline); err != nil {
		return err
	}
	if s.EndsMandate {
		details := charge.Object("payment_method_details")
		mandate, err := op.Find("mandate", details.Object(details.String("type")).Ref("mandate"))
		if err != nil {
			return err
		}
		if mandate != nil {
			if err := endMandate(op, mandate, "revoked", ""); err != nil {
				return err
			}
		}
	}
	pm, err := op.Find("payment_method", pi.Ref("payment_method"))
	if err != nil {
		return err
	}
	return failIntent(op, pi, pm, cardError(s.Decline, charge.ID()))
}
