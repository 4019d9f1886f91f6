package billing

import (
	"math/big"
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// proration is the part of an item's price for a part of its period: a credit for what is not used, or a debit for what
// is to come. Discounts are in it already. It is an invoice item that the subscription's next invoice takes.
type proration struct {
	item     *object.Object // of the subscription, as it is or was
	credit   bool
	period   money.Span
	gross    int64          // below zero for a credit, as is what discounts take off
	off      []discountPart // what discounts took off
	credited *object.Object // the debit that a credit is for
	rates    []any          // tax rates; none are those of the invoice
}

// portion is what a part of a whole comes to: the amount and what discounts left of it are each rounded, and what they
// took off is the difference.
func portion(whole billedAmount, part, of int64) (gross int64, off []discountPart) {
	net := whole.gross
	for _, d := range whole.off {
		net -= d.amount
	}
	gross = money.Share(whole.gross, part, of)
	taken := gross - money.Share(net, part, of)
	for i, d := range whole.off {
		share := money.Share(d.amount, part, of)
		if i == len(whole.off)-1 {
			share = taken
		}
		taken -= share
		off = append(off, discountPart{d.discount, share})
	}
	return gross, off
}

func (p *proration) net() int64 {
	net := p.gross
	for _, d := range p.off {
		net -= d.amount
	}
	return net
}

// make writes the invoice item. With proration_discounts=itemized it shows what discounts took off; else its amount is
// what they left.
// Emits invoiceitem.created.
func (p *proration) make(op *resource.Op, s *object.Object) (*object.Object, error) {
	product, err := op.Get("product", p.item.Object("price").Ref("product"), "price")
	if err != nil {
		return nil, err
	}
	return op.Make("invoiceitem", "", newParams("customer", s.Ref("customer"), "currency", s.String("currency")), func(op *resource.Op) error {
		o := op.Object
		p.fill(o, s, product.String("name"))
		for _, v := range p.rates {
			rate, err := op.Get("tax_rate", v.(string), "tax_rates")
			if err != nil {
				return err
			}
			o.Set("tax_rates", append(slices.Clone(o.Array("tax_rates")), rate.Clone()))
		}
		return nil
	})
}

func (p *proration) fill(o, s *object.Object, product string) {
	amount, off := p.net(), make([]discountPart, len(p.off))
	itemized := s.Object("billing_mode").Object("flexible").String("proration_discounts") == "itemized"
	for i, d := range p.off {
		off[i].discount = d.discount
		if itemized {
			off[i].amount = d.amount
			amount += d.amount
		}
	}
	details := object.New(nil)
	details.Set("credited_items", nil)
	if p.credited != nil {
		details.Set("credited_items", p.credited)
	}
	details.Set("discount_amounts", discountObjects(off))
	ids := make([]any, len(off))
	for i, d := range off {
		ids[i] = d.discount
	}
	price, quantity := p.item.Object("price"), p.item.Int("quantity")
	o.Set("date", o.Int("date"))
	o.Set("amount", amount)
	o.Set("net_amount", p.net())
	o.Set("proration", true)
	o.Set("proration_details", details)
	o.Set("discountable", false)
	o.Set("discounts", ids)
	o.Set("description", p.text(product))
	o.Set("period", newParams("start", p.period.Start, "end", p.period.End))
	o.Set("quantity", quantity)
	o.Set("quantity_decimal", strconv.FormatInt(quantity, 10))
	o.Set("parent", itemParent(s, p.item))
	o.Set("test_clock", s.Get("test_clock"))
	pricing := newParams("type", "price_details", "price_details", newParams("price", price.ID(), "product", price.Ref("product")))
	pricing.Set("unit_amount_decimal", nil)
	if quantity > 0 {
		pricing.Set("unit_amount_decimal", quantityText(new(big.Rat).SetFrac64(amount, quantity)))
	}
	o.Set("pricing", pricing)
}

// discountProration says what is left of a proration that a client changed. Its discounts are settled.
func discountProration(item, params *object.Object) error {
	if params.Bool("discountable") {
		return apierr.Invalid("", "discountable", "`discountable` cannot be set to true for prorations.")
	}
	net := item.Int("amount")
	for _, d := range discountParts(item.Object("proration_details").Array("discount_amounts")) {
		net -= d.amount
	}
	item.Set("net_amount", net)
	return nil
}

// text describes a proration: "Unused time on Gold after 16 Apr 2026", "Remaining time on 3 × Gold after 16 Apr 2026".
func (p *proration) text(product string) string {
	text := "Remaining time on "
	if p.credit {
		text = "Unused time on "
	}
	if n := p.item.Int("quantity"); n != 1 {
		text += strconv.FormatInt(n, 10) + " × "
	}
	return text + product + " after " + unix(p.period.Start).UTC().Format("02 Jan 2006")
}

// itemParent says which item of a subscription an invoice item is for.
func itemParent(s, item *object.Object) *object.Object {
	details := newParams("subscription", s.ID())
	if item != nil {
		details.Set("subscription_item", item.ID())
	}
	return newParams("type", "subscription_details", "subscription_details", details)
}

// prorationAmount is what a proration comes to, as long as it is there.
func prorationAmount(op *resource.Op, id string) (billedAmount, error) {
	item, err := op.Find("invoiceitem", id)
	if item == nil || err != nil {
		return billedAmount{}, err
	}
	return billedAmount{item.Int("amount"), discountParts(item.Object("proration_details").Array("discount_amounts")), itemRates(item)}, nil
}
