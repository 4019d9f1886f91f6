package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What it costs to send what an invoice is for. Only automatic tax taxes it; tax rates are for lines.

// shippingTaxCode is what shipping is to the tax office, unless its rate says otherwise.
const shippingTaxCode = "txcd_92010001"

// shipInvoice takes the shipping cost that was sent: a shipping rate, or what one is made of. An empty value removes it.
func shipInvoice(op *resource.Op, in *object.Object) error {
	if !op.Params.Has("shipping_cost") {
		return nil
	}
	in.Set("shipping_cost", nil)
	sent := op.Params.Object("shipping_cost")
	if sent == nil {
		return hideShippingTaxes(op, in, nil)
	}
	rate, err := sentShippingRate(op, sent)
	if err != nil {
		return within(err, "shipping_cost")
	}
	if _, _, ok := shippingTerms(rate, in.String("currency")); !ok {
		return apierr.Invalid("", "shipping_cost[shipping_rate]", "The shipping rate %s has no amount in %s, the invoice's currency.", rate.ID(), in.String("currency"))
	}
	in.Set("shipping_cost", newParams("amount_subtotal", int64(0), "amount_tax", int64(0), "amount_total", int64(0), "shipping_rate", rate.ID()))
	return nil
}

func sentShippingRate(op *resource.Op, sent *object.Object) (*object.Object, error) {
	id, data := sent.String("shipping_rate"), sent.Object("shipping_rate_data")
	switch {
	case id != "" && data != nil:
		return nil, onlyOne("shipping_rate", "shipping_rate_data")
	case data != nil:
		rate, err := op.Create("shipping_rate", data)
		return rate, within(err, "shipping_rate_data")
	case id == "":
		return nil, missingParam("shipping_rate")
	}
	rate, err := op.Get("shipping_rate", id, "shipping_rate")
	if err == nil && !rate.Bool("active") && !sent.Bool(asAgreed) {
		return nil, apierr.Invalid("", "shipping_rate", "The shipping rate %s is archived.", id)
	}
	return rate, err
}

// shippingTerms are what a rate costs in a currency, and whether tax is within that.
func shippingTerms(rate *object.Object, currency string) (amount int64, behavior string, ok bool) {
	fixed := rate.Object("fixed_amount")
	if fixed.String("currency") == currency {
		return fixed.Int("amount"), rate.String("tax_behavior"), true
	}
	option := fixed.Object("currency_options").Object(currency)
	return option.Int("amount"), option.String("tax_behavior"), option != nil
}

// shipment is the shipping of a bill at work.
type shipment struct {
	amount   int64
	behavior string
	code     string
	taxes    []taxPart
}

// shipmentOf is the shipping of an invoice, or nil.
func shipmentOf(op *resource.Op, in *object.Object) (*shipment, error) {
	id := in.Object("shipping_cost").Ref("shipping_rate")
	if id == "" {
		return nil, nil
	}
	rate, err := op.Get("shipping_rate", id, "shipping_cost[shipping_rate]")
	if err != nil {
		return nil, err
	}
	s := &shipment{code: rate.Ref("tax_code")}
	if s.code == "" {
		s.code = shippingTaxCode
	}
	s.amount, s.behavior, _ = shippingTerms(rate, in.String("currency"))
	return s, nil
}

// tax is all tax on the shipping, and how much of it comes on top.
func (s *shipment) tax() (all, onTop int64) {
	if s == nil {
		return 0, 0
	}
	for _, t := range s.taxes {
		all += t.amount
		if !t.inclusive {
			onTop += t.amount
		}
	}
	return all, onTop
}

// show writes the shipping cost into the invoice.
func (s *shipment) show(op *resource.Op, in *object.Object) error {
	in.Set("amount_shipping", 0)
	if s == nil {
		return nil
	}
	all, onTop := s.tax()
	in.Set("amount_shipping", s.amount)
	cost := in.Object("shipping_cost")
	cost.Set("amount_subtotal", s.amount)
	cost.Set("amount_tax", all)
	cost.Set("amount_total", s.amount+onTop)
	taxes, err := shownTaxes(op, s.taxes)
	if err != nil {
		return err
	}
	return hideShippingTaxes(op, in, taxes)
}

// hideShippingTaxes keeps the taxes of the shipping, which are shown when they are expanded.
func hideShippingTaxes(op *resource.Op, in *object.Object, taxes []any) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Delete("shipping_cost")
	if len(taxes) > 0 {
		private.Set("shipping_cost", newParams("taxes", taxes))
	}
	return op.SetPrivate(in, private)
}
