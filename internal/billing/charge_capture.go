package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const (
	// chargeExpiry is the timer that ends an authorization nobody captured.
	chargeExpiry = "charge.expire"
	// authorizationLife is how long a card network holds the money.
	authorizationLife = 7 * 24 * time.Hour
)

// captureCharge takes the money that was authorized, or a part of it; the rest is released. The payment intent of the
// charge, if it has one, succeeds with it.
// Emits charge.captured.
func captureCharge(op *resource.Op) error {
	charge := op.Object
	switch {
	case charge.String("status") != "succeeded":
		return apierr.Invalid("", "", "Charge %s cannot be captured because it failed.", charge.ID())
	case charge.Bool("refunded"):
		return apierr.Invalid("charge_expired_for_capture", "", "Charge %s cannot be captured because its authorization was released.", charge.ID())
	case charge.Bool("captured"):
		return apierr.Invalid("charge_already_captured", "", "Charge %s has already been captured.", charge.ID())
	}
	if op.Live() {
		return notLive("The capture of a charge without its PaymentIntent")
	}
	authorized := charge.Int("amount")
	amount := authorized
	if op.Params.Has("amount") {
		amount = op.Params.Int("amount")
	}
	if amount > authorized {
		return apierr.Invalid("amount_too_large", "amount", "Charge %s can be captured up to the authorized amount.", charge.ID())
	}
	if err := checkAmount(amount, charge.String("currency")); err != nil {
		return err
	}
	if err := shareCaptured(op, charge, amount); err != nil {
		return err
	}
	if err := op.Merge(charge, newParams("receipt_email", op.Params.Get("receipt_email"), "statement_descriptor", op.Params.Get("statement_descriptor"),
		"statement_descriptor_suffix", op.Params.Get("statement_descriptor_suffix"), "transfer_group", op.Params.Get("transfer_group"))); err != nil {
		return err
	}
	if err := takeAuthorized(op, charge, amount); err != nil {
		return err
	}
	pi, err := op.Find("payment_intent", charge.Ref("payment_intent"))
	if err != nil {
		return err
	}
	if pi == nil {
		return followPayment(op, charge)
	}
	return succeedIntent(op, pi, charge)
}

// takeAuthorized takes an amount of what was authorized.
// Emits charge.captured.
func takeAuthorized(op *resource.Op, charge *object.Object, amount int64) error {
	charge.Set("captured", true)
	charge.Set("amount_captured", amount)
	charge.Set("amount_refunded", charge.Int("amount")-amount)
	if charge.Int("application_fee_amount") > amount {
		charge.Set("application_fee_amount", amount)
	}
	if err := op.SetTimer(chargeExpiry, charge, time.Time{}); err != nil {
		return err
	}
	if err := postCharge(op, charge, methodOfCharge(op, charge).aftermath().Available); err != nil {
		return err
	}
	op.Save(charge)
	return op.Emit("charge.captured", charge)
}

// expireCharge releases an authorization that was not captured in time, and cancels its payment intent.
// Emits charge.expired, then payment_intent.canceled.
func expireCharge(op *resource.Op) error {
	charge := op.Object
	if charge.Bool("captured") || charge.Bool("refunded") {
		return nil
	}
	pi, err := op.Find("payment_intent", charge.Ref("payment_intent"))
	if err != nil {
		return err
	}
	if pi != nil {
		return endIntent(op, pi, "automatic", op.Now())
	}
	return releaseCharge(op, charge, true)
}
