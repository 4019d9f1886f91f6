package billing

import (
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// followCheckout lets the session that an intent is for, if it is for one, go on as the intent has: it is complete once
// the customer has nothing left to do, and paid once the money is there.
//
// Emits what completeSession does; checkout.session.async_payment_succeeded or .async_payment_failed.
func followCheckout(op *resource.Op, intent *object.Object) error {
	if op.Requested(intent) { // spares the most frequent payments a look
		return nil
	}
	private, err := op.Private(intent)
	if err != nil || private.String("checkout") == "" {
		return err
	}
	s, err := op.Find("checkout.session", private.String("checkout"))
	if s == nil || err != nil {
		return err
	}
	switch status := intent.String("status"); {
	case s.String("status") == "open" && isDone(intent):
		return completeSession(op, s, paymentStatus(s, intent))
	case s.String("status") != "complete" || s.String("payment_status") != "unpaid":
		return nil
	case status == succeeded:
		return sessionPaid(op, s, intent)
	case status == requiresMethod && private.Bool("delayed"):
		return op.Emit("checkout.session.async_payment_failed", s)
	}
	return nil
}

// isDone reports whether the customer has nothing left to do on the page: the intent has succeeded, waits for the bank or
// the seller, or the customer was told how to pay elsewhere.
func isDone(intent *object.Object) bool {
	switch intent.String("status") {
	case succeeded, processing, requiresCapture:
		return true
	case requiresAction:
		shown := intent.Object("next_action").String("type")
		return strings.HasSuffix(shown, "_display_details") || shown == "display_bank_transfer_instructions"
	}
	return false
}

func paymentStatus(s, intent *object.Object) string {
	switch {
	case intent.String("object") == "setup_intent":
		return nothingToPay
	case intent.String("status") == succeeded:
		return "paid"
	}
	return "unpaid"
}

// completeSession ends a session whose customer has done what they had to do.
//
// Emits what the subscription or the invoice does, payment_link.updated, checkout.session.completed.
func completeSession(op *resource.Op, s *object.Object, status string) error {
	if err := op.Move(s, "complete"); err != nil {
		return err
	}
	s.Set("payment_status", status)
	s.Set("url", nil)
	if err := op.SetTimer(sessionExpiry, s, time.Time{}); err != nil {
		return err
	}
	if err := noteDelay(op, s); err != nil {
		return err
	}
	given, err := redeemOffers(op, s)
	if err != nil {
		return err
	}
	switch s.String("mode") {
	case modeSubscription:
		err = finishSubscription(op, s)
	case modePayment:
		err = keepSessionMethod(op, s)
		if err == nil && s.Object("invoice_creation").Bool("enabled") && status != "unpaid" {
			err = invoiceSession(op, s, given)
		}
	}
	if err != nil {
		return err
	}
	if err := countCompleted(op, s); err != nil {
		return err
	}
	return op.Emit("checkout.session.completed", s)
}

// noteDelay remembers of an unpaid session's payment that it is the bank or the customer that it waits for: a payment that
// only has to be captured cannot fail any more.
func noteDelay(op *resource.Op, s *object.Object) error {
	pi, err := sessionIntent(op, s)
	if pi == nil || err != nil || pi.String("status") == requiresCapture || pi.String("status") == succeeded {
		return err
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	private.Set("delayed", true)
	return op.SetPrivate(pi, private)
}

// sessionIntent is the payment intent of a session, which in subscription mode is that of the first invoice; nil if there
// is none.
func sessionIntent(op *resource.Op, s *object.Object) (*object.Object, error) {
	if s.String("mode") == modePayment {
		return op.Find("payment_intent", s.Ref("payment_intent"))
	}
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	sub, err := op.Find("subscription", private.String("subscription"))
	if sub == nil || err != nil {
		return nil, err
	}
	in, err := op.Find("invoice", sub.Ref("latest_invoice"))
	if in == nil || err != nil {
		return nil, err
	}
	_, pi, err := defaultPayment(op, in)
	return pi, err
}

// sessionPaid notes that the money of a complete session is there.
func sessionPaid(op *resource.Op, s, pi *object.Object) error {
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	s.Set("payment_status", "paid")
	op.Save(s)
	if s.String("mode") == modePayment && s.Object("invoice_creation").Bool("enabled") {
		given, err := op.Private(s)
		if err != nil {
			return err
		}
		if err := invoiceSession(op, s, given.Array("given")); err != nil {
			return err
		}
	}
	if !private.Bool("delayed") { // captured by the seller, which Stripe does not announce (?)
		return nil
	}
	return op.Emit("checkout.session.async_payment_succeeded", s)
}

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

// keepSessionMethod says of a payment method that is kept with the customer whether later pages may show it.
func keepSessionMethod(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	shown, _ := private.At("payment_method_data", "allow_redisplay").(string)
	pi, err := sessionIntent(op, s)
	if shown == "" || pi == nil || err != nil {
		return err
	}
	pm, err := op.Find("payment_method", pi.Ref("payment_method"))
	if pm == nil || err != nil {
		return err
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
