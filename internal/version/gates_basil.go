package version

import (
	"slices"

	"sharesmart/internal/object"
)

const basilStart = "2025-03-31.basil"

var basil = slices.Concat(basilSubscriptions, basilInvoices, basilLines, []Gate{
	{
		Since: basilStart, Name: "credit-note-refunds", Objects: []string{"credit_note"},
		Newer:    "A credit note lists what it refunds in `refunds`.",
		Older:    "It names one `refund`.",
		restores: map[string][]string{"credit_note": {"refund"}},
		request: func(r *Request) error {
			if r.goes("POST /v1/credit_notes", "GET /v1/credit_notes/preview", "GET /v1/credit_notes/preview/lines") && r.has("refund") {
				r.rename("refund", "refunds[0][refund]")
			}
			return nil
		},
		answers: map[string]turn{"credit_note": func(r *rendering, n *object.Object) error {
			refunds := n.Array("refunds")
			n.Delete("refunds")
			if len(refunds) == 0 {
				n.Set("refund", nil)
				return nil
			}
			first, _ := refunds[0].(*object.Object)
			return r.refer(n, "refund", "refund", first.Ref("refund"))
		}},
	},
	{
		Since: basilStart, Name: "charge-invoice", Objects: []string{"charge", "payment_intent"},
		Newer:    "Charges and payment intents do not name an invoice; its payments name them.",
		Older:    "`invoice` names it.",
		restores: map[string][]string{"charge": {"invoice"}, "payment_intent": {"invoice"}},
		answers: map[string]turn{
			"charge":         func(r *rendering, o *object.Object) error { return r.paidFor(o, o.Ref("payment_intent"), o.ID()) },
			"payment_intent": func(r *rendering, o *object.Object) error { return r.paidFor(o, o.ID(), "") },
		},
	},
	{
		Since: basilStart, Name: "aggregate-usage", Objects: []string{"price", "plan"},
		Newer: "How usage adds up is said by the meter of a price.",
		Older: "`aggregate_usage` of the price says so: `sum` or `last_during_period`.",
		answers: map[string]turn{
			"price": func(r *rendering, p *object.Object) error {
				if recurring := p.Object("recurring"); recurring != nil {
					return r.aggregated(recurring, recurring.Ref("meter"))
				}
				return nil
			},
			"plan": func(r *rendering, p *object.Object) error { return r.aggregated(p, p.Ref("meter")) },
		},
	},
	{
		Since: basilStart, Name: "checkout-shipping", Objects: []string{"checkout.session"},
		Newer: "A checkout session has where to send things in `collected_information`.",
		Older: "`shipping_details` has it.",
		answers: map[string]turn{"checkout.session": func(_ *rendering, s *object.Object) error {
			s.Set("shipping_details", nil)
			if d := s.Object("collected_information").Object("shipping_details"); d != nil {
				s.Set("shipping_details", d.Clone())
			}
			return nil
		}},
	},
})

// aggregated says how the usage of a metered price adds up.
func (r *rendering) aggregated(o *object.Object, meter string) error {
	o.Set("aggregate_usage", nil)
	found, err := r.get("billing.meter", meter, nil)
	if found == nil || err != nil {
		return err
	}
	how := "sum"
	if found.Object("default_aggregation").String("formula") == "last" {
		how = "last_during_period"
	}
	o.Set("aggregate_usage", how)
	return nil
}

// paidFor sets the invoice that a payment intent, or else a charge, pays for.
func (r *rendering) paidFor(o *object.Object, intent, charge string) error {
	by := "payment_intent&payment[payment_intent]=" + intent
	if intent == "" {
		by = "charge&payment[charge]=" + charge
	}
	payments, err := r.look("/v1/invoice_payments?limit=1&payment[type]="+by, nil)
	if err != nil {
		return err
	}
	invoice := ""
	if data := payments.Array("data"); len(data) > 0 {
		invoice = data[0].(*object.Object).Ref("invoice")
	}
	return r.refer(o, "invoice", "invoice", invoice)
}
