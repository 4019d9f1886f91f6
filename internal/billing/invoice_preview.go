package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// previewInvoice answers what the customer's next invoice would be: the items that wait, those that are sent, or those
// that wait as they would be if they were changed. Nothing is kept: it is one of Rules.Previews, so that it may change a
// subscription, turn its period (op.Backdate to the period's end) and bill it just as it would really be.
func previewInvoice(op *resource.Op) error {
	p := op.Params
	id := p.String("customer")
	if id == "" {
		return missingParam("customer")
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return err
	}
	items, err := previewItems(op, customer, p)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		e := apierr.Invalid("invoice_upcoming_none", "", "No upcoming invoices for customer: %s", id)
		e.Status = 404
		return e
	}
	in, err := op.Draft("invoice", newParams("customer", id, "currency", items[0].String("currency"), "automatic_tax", p.Get("automatic_tax")))
	if err != nil {
		return err
	}
	in.Set("id", "upcoming_"+in.ID())
	in.Set("status", "draft")
	in.Set("billing_reason", "upcoming")
	in.Set("auto_advance", true)
	in.Delete("confirmation_secret")
	return fillPreview(op, in, items)
}

// fillPreview gives a preview its lines and sums.
func fillPreview(op *resource.Op, in *object.Object, items []*object.Object) error {
	b := &bill{in: in, known: map[string]deduction{}, rates: map[string][]*object.Object{}}
	for _, item := range items {
		line, err := op.Draft("line_item", object.New(nil))
		if err != nil {
			return err
		}
		for name, v := range itemLine(item).All() {
			line.Set(name, v)
		}
		line.Set("id", "il_tmp_"+line.ID()[len("il_"):])
		line.Set("invoice", in.ID())
		line.Set("currency", in.String("currency"))
		for _, v := range item.Array("tax_rates") {
			b.rates[line.ID()] = append(b.rates[line.ID()], v.(*object.Object))
		}
		b.lines = append(b.lines, line)
	}
	given, err := giving{param: "discounts", currency: in.String("currency"), draft: true, to: newParams("customer", in.Ref("customer"))}.
		give(op, op.Params.Array("discounts"))
	if err != nil {
		return err
	}
	for _, d := range given {
		b.known[d.id] = d
	}
	in.Set("discounts", deductionIDs(given))
	if err := b.sum(op); err != nil {
		return err
	}
	showLines(in, b.lines)
	in.Sub("lines").Set("url", "/v1/invoices/"+in.ID()+"/lines")
	op.Result = in
	return nil
}

// previewItems are the waiting items and those that were sent, the newest first.
func previewItems(op *resource.Op, customer, p *object.Object) ([]*object.Object, error) {
	pending, err := op.Lookup("invoiceitem", "customer", customer.ID())
	if err != nil {
		return nil, err
	}
	changed := map[string]*object.Object{}
	var added []*object.Object
	for i, v := range p.Array("invoice_items") {
		item, err := previewItem(op, customer, v.(*object.Object))
		if err != nil {
			return nil, within(err, "invoice_items["+strconv.Itoa(i)+"]")
		}
		if id := v.(*object.Object).String("invoiceitem"); id != "" {
			changed[id] = item
		} else {
			added = append(added, item)
		}
	}
	currency := p.String("currency")
	for _, item := range pending {
		if item.Ref("invoice") != "" {
			continue
		}
		if now := changed[item.ID()]; now != nil {
			item = now
		}
		added = append(added, item)
	}
	if currency == "" && len(added) > 0 {
		currency = added[0].String("currency")
	}
	var items []*object.Object
	for _, item := range added {
		if item.String("currency") == currency {
			items = append(items, item)
		}
	}
	return items, nil
}

// previewItem is an item as it would be: a new one, or a waiting one after a change.
func previewItem(op *resource.Op, customer, sent *object.Object) (*object.Object, error) {
	params := sent.Clone()
	if id := params.String("price"); id != "" {
		params.Set("pricing", newParams("price", id))
		params.Delete("price")
	}
	if params.Has("unit_amount") {
		params.Set("unit_amount_decimal", strconv.FormatInt(params.Int("unit_amount"), 10))
	}
	if data := params.Object("price_data"); data != nil { // no price is made for it
		if err := priceInline(op, params, data); err != nil {
			return nil, err
		}
	}
	discounts := params.Array("discounts")
	params.Delete("discounts")
	if len(discounts) > 0 {
		return nil, apierr.NotImplemented("A preview of discounts of single items")
	}
	if id := sent.String("invoiceitem"); id != "" {
		item, err := op.Get("invoiceitem", id, "invoiceitem")
		if err != nil {
			return nil, err
		}
		now := item.Clone()
		for _, name := range []string{"amount", "description", "discountable"} {
			if params.Has(name) {
				now.Set(name, params.Get(name))
			}
		}
		for _, name := range []string{"amount", "quantity", "pricing", "price_data", "unit_amount_decimal"} {
			if params.Has(name) {
				return now, repriceItem(op, now, item, params)
			}
		}
		return now, nil
	}
	item, err := op.Draft("invoiceitem", params)
	if err != nil {
		return nil, err
	}
	item.Set("customer", customer.ID())
	item.Set("discounts", []any{})
	item.Set("proration", false)
	item.Set("period", newParams("start", op.Now().Unix(), "end", op.Now().Unix()))
	if err := amountOfItem(op, item, params); err != nil {
		return nil, err
	}
	if !params.Has("discountable") {
		item.Set("discountable", item.Int("amount") >= 0)
	}
	return item, nil
}

// priceInline says in an item's own parameters what one piece costs.
func priceInline(op *resource.Op, params, data *object.Object) error {
	product, err := op.Get("product", data.String("product"), "price_data[product]")
	if err != nil {
		return err
	}
	unit := data.String("unit_amount_decimal")
	if data.Has("unit_amount") {
		unit = strconv.FormatInt(data.Int("unit_amount"), 10)
	}
	params.Delete("price_data")
	params.Set("currency", data.String("currency"))
	params.Set("unit_amount_decimal", unit)
	if !params.Has("description") {
		params.Set("description", product.String("name"))
	}
	return nil
}
