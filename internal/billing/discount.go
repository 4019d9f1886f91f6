package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A discount is a coupon that was given to a customer, a subscription, an invoice or an item. It takes off what its
// coupon did when it was given, even if the coupon is deleted later.
//
//	given --next invoice is final (once), end passes (repeating), DELETE--> taken back; old invoices still name it
//
// Emits customer.discount.created, .updated and .deleted, but only for a customer or a subscription.
func init() {
	register(resource.Rules{Object: "discount", Timers: map[string]resource.Hook{discountEnd: discountOver}, Actions: resource.Actions{
		"DELETE /v1/customers/{customer}/discount":                                         deleteCustomerDiscount,
		"GET /v1/customers/{customer}/discount":                                            showCustomerDiscount,
		"DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount": deleteDiscount,
		"DELETE /v1/subscriptions/{subscription_exposed_id}/discount":                      deleteDiscount,
		"GET /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount":    showDiscount,
	}, EventFamily: func(d *object.Object) string {
		for _, name := range []string{"invoice", "invoice_item", "subscription_item", "checkout_session"} {
			if d.String(name) != "" || d.Ref("customer") == "" {
				return "discount" // has no events
			}
		}
		return "customer.discount"
	}})
}

// maxDiscounts is how many discounts one thing can have.
const maxDiscounts = 20

// deduction is a discount at work.
type deduction struct {
	id       string
	off      money.Discount
	products []any // that it is for; none means all
	end      int64 // of what a subscription has; zero is never
}

// covers reports whether a discount is for a line. One that has ended is not for the periods that begin after it, although
// the first invoice of a subscription that began in the past may have it for those before.
func (d *deduction) covers(line *object.Object) bool {
	if line.Object("parent").String("type") == "subscription_item_details" && d.end > 0 && line.Object("period").Int("start") >= d.end {
		return false
	}
	product, _ := line.At("pricing", "price_details", "product").(string)
	return len(d.products) == 0 || slices.Contains(d.products, any(product))
}

// giving is who gets discounts, and in which parameter they were sent.
type giving struct {
	param, currency string
	to              *object.Object // the fields of the discount that say whose it is
	spends          int64          // what the customer buys for, before discounts; zero if that is not known yet
	offered         bool           // for a quote: nobody has the discount, nor is it redeemed, until it is claimed
}

// give reads an array of coupons, promotion codes and discounts.
func (g giving) give(op *resource.Op, sent []any) ([]deduction, error) {
	if len(sent) > maxDiscounts {
		return nil, apierr.Invalid("", g.param, "You can apply at most %d discounts.", maxDiscounts)
	}
	out := make([]deduction, 0, len(sent))
	for i, v := range sent {
		one, param := v.(*object.Object), g.param+"["+strconv.Itoa(i)+"]"
		var d deduction
		var err error
		if id := one.String("discount"); id != "" {
			d, err = g.reuse(op, id, param+"[discount]")
		} else {
			d, err = g.redeem(op, one, param)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// reuse is a discount that the customer has already, or is offered by a quote.
func (g giving) reuse(op *resource.Op, id, param string) (deduction, error) {
	discount, err := op.Get("discount", id, param)
	if err != nil {
		return deduction{}, err
	}
	if owner := discount.Ref("customer"); owner != "" && owner != g.to.String("customer") {
		return deduction{}, apierr.MissingRef("discount", id, param)
	}
	return keptDeduction(op, id, param)
}

// keptDeduction is a discount that was given before.
func keptDeduction(op *resource.Op, id, param string) (deduction, error) {
	discount, err := op.Get("discount", id, param)
	if err != nil {
		return deduction{}, err
	}
	terms, err := op.Private(discount)
	if err != nil {
		return deduction{}, err
	}
	return deduction{id, money.Discount{Percent: money.Percent(terms.Int("percent")), Amount: terms.Int("amount")}, terms.Array("products"), discount.Int("end")}, nil
}

// redeem makes a discount of a coupon or a promotion code.
func (g giving) redeem(op *resource.Op, sent *object.Object, param string) (deduction, error) {
	coupon, code, err := g.offer(op, sent, param)
	if err != nil {
		return deduction{}, err
	}
	private, err := op.Private(coupon)
	if err != nil {
		return deduction{}, err
	}
	d := deduction{products: private.Object("applies_to").Array("products")}
	if d.off, err = g.offOf(coupon, private, param); err != nil {
		return deduction{}, err
	}
	err = g.keep(op, coupon, code, &d)
	return d, err
}

// params are those of a discount.
func (g giving) params(code *object.Object) *object.Object {
	params := g.to.Clone()
	if code != nil {
		params.Set("promotion_code", code.ID())
	}
	if g.offered {
		params.Delete("customer")
	}
	return params
}

// keep makes the discount of what a coupon takes off, and counts that it was redeemed.
func (g giving) keep(op *resource.Op, coupon, code *object.Object, d *deduction) error {
	discount, err := op.Make("discount", "", g.params(code), func(op *resource.Op) error {
		op.Object.Set("source", newParams("coupon", coupon.ID(), "type", "coupon"))
		op.Object.Set("start", op.Now().Unix())
		if err := op.SetPrivate(op.Object, newParams("percent", int64(d.off.Percent), "amount", d.off.Amount, "products", d.products,
			"duration", coupon.String("duration"), "months", coupon.Int("duration_in_months"))); err != nil {
			return err
		}
		return endLater(op, op.Object, coupon.Int("duration_in_months"))
	})
	if err != nil {
		return err
	}
	d.id = discount.ID()
	if g.offered {
		return nil
	}
	return countRedemption(op, coupon, code)
}

// countRedemption counts that a coupon was given, by itself or by a promotion code. Either may be gone.
func countRedemption(op *resource.Op, coupon, code *object.Object) error {
	if code != nil {
		if err := redeemPromotionCode(op, code); err != nil {
			return err
		}
	}
	if coupon == nil {
		return nil
	}
	return redeemCoupon(op, coupon)
}

// offOf is what a coupon takes off in the currency that is billed.
func (g giving) offOf(coupon, private *object.Object, param string) (money.Discount, error) {
	amount := coupon.Int("amount_off")
	if amount == 0 {
		percent, err := percentage(coupon.Get("percent_off"))
		return money.Discount{Percent: percent}, err
	}
	if coupon.String("currency") != g.currency {
		if amount = private.Object("currency_options").Object(g.currency).Int("amount_off"); amount == 0 {
			return money.Discount{}, apierr.Invalid("", param, "The coupon `%s` is in %s and cannot be applied to an amount in %s.", coupon.ID(), coupon.String("currency"), g.currency)
		}
	}
	return money.Discount{Amount: amount}, nil
}

// offer is the coupon that was named, by itself or by a promotion code.
func (g giving) offer(op *resource.Op, sent *object.Object, param string) (coupon, code *object.Object, err error) {
	id := sent.String("coupon")
	if promotion := sent.String("promotion_code"); promotion != "" {
		param = inside(param, "promotion_code")
		if code, err = op.Get("promotion_code", promotion, param); err != nil {
			return nil, nil, err
		}
		if !sent.Bool(asAgreed) {
			if err := g.mayRedeem(op, code, param); err != nil {
				return nil, nil, err
			}
		}
		id = code.Object("promotion").Ref("coupon")
	} else {
		param = inside(param, "coupon")
	}
	if id == "" {
		return nil, nil, missingParam(param)
	}
	if coupon, err = op.Get("coupon", id, param); err != nil {
		return nil, nil, err
	}
	if !coupon.Bool("valid") && !sent.Bool(asAgreed) {
		return nil, nil, apierr.Invalid("coupon_expired", param, "Coupon expired: %s", id)
	}
	return coupon, code, nil
}

// mayRedeem checks whether a customer may use a promotion code for what they buy.
func (g giving) mayRedeem(op *resource.Op, code *object.Object, param string) error {
	owner, restrictions := code.Ref("customer"), code.Object("restrictions")
	if !code.Bool("active") || owner != "" && owner != g.to.String("customer") {
		return apierr.Invalid("", param, "This promotion code cannot be redeemed because it is not active, or for another customer.")
	}
	if g.spends > 0 && restrictions.Get("minimum_amount") != nil {
		least := restrictions.Int("minimum_amount")
		if g.currency != restrictions.String("minimum_amount_currency") {
			least = restrictions.Object("currency_options").Object(g.currency).Int("minimum_amount")
		}
		if least == 0 || g.spends < least {
			return apierr.Invalid("", param, "This promotion code cannot be redeemed because the purchase does not meet its minimum amount.")
		}
	}
	if !restrictions.Bool("first_time_transaction") {
		return nil
	}
	bought, err := hasBought(op, g.to.String("customer"))
	if err == nil && bought {
		return apierr.Invalid("promotion_code_customer_not_first_time", param, "This promotion code cannot be redeemed because the associated customer has prior transactions.")
	}
	return err
}

// hasBought reports whether a customer has paid for anything before.
func hasBought(op *resource.Op, customer string) (bool, error) {
	charges, err := op.Lookup("charge", "customer", customer)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(charges, func(c *object.Object) bool { return c.String("status") == succeeded }) {
		return true, nil
	}
	invoices, err := op.Lookup("invoice", "customer", customer)
	return slices.ContainsFunc(invoices, func(in *object.Object) bool { return in.String("status") == "paid" && in.Int("total") > 0 }), err
}

// deductionIDs are the ids of discounts, as their owners list them.
func deductionIDs(all []deduction) []any {
	ids := make([]any, len(all))
	for i := range all {
		ids[i] = all[i].id
	}
	return ids
}
