package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// previewInvoice answers what a customer's next invoice would be, as things are or after a change. Nothing is kept: it is
// one of Rules.Previews, so the change is really made, time really passes (op.Backdate) and the invoice is really written.
// It cannot differ from what it shows, but for the time that goes by until then: proration_date holds that.
func previewInvoice(op *resource.Op) error {
	p := op.Params
	if p.String("subscription") != "" && p.String("schedule") != "" {
		return onlyOne("subscription", "schedule")
	}
	customer, err := previewedCustomer(op)
	if err != nil {
		return err
	}
	if err := previewItems(op, customer); err != nil {
		return err
	}
	in, err := upcoming(op, customer)
	if err != nil {
		return err
	}
	if in == nil {
		e := apierr.Invalid("invoice_upcoming_none", "", "No upcoming invoices for customer: %s", customer.ID())
		e.Status = 404
		return e
	}
	return showPreview(op, in)
}

// upcoming is the invoice to show, or nil if nothing is due.
func upcoming(op *resource.Op, customer *object.Object) (*object.Object, error) {
	p := op.Params
	switch {
	case p.String("schedule") != "" || p.Object("schedule_details") != nil:
		return upcomingOfSchedule(op, customer)
	case p.String("subscription") != "":
		s, err := op.Get("subscription", p.String("subscription"), "subscription")
		if err != nil {
			return nil, err
		}
		return upcomingOfChange(op, s)
	case len(p.Object("subscription_details").Array("items")) > 0:
		return upcomingOfNew(op, customer)
	}
	s, err := soonestSubscription(op, customer)
	if err != nil {
		return nil, err
	}
	if s != nil {
		if in, err := upcomingOfChange(op, s); in != nil || err != nil {
			return in, err
		}
	}
	return pendingInvoice(op, customer)
}

// previewedCustomer is the customer who is billed: the one that is named, the one of what is named, or one made up from
// customer_details.
func previewedCustomer(op *resource.Op) (*object.Object, error) {
	p, details := op.Params, op.Params.Object("customer_details")
	id := p.String("customer")
	for _, kind := range []string{"subscription", "subscription_schedule"} {
		name := map[string]string{"subscription": "subscription", "subscription_schedule": "schedule"}[kind]
		if p.String(name) == "" {
			continue
		}
		o, err := op.Get(kind, p.String(name), name)
		if err != nil {
			return nil, err
		}
		if id != "" && o.Ref("customer") != id {
			return nil, apierr.Invalid("", name, "The %s %s belongs to another customer.", name, o.ID())
		}
		id = o.Ref("customer")
	}
	known := object.New(nil)
	for _, name := range []string{"address", "shipping", "tax", "tax_exempt"} {
		if details.Has(name) {
			known.Set(name, details.Get(name))
		}
	}
	if id == "" {
		if details == nil {
			return nil, missingParam("customer")
		}
		return op.Create("customer", known)
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil || known.Len() == 0 {
		return customer, err
	}
	return customer, within(op.Update(customer, known), "customer_details")
}

// previewItems makes the invoice items that were sent, and changes those that wait already. A recurring invoice has none.
func previewItems(op *resource.Op, customer *object.Object) error {
	for i, v := range op.Params.Array("invoice_items") {
		if err := previewItem(op, customer, v.(*object.Object)); err != nil {
			return within(err, "invoice_items["+strconv.Itoa(i)+"]")
		}
	}
	return nil
}

func previewItem(op *resource.Op, customer, sent *object.Object) error {
	params := sent.Clone()
	if id := params.String("price"); id != "" {
		params.Set("pricing", newParams("price", id))
		params.Delete("price")
	}
	if params.Has("unit_amount") {
		params.Set("unit_amount_decimal", strconv.FormatInt(params.Int("unit_amount"), 10))
		params.Delete("unit_amount")
	}
	if id := sent.String("invoiceitem"); id != "" {
		item, err := op.Get("invoiceitem", id, "invoiceitem")
		if err != nil {
			return err
		}
		if item.Ref("invoice") != "" {
			return apierr.Invalid("", "invoiceitem", "The invoice item %s is on an invoice already.", id)
		}
		params.Delete("invoiceitem")
		return op.Update(item, params)
	}
	params.Set("customer", customer.ID())
	if data := params.Object("price_data"); data != nil {
		params.Set("currency", data.String("currency"))
	} else if !params.Has("currency") && customer.String("currency") != "" {
		params.Set("currency", customer.String("currency"))
	}
	_, err := op.Create("invoiceitem", params)
	return err
}

// pendingInvoice bills the items of a customer that wait, in one currency.
func pendingInvoice(op *resource.Op, customer *object.Object) (*object.Object, error) {
	items, err := op.Lookup("invoiceitem", "waiting", customer.ID())
	if err != nil || len(items) == 0 {
		return nil, err
	}
	p := op.Params
	currency := p.String("currency")
	if currency == "" {
		currency = items[0].String("currency")
	}
	in, err := op.Create("invoice", newParams("customer", customer.ID(), "currency", currency, "pending_invoice_items_behavior", "include", "discounts", p.Get("discounts"),
		"automatic_tax", p.Get("automatic_tax"), "on_behalf_of", p.String("on_behalf_of"), "auto_advance", true))
	if err != nil {
		return nil, err
	}
	if lines, err := linesOf(op, in); len(lines) == 0 || err != nil {
		return nil, err
	}
	return in, nil
}

// showPreview answers an invoice as one that does not exist yet, with all of its lines.
func showPreview(op *resource.Op, in *object.Object) error {
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	out := in.Clone()
	out.Set("id", "upcoming_"+in.ID())
	out.Set("billing_reason", "upcoming")
	data := make([]any, len(lines))
	for i, line := range lines {
		shown := line.Clone()
		shown.Set("id", "il_tmp_"+line.ID()[len("il_"):])
		shown.Set("invoice", out.ID())
		data[i] = shown
	}
	out.Set("lines", resource.NewList("/v1/invoices/"+out.ID()+"/lines", data, false))
	op.Result = out
	return nil
}
