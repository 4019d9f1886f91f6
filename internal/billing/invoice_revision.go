package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A revision is a draft that says what an open or uncollectible invoice does, to be changed and to take its place. Once the
// revision is final, the invoice that it revises is void. Source: Stripe, Edit invoices.

// reviseInvoice lets a new invoice say what the one does that it is to revise, unless the request says otherwise.
func reviseInvoice(op *resource.Op) error {
	from := op.Params.Object("from_invoice")
	if from == nil {
		return nil
	}
	const param = "from_invoice[invoice]"
	original, err := op.Get("invoice", from.String("invoice"), param)
	if err != nil {
		return err
	}
	switch sent := op.Params.String("customer"); {
	case from.String("action") != "revision":
		return apierr.Invalid("", "from_invoice[action]", "Invalid from_invoice[action]: must be revision")
	case sent != "" && sent != original.Ref("customer"):
		return apierr.Invalid("", "customer", "A revision is for the customer of the invoice that it revises.")
	case op.Params.Has("currency") && op.Params.String("currency") != original.String("currency"):
		return apierr.Invalid("", "currency", "A revision is in the currency of the invoice that it revises.")
	case op.Params.String("pending_invoice_items_behavior") == "include":
		return apierr.Invalid("", "pending_invoice_items_behavior", "A revision does not take pending invoice items.")
	}
	if err := revisable(op, original); err != nil {
		return within(err, "from_invoice")
	}
	said, err := revisedParams(op, original)
	if err != nil {
		return err
	}
	for name, v := range said.All() {
		if !op.Params.Has(name) {
			op.Params.Set(name, v)
		}
	}
	return nil
}

// revisable is why an invoice cannot be revised, or nil.
func revisable(op *resource.Op, original *object.Object) error {
	switch status := original.String("status"); {
	case status != "open" && status != "uncollectible":
		return apierr.Invalid("status_transition_invalid", "invoice", "Only open and uncollectible invoices can be revised; the invoice %s is %s.", original.ID(), status)
	case original.Object("parent").String("type") == "subscription_details":
		return apierr.Invalid("", "invoice", "The invoice %s is of a subscription and cannot be revised.", original.ID())
	}
	return checkPayments(op, original, false)
}

// revisedParams is what an invoice says, as parameters.
func revisedParams(op *resource.Op, original *object.Object) (*object.Object, error) {
	p := newParams("customer", original.Ref("customer"), "currency", original.String("currency"), "collection_method", original.String("collection_method"),
		"description", original.String("description"), "footer", original.String("footer"), "statement_descriptor", original.String("statement_descriptor"),
		"on_behalf_of", original.Ref("on_behalf_of"), "default_payment_method", original.Ref("default_payment_method"), "default_source", original.Ref("default_source"),
		"discounts", keptDiscounts(original.Array("discounts")), "automatic_tax", newParams("enabled", original.Object("automatic_tax").Bool("enabled")))
	for _, name := range []string{"issuer", "metadata", "payment_settings", "rendering", "shipping_details"} {
		if part := original.Object(name); part != nil {
			p.Set(name, withoutNulls(part))
		}
	}
	for _, name := range []string{"account_tax_ids", "custom_fields"} {
		if list := original.Array(name); len(list) > 0 {
			p.Set(name, list)
		}
	}
	if rates := original.Array("default_tax_rates"); len(rates) > 0 {
		ids := make([]any, len(rates))
		for i, v := range rates {
			ids[i] = v.(*object.Object).ID()
		}
		p.Set("default_tax_rates", ids)
	}
	if rate := original.Object("shipping_cost").Ref("shipping_rate"); rate != "" {
		p.Set("shipping_cost", newParams("shipping_rate", rate))
	}
	private, err := op.Private(original)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"days_until_due", "application_fee_amount", "transfer_data"} {
		if v := private.Get(name); v != nil {
			p.Set(name, v)
		}
	}
	if due := original.Int("due_date"); due > op.Now().Unix() && private.Get("days_until_due") == nil {
		p.Set("due_date", due)
	}
	return p, nil
}

// copyLines puts copies of the lines of the invoice that is revised on the revision, each with an item of its own.
// Emits invoiceitem.created for each.
func copyLines(op *resource.Op, in *object.Object) error {
	id := in.Object("from_invoice").Ref("invoice")
	if id == "" {
		return nil
	}
	original, err := op.Get("invoice", id, "from_invoice[invoice]")
	if err != nil {
		return err
	}
	lines, err := linesOf(op, original)
	if err != nil {
		return err
	}
	for _, line := range lines {
		item, err := op.Get("invoiceitem", lineItemID(line), "")
		if err != nil {
			return err
		}
		again, err := copyItem(op, in, item)
		if err != nil {
			return err
		}
		if err := putOn(op, in, again); err != nil {
			return err
		}
		if err := copyLineTaxes(op, in, line); err != nil {
			return err
		}
	}
	return nil
}

func copyItem(op *resource.Op, in, item *object.Object) (*object.Object, error) {
	private, err := op.Private(item)
	if err != nil {
		return nil, err
	}
	return op.Make("invoiceitem", "", object.New(nil), func(op *resource.Op) error {
		own := []string{"id", "object", "date", "livemode"}
		said := item.Clone()
		for _, name := range own {
			said.Delete(name)
		}
		for name, v := range said.All() {
			op.Object.Set(name, v)
		}
		op.Object.Set("date", op.Now().Unix())
		op.Object.Set("invoice", in.ID())
		return op.SetPrivate(op.Object, private.Clone())
	})
}

// copyLineTaxes gives the last line of a revision the taxes that were said for a line.
func copyLineTaxes(op *resource.Op, in, line *object.Object) error {
	said, err := op.Private(line)
	if err != nil || said.Len() == 0 {
		return err
	}
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	return op.SetPrivate(lines[len(lines)-1], said.Clone())
}

// replaceRevised voids the invoice that one revises as that is finalized. Those that it revised in turn name the new one,
// too.
func replaceRevised(op *resource.Op, in *object.Object) error {
	id := in.Object("from_invoice").Ref("invoice")
	if id == "" {
		return nil
	}
	original, err := op.Get("invoice", id, "from_invoice[invoice]")
	if err != nil {
		return err
	}
	if err := revisable(op, original); err != nil {
		return err
	}
	original.Set("latest_revision", in.ID())
	if err := voidInvoice(op, original); err != nil {
		return err
	}
	for id = original.Object("from_invoice").Ref("invoice"); id != ""; {
		older, err := op.Get("invoice", id, "from_invoice[invoice]")
		if err != nil {
			return err
		}
		older.Set("latest_revision", in.ID())
		if err := op.EmitUpdated(older); err != nil {
			return err
		}
		id = older.Object("from_invoice").Ref("invoice")
	}
	return nil
}

// appliedBefore is what the invoice that one revises took of the customer's balance, which is there again once that is
// void.
func appliedBefore(op *resource.Op, in *object.Object) (int64, error) {
	id := in.Object("from_invoice").Ref("invoice")
	if id == "" {
		return 0, nil
	}
	original, err := op.Get("invoice", id, "from_invoice[invoice]")
	if err != nil || original.String("status") == "void" {
		return 0, err
	}
	return original.Int("starting_balance") - original.Int("ending_balance"), nil
}
