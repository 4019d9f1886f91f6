package billing

import "sharesmart/internal/resource"

// An issuing authorization is a merchant's asking whether an issued card may pay.
//
//	asked --the card and its holder are active--> approved, pending
//	      --else--> declined, closed
//
// Nobody can decide in the moment of the request: who hears issuing_authorization.request learns of it, and it is answered
// by what is known of the card.
//
// Emits issuing_authorization.created, .request, .updated.
func init() {
	register(resource.Rules{Object: "issuing.authorization", Unmerged: []string{"amount", "merchant_amount"}, Create: askIssuer, Created: answerMerchant})
}

// askIssuer notes what is asked for.
func askIssuer(op *resource.Op) error {
	a, p := op.Object, op.Params
	card := a.Object("card")
	merchant := p.Int("amount")
	if p.Has("merchant_amount") {
		merchant = p.Int("merchant_amount")
	}
	amount := merchant
	if p.Has("amount") {
		amount = p.Int("amount")
	}
	if !p.Has("currency") {
		a.Set("currency", card.String("currency"))
	}
	if !p.Has("merchant_currency") {
		a.Set("merchant_currency", a.String("currency"))
	}
	a.Set("cardholder", textOrNull(card.Object("cardholder").ID()))
	a.Set("approved", false)
	a.Set("pending_request", newParams("amount", amount, "amount_details", nil, "currency", a.String("currency"), "is_amount_controllable", p.Bool("is_amount_controllable"),
		"merchant_amount", merchant, "merchant_currency", a.String("merchant_currency"), "network_risk_score", nil))
	return nil
}

// answerMerchant tells of the request and decides it.
func answerMerchant(op *resource.Op) error {
	a := op.Object
	if err := op.Emit("issuing_authorization.request", a); err != nil {
		return err
	}
	card, request := a.Object("card"), a.Object("pending_request")
	if card.String("status") == "active" && card.Object("cardholder").String("status") == "active" {
		a.Set("approved", true)
		a.Set("amount", request.Int("amount"))
		a.Set("merchant_amount", request.Int("merchant_amount"))
	} else {
		a.Set("status", "closed")
	}
	a.Set("pending_request", nil)
	return op.EmitUpdated(a)
}
