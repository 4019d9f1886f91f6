package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// How a session in subscription mode becomes a subscription.

// subscribeAtSession makes the subscription of a session and pays its first invoice. Every try pays the same invoice, as
// long as it comes to the same. If nothing is due, the payment method is set up first, if there is one.
//
// Emits customer.created, payment_method.attached, setup_intent.created and what that does, customer.updated,
// customer.subscription.created, invoice.created and what paying it does, and what completeSession does.
func subscribeAtSession(op *resource.Op, s, pm *object.Object, back visit) error {
	customer, err := payingCustomer(op, s, true)
	if err != nil {
		return err
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	if s.Int("amount_total") == 0 {
		if pm == nil {
			return completeSession(op, s, nothingToPay)
		}
		return setUpSubscription(op, s, private, pm, back)
	}
	if err := attachFirst(op, s, pm, customer); err != nil {
		return err
	}
	in, err := sessionInvoice(op, s, private, pm)
	if err != nil {
		return err
	}
	_, pi, err := defaultPayment(op, in)
	if err != nil {
		return err
	}
	private.Set("payment_intent", pi.ID())
	if err := op.SetPrivate(s, private); err != nil {
		return err
	}
	if err := tieToSession(op, pi, s); err != nil {
		return err
	}
	in.Set("attempted", true)
	in.Set("attempt_count", max(in.Int("attempt_count"), 1))
	op.Save(in)
	return payIntent(op, pi, pm, back)
}

// setUpSubscription sets up the payment method of a subscription that costs nothing yet.
func setUpSubscription(op *resource.Op, s, private, pm *object.Object, back visit) error {
	si, err := op.Find("setup_intent", private.String("setup_intent"))
	if err != nil {
		return err
	}
	if si == nil {
		if si, err = newSetup(op, s, nil); err != nil {
			return err
		}
		private.Set("setup_intent", si.ID())
		if err := op.SetPrivate(s, private); err != nil {
			return err
		}
	}
	return setUpIntent(op, si, pm, back)
}

// attachFirst gives a payment method to the customer before the subscription is made, if its bank will agree to the
// payment without asking anything. What it will not agree to is not kept.
func attachFirst(op *resource.Op, s, pm, customer *object.Object) error {
	if op.Live() {
		return nil // nobody knows yet
	}
	method := keptMethod(op, pm)
	attempt := processor.Attempt{Amount: s.Int("amount_total"), Currency: s.String("currency"), Email: s.Object("customer_details").String("email")}
	if bank.Verify(method) != nil || bank.Pay(method, attempt).Step != processor.Approved || pm.Ref("customer") != "" {
		return nil
	}
	return attachTo(op, pm, customer.ID())
}

// sessionInvoice is the open invoice of the session's subscription. What was made for an earlier try is used again, unless
// it has ended or comes to something else by now.
func sessionInvoice(op *resource.Op, s, private, pm *object.Object) (*object.Object, error) {
	sub, err := op.Find("subscription", private.String("subscription"))
	if err != nil {
		return nil, err
	}
	if sub != nil && !hasEnded(sub) {
		if private.Int("billed") == s.Int("amount_total") {
			return op.Get("invoice", sub.Ref("latest_invoice"), "")
		}
		if err := expireSubscription(op, sub); err != nil {
			return nil, err
		}
	}
	if sub, err = startSubscription(op, s, private, pm); err != nil {
		return nil, err
	}
	return op.Get("invoice", sub.Ref("latest_invoice"), "")
}

// startSubscription makes the subscription that a session is for. Its first invoice, if something is due, waits to be
// paid. pm is the payment method if it is the customer's already, or nil.
func startSubscription(op *resource.Op, s, private, pm *object.Object) (*object.Object, error) {
	params, err := subscriptionParams(op, s, private)
	if err != nil {
		return nil, err
	}
	if pm != nil && pm.Ref("customer") == s.Ref("customer") {
		params.Set("default_payment_method", pm.ID())
	}
	sub, err := op.Create("subscription", params)
	if err != nil {
		return nil, err
	}
	private.Set("subscription", sub.ID())
	private.Set("billed", s.Int("amount_total"))
	return sub, op.SetPrivate(s, private)
}

// subscriptionParams are the parameters of the subscription of a session.
func subscriptionParams(op *resource.Op, s, private *object.Object) (*object.Object, error) {
	p := newParams("customer", s.Ref("customer"), "currency", s.String("currency"), "payment_behavior", "default_incomplete",
		"payment_settings", newParams("save_default_payment_method", "on_subscription", "payment_method_types", private.Get("payment_method_types")))
	for name, v := range private.Object("subscription_data").All() {
		p.Set(name, v)
	}
	if days := private.Int(manualDays); days > 0 { // nothing is due yet, and what will be is sent
		p.Delete("payment_behavior")
		p.Set("collection_method", "send_invoice")
		p.Set("days_until_due", days)
	}
	if s.Object("automatic_tax").Bool("enabled") {
		p.Set("automatic_tax", newParams("enabled", true))
	}
	for _, v := range s.Array("discounts") {
		given := v.(*object.Object)
		if code := given.Ref("promotion_code"); code != "" {
			p.Set("discounts", []any{newParams("promotion_code", code, asAgreed, true)})
		} else {
			p.Set("discounts", []any{newParams("coupon", given.Ref("coupon"))})
		}
	}
	items, err := lineItems(op, s)
	if err != nil {
		return nil, err
	}
	var recurring, once []any
	for _, item := range items {
		sold, err := billedParams(op, item)
		if err != nil {
			return nil, err
		}
		if item.Object("price").Object("recurring") != nil {
			recurring = append(recurring, sold)
		} else {
			once = append(once, sold)
		}
	}
	p.Set("items", recurring)
	if len(once) > 0 {
		p.Set("add_invoice_items", once)
	}
	return p, nil
}

// billedParams are the parameters of what is billed for a line item.
func billedParams(op *resource.Op, item *object.Object) (*object.Object, error) {
	p, err := soldParams(op, item)
	if err != nil {
		return nil, err
	}
	p.Set(asAgreed, true)
	p.Set(agreedAmount, item.Int("amount_subtotal"))
	return p, nil
}

// soldParams are the parameters of an item like this one.
func soldParams(op *resource.Op, item *object.Object) (*object.Object, error) {
	private, err := op.Private(item)
	if err != nil {
		return nil, err
	}
	p := newParams("price", item.Object("price").ID(), "quantity", item.Get("quantity"), asAgreed, private.Bool(ownPrice))
	if rates := private.Array("tax_rates"); len(rates) > 0 {
		p.Set("tax_rates", slices.Clone(rates))
	}
	if notes := item.Object("metadata"); notes.Len() > 0 {
		p.Set("metadata", notes.Clone())
	}
	return p, nil
}
