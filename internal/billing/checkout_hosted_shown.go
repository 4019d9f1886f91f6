package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// hostedOf is what the hosted page of a session shows. kept is the card that was typed before and need not be typed again.
func hostedOf(op *resource.Op, s, kept *object.Object) (*object.Object, error) {
	page, err := pageOf(op, s)
	if err != nil {
		return nil, err
	}
	intent, err := pageIntent(op, s)
	if err != nil {
		return nil, err
	}
	v := newParams("session", s.Clone(), "page", page, "redirect", SessionRedirect(s), "home", sessionURL(op, s))
	if intent != nil {
		v.Set("intent", intent.Clone())
	}
	if kept != nil {
		v.Set("kept", kept.Clone())
	}
	recovery := s.Object("after_expiration").Object("recovery")
	if recovery.String("url") != "" && recovery.Int("expires_at") > op.Now().Unix() {
		v.Set("recovery", recovery.String("url"))
	}
	for _, step := range []func(*resource.Op, *object.Object, *object.Object) error{hostedOptional, hostedCoupons, hostedTerms, hostedPlace, hostedLink, hostedManual} {
		if err := step(op, s, v); err != nil {
			return nil, err
		}
	}
	v.Set("seen", markVisit(s, v))
	return v, nil
}

// hostedOptional shows what the customer can add, and as how much of it they have: none if its quantity is 0.
func hostedOptional(op *resource.Op, s, v *object.Object) error {
	var shown []any
	for _, offered := range s.Array("optional_items") {
		offer := offered.(*object.Object)
		price, err := op.Get("price", offer.String("price"), "optional_items")
		if err != nil {
			return err
		}
		product, err := op.Get("product", price.Ref("product"), "optional_items")
		if err != nil {
			return err
		}
		item, err := optionalItem(op, s, price.ID())
		if err != nil {
			return err
		}
		one := newParams("price", price.Clone(), "name", product.String("name"), "description", product.String("description"), "item", item.ID(),
			"offered", offer.Int("quantity"), "quantity", item.Int("quantity"))
		if bounds := offer.Object("adjustable_quantity"); bounds.Bool("enabled") {
			one.Set("adjustable_quantity", bounds.Clone())
		}
		shown = append(shown, one)
	}
	v.Set("optional_items", shown)
	return nil
}

// hostedCoupons shows the terms of the coupons.
func hostedCoupons(op *resource.Op, s, v *object.Object) error {
	var shown []any
	for _, given := range s.Array("discounts") {
		coupon, err := op.Find("coupon", given.(*object.Object).Ref("coupon"))
		if err != nil {
			return err
		}
		if coupon != nil {
			shown = append(shown, coupon.Clone())
		}
	}
	v.Set("coupons", shown)
	return nil
}

// hostedTerms shows what a subscription costs from its second bill on, and until when it is free. There is no amount
// if its prices are due at different times, or depend on what is used.
func hostedTerms(op *resource.Op, s, v *object.Object) error {
	if s.String("mode") != modeSubscription {
		return nil
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	data := private.Object("subscription_data")
	terms := newParams("trial_period_days", data.Int("trial_period_days"), "trial_end", data.Int("trial_end"), "billing_cycle_anchor", data.Int("billing_cycle_anchor"))
	v.Set("recurring", terms)
	items, err := lineItems(op, s)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(slices.Clone(items), func(item *object.Object) bool { return !recurs(item) })
	every := items[0].Object("price").Object("recurring")
	if slices.ContainsFunc(items, func(item *object.Object) bool {
		return intervalOf(item.Object("price")) != intervalOf(items[0].Object("price")) || item.Get("quantity") == nil
	}) {
		return nil
	}
	sold, err := pricedAt(op, s, items)
	if err != nil {
		return err
	}
	sold.offers, err = lastingOffers(op, s)
	if apierr.As(err) != nil { // a code that counts no more; that is said when they pay
		return nil
	}
	if err != nil {
		return err
	}
	if err := sold.settleAt(op, s); err != nil {
		return err
	}
	terms.Set("amount", sold.totals().total)
	terms.Set("interval", every.String("interval"))
	terms.Set("interval_count", max(every.Int("interval_count"), 1))
	return nil
}

// lastingOffers are the discounts that count for more than one bill.
func lastingOffers(op *resource.Op, s *object.Object) ([]offer, error) {
	offers, err := sessionOffers(op, s)
	return slices.DeleteFunc(offers, func(o offer) bool { return o.coupon.String("duration") == "once" }), err
}

// hostedPlace says whether the seller knows where the customer is taxed, and where the customer says to be so far.
func hostedPlace(op *resource.Op, s, v *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	if region := private.Object("tax_region"); region != nil {
		v.Set("region", region.Clone())
	}
	customer, err := op.Find("customer", s.Ref("customer"))
	if customer == nil || err != nil {
		return err
	}
	address, _ := taxAddress(customer)
	_, located := locate(address)
	v.Set("located", located)
	return nil
}

// hostedLink shows what the seller of a payment link says when it is paid.
func hostedLink(op *resource.Op, s, v *object.Object) error {
	link, err := op.Find("payment_link", s.Ref("payment_link"))
	if text := link.Object("after_completion").Object("hosted_confirmation").String("custom_message"); text != "" {
		v.Set("message", text)
	}
	return err
}
