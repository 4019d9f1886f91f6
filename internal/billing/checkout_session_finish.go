package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What is left to do when the customer of a checkout session has done their part.

// finishSubscription shows the subscription of a session, which is made now if nothing was due. It is paid with what the
// customer chose from now on.
func finishSubscription(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	sub, err := op.Find("subscription", private.String("subscription"))
	if err != nil {
		return err
	}
	if sub == nil {
		pm, err := setUpMethod(op, private)
		if err != nil {
			return err
		}
		if sub, err = startSubscription(op, s, private, pm); err != nil {
			return err
		}
	}
	s.Set("subscription", sub.ID())
	s.Set("invoice", textOrNull(sub.Ref("latest_invoice")))
	pi, err := sessionIntent(op, s)
	if err != nil || pi.String("status") != processing {
		return err
	}
	return awaitFirst(op, sub, pi)
}

// setUpMethod is the payment method that was set up for a subscription; nil if none was needed.
func setUpMethod(op *resource.Op, private *object.Object) (*object.Object, error) {
	si, err := op.Find("setup_intent", private.String("setup_intent"))
	if si == nil || err != nil {
		return nil, err
	}
	return op.Find("payment_method", si.Ref("payment_method"))
}

// awaitFirst lets a subscription begin whose first payment takes days.
// Emits customer.subscription.updated.
func awaitFirst(op *resource.Op, sub, pi *object.Object) error {
	if sub.Ref("default_payment_method") == "" {
		sub.Set("default_payment_method", pi.Ref("payment_method"))
		op.Save(sub)
	}
	in, err := op.Get("invoice", sub.Ref("latest_invoice"), "")
	if err != nil {
		return err
	}
	return followInvoice(op, in)
}

// keepSessionMethod says of a payment method that the customer keeps whether later pages may show it: what was left for
// payments to come may always be shown, what was kept along the way only if the customer or the seller wanted it.
func keepSessionMethod(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	intent, err := pageIntent(op, s)
	if intent == nil || err != nil {
		return err
	}
	pm, err := op.Find("payment_method", intent.Ref("payment_method"))
	if err != nil || pm.Ref("customer") == "" {
		return err
	}
	shown, sent := "limited", private.Object("payment_method_data").String("allow_redisplay")
	switch {
	case private.Bool("saves"):
		shown = "always"
	case pm.String("allow_redisplay") != "unspecified":
		return nil // it was kept before
	case sent != "":
		shown = sent
	case s.String("mode") == modeSetup:
		shown = "always"
	}
	pm.Set("allow_redisplay", shown)
	op.Save(pm)
	return nil
}

// redeemOffers gives the discounts of a session in payment mode for good, and shows them. Those of a subscription were
// given to it.
func redeemOffers(op *resource.Op, s *object.Object) ([]any, error) {
	if s.String("mode") != modePayment {
		return nil, nil
	}
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	var ids []any
	for _, v := range s.Array("discounts") {
		given := v.(*object.Object)
		coupon, err := op.Find("coupon", given.Ref("coupon"))
		if coupon == nil || err != nil {
			return nil, err
		}
		code, err := op.Find("promotion_code", given.Ref("promotion_code"))
		if err != nil {
			return nil, err
		}
		terms, err := op.Private(coupon)
		if err != nil {
			return nil, err
		}
		d := deduction{products: terms.Object("applies_to").Array("products")}
		g := sessionGiving(s, "discounts")
		if d.off, err = g.offOf(coupon, terms, "discounts"); err != nil {
			return nil, err
		}
		if err := g.keep(op, coupon, code, &d); err != nil {
			return nil, err
		}
		ids = append(ids, d.id)
		if err := nameDiscount(op, s, d.id); err != nil {
			return nil, err
		}
	}
	private.Set("given", ids)
	return ids, op.SetPrivate(s, private)
}

// nameDiscount puts the discount that was given where the session and its items show what it takes off.
func nameDiscount(op *resource.Op, s *object.Object, id string) error {
	discount, err := op.Get("discount", id, "")
	if err != nil {
		return err
	}
	items, err := lineItems(op, s)
	if err != nil {
		return err
	}
	for _, owner := range append(items, s) {
		private, err := op.Private(owner)
		if err != nil {
			return err
		}
		shown := private.Array("discounts")
		if owner == s {
			shown = private.Object("total_details").Object("breakdown").Array("discounts")
		}
		for _, v := range shown {
			v.(*object.Object).Set("discount", discount.Clone())
		}
		if err := op.SetPrivate(owner, private); err != nil {
			return err
		}
	}
	return nil
}
