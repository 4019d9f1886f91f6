package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A line item is one line of an invoice: an invoice item that was put on it, or what a subscription asks for.
//
// Lines that are there when the invoice is made stand with the newest item first; what is added later comes behind, the
// oldest first. The invoice's private part knows the order.
func init() {
	register(resource.Rules{
		Object:   "line_item",
		Unmerged: []string{"discounts"},
		Index:    map[string]func(*object.Object) []string{"invoice": func(o *object.Object) []string { return []string{o.String("invoice")} }},
		Actions: resource.Actions{
			"GET /v1/invoices/{invoice}/lines":                 listLines,
			"POST /v1/invoices/{invoice}/lines/{line_item_id}": updateLine,
		},
	})
}

// addLine puts a line on a draft, behind the others. What the lines come to is worked out by sumInvoice.
func addLine(op *resource.Op, in, fields *object.Object, rates []any) (*object.Object, error) {
	fields.Set("invoice", in.ID())
	fields.Set("currency", in.String("currency"))
	line, err := op.Make("line_item", in.ID(), fields, func(op *resource.Op) error {
		line := op.Object
		line.Set("discounts", []any{})
		for _, name := range []string{"discount_amounts", "pretax_credit_amounts", "taxes"} {
			line.Set(name, []any{})
		}
		for name, v := range fields.All() {
			line.Set(name, v)
		}
		if len(rates) == 0 {
			return nil
		}
		return op.SetPrivate(line, newParams("tax_rates", rates))
	})
	if err != nil {
		return nil, err
	}
	return line, changeOrder(op, in, func(ids []any) []any { return append(ids, line.ID()) })
}

// changeOrder changes the list of the lines' ids.
func changeOrder(op *resource.Op, in *object.Object, change func(ids []any) []any) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set("lines", change(slices.Clone(private.Array("lines"))))
	return op.SetPrivate(in, private)
}

// linesOf are the lines of an invoice in their order.
func linesOf(op *resource.Op, in *object.Object) ([]*object.Object, error) {
	private, err := op.Private(in)
	if err != nil {
		return nil, err
	}
	ids := private.Array("lines")
	lines := make([]*object.Object, 0, len(ids))
	for _, v := range ids {
		id, _ := v.(string)
		line, err := op.Get("line_item", id, "")
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func listLines(op *resource.Op) error {
	in, err := pathInvoice(op)
	if err != nil {
		return err
	}
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	items := make([]any, len(lines))
	for i, line := range lines {
		items[i] = line
	}
	op.List, err = resource.PageOf(items, op.Params, "/v1/invoices/"+in.ID()+"/lines", "line_item")
	return err
}

// pathInvoice is the invoice that the path begins with.
func pathInvoice(op *resource.Op) (*object.Object, error) {
	in, err := op.Find("invoice", op.Path[0])
	if err == nil && in == nil {
		return nil, apierr.Missing("invoice", op.Path[0], "invoice")
	}
	return in, err
}

// itemLine are the fields of a line that is an invoice item.
func itemLine(item *object.Object) *object.Object {
	f := object.New(nil)
	for _, name := range []string{"amount", "description", "discountable", "quantity", "quantity_decimal"} {
		f.Set(name, item.Get(name))
	}
	f.Set("pricing", nil)
	for _, name := range []string{"metadata", "period", "pricing"} {
		if part := item.Object(name); part != nil {
			f.Set(name, part.Clone())
		}
	}
	f.Set("discounts", slices.Clone(item.Array("discounts")))
	if details := item.Object("proration_details"); details != nil {
		f.Set("discount_amounts", slices.Clone(details.Array("discount_amounts")))
	}
	f.Set("parent", itemLineParent(item))
	if id := itemSubscription(item); id != "" {
		f.Set("subscription", id)
	}
	return f
}

// itemLineParent says where the line of an invoice item comes from: from the item, or from the subscription that made it.
func itemLineParent(item *object.Object) *object.Object {
	details, credited := object.New(nil), object.New(nil)
	details.Set("invoice_item", item.ID())
	details.Set("proration", item.Bool("proration"))
	credited.Set("credited_items", nil)
	if lines, _ := item.At("proration_details", "credited_items", "invoice_line_item_details").(*object.Object); lines != nil {
		credited.Set("credited_items", lines.Clone())
	}
	details.Set("proration_details", credited)
	details.Set("subscription", nil)
	if id := itemSubscription(item); id != "" {
		details.Set("subscription", id)
	}
	kind, other := "invoice_item_details", "subscription_item_details"
	if of := item.At("parent", "subscription_details", "subscription_item"); of != nil {
		kind, other = other, kind
		details.Set("subscription_item", of)
	}
	parent := object.New(nil)
	parent.Set("type", kind)
	parent.Set(kind, details)
	parent.Set(other, nil)
	return parent
}

// itemRates are the ids of an item's tax rates.
func itemRates(item *object.Object) []any {
	var ids []any
	for _, v := range item.Array("tax_rates") {
		ids = append(ids, v.(*object.Object).ID())
	}
	return ids
}

// lineItemID is the id of the invoice item behind a line; empty for a subscription's.
func lineItemID(line *object.Object) string {
	for _, parent := range []string{"invoice_item_details", "subscription_item_details"} {
		if id, _ := line.At("parent", parent, "invoice_item").(string); id != "" {
			return id
		}
	}
	return ""
}

// dropLine takes a line off its invoice; its item waits again.
func dropLine(op *resource.Op, line *object.Object) error {
	if id := lineItemID(line); id != "" {
		item, err := op.Find("invoiceitem", id)
		if err != nil {
			return err
		}
		if item != nil {
			item.Set("invoice", nil)
			op.Save(item)
		}
	}
	in, err := op.Get("invoice", line.String("invoice"), "")
	if err != nil {
		return err
	}
	gone := any(line.ID())
	if err := changeOrder(op, in, func(ids []any) []any {
		return slices.DeleteFunc(ids, func(id any) bool { return id == gone })
	}); err != nil {
		return err
	}
	return op.Delete(line)
}
