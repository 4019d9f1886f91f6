package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// methodTypes are the types of payment methods: each is also the name of the hash that says more of it.
var methodTypes = []string{"card"}

// typedMethod reads what a customer typed: the parameters of a payment method, or payment_method_data. param leads the
// names in errors.
func typedMethod(op *resource.Op, data *object.Object, param string) (processor.Method, error) {
	card := data.Object("card")
	if token := card.String("token"); token != "" {
		s, err := tokenCard(op, token, "card[token]")
		return processor.Method{Type: "card", Card: s.card}, err
	}
	s, err := givenCard(op, newParams("card", card))
	return processor.Method{Type: "card", Card: s.card}, err
}

// showMethod puts onto a payment method what it shows of its card or bank account.
func showMethod(pm *object.Object, m processor.Method) {
	c := m.Card
	checks := object.New(nil)
	checks.Set("address_line1_check", textOrNull(c.Line1Check))
	checks.Set("address_postal_code_check", textOrNull(c.ZipCheck))
	checks.Set("cvc_check", textOrNull(c.CVCCheck))
	networks := object.New(nil)
	networks.Set("available", []any{string(c.Brand)})
	networks.Set("preferred", nil)
	card := newParams("brand", string(c.Brand), "checks", checks, "country", c.Country, "display_brand", string(c.Brand), "exp_month", c.ExpMonth, "exp_year", c.ExpYear,
		"fingerprint", c.Fingerprint, "funding", c.Funding)
	card.Set("generated_from", nil)
	card.Set("last4", c.Last4())
	card.Set("networks", networks)
	card.Set("regulated_status", "unregulated")
	card.Set("three_d_secure_usage", newParams("supported", true))
	card.Set("wallet", nil)
	pm.Set("card", card)
}

// keptMethod is what the processor knows of a payment method that was kept.
func keptMethod(op *resource.Op, pm *object.Object) processor.Method {
	kind := pm.String("type")
	part := pm.Object(kind)
	m, known := bank.Stored(op.Account(), kind, part.String("fingerprint"), part.Object("checks").String("cvc_check"))
	if !known { // the example that a mock server puts in the place of a payment method
		m, _ = bank.Template(op.Account(), workingToken, op.Now())
	}
	if kind == "card" {
		m.Card.ExpMonth, m.Card.ExpYear = part.Int("exp_month"), part.Int("exp_year")
	}
	return m
}

// updateTypedMethod takes what can be changed of a type: the expiry of a card.
func updateTypedMethod(op *resource.Op) error {
	sent, card := op.Params.Object("card"), op.Object.Object("card")
	for _, name := range []string{"exp_month", "exp_year"} {
		if sent.Has(name) {
			card.Set(name, sent.Int(name))
		}
	}
	if sent == nil {
		return nil
	}
	if d := processor.CheckExpiry(card.Int("exp_month"), card.Int("exp_year"), op.Now()); d != nil {
		return cardError(d, "")
	}
	return nil
}
