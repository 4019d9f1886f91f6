package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// takeItems puts waiting items on a new invoice, the newest first: the customer's, if they are to be included, or those of
// the subscription that the request names.
func takeItems(op *resource.Op, in *object.Object) error {
	of := op.Params.String("subscription")
	if of == "" && op.Params.String("pending_invoice_items_behavior") != "include" {
		return nil
	}
	items, err := op.Lookup("invoiceitem", "waiting", in.Ref("customer"))
	if err != nil {
		return err
	}
	taken := 0
	for _, item := range items {
		if item.Ref("invoice") != "" || item.String("currency") != in.String("currency") || of != "" && itemSubscription(item) != of {
			continue
		}
		if err := putOn(op, in, item); err != nil {
			return err
		}
		taken++
	}
	if of != "" && taken == 0 {
		return apierr.Invalid("invoice_no_subscription_line_items", "", "Nothing to invoice for subscription")
	}
	return nil
}

// billSubscription completes the parameters of an invoice for what waits for a subscription.
func billSubscription(op *resource.Op) error {
	id := op.Params.String("subscription")
	if id == "" {
		return nil
	}
	s, err := op.Get("subscription", id, "subscription")
	if err != nil {
		return err
	}
	p := op.Params
	switch {
	case p.String("customer") != "" && p.String("customer") != s.Ref("customer"):
		return apierr.Invalid("", "subscription", "The subscription %s belongs to another customer.", id)
	case p.String("currency") != "" && p.String("currency") != s.String("currency"):
		return apierr.Invalid("", "currency", "The subscription %s is in %s.", id, s.String("currency"))
	}
	p.Set("customer", s.Ref("customer"))
	p.Set("currency", s.String("currency"))
	p.Set("parent", newParams("type", "subscription_details", "subscription_details", newParams("subscription", id, "metadata", s.Object("metadata").Clone())))
	for _, name := range []string{"default_payment_method", "default_source"} {
		if own := s.Ref(name); own != "" && !p.Has("default_payment_method") && !p.Has("default_source") {
			p.Set(name, own)
		}
	}
	return nil
}

// putOn makes a line of a waiting item.
func putOn(op *resource.Op, in, item *object.Object) error {
	if _, err := addLine(op, in, itemLine(item), itemRates(item)); err != nil {
		return err
	}
	item.Set("invoice", in.ID())
	op.Save(item)
	return nil
}

// draftOnly refuses to change the lines of a final invoice.
func draftOnly(in *object.Object) error {
	if in.String("status") != "draft" {
		return notEditable()
	}
	return nil
}

// editLines changes lines one after the other, and works the invoice out once.
func editLines(op *resource.Op, edit func(in, sent *object.Object) error) error {
	in := op.Object
	if err := draftOnly(in); err != nil {
		return err
	}
	if m := op.Params.Object("invoice_metadata"); m != nil {
		if err := op.Merge(in, newParams("metadata", m)); err != nil {
			return err
		}
	}
	for i, v := range op.Params.Array("lines") {
		if err := edit(in, v.(*object.Object)); err != nil {
			return within(err, "lines["+strconv.Itoa(i)+"]")
		}
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}

// addLines puts waiting items on a draft, or new ones.
func addLines(op *resource.Op) error {
	return editLines(op, func(in, sent *object.Object) error {
		item, err := addedItem(op, in, sent)
		if err != nil {
			return err
		}
		if err := putOn(op, in, item); err != nil {
			return err
		}
		lines, err := linesOf(op, in)
		if err != nil {
			return err
		}
		return fixTaxes(op, lines[len(lines)-1], sent)
	})
}

func addedItem(op *resource.Op, in, sent *object.Object) (*object.Object, error) {
	if id := sent.String("invoice_item"); id != "" {
		item, err := op.Get("invoiceitem", id, "invoice_item")
		switch {
		case err != nil:
			return nil, err
		case item.Ref("customer") != in.Ref("customer"):
			return nil, apierr.Invalid("", "invoice_item", "The invoice item %s belongs to another customer.", id)
		case item.Ref("invoice") != "":
			return nil, apierr.Invalid("", "invoice_item", "The invoice item %s is on an invoice already.", id)
		case item.String("currency") != in.String("currency"):
			return nil, apierr.Invalid("", "invoice_item", "The invoice item %s is in %s, but the invoice is in %s.", id, item.String("currency"), in.String("currency"))
		}
		return item, nil
	}
	params := sent.Clone()
	params.Delete("tax_amounts")
	params.Set("customer", in.Ref("customer"))
	params.Set("currency", in.String("currency"))
	return op.Create("invoiceitem", params)
}

// updateLines changes lines of a draft, and the items behind them.
func updateLines(op *resource.Op) error {
	return editLines(op, func(in, sent *object.Object) error {
		line, err := lineOn(op, in, sent.String("id"), "id")
		if err != nil {
			return err
		}
		return changeLine(op, line, sent)
	})
}

// updateLine changes one line. Emits invoice.updated.
func updateLine(op *resource.Op) error {
	line := op.Object
	in, err := pathInvoice(op)
	if err != nil {
		return err
	}
	if err := draftOnly(in); err != nil {
		return err
	}
	if err := changeLine(op, line, op.Params); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}

func lineOn(op *resource.Op, in *object.Object, id, param string) (*object.Object, error) {
	line, err := op.Get("line_item", id, param)
	if err == nil && line.String("invoice") != in.ID() {
		return nil, apierr.Invalid("", param, "The line %s is not on the invoice %s.", id, in.ID())
	}
	return line, err
}

// changeLine changes a line and the item behind it.
func changeLine(op *resource.Op, line, sent *object.Object) error {
	id := lineItemID(line)
	if id == "" {
		return apierr.Invalid("", "", "The line %s is of a subscription and cannot be changed by itself.", line.ID())
	}
	item, err := op.Get("invoiceitem", id, "")
	if err != nil {
		return err
	}
	before := item.Clone()
	params := sent.Clone()
	params.Delete("tax_amounts")
	if err := op.Merge(item, params); err != nil {
		return err
	}
	if err := reviseItem(op, item, before, params); err != nil {
		return err
	}
	op.Save(item)
	if err := followItem(op, line, item); err != nil {
		return err
	}
	return fixTaxes(op, line, sent)
}

// followItem lets a line say what its item says.
func followItem(op *resource.Op, line, item *object.Object) error {
	for name, v := range itemLine(item).All() {
		line.Set(name, v)
	}
	op.Save(line)
	private, err := op.Private(line)
	if err != nil {
		return err
	}
	private.Delete("tax_rates")
	if rates := itemRates(item); len(rates) > 0 {
		private.Set("tax_rates", rates)
	}
	return op.SetPrivate(line, private)
}

// fixTaxes takes taxes that the seller worked out, each with the tax rate that tells of it.
func fixTaxes(op *resource.Op, line, sent *object.Object) error {
	if !sent.Has("tax_amounts") {
		return nil
	}
	if len(sent.Array("tax_rates")) > 0 {
		return onlyOne("tax_amounts", "tax_rates")
	}
	var fixed []any
	for i, v := range sent.Array("tax_amounts") {
		given, at := v.(*object.Object), "tax_amounts["+strconv.Itoa(i)+"]"
		data := given.Object("tax_rate_data")
		rate, err := op.Make("tax_rate", "", newParams("display_name", data.String("display_name"), "percentage", data.Get("percentage"), "inclusive", data.Bool("inclusive"),
			"country", data.String("country"), "state", data.String("state"), "jurisdiction", data.String("jurisdiction"), "description", data.String("description"),
			"tax_type", data.String("tax_type"), "active", false), createTaxRate)
		if err != nil {
			return within(err, at+"[tax_rate_data]")
		}
		reason := given.String("taxability_reason")
		if reason == "" {
			reason = standardRated
		}
		fixed = append(fixed, newParams("rate", rate.ID(), "amount", given.Int("amount"), "taxable", given.Int("taxable_amount"), "inclusive", rate.Bool("inclusive"), "reason", reason))
	}
	private, err := op.Private(line)
	if err != nil {
		return err
	}
	private.Delete("tax_rates")
	private.Delete("tax_amounts")
	if fixed != nil {
		private.Set("tax_amounts", fixed)
	}
	return op.SetPrivate(line, private)
}

// removeLines takes lines off a draft: their items are deleted, or wait again.
func removeLines(op *resource.Op) error {
	return editLines(op, func(in, sent *object.Object) error {
		line, err := lineOn(op, in, sent.String("id"), "id")
		if err != nil {
			return err
		}
		if err := dropLine(op, line); err != nil || sent.String("behavior") != "delete" {
			return err
		}
		item, err := op.Find("invoiceitem", lineItemID(line))
		if item == nil || err != nil {
			return err
		}
		return op.Delete(item)
	})
}
