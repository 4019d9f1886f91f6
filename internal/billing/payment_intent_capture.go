package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// captureIntent takes the money that was authorized, or a part of it; the rest is released.
// Emits charge.captured, then payment_intent.succeeded.
func captureIntent(op *resource.Op) error {
	pi, params := op.Object, op.Params
	if err := allowIn(pi, "capture", "captured", requiresCapture); err != nil {
		return err
	}
	charge, err := op.Get("charge", pi.Ref("latest_charge"), "")
	if err != nil {
		return err
	}
	amount, capturable := params.Int("amount_to_capture"), pi.Int("amount_capturable")
	switch {
	case !params.Has("amount_to_capture"):
		amount = capturable
	case amount > capturable:
		return apierr.Invalid("amount_too_large", "amount_to_capture", "The amount to capture (%d) is greater than the amount that can be captured (%d).", amount, capturable)
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount_to_capture", "This value must be greater than or equal to 1.")
	}
	if params.Has("final_capture") && !params.Bool("final_capture") {
		return apierr.Invalid("payment_intent_invalid_parameter", "final_capture", "This PaymentIntent does not support capturing more than once.")
	}
	if err := shareCaptured(op, charge, amount); err != nil {
		return err
	}
	for _, o := range []*object.Object{pi, charge} {
		if err := op.Merge(o, newParams("metadata", params.Get("metadata"), "statement_descriptor", params.Get("statement_descriptor"),
			"statement_descriptor_suffix", params.Get("statement_descriptor_suffix"))); err != nil {
			return err
		}
	}
	if op.Live() {
		return askCapture(op, pi, amount)
	}
	if err := takeAuthorized(op, charge, amount); err != nil {
		return err
	}
	return succeedIntent(op, pi, charge)
}

// cancelIntent ends an intent that is no longer wanted.
// Emits charge.refunded when an authorization is released, then payment_intent.canceled.
func cancelIntent(op *resource.Op) error {
	pi := op.Object
	statuses := []string{requiresMethod, requiresCapture, requiresConfirmation, requiresAction, processing}
	if pi.String("status") == processing && !cancelsInProcess(pi, op) {
		statuses = statuses[:4]
	}
	if err := allowIn(pi, "cancel", "canceled", statuses...); err != nil {
		return err
	}
	payment, err := paymentBy(op, pi)
	if err != nil {
		return err
	}
	if payment.Bool("is_default") {
		return unexpectedState(pi, "You cannot cancel the PaymentIntent of an invoice. Void the invoice %s instead.", payment.Ref("invoice"))
	}
	return endIntent(op, pi, op.Params.String("cancellation_reason"), op.Now())
}

// cancelsInProcess reports whether the bank can still be stopped: only American ones can.
func cancelsInProcess(pi *object.Object, op *resource.Op) bool {
	charge, err := op.Find("charge", pi.Ref("latest_charge"))
	return err == nil && charge != nil && charge.Object("payment_method_details").String("type") == "us_bank_account"
}

func endIntent(op *resource.Op, pi *object.Object, reason string, at time.Time) error {
	if err := askedAlready(op, pi); err != nil {
		return err
	}
	if pi.String("status") == requiresCapture || pi.String("status") == processing && !op.Live() {
		charge, err := op.Get("charge", pi.Ref("latest_charge"), "")
		if err != nil {
			return err
		}
		if err := releaseCharge(op, charge, reason == "automatic"); err != nil {
			return err
		}
	}
	if _, err := keepFunds(op, pi, 0); err != nil {
		return err
	}
	pi.Set("canceled_at", at.Unix())
	pi.Set("cancellation_reason", textOrNull(reason))
	pi.Set("amount_capturable", 0)
	pi.Set("next_action", nil)
	pi.Set("processing", nil)
	if err := op.Move(pi, canceled); err != nil {
		return err
	}
	if err := op.Emit("payment_intent.canceled", pi); err != nil {
		return err
	}
	if err := letGo(op, pi); err != nil {
		return err
	}
	return dropIntent(op, pi)
}

// releaseCharge gives an authorization back, or stops a payment that its bank has not answered yet.
func releaseCharge(op *resource.Op, charge *object.Object, expired bool) error {
	event := "charge.refunded"
	if expired {
		event = "charge.expired"
	}
	if err := op.SetTimer(chargeExpiry, charge, time.Time{}); err != nil {
		return err
	}
	if charge.String("status") == "pending" {
		charge.Set("status", "failed")
		charge.Set("captured", false)
		op.Save(charge)
		return op.Emit("charge.failed", charge)
	}
	charge.Set("refunded", true)
	charge.Set("amount_refunded", charge.Int("amount"))
	previous, err := op.Changes(charge)
	if err != nil {
		return err
	}
	if expired {
		previous = nil
	}
	return op.EmitChanged(event, charge, previous)
}

// incrementAuthorization asks the bank to hold more.
// Emits charge.updated and payment_intent.amount_capturable_updated.
func incrementAuthorization(op *resource.Op) error {
	pi, params := op.Object, op.Params
	if op.Live() {
		return notLive("An incremental authorization")
	}
	if err := allowIn(pi, "increment the authorization of", "incremented", requiresCapture); err != nil {
		return err
	}
	amount := params.Int("amount")
	switch {
	case pi.Object("payment_method_options").Object("card").String("request_incremental_authorization") != "if_available":
		return apierr.Invalid("payment_intent_invalid_parameter", "", "This PaymentIntent does not support incremental authorization. Ask for it with `payment_method_options[card][request_incremental_authorization]` before you confirm it.")
	case amount <= pi.Int("amount"):
		return apierr.Invalid("payment_intent_invalid_parameter", "amount", "The new amount (%d) must be greater than the amount that is authorized (%d).", amount, pi.Int("amount"))
	}
	if err := checkAmount(amount, pi.String("currency")); err != nil {
		return err
	}
	charge, err := op.Get("charge", pi.Ref("latest_charge"), "")
	if err != nil {
		return err
	}
	if err := op.Merge(pi, newParams("description", params.Get("description"), "metadata", params.Get("metadata"), "statement_descriptor", params.Get("statement_descriptor"),
		"application_fee_amount", params.Get("application_fee_amount"))); err != nil {
		return err
	}
	pi.Set("amount", amount)
	pi.Set("amount_capturable", amount)
	if part := params.Object("transfer_data"); part != nil && pi.Object("transfer_data") != nil {
		pi.Object("transfer_data").Set("amount", part.Get("amount"))
		charge.Object("transfer_data").Set("amount", part.Get("amount"))
	}
	if err := checkIntentShare(op, pi); err != nil {
		return err
	}
	charge.Set("amount", amount)
	charge.Set("application_fee_amount", pi.Get("application_fee_amount"))
	charge.Object("payment_method_details").Object("card").Set("amount_authorized", amount)
	if err := op.EmitUpdated(charge); err != nil {
		return err
	}
	op.Save(pi)
	return op.Emit("payment_intent.amount_capturable_updated", pi)
}
