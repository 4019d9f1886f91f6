package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How an offer becomes what it offered. The invoice that comes of it is a draft: the seller can still change it.

// asAgreed marks an item that an accepted quote or a checkout session sells: its price may have been archived since, or was
// for that alone. It marks a discount that was checked there, too.
const asAgreed = "as_agreed"

// wasAgreed reports whether an item is what was settled before, whatever became of its price since.
func wasAgreed(params *object.Object) bool { return bySchedule(params) || params.Bool(asAgreed) }

// acceptQuote takes an offer. What does not recur becomes an invoice; what recurs becomes a subscription, or a subscription
// schedule if it is to begin later, whose first invoice has the rest.
//
// Emits what making these does, then quote.accepted.
func acceptQuote(op *resource.Op) error {
	q := op.Object
	if err := op.Move(q, "accepted"); err != nil {
		return err
	}
	q.Sub("status_transitions").Set("accepted_at", op.Now().Unix())
	if err := op.SetTimer(quoteExpiry, q, time.Time{}); err != nil {
		return err
	}
	recurring, err := quoteRecurs(op, q)
	if err != nil {
		return err
	}
	become := subscribeByQuote
	switch {
	case !recurring:
		become = billQuote
	case q.Object("subscription_data").Int("effective_date") > op.Now().Unix():
		become = scheduleQuote
	}
	if err := become(op, q); err != nil {
		return err
	}
	return op.Emit("quote.accepted", q)
}

// billQuote makes the invoice of a quote of which nothing recurs.
// Emits invoiceitem.created for each item, invoice.created.
func billQuote(op *resource.Op, q *object.Object) error {
	params, err := quoteTerms(op, q, ownDiscounts)
	if err != nil {
		return err
	}
	params.Set("auto_advance", false)
	params.Set("billing_reason", "quote_accept")
	params.Set("currency", q.String("currency"))
	params.Set("parent", newParams("type", "quote_details", "quote_details", newParams("quote", q.ID())))
	if fee := q.Get("application_fee_amount"); fee != nil {
		params.Set("application_fee_amount", fee)
	}
	if transfer := q.Object("transfer_data"); transfer != nil {
		params.Set("transfer_data", newParams("destination", transfer.Ref("destination"), "amount", transfer.Get("amount")))
	}
	for name, v := range withoutNulls(q.Object("invoice_settings")).All() {
		params.Set(name, v)
	}
	items, err := quotedParams(op, q, ownDiscounts)
	if err != nil {
		return err
	}
	in, err := op.Make("invoice", "", params, func(op *resource.Op) error {
		in := op.Object
		if err := createInvoice(op); err != nil {
			return err
		}
		for _, item := range items {
			item.Set("customer", in.Ref("customer"))
			item.Set("currency", in.String("currency"))
			item.Set("pricing", newParams("price", item.String("price")))
			billed, err := op.Create("invoiceitem", item)
			if err != nil {
				return err
			}
			if err := putOn(op, in, billed); err != nil {
				return err
			}
		}
		return sumInvoice(op, in)
	})
	if err != nil {
		return err
	}
	q.Set("invoice", in.ID())
	if err := claimDiscounts(op, in.Array("discounts"), "invoice", in.ID(), in); err != nil {
		return err
	}
	return claimLineDiscounts(op, in)
}

// subscribeByQuote makes the subscription of a quote. It is active while its first invoice is a draft.
// Emits customer.subscription.created, invoiceitem.created for what is paid once, invoice.created.
func subscribeByQuote(op *resource.Op, q *object.Object) error {
	data := q.Object("subscription_data")
	params, err := quoteTerms(op, q, ownDiscounts)
	if err != nil {
		return err
	}
	params.Set("currency", q.String("currency"))
	params.Set("billing_mode", withoutNulls(data.Object("billing_mode")))
	params.Set("invoice_settings", withoutNulls(q.Object("invoice_settings")))
	if data.Get("trial_period_days") != nil {
		params.Set("trial_period_days", data.Int("trial_period_days"))
	}
	for name, v := range quoteSubscriptionTerms(q).All() {
		params.Set(name, v)
	}
	items, once, err := splitQuoted(op, q, ownDiscounts)
	if err != nil {
		return err
	}
	params.Set("items", items)
	params.Set("add_invoice_items", once)
	s, err := op.Make("subscription", "", params, func(op *resource.Op) error { return beginSubscription(op, startAsDraft) })
	if err != nil {
		return err
	}
	q.Set("subscription", s.ID())
	if err := claimDiscounts(op, s.Array("discounts"), "subscription", s.ID(), s); err != nil {
		return err
	}
	for _, item := range subscriptionItems(s) {
		if err := claimDiscounts(op, item.Array("discounts"), "subscription_item", item.ID(), s); err != nil {
			return err
		}
	}
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if in == nil || err != nil {
		return err
	}
	return claimLineDiscounts(op, in)
}

// startAsDraft writes the first invoice of a subscription and leaves it a draft, which is finalized an hour later.
func startAsDraft(op *resource.Op, s *object.Object) error {
	bill, err := firstBill(op, s)
	if err != nil {
		return err
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	if _, err := bill.write(op, func(*object.Object) error {
		s.Set("status", "active")
		if s.Int("trial_end") > 0 {
			s.Set("status", "trialing")
		}
		return op.EmitCreated()
	}); err != nil {
		return err
	}
	if s.Int("trial_end") > 0 {
		if err := scheduleTrialWarning(op, s); err != nil {
			return err
		}
	}
	return followEntitlements(op, s.Ref("customer"))
}

// scheduleQuote makes the subscription schedule of a quote that begins later: one phase of one period, after which the
// subscription goes on by itself. Coupons are redeemed when it begins.
func scheduleQuote(op *resource.Op, q *object.Object) error {
	data := q.Object("subscription_data")
	start := data.Int("effective_date")
	phase, err := quoteTerms(op, q, couponsOf)
	if err != nil {
		return err
	}
	phase.Set("currency", q.String("currency"))
	for name, v := range quoteSubscriptionTerms(q).All() {
		phase.Set(name, v)
	}
	phase.Delete("customer")
	phase.Delete("days_until_due") // it is one of the invoice_settings of a phase
	phase.Set("invoice_settings", withoutNulls(q.Object("invoice_settings")))
	items, once, err := splitQuoted(op, q, couponsOf)
	if err != nil {
		return err
	}
	phase.Set("items", items)
	phase.Set("add_invoice_items", once)
	recurring := q.Object("computed").Object("recurring")
	phase.Set("duration", newParams("interval", recurring.String("interval"), "interval_count", recurring.Int("interval_count")))
	if days := data.Int("trial_period_days"); days > 0 {
		phase.Set("trial_end", unix(start).AddDate(0, 0, int(days)).Unix())
	}
	schedule, err := op.Create("subscription_schedule", newParams("customer", q.Ref("customer"), "start_date", start, "end_behavior", "release",
		"billing_mode", withoutNulls(data.Object("billing_mode")), "phases", []any{phase}))
	if err != nil {
		return err
	}
	q.Set("subscription_schedule", schedule.ID())
	return nil
}

// quoteTerms are the parameters that an invoice and a subscription of a quote have in common.
func quoteTerms(op *resource.Op, q *object.Object, discounts namedDiscounts) (*object.Object, error) {
	given, err := discounts(op, q.Array("discounts"))
	if err != nil {
		return nil, err
	}
	p := newParams("customer", q.Ref("customer"), "collection_method", q.String("collection_method"), "on_behalf_of", q.Ref("on_behalf_of"), "discounts", given)
	if rates := q.Array("default_tax_rates"); len(rates) > 0 {
		p.Set("default_tax_rates", rates)
	}
	if auto := q.Object("automatic_tax"); auto.Bool("enabled") {
		p.Set("automatic_tax", newParams("enabled", true, "liability", withoutNulls(auto.Object("liability"))))
	}
	if days := q.Object("invoice_settings").Get("days_until_due"); days != nil {
		p.Set("days_until_due", days)
	}
	return p, nil
}

// quoteSubscriptionTerms are those of a subscription and of a phase of a schedule.
func quoteSubscriptionTerms(q *object.Object) *object.Object {
	data, transfer := q.Object("subscription_data"), q.Object("transfer_data")
	p := newParams("description", data.String("description"), "application_fee_percent", q.Get("application_fee_percent"))
	if m := data.Object("metadata"); m != nil {
		p.Set("metadata", m.Clone())
	}
	if transfer != nil {
		p.Set("transfer_data", newParams("destination", transfer.Ref("destination"), "amount_percent", transfer.Get("amount_percent")))
	}
	return p
}

// quotedParams are the items of a quote as parameters of what it becomes.
func quotedParams(op *resource.Op, q *object.Object, discounts namedDiscounts) ([]*object.Object, error) {
	items, err := quoteItems(op, q, quotedItems)
	if err != nil {
		return nil, err
	}
	params := make([]*object.Object, len(items))
	for i, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return nil, err
		}
		given, err := discounts(op, private.Array(discountIDs))
		if err != nil {
			return nil, err
		}
		params[i] = newParams(asAgreed, true, "price", item.Object("price").ID(), "quantity", item.Get("quantity"), "discounts", given)
		if rates := private.Array(taxRateIDs); len(rates) > 0 {
			params[i].Set("tax_rates", rates)
		}
	}
	return params, nil
}

// splitQuoted are the items that recur, and those that are paid once.
func splitQuoted(op *resource.Op, q *object.Object, discounts namedDiscounts) (items, once []any, err error) {
	all, err := quotedParams(op, q, discounts)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		price, err := op.Get("price", p.String("price"), "price")
		if err != nil {
			return nil, nil, err
		}
		if price.Object("recurring") != nil {
			items = append(items, p)
		} else {
			once = append(once, p)
		}
	}
	return items, once, nil
}
