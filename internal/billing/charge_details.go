package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/spec"
)

// What a charge shows of its card and of what the bank said.

func chargeOutcome(o processor.Outcome) *object.Object {
	var d processor.Decline
	if o.Decline != nil {
		d = *o.Decline
	}
	out := object.New(nil)
	out.Set("advice_code", textOrNull(d.AdviceCode))
	out.Set("network_advice_code", nil)
	out.Set("network_decline_code", textOrNull(d.NetworkDeclineCode))
	out.Set("network_status", o.NetworkStatus)
	out.Set("reason", textOrNull(o.Reason))
	out.Set("risk_level", o.RiskLevel)
	if o.RiskLevel != "not_assessed" {
		out.Set("risk_score", o.RiskScore)
	}
	out.Set("seller_message", o.SellerMessage)
	out.Set("type", o.Type)
	return out
}

// textOrNull is null for a text that is empty.
func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// cardBillingDetails are the holder's name and address, in the form of billing_details.
func cardBillingDetails(holder *object.Object) *object.Object {
	address := object.New(nil)
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		from := "address_" + name
		if name == "postal_code" {
			from = "address_zip"
		}
		address.Set(name, textOrNull(holder.String(from)))
	}
	out := object.New(nil)
	out.Set("address", address)
	out.Set("email", nil)
	out.Set("name", textOrNull(holder.String("name")))
	out.Set("phone", nil)
	out.Set("tax_id", nil)
	return out
}

// paymentDetails is what a charge shows of its method.
func paymentDetails(a attempt, amount int64) *object.Object {
	kind := a.with.kind()
	details := newParams("type", kind)
	p := spec.Component("payment_method_details").Prop(kind)
	switch {
	case kind == "card":
		details.Set(kind, cardPaymentDetails(a, amount))
	case p != nil:
		details.Set(kind, shaped(p.Schema(), newParams("mandate", a.with.mandate), a.with.shown, bankFacts(a.with.method.Bank), typeFacts(kind, a.with.shown)))
	}
	return details
}

// kind is the type of payment method that a charge shows: a bank account that was kept in the older way has a name of
// its own.
func (i instrument) kind() string {
	if i.detailType != "" {
		return i.detailType
	}
	return i.method.Type
}

// instrument is a card as something to pay with.
func (s cardSource) instrument() instrument {
	return instrument{id: s.id, method: processor.Method{Type: "card", Card: s.card}, billing: cardBillingDetails(s.holder)}
}

func cardPaymentDetails(a attempt, amount int64) *object.Object {
	c := a.with.method.Card
	facts := newParams(
		"amount_authorized", amount, "brand", string(c.Brand), "checks", cardChecks(c), "country", c.Country, "exp_month", c.ExpMonth, "exp_year", c.ExpYear,
		"extended_authorization", newParams("status", "disabled"), "fingerprint", c.Fingerprint, "funding", c.Funding,
		"incremental_authorization", newParams("status", "unavailable"), "last4", c.Last4(), "multicapture", newParams("status", "unavailable"),
		"network", string(c.Brand), "network_token", newParams("used", false),
		"overcapture", newParams("maximum_amount_capturable", amount, "status", "unavailable"), "regulated_status", "unregulated")
	if t := a.answer.ThreeDSecure; t != nil {
		facts.Set("three_d_secure", threeDSecure(t))
	}
	if wallet := a.with.shown.Object("wallet"); wallet != nil {
		facts.Set("wallet", wallet.Clone())
	}
	return shaped(spec.Component("payment_method_details_card"), facts)
}

// threeDSecure is what a charge shows of how its holder was authenticated.
func threeDSecure(t *processor.ThreeDSecure) *object.Object {
	out := object.New(nil)
	out.Set("authentication_flow", textOrNull(t.Flow))
	out.Set("electronic_commerce_indicator", textOrNull(commerceIndicators[t.Result]))
	out.Set("exemption_indicator", nil)
	out.Set("result", textOrNull(t.Result))
	out.Set("result_reason", textOrNull(t.ResultReason))
	out.Set("transaction_id", nil)
	out.Set("version", textOrNull(t.Version))
	return out
}

// commerceIndicators are what Visa says of an authentication: full, or attempted.
var commerceIndicators = map[string]string{"authenticated": "05", "attempt_acknowledged": "06"}
