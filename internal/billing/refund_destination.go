package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Where a refund goes, and how it begins.

// neverRefunded are the types of payment methods that are final.
var neverRefunded = map[string]bool{"boleto": true, "oxxo": true}

// instructed are the types that take no money back. The customer is asked by mail where it should go.
var instructed = map[string]bool{"konbini": true, "multibanco": true, "promptpay": true}

// destinations are the names of where a refund goes, where that is not the type of the payment method.
var destinations = map[string]string{
	"au_becs_debit": "au_bank_transfer", "bacs_debit": "gb_bank_transfer", "bancontact": "eu_bank_transfer",
	"customer_balance": "customer_cash_balance", "ideal": "eu_bank_transfer", "konbini": "jp_bank_transfer", "nz_bank_account": "nz_bank_transfer",
	"promptpay": "th_bank_transfer", "revolut_pay": "revolut", "sepa_debit": "eu_bank_transfer", "us_bank_account": "us_bank_transfer",
}

// sendRefund gives op.Object its first status and its destination, and sets the timers for what the bank does later.
func sendRefund(op *resource.Op, charge *object.Object) error {
	refund := op.Object
	kind := charge.Object("payment_method_details").String("type")
	if !instructed[kind] {
		refund.Delete("instructions_email")
	}
	if !charge.Bool("captured") {
		refund.Set("status", "succeeded")
		refund.Set("destination_details", newParams("card", newParams("type", "reversal"), "type", "card"))
		return op.SetTimer(chargeExpiry, charge, time.Time{})
	}
	refund.Set("destination_details", destinationDetails(kind))
	if instructed[kind] {
		refund.Set("status", "requires_action")
		return instruct(op, charge)
	}
	if op.Live() { // until the processor has taken it
		refund.Set("status", "pending")
		refund.Set("pending_reason", "processing")
		return nil
	}
	way := bank.Refund(methodOfCharge(op, charge).Method)
	if way.Pending {
		refund.Set("status", "pending")
		refund.Set("pending_reason", "processing")
		return op.SetTimer(refundArrival, refund, op.Now().Add(bankTakes))
	}
	refund.Set("status", "succeeded")
	return awaitBank(op, refund, way)
}

// destinationDetails is where a refund of a captured payment with a type of method goes.
func destinationDetails(kind string) *object.Object {
	if kind == "card" {
		card := newParams("reference_status", "pending", "reference_type", "acquirer_reference_number", "type", "refund")
		return newParams("card", card, "type", "card")
	}
	to := kind
	if name, ok := destinations[kind]; ok {
		to = name
	}
	out := newParams("type", to)
	p := spec.Component("refund_destination_details").Prop(to)
	if p == nil {
		return out
	}
	part := object.New(nil)
	for i := range p.Schema().Props {
		part.Set(p.Schema().Props[i].Name, nil)
	}
	if part.Has("reference_status") {
		part.Set("reference_status", "pending")
	}
	out.Set(to, part)
	return out
}

// instructionLife is how long a customer has to say where the money should go.
const instructionLife = 45 * 24 * time.Hour

// instruct asks the customer by mail where the money should go.
func instruct(op *resource.Op, charge *object.Object) error {
	refund := op.Object
	email := refund.String("instructions_email")
	for _, known := range []string{charge.Object("billing_details").String("email"), charge.String("receipt_email")} {
		if email == "" {
			email = known
		}
	}
	switch {
	case email == "":
		return missingParam("instructions_email")
	case !isEmail(email):
		return apierr.Invalid("email_invalid", "instructions_email", "Invalid email address: %s", email)
	}
	expires := op.Now().Add(instructionLife)
	refund.Set("instructions_email", email)
	refund.Set("next_action", newParams("type", "display_details", "display_details", newParams(
		"email_sent", newParams("email_sent_at", op.Now().Unix(), "email_sent_to", email), "expires_at", expires.Unix())))
	return op.SetTimer(refundExpiry, refund, expires)
}
