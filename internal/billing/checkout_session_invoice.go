package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// invoiceSession writes the invoice of what was paid at a session: a final one, which the session's payment pays.
//
// Emits invoiceitem.created for each line, invoice.created, invoice.finalized, invoice_payment.paid, invoice.updated,
// invoice.paid, invoice.payment_succeeded.
func invoiceSession(op *resource.Op, s *object.Object, discounts []any) error {
	in, err := draftOfSession(op, s, discounts)
	if err != nil {
		return err
	}
	pi, err := sessionIntent(op, s)
	if err != nil {
		return err
	}
	return finalizePaid(op, in, pi)
}

// draftOfSession makes the draft of the invoice of a session in payment mode. It comes to what the session does, whatever
// balance the customer has.
func draftOfSession(op *resource.Op, s *object.Object, discounts []any) (*object.Object, error) {
	items, err := lineItems(op, s)
	if err != nil {
		return nil, err
	}
	params, err := sessionInvoiceParams(op, s)
	if err != nil {
		return nil, err
	}
	params.Set("discounts", keptDiscounts(discounts))
	in, err := op.Create("invoice", params)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		sold, err := billedParams(op, item)
		if err != nil {
			return nil, err
		}
		sold.Set("customer", s.Ref("customer"))
		sold.Set("currency", s.String("currency"))
		sold.Set("invoice", in.ID())
		sold.Set("pricing", newParams("price", sold.String("price")))
		sold.Delete("price")
		if _, err := op.Create("invoiceitem", sold); err != nil {
			return nil, err
		}
	}
	s.Set("invoice", in.ID())
	private, err := op.Private(in)
	if err != nil {
		return nil, err
	}
	private.Set("prepaid", true)
	return in, op.SetPrivate(in, private)
}

// sessionInvoiceParams are the parameters of the invoice of a session in payment mode.
func sessionInvoiceParams(op *resource.Op, s *object.Object) (*object.Object, error) {
	p := newParams("customer", s.Ref("customer"), "currency", s.String("currency"), "auto_advance", false)
	data := s.Object("invoice_creation").Object("invoice_data")
	for _, name := range []string{"account_tax_ids", "custom_fields", "description", "footer"} {
		if v := data.Get(name); v != nil {
			p.Set(name, v)
		}
	}
	if issuer := data.Object("issuer"); issuer != nil {
		p.Set("issuer", withoutNulls(issuer))
	}
	if look := data.Object("rendering_options"); look != nil {
		p.Set("rendering", withoutNulls(look))
	}
	if notes := data.Object("metadata"); notes.Len() > 0 {
		p.Set("metadata", notes.Clone())
	}
	if s.Object("automatic_tax").Bool("enabled") {
		p.Set("automatic_tax", newParams("enabled", true))
	}
	private, err := op.Private(s)
	if id := private.String("shipping_rate"); id != "" {
		p.Set("shipping_cost", newParams("shipping_rate", id, asAgreed, true))
	}
	return p, err
}
