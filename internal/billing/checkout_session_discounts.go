package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The discounts of a checkout session: those that the seller gives, or the code that the customer types. They are only
// redeemed when the session is complete.

// sessionDiscounts takes what the seller sent.
func sessionDiscounts(op *resource.Op, s *object.Object) error {
	sent := op.Params.Array("discounts")
	if len(sent) > 1 {
		return apierr.Invalid("", "discounts", "You can only pass one discount to a Checkout Session.")
	}
	s.Set("discounts", []any{})
	if s.String("mode") == modeSetup {
		s.Set("discounts", nil)
	}
	for i, v := range sent {
		given, param := v.(*object.Object), "discounts["+strconv.Itoa(i)+"]"
		if given.String("coupon") != "" && given.String("promotion_code") != "" {
			return onlyOne(inside(param, "coupon"), inside(param, "promotion_code"))
		}
		if err := giveToSession(op, s, given, param); err != nil {
			return err
		}
	}
	return nil
}

// giveToSession gives a session the discount of a coupon or a promotion code, in place of the one that it has.
func giveToSession(op *resource.Op, s, given *object.Object, param string) error {
	coupon, code, err := offerSession(op, s, given, param)
	if err != nil {
		return err
	}
	shown := newParams("coupon", coupon.ID())
	shown.Set("promotion_code", textOrNull(code.ID()))
	s.Set("discounts", []any{shown})
	return nil
}

// offerSession is the coupon that may be used for what a session sells as it is now.
func offerSession(op *resource.Op, s, given *object.Object, param string) (coupon, code *object.Object, err error) {
	g := sessionGiving(s, param)
	if given.Ref("promotion_code") != "" {
		if g.spends, err = itemsSubtotal(op, s); err != nil {
			return nil, nil, err
		}
	}
	return g.offer(op, newParams("coupon", given.Ref("coupon"), "promotion_code", given.Ref("promotion_code")), param)
}

func sessionGiving(s *object.Object, param string) giving {
	return giving{param: param, currency: s.String("currency"), to: newParams("checkout_session", s.ID(), "customer", s.Ref("customer"))}
}

// typePromotion takes the code that a customer typed; an empty one takes the discount away.
func typePromotion(op *resource.Op, s *object.Object, typed string) error {
	const param = "promotion_code"
	if !s.Bool("allow_promotion_codes") {
		return apierr.Invalid("", param, "This Checkout Session does not take promotion codes.")
	}
	if typed == "" {
		s.Set("discounts", []any{})
		return nil
	}
	codes, err := op.Lookup("promotion_code", "code", strings.ToLower(typed))
	if err != nil {
		return err
	}
	customer := s.Ref("customer")
	for _, code := range codes {
		if owner := code.Ref("customer"); code.Bool("active") && (owner == "" || owner == customer) {
			return giveToSession(op, s, newParams("promotion_code", code.ID()), "")
		}
	}
	return apierr.Invalid("resource_missing", param, "No such promotion code: '%s'", typed)
}

// itemsSubtotal is what the items of a session cost together, before discounts.
func itemsSubtotal(op *resource.Op, s *object.Object) (int64, error) {
	items, err := lineItems(op, s)
	if err != nil {
		return 0, err
	}
	sold, err := newSoldItems(op, items, s.String("currency"), nil)
	if err != nil {
		return 0, err
	}
	return sold.totals().subtotal, nil
}

// sessionOffers are the discounts of a session, not redeemed yet: those that can be are checked anew.
func sessionOffers(op *resource.Op, s *object.Object) ([]offer, error) {
	var offers []offer
	for _, v := range s.Array("discounts") {
		given := v.(*object.Object)
		g := sessionGiving(s, "discounts[0]")
		coupon, code, err := offerSession(op, s, given, "discounts[0]")
		if err != nil {
			return nil, err
		}
		o := offer{coupon: coupon, code: code}
		private, err := op.Private(coupon)
		if err != nil {
			return nil, err
		}
		o.products = private.Object("applies_to").Array("products")
		if o.off, err = g.offOf(coupon, private, "discounts[0]"); err != nil {
			return nil, err
		}
		if o.shown, err = op.Draft("discount", g.params(code)); err != nil {
			return nil, err
		}
		o.id = o.shown.ID()
		o.shown.Set("source", newParams("coupon", coupon.ID(), "type", "coupon"))
		o.shown.Set("start", op.Now().Unix())
		offers = append(offers, o)
	}
	return offers, nil
}
