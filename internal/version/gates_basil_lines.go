package version

import (
	"math/big"
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

var basilLines = []Gate{
	{
		Since: basilStart, Name: "line-pricing", Objects: []string{"line_item", "invoiceitem"},
		Newer:    "Lines and invoice items name their price in `pricing`.",
		Older:    "They show the whole `price` and `plan`; invoice items have and take `unit_amount`.",
		restores: map[string][]string{"line_item": {"plan", "price"}, "invoiceitem": {"plan", "price"}},
		request:  linePricing,
		answers: map[string]turn{
			"line_item": func(r *rendering, line *object.Object) error { return r.priced(line) },
			"invoiceitem": func(r *rendering, item *object.Object) error {
				decimal := item.Object("pricing").Get("unit_amount_decimal")
				item.Set("unit_amount", nil)
				text, _ := decimal.(string)
				if n, err := strconv.ParseInt(text, 10, 64); err == nil {
					item.Set("unit_amount", n)
				}
				item.Set("unit_amount_decimal", decimal)
				return r.priced(item)
			},
		},
	},
	{
		Since: basilStart, Name: "line-parent", Objects: []string{"line_item", "invoiceitem"},
		Newer:    "What made a line or an invoice item is its `parent`.",
		Older:    "`type`, `invoice_item`, `subscription`, `subscription_item`, `proration` and `proration_details` tell of it.",
		restores: map[string][]string{"line_item": {"invoice_item", "subscription_item"}, "invoiceitem": {"subscription"}},
		answers: map[string]turn{
			"line_item": lineParent,
			"invoiceitem": func(r *rendering, item *object.Object) error {
				of := item.Object("parent").Object("subscription_details")
				item.Delete("parent")
				if id := of.Ref("subscription_item"); id != "" {
					item.Set("subscription_item", id)
				}
				return r.refer(item, "subscription", "subscription", of.Ref("subscription"))
			},
		},
	},
}

func linePricing(r *Request) error {
	if r.goes("POST /v1/invoiceitems", "POST /v1/invoiceitems/*") {
		r.rename("price", "pricing[price]")
		r.rename("unit_amount", "unit_amount_decimal")
	}
	if r.goes("POST /v1/invoices/*/add_lines", "POST /v1/invoices/*/update_lines") {
		r.rename("lines[*][price]", "lines[*][pricing][price]")
	}
	if r.goes("POST /v1/invoices/*/lines/*") {
		r.rename("price", "pricing[price]")
	}
	return nil
}

// priced shows the price of a line in full.
func (r *rendering) priced(o *object.Object) error {
	id := o.Object("pricing").Object("price_details").Ref("price")
	o.Delete("pricing")
	o.Set("plan", nil)
	if err := r.include(o, "price", "price", id); err != nil {
		return err
	}
	if price := o.Object("price"); price != nil && price.Object("recurring") != nil {
		o.Set("plan", planOf(price))
	}
	return r.expandPlan(o)
}

// lineParent tells of what made a line: an invoice item, which may be one that changed a subscription, or a period of a
// subscription.
func lineParent(r *rendering, line *object.Object) error {
	parent := line.Object("parent")
	made, billed := parent.Object("invoice_item_details"), parent.Object("subscription_item_details")
	line.Delete("parent")
	by := billed
	if made != nil {
		by = made
	}
	line.Set("proration", by.Bool("proration"))
	line.Set("proration_details", cloned(by.Get("proration_details")))
	line.Set("subscription", nil)
	if id := by.Ref("subscription"); id != "" {
		line.Set("subscription", id)
	}
	line.Set("type", "subscription")
	if id := by.Ref("invoice_item"); id != "" {
		line.Set("type", "invoiceitem")
		if err := r.refer(line, "invoice_item", "invoiceitem", id); err != nil {
			return err
		}
	}
	if id := by.Ref("subscription_item"); id != "" {
		return r.refer(line, "subscription_item", "subscription_item", id)
	}
	return nil
}

// perUnit is an amount for each of a quantity, as a decimal text.
func perUnit(amount, quantity int64) any {
	if quantity == 0 {
		return nil
	}
	text := big.NewRat(amount, quantity).FloatString(12)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
