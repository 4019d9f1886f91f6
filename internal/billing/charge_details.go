package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
)

// What a charge shows of its card and of what the bank said.

func chargeOutcome(o processor.Outcome) *object.Object {
	out := object.New(nil)
	for _, name := range []string{"advice_code", "network_advice_code", "network_decline_code"} {
		out.Set(name, nil)
	}
	out.Set("network_status", o.NetworkStatus)
	out.Set("reason", textOrNull(o.Reason))
	out.Set("risk_level", o.RiskLevel)
	out.Set("risk_score", o.RiskScore)
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
	m := a.with.method
	return newParams(m.Type, cardPaymentDetails(m.Card, amount), "type", m.Type)
}

// instrument is a card as something to pay with.
func (s cardSource) instrument() instrument {
	return instrument{id: s.id, method: processor.Method{Type: "card", Card: s.card}, billing: cardBillingDetails(s.holder)}
}

func cardPaymentDetails(c processor.Card, amount int64) *object.Object {
	checks := object.New(nil)
	checks.Set("address_line1_check", textOrNull(c.Line1Check))
	checks.Set("address_postal_code_check", textOrNull(c.ZipCheck))
	checks.Set("cvc_check", textOrNull(c.CVCCheck))
	card := object.New(nil)
	card.Set("amount_authorized", amount)
	card.Set("authorization_code", nil)
	card.Set("brand", string(c.Brand))
	card.Set("checks", checks)
	card.Set("country", c.Country)
	card.Set("exp_month", c.ExpMonth)
	card.Set("exp_year", c.ExpYear)
	card.Set("extended_authorization", newParams("status", "disabled"))
	card.Set("fingerprint", c.Fingerprint)
	card.Set("funding", c.Funding)
	card.Set("incremental_authorization", newParams("status", "unavailable"))
	card.Set("installments", nil)
	card.Set("last4", c.Last4())
	card.Set("mandate", nil)
	card.Set("multicapture", newParams("status", "unavailable"))
	card.Set("network", string(c.Brand))
	card.Set("network_token", newParams("used", false))
	card.Set("network_transaction_id", nil)
	card.Set("overcapture", newParams("maximum_amount_capturable", amount, "status", "unavailable"))
	card.Set("regulated_status", "unregulated")
	card.Set("three_d_secure", nil)
	card.Set("transaction_link_id", nil)
	card.Set("wallet", nil)
	return card
}
