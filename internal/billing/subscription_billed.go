package billing

import (
	"slices"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What an item was billed for the time that it is in, so that what is not used of it can be credited as it was debited.
// The private part of the item names the lines or the invoice items that billed it; what they came to is read from them
// when it is asked for, which is seldom.

// debit is a time of an item that was billed: by lines of an invoice, or by a proration.
type debit struct {
	invoice string
	lines   []any
	item    string // the proration
	period  money.Span
	until   int64 // what comes later was credited
}

// debitsOf are the debits of an item for the period that it is in, the oldest first.
func debitsOf(op *resource.Op, item *object.Object) ([]debit, error) {
	private, err := op.Private(item)
	if err != nil {
		return nil, err
	}
	shown := private.Array("billed")
	all := make([]debit, len(shown))
	for i, v := range shown {
		o := v.(*object.Object)
		all[i] = debit{o.String("invoice"), o.Array("lines"), o.String("item"), money.Span{Start: o.Int("start"), End: o.Int("end")}, o.Int("until")}
	}
	return all, nil
}

// keepDebits writes down what an item was billed, as far as it reaches into its period.
func keepDebits(op *resource.Op, item *object.Object, all []debit) error {
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	var shown []any
	for _, d := range all {
		if d.until > item.Int("current_period_start") {
			shown = append(shown, newParams("invoice", d.invoice, "lines", d.lines, "item", d.item, "start", d.period.Start, "end", d.period.End, "until", d.until))
		}
	}
	private.Set("billed", shown)
	return op.SetPrivate(item, private)
}

// noteDebit adds a debit to those of an item.
func noteDebit(op *resource.Op, item *object.Object, d debit) error {
	all, err := debitsOf(op, item)
	if err != nil {
		return err
	}
	return keepDebits(op, item, append(all, d))
}

// billedAmount is what was billed: the whole, what discounts took off, and the tax rates that were for it.
type billedAmount struct {
	gross int64
	off   []discountPart
	rates []any
}

// amount is what a debit came to. A line or a proration that was deleted since billed nothing.
func (d *debit) amount(op *resource.Op) (billedAmount, error) {
	if d.item != "" {
		return prorationAmount(op, d.item)
	}
	var sum billedAmount
	for _, v := range d.lines {
		id, _ := v.(string)
		line, err := op.Find("line_item", id)
		if err != nil {
			return sum, err
		}
		if line == nil {
			continue
		}
		private, err := op.Private(line)
		if err != nil {
			return sum, err
		}
		sum.gross += line.Int("amount")
		sum.off = append(sum.off, discountParts(line.Array("discount_amounts"))...)
		sum.rates = private.Array("tax_rates")
	}
	if sum.rates == nil {
		in, err := op.Find("invoice", d.invoice)
		if err != nil {
			return sum, err
		}
		sum.rates = rateIDs(in.Array("default_tax_rates"))
	}
	sum.off = sumDiscounts(sum.off)
	return sum, nil
}

// reference says in a credit which debit it is for.
func (d *debit) reference(op *resource.Op) (*object.Object, error) {
	invoice, lines := d.invoice, d.lines
	if d.item != "" {
		item, err := op.Find("invoiceitem", d.item)
		if err != nil {
			return nil, err
		}
		if invoice = item.Ref("invoice"); invoice == "" {
			return newParams("type", "invoice_item", "invoice_item", d.item), nil
		}
		in, err := op.Get("invoice", invoice, "")
		if err != nil {
			return nil, err
		}
		line, err := lineOfItem(op, in, item)
		if err != nil {
			return nil, err
		}
		lines = []any{line.ID()}
	}
	return newParams("type", "invoice_line_items", "invoice_line_item_details", newParams("invoice", invoice, "invoice_line_items", slices.Clone(lines))), nil
}

// discountParts reads the discounts that an object shows.
func discountParts(shown []any) []discountPart {
	parts := make([]discountPart, len(shown))
	for i, v := range shown {
		o := v.(*object.Object)
		parts[i] = discountPart{o.Ref("discount"), o.Int("amount")}
	}
	return parts
}

// rateIDs are the ids of tax rates.
func rateIDs(rates []any) []any {
	var ids []any
	for _, v := range rates {
		ids = append(ids, v.(*object.Object).ID())
	}
	return ids
}
