package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A customer has at most one discount. It is on each of their invoices that has none of its own, nor its subscription, and
// whose currency it is for. Stripe's newest API gives none any more; its older versions, its Dashboard and this server do.

// discountCustomer gives a customer the coupon or promotion code that was sent, in the place of the one before. An empty
// one takes it away.
// Emits customer.discount.created, or .updated if another one was there; .deleted.
func discountCustomer(op *resource.Op) error {
	sent := object.New(nil)
	for _, name := range []string{"coupon", "promotion_code"} {
		if op.Params.Has(name) {
			sent.Set(name, op.Params.String(name))
		}
	}
	had := op.Object.Object("discount")
	switch {
	case sent.Len() == 0:
		return nil
	case sent.Len() > 1:
		return apierr.Invalid("", "promotion_code", "You may only specify one of these parameters: coupon, promotion_code.")
	case sent.String("coupon") == "" && sent.String("promotion_code") == "":
		return endCustomerDiscount(op, op.Object)
	}
	d, err := giveCustomer(op, sent)
	if err != nil {
		return err
	}
	op.Object.Set("discount", d.Clone())
	op.Save(op.Object)
	event := "customer.discount.created"
	if had != nil {
		event = "customer.discount.updated"
	}
	return op.Emit(event, d)
}

// giveCustomer makes the discount of a customer. It is theirs only then, so that no other event tells of it.
func giveCustomer(op *resource.Op, sent *object.Object) (*object.Object, error) {
	g := giving{to: newParams("customer", op.Object.ID()), offered: true}
	coupon, code, err := g.offer(op, sent, "")
	if err != nil {
		return nil, err
	}
	g.currency = coupon.String("currency")
	private, err := op.Private(coupon)
	if err != nil {
		return nil, err
	}
	d := deduction{products: private.Object("applies_to").Array("products")}
	if d.off, err = g.offOf(coupon, private, ""); err != nil {
		return nil, err
	}
	if err := g.keep(op, coupon, code, &d); err != nil {
		return nil, err
	}
	discount, err := op.Get("discount", d.id, "discount")
	if err != nil {
		return nil, err
	}
	discount.Set("customer", op.Object.ID())
	terms, err := op.Private(discount)
	if err != nil {
		return nil, err
	}
	terms.Set("currency", g.currency)
	if err := op.SetPrivate(discount, terms); err != nil {
		return nil, err
	}
	if err := endAfter(op, discount, coupon.Int("duration_in_months")); err != nil {
		return nil, err
	}
	op.Save(discount)
	return discount, countRedemption(op, coupon, code)
}

// ofCustomer reports whether a discount is a customer's own, and on nothing else.
func ofCustomer(d *object.Object) bool {
	for _, name := range []string{"subscription", "subscription_item", "invoice", "invoice_item", "checkout_session"} {
		if d.String(name) != "" {
			return false
		}
	}
	return d.Ref("customer") != ""
}

// endCustomerDiscount takes the discount of a customer away, who may have none. Invoices that it was on keep it.
// Emits customer.discount.deleted.
func endCustomerDiscount(op *resource.Op, c *object.Object) error {
	shown := c.Object("discount")
	if shown == nil {
		return nil
	}
	d, err := op.Get("discount", shown.ID(), "discount")
	if err != nil {
		return err
	}
	c.Set("discount", nil)
	op.Save(c)
	return op.Emit("customer.discount.deleted", d)
}

// withdrawFromCustomer takes a discount that has ended or was used from its customer, unless another one is there by now.
// Emits customer.discount.deleted, customer.updated.
func withdrawFromCustomer(op *resource.Op, d *object.Object) error {
	c, err := op.Find("customer", d.Ref("customer"))
	if c == nil || err != nil || c.Object("discount").ID() != d.ID() {
		return err
	}
	if err := endCustomerDiscount(op, c); err != nil {
		return err
	}
	return op.EmitUpdated(c)
}

// inherited are the discounts of an invoice, or of a subscription at a time, that has none of its own: that of the customer,
// if it is for the currency.
func inherited(op *resource.Op, customer, currency string, at int64) ([]any, error) {
	c, err := op.Find("customer", customer)
	if c == nil || err != nil {
		return nil, err
	}
	shown := c.Object("discount")
	if shown == nil {
		return nil, nil
	}
	d, err := op.Get("discount", shown.ID(), "discount")
	if err != nil {
		return nil, err
	}
	terms, err := op.Private(d)
	if only := terms.String("currency"); err != nil || only != "" && only != currency {
		return nil, err
	}
	return lasting(op, []any{d.ID()}, at)
}

// sharedDiscounts are those of all items of a subscription at a time: its own, or else the customer's.
func sharedDiscounts(op *resource.Op, s *object.Object, at int64) ([]any, error) {
	own, err := lasting(op, s.Array("discounts"), at)
	if len(own) > 0 || err != nil {
		return own, err
	}
	return inherited(op, s.Ref("customer"), s.String("currency"), at)
}

// discountedCustomer is the customer that the path names, who has a discount.
func discountedCustomer(op *resource.Op) (*object.Object, error) {
	c, err := op.Find("customer", op.Path[0])
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, apierr.Missing("customer", op.Path[0], "id")
	}
	if c.Object("discount") == nil {
		none := apierr.Missing("discount", op.Path[0], "")
		none.Message = "No active discount for customer: " + op.Path[0]
		return nil, none
	}
	return c, nil
}

func showCustomerDiscount(op *resource.Op) error {
	c, err := discountedCustomer(op)
	if err != nil {
		return err
	}
	op.Object, err = op.Get("discount", c.Object("discount").ID(), "id")
	return err
}

// deleteCustomerDiscount takes the discount of a customer away at once.
// Emits customer.discount.deleted, customer.updated.
func deleteCustomerDiscount(op *resource.Op) error {
	c, err := discountedCustomer(op)
	if err != nil {
		return err
	}
	d, err := op.Get("discount", c.Object("discount").ID(), "id")
	if err != nil {
		return err
	}
	op.AnswerDeleted(d)
	return withdrawFromCustomer(op, d)
}
