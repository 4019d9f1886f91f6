package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// takenBack is what a reversal takes of one line, or of shipping: amounts below zero.
type takenBack struct {
	line        *object.Object // of the original; nil for shipping
	amount, tax int64
	reference   string
	quantity    any
	metadata    any
	chosen      bool
	whole, left taxed
}

// taxed is an amount and the tax on it, which is within it or not.
type taxed struct {
	amount, tax int64
	inclusive   bool
}

func taxedOf(o *object.Object) taxed {
	return taxed{o.Int("amount"), o.Int("amount_tax"), o.String("tax_behavior") == "inclusive"}
}

// paid is what the customer paid for it.
func (t taxed) paid() int64 {
	if t.inclusive {
		return t.amount
	}
	return t.amount + t.tax
}

func (b *takenBack) fill(o *object.Object, original string) {
	o.Set("amount", b.amount)
	o.Set("amount_tax", b.tax)
	o.Set("metadata", b.metadata)
	if b.quantity != nil {
		o.Set("quantity", b.quantity)
	}
	if b.reference != "" {
		o.Set("reference", b.reference)
	}
	o.Set("reversal", newParams("original_line_item", original))
	o.Set("type", "reversal")
}

func createTaxReversal(op *resource.Op) error {
	original, err := op.Get("tax.transaction", op.Params.String("original_transaction"), "original_transaction")
	if err != nil {
		return err
	}
	if original.String("type") != "transaction" {
		return apierr.Invalid("", "original_transaction", "The tax transaction %s is a reversal, which cannot be reversed.", original.ID())
	}
	if err := checkReference(op, op.Params.String("reference")); err != nil {
		return err
	}
	parts, err := reversible(op, original)
	if err != nil {
		return err
	}
	if err := chooseReversed(op, parts); err != nil {
		return err
	}
	return recordReversal(op, original, parts)
}

// reversible are the parts of a transaction, lines first and shipping last, with what earlier reversals left of each.
func reversible(op *resource.Op, original *object.Object) ([]*takenBack, error) {
	lines, err := op.Below("tax.transaction_line_item", original)
	if err != nil {
		return nil, err
	}
	earlier, err := op.Lookup("tax.transaction", "reversed", original.ID())
	if err != nil {
		return nil, err
	}
	parts := make([]*takenBack, 0, len(lines)+1)
	byLine := map[string]*takenBack{}
	for _, line := range lines {
		b := &takenBack{line: line, whole: taxedOf(line), left: taxedOf(line)}
		parts, byLine[line.ID()] = append(parts, b), b
	}
	cost := taxedOf(original.Object("shipping_cost"))
	shipping := &takenBack{whole: cost, left: cost}
	for _, reversal := range earlier {
		shipping.lower(reversal.Object("shipping_cost"))
		gone, err := op.Below("tax.transaction_line_item", reversal)
		if err != nil {
			return nil, err
		}
		for _, line := range gone {
			if b := byLine[line.Object("reversal").String("original_line_item")]; b != nil {
				b.lower(line)
			}
		}
	}
	if original.Object("shipping_cost") != nil {
		parts = append(parts, shipping)
	}
	return parts, nil
}

func (b *takenBack) lower(by *object.Object) {
	b.left.amount += by.Int("amount")
	b.left.tax += by.Int("amount_tax")
}

// take takes amounts below zero of a part.
func (b *takenBack) take(amount, tax int64, param string) error {
	switch {
	case amount > 0:
		return apierr.Invalid("parameter_invalid_integer", param+"[amount]", "This value must be less than or equal to 0.")
	case tax > 0:
		return apierr.Invalid("parameter_invalid_integer", param+"[amount_tax]", "This value must be less than or equal to 0.")
	case -amount > b.left.amount:
		return apierr.Invalid("amount_too_large", param+"[amount]", "The amount to reverse (%d) is greater than what is left to be reversed (%d).", -amount, b.left.amount)
	case -tax > b.left.tax:
		return apierr.Invalid("amount_too_large", param+"[amount_tax]", "The tax to reverse (%d) is greater than what is left to be reversed (%d).", -tax, b.left.tax)
	}
	b.amount, b.tax, b.chosen = amount, tax, true
	b.left.amount, b.left.tax = b.left.amount+amount, b.left.tax+tax
	return nil
}

// chooseReversed reads what is to be taken back.
func chooseReversed(op *resource.Op, parts []*takenBack) error {
	p, ways := op.Params, 0
	for _, name := range []string{"flat_amount", "line_items", "shipping_cost"} {
		if p.Has(name) {
			ways++
		}
	}
	switch {
	case p.String("mode") == "full" && ways > 0:
		return apierr.Invalid("", "mode", "A full reversal takes everything back: leave out flat_amount, line_items and shipping_cost.")
	case p.String("mode") == "full":
		return reverseAll(parts)
	case ways == 0:
		return apierr.Invalid("parameter_missing", "line_items", "A partial reversal needs one of these parameters: line_items, shipping_cost, flat_amount.")
	case p.Has("flat_amount") && ways > 1:
		return apierr.Invalid("parameters_exclusive", "flat_amount", "You may only specify one of these parameters: flat_amount, line_items.")
	case p.Has("flat_amount"):
		return reverseFlat(parts, p.Int("flat_amount"))
	}
	return reverseParts(p, parts)
}

// reverseAll takes back a whole transaction, of which nothing was taken back before.
func reverseAll(parts []*takenBack) error {
	for _, b := range parts {
		if b.whole != b.left {
			return apierr.Invalid("", "mode", "The transaction was partially reversed already. Reverse what is left with mode `partial`.")
		}
		b.amount, b.tax, b.chosen = -b.whole.amount, -b.whole.tax, true
	}
	return nil
}

// reverseFlat spreads an amount, tax included, over all parts by what is left of each.
func reverseFlat(parts []*takenBack, flat int64) error {
	var left int64
	for _, b := range parts {
		left += b.left.paid()
	}
	switch {
	case flat >= 0:
		return apierr.Invalid("parameter_invalid_integer", "flat_amount", "This value must be less than or equal to -1.")
	case -flat > left:
		return apierr.Invalid("amount_too_large", "flat_amount", "The amount to reverse (%d) is greater than what is left to be reversed (%d).", -flat, left)
	}
	var so, before int64
	for _, b := range parts {
		so += b.left.paid()
		share := money.Share(-flat, so, left)
		part := share - before
		before = share
		tax := money.Share(part, b.left.tax, b.left.paid())
		amount := part
		if !b.left.inclusive {
			amount -= tax
		}
		b.amount, b.tax, b.chosen = -amount, -tax, part != 0
	}
	return nil
}

// reverseParts takes back the lines that are named, and shipping.
func reverseParts(p *object.Object, parts []*takenBack) error {
	for i, v := range p.Array("line_items") {
		sent, param := v.(*object.Object), "line_items["+strconv.Itoa(i)+"]"
		id := sent.String("original_line_item")
		at := slices.IndexFunc(parts, func(b *takenBack) bool { return b.line != nil && b.line.ID() == id })
		if at < 0 {
			return apierr.MissingRef("tax.transaction_line_item", id, param+"[original_line_item]")
		}
		b := parts[at]
		if b.chosen {
			return apierr.Invalid("", param+"[original_line_item]", "The line item %s is named twice.", id)
		}
		if err := b.take(sent.Int("amount"), sent.Int("amount_tax"), param); err != nil {
			return err
		}
		b.reference, b.quantity, b.metadata = sent.String("reference"), sent.Get("quantity"), sent.Get("metadata")
	}
	cost := p.Object("shipping_cost")
	if cost == nil {
		return nil
	}
	last := parts[len(parts)-1]
	if last.line != nil {
		return apierr.Invalid("", "shipping_cost", "The transaction has no shipping cost to reverse.")
	}
	return last.take(cost.Int("amount"), cost.Int("amount_tax"), "shipping_cost")
}

// recordReversal writes the reversal and its lines.
func recordReversal(op *resource.Op, original *object.Object, parts []*takenBack) error {
	reversal, err := recordTax(op, original, op.Params)
	if err != nil {
		return err
	}
	reversal.Set("type", "reversal")
	reversal.Set("reversal", newParams("original_transaction", original.ID()))
	reversal.Set("shipping_cost", nil)
	for i := len(parts) - 1; i >= 0; i-- {
		b := parts[i]
		switch {
		case !b.chosen:
		case b.line == nil:
			cost := original.Object("shipping_cost").Clone()
			cost.Set("amount", b.amount)
			cost.Set("amount_tax", b.tax)
			reversal.Set("shipping_cost", cost)
		default:
			if _, err := keepTaxLine(op, reversal, b.line, b); err != nil {
				return err
			}
		}
	}
	op.Save(reversal)
	op.Result = reversal
	return nil
}
