package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// subscriptionBill becomes an invoice of a subscription.
type subscriptionBill struct {
	s        *object.Object
	reason   string // billing_reason
	from, to int64  // the time whose waiting items it takes: the period that is over
	charges  []itemCharge
	added    []any    // items that came with the request
	waiting  bool     // there is an invoice for waiting items alone
	only     []string // the waiting items that it takes; nil is all
}

// write makes the invoice, a draft. announce runs when its amount is known and before it is told of; without anything to
// bill, there is no invoice and announce gets none.
//
// Emits invoiceitem.created for add_invoice_items; what announce does; invoice.created.
func (b *subscriptionBill) write(op *resource.Op, announce func(in *object.Object) error) (*object.Object, error) {
	if len(b.charges) == 0 && len(b.added) == 0 && !b.waiting {
		return nil, announce(nil)
	}
	params := b.params()
	given, err := sharedDiscounts(op, b.s, b.since(op))
	if err != nil {
		return nil, err
	}
	params.Set("discounts", keptDiscounts(given))
	return op.Make("invoice", "", params, func(op *resource.Op) error {
		in := op.Object
		if err := createInvoice(op); err != nil {
			return err
		}
		in.Set("period_start", b.from)
		in.Set("period_end", b.to)
		if err := b.fill(op, in); err != nil {
			return err
		}
		if err := sumInvoice(op, in); err != nil {
			return err
		}
		b.s.Set("latest_invoice", in.ID())
		op.Save(b.s)
		return announce(in)
	})
}

// since is when the time begins that is billed in advance: now, or, when a subscription begins in the past, before.
func (b *subscriptionBill) since(op *resource.Op) int64 {
	since := op.Now().Unix()
	for _, c := range b.charges {
		since = min(since, c.since(op))
	}
	return since
}

// fill puts the lines on the invoice: what waits and what is added, then the items.
func (b *subscriptionBill) fill(op *resource.Op, in *object.Object) error {
	if _, err := addItems(op, b.s, b.added); err != nil {
		return err
	}
	if err := b.takeWaiting(op, in); err != nil {
		return err
	}
	for _, c := range b.charges {
		if err := c.addTo(op, b.s, in); err != nil {
			return err
		}
	}
	return b.describe(op, in)
}

// describe lets the statement of the customer's card say what the product of the first item says.
func (b *subscriptionBill) describe(op *resource.Op, in *object.Object) error {
	items := subscriptionItems(b.s)
	if len(items) == 0 {
		return nil
	}
	product, err := op.Find("product", items[0].Object("price").Ref("product"))
	if err == nil && product != nil {
		in.Set("statement_descriptor", product.Get("statement_descriptor"))
	}
	return err
}

// params say how the invoice is collected and what it shows: as the subscription does.
func (b *subscriptionBill) params() *object.Object {
	s := b.s
	settings := s.Object("invoice_settings")
	details := newParams("subscription", s.ID(), "metadata", s.Object("metadata").Clone())
	p := newParams("customer", s.Ref("customer"), "currency", s.String("currency"), "collection_method", s.String("collection_method"),
		"auto_advance", s.String("status") != "unpaid" && s.Object("pause_collection").String("behavior") != "keep_as_draft", "billing_reason", b.reason,
		"default_payment_method", s.Ref("default_payment_method"), "default_source", s.Ref("default_source"), "on_behalf_of", s.Ref("on_behalf_of"),
		"description", settings.Get("description"), "footer", settings.Get("footer"),
		"parent", newParams("type", "subscription_details", "subscription_details", details))
	if s.Get("days_until_due") != nil {
		p.Set("days_until_due", s.Int("days_until_due"))
	}
	for _, name := range []string{"account_tax_ids", "custom_fields"} {
		if list := settings.Array(name); len(list) > 0 {
			p.Set(name, list)
		}
	}
	if issuer := settings.Object("issuer"); issuer != nil {
		p.Set("issuer", withoutNulls(issuer))
	}
	if percent := s.Get("application_fee_percent"); percent != nil {
		p.Set("application_fee_percent", percent)
	}
	if transfer := s.Object("transfer_data"); transfer != nil {
		p.Set("transfer_data", withoutNulls(transfer))
	}
	if rates := s.Array("default_tax_rates"); len(rates) > 0 {
		ids := make([]any, len(rates))
		for i, v := range rates {
			ids[i] = v.(*object.Object).ID()
		}
		p.Set("default_tax_rates", ids)
	}
	if tax := s.Object("automatic_tax"); tax.Bool("enabled") {
		p.Set("automatic_tax", withoutNulls(newParams("enabled", true, "liability", tax.Get("liability"))))
	}
	if pay := s.Object("payment_settings"); pay != nil {
		p.Set("payment_settings", newParams("payment_method_types", pay.Get("payment_method_types"), "payment_method_options", pay.Get("payment_method_options")))
	}
	return p
}

// keptDiscounts are the parameters that give discounts again that somebody has.
func keptDiscounts(ids []any) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = newParams("discount", id)
	}
	return out
}

// takeWaiting puts the customer's waiting items on an invoice of a subscription, the newest first: those that are for no
// other subscription.
func (b *subscriptionBill) takeWaiting(op *resource.Op, in *object.Object) error {
	items, err := op.Lookup("invoiceitem", "waiting", in.Ref("customer"))
	if err != nil {
		return err
	}
	for _, item := range items {
		of := itemSubscription(item)
		if b.only != nil && !slices.Contains(b.only, item.ID()) || of != "" && of != b.s.ID() {
			continue
		}
		if item.Ref("invoice") == "" && item.String("currency") == in.String("currency") {
			if err := putOn(op, in, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// itemSubscription is the subscription that an invoice item is for; empty if it is for none.
func itemSubscription(item *object.Object) string {
	id, _ := item.At("parent", "subscription_details", "subscription").(string)
	return id
}

// addItems makes the invoice items that came along with a subscription. They wait for its next invoice.
// Emits invoiceitem.created.
func addItems(op *resource.Op, s *object.Object, added []any) (made []string, err error) {
	for i, v := range added {
		sent := v.(*object.Object)
		params := sent.Clone()
		params.Set("customer", s.Ref("customer"))
		params.Set("currency", s.String("currency"))
		params.Set("subscription", s.ID())
		if price := sent.String("price"); price != "" {
			params.Set("pricing", newParams("price", price))
			params.Delete("price")
		}
		params.Set("period", addedPeriod(op, s, sent.Object("period")))
		item, err := op.Create("invoiceitem", params)
		if err != nil {
			return nil, within(err, "add_invoice_items["+strconv.Itoa(i)+"]")
		}
		made = append(made, item.ID())
	}
	return made, nil
}

// addedPeriod is the period of an item that came along: what was sent, or the time that all items of the subscription are
// in.
func addedPeriod(op *resource.Op, s, sent *object.Object) *object.Object {
	var start int64
	for _, item := range subscriptionItems(s) {
		start = max(start, item.Int("current_period_start"))
	}
	end, _ := periodEnds(s)
	switch from := sent.Object("start"); from.String("type") {
	case "now":
		start = op.Now().Unix()
	case "timestamp":
		start = from.Int("timestamp")
	}
	if until := sent.Object("end"); until.String("type") == "timestamp" {
		end = until.Int("timestamp")
	}
	return newParams("start", start, "end", end)
}

// pauseInvoice does with a new invoice what the pause of a subscription's collection says.
// Emits what finalizing does, and invoice.voided or invoice.marked_uncollectible.
func pauseInvoice(op *resource.Op, s, in *object.Object) error {
	behavior := s.Object("pause_collection").String("behavior")
	if in == nil || behavior != "void" && behavior != "mark_uncollectible" || op.Preview() {
		return nil
	}
	in.Set("auto_advance", false)
	if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" {
		return err
	}
	if behavior == "void" {
		return voidInvoice(op, in)
	}
	return giveUpInvoice(op, in)
}
