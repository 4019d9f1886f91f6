package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a checkout session comes to.

// sumSession works a session out anew: its line items, discounts, shipping and taxes.
func sumSession(op *resource.Op, s *object.Object) error {
	if s.String("mode") == modeSetup {
		return nil
	}
	sold, err := soldAt(op, s)
	if err != nil {
		return err
	}
	if err := sold.showItems(op); err != nil {
		return err
	}
	t := sold.totals()
	s.Set("amount_subtotal", t.subtotal)
	s.Set("amount_total", t.total)
	s.Set("total_details", newParams("amount_discount", t.discount, "amount_shipping", t.shipping, "amount_tax", t.tax))
	if s.Object("automatic_tax").Bool("enabled") {
		s.Object("automatic_tax").Set("status", sold.status)
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	whole, err := sold.breakdown(op)
	if err != nil {
		return err
	}
	private.Sub("total_details").Set("breakdown", whole)
	if err := showShipping(op, s, private, sold.shipping); err != nil {
		return err
	}
	op.Save(s)
	return op.SetPrivate(s, private)
}

// soldAt is what is sold at a session, with discounts and taxes.
func soldAt(op *resource.Op, s *object.Object) (*soldItems, error) {
	items, err := lineItems(op, s)
	if err != nil {
		return nil, err
	}
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	sold, err := pricedAt(op, s, items)
	if err != nil {
		return nil, err
	}
	for _, l := range sold.lines {
		if l.amount, err = dueToday(op, private.Object("subscription_data"), l.item.Object("price"), l.amount); err != nil {
			return nil, err
		}
	}
	if sold.offers, err = sessionOffers(op, s); err != nil {
		return nil, err
	}
	if sold.shipping, err = shippingOf(op, s, private); err != nil {
		return nil, err
	}
	return sold, sold.settleAt(op, s)
}

// pricedAt is what items of a session cost, before discounts and taxes, and by which rates they are taxed.
func pricedAt(op *resource.Op, s *object.Object, items []*object.Object) (*soldItems, error) {
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	fallback, err := taxRates(op, private.Object("subscription_data").Array("default_tax_rates"), "subscription_data[default_tax_rates]")
	if err != nil {
		return nil, err
	}
	if len(fallback) == 0 {
		fallback = nil
	}
	return newSoldItems(op, items, s.String("currency"), fallback)
}

// settleAt takes the discounts off and works out the taxes.
func (sold *soldItems) settleAt(op *resource.Op, s *object.Object) error {
	sold.discount()
	if !s.Object("automatic_tax").Bool("enabled") {
		customer, err := op.Find("customer", s.Ref("customer"))
		if err != nil {
			return err
		}
		return sold.taxByRates(customer)
	}
	buyer, err := sessionBuyer(op, s)
	if err != nil {
		return err
	}
	return sold.taxByLocation(op, buyer, op.Now())
}

// dueToday is what of the amount of a price is due when a subscription begins: nothing in a trial, and a part when the
// first period is one. data is subscription_data, nil for none.
func dueToday(op *resource.Op, data, price *object.Object, amount int64) (int64, error) {
	config := data.Object("billing_cycle_anchor_config")
	switch {
	case price.Object("recurring") == nil, data == nil:
		return amount, nil
	case data.Int("trial_period_days") > 0, data.Int("trial_end") > 0:
		return 0, nil
	case data.Int("billing_cycle_anchor") == 0 && config == nil:
		return amount, nil
	case data.String("proration_behavior") == "none":
		return 0, nil
	}
	anchor, interval := unix(data.Int("billing_cycle_anchor")), intervalOf(price)
	if config != nil {
		var err error
		if anchor, err = configuredAnchor(config, interval, op.Now()); err != nil {
			return 0, within(err, "subscription_data")
		}
	}
	start, end := interval.Around(anchor, op.Now())
	return money.Share(amount, end.Unix()-op.Now().Unix(), end.Unix()-start.Unix()), nil
}

// shippingOf is the way of shipping that was chosen; nil for none.
func shippingOf(op *resource.Op, s, private *object.Object) (*soldItem, error) {
	id := private.String("shipping_rate")
	if id == "" {
		return nil, nil
	}
	rate, err := op.Get("shipping_rate", id, "shipping_rate")
	if err != nil {
		return nil, err
	}
	l := &soldItem{code: rate.Ref("tax_code")}
	if l.code == "" {
		l.code = shippingTaxCode
	}
	l.amount, l.behavior, _ = shippingTerms(rate, s.String("currency"))
	return l, nil
}

// showShipping says what shipping costs.
func showShipping(op *resource.Op, s, private *object.Object, l *soldItem) error {
	s.Set("shipping_cost", nil)
	private.Delete("shipping_cost")
	if l == nil {
		return nil
	}
	all, added := l.tax()
	s.Set("shipping_cost", newParams("amount_subtotal", l.amount, "amount_tax", all, "amount_total", l.amount+added, "shipping_rate", private.String("shipping_rate")))
	taxes, err := shownTaxes(op, l.taxes)
	private.Sub("shipping_cost").Set("taxes", taxes)
	return err
}

// checkSessionAmount refuses a payment that cannot be charged. Nothing to pay is fine.
func checkSessionAmount(_ *resource.Op, s *object.Object) error {
	total, currency := s.Int("amount_total"), s.String("currency")
	least := money.Minimum(currency)
	switch {
	case s.String("mode") != modePayment || total == 0:
		return nil
	case total < least:
		return apierr.Invalid("amount_too_small", "", "The Checkout Session's total amount due must add up to at least %s", money.FormatCode(least, currency))
	case total > money.Maximum:
		return apierr.Invalid("amount_too_large", "", "The Checkout Session's total amount due must be no more than %s", money.Format(money.Maximum, currency))
	}
	return nil
}

// sessionBuyer is who buys, as far as it is known: by what was typed, else by what the customer is known for.
func sessionBuyer(op *resource.Op, s *object.Object) (taxBuyer, error) {
	buyer := taxBuyer{exemption: "none"}
	if id := s.Ref("customer"); id != "" {
		customer, err := op.Get("customer", id, "customer")
		if err != nil {
			return buyer, err
		}
		if buyer, _, _, err = buyerOf(op, customer); err != nil {
			return buyer, err
		}
	}
	private, err := op.Private(s)
	if err != nil {
		return buyer, err
	}
	details := s.Object("customer_details")
	for _, address := range []*object.Object{s.Object("collected_information").Object("shipping_details").Object("address"), details.Object("address"), private.Object("tax_region")} {
		if address.String("country") != "" {
			buyer.address = address
			break
		}
	}
	for _, v := range details.Array("tax_ids") {
		buyer.ids = append(buyer.ids, v.(*object.Object).String("type"))
	}
	return buyer, nil
}
