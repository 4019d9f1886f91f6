package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A quote only offers discounts. They belong to somebody, and count as redeemed, when it is accepted.

// claimDiscounts gives offered discounts to what came of the quote: field is the one of the discount that names it.
// Emits customer.discount.created for those of a subscription.
func claimDiscounts(op *resource.Op, ids []any, field, id string, of *object.Object) error {
	for _, v := range ids {
		text, _ := v.(string)
		d, err := op.Get("discount", text, "discounts")
		if err != nil {
			return err
		}
		if d.Ref("customer") != "" {
			continue // somebody's already, and named by id
		}
		d.Set("customer", of.Ref("customer"))
		d.Set(field, id)
		d.Set("start", op.Now().Unix())
		terms, err := op.Private(d)
		if err != nil {
			return err
		}
		if err := endLater(op, d, terms.Int("months")); err != nil {
			return err
		}
		coupon, err := op.Find("coupon", d.Object("source").Ref("coupon"))
		if err != nil {
			return err
		}
		code, err := op.Find("promotion_code", d.Ref("promotion_code"))
		if err != nil {
			return err
		}
		if err := countRedemption(op, coupon, code); err != nil {
			return err
		}
		op.Save(d)
		if field == "subscription" {
			if err := op.Emit("customer.discount.created", d); err != nil {
				return err
			}
		}
	}
	return nil
}

// claimLineDiscounts gives the discounts of an invoice's items to them.
func claimLineDiscounts(op *resource.Op, in *object.Object) error {
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if id := lineItemID(line); id != "" {
			if err := claimDiscounts(op, line.Array("discounts"), "invoice_item", id, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// namedDiscounts are parameters that name offered discounts to what comes of a quote.
type namedDiscounts func(op *resource.Op, ids []any) ([]any, error)

// couponsOf names what discounts come from, so that they are given when the time comes.
func couponsOf(op *resource.Op, ids []any) ([]any, error) {
	out := make([]any, len(ids))
	for i, v := range ids {
		d, err := op.Get("discount", v.(string), "discounts")
		if err != nil {
			return nil, err
		}
		if code := d.Ref("promotion_code"); code != "" {
			out[i] = newParams("promotion_code", code)
		} else {
			out[i] = newParams("coupon", d.Object("source").Ref("coupon"))
		}
	}
	return out, nil
}

// ownDiscounts are discounts of the same terms, for what comes of a quote alone: copies of the quote offer them, too. So an
// offer holds even if its coupon is gone.
func ownDiscounts(op *resource.Op, ids []any) ([]any, error) {
	out := make([]any, len(ids))
	for i, v := range ids {
		d, err := op.Get("discount", v.(string), "discounts")
		if err != nil {
			return nil, err
		}
		terms, err := op.Private(d)
		if err != nil {
			return nil, err
		}
		if d.Ref("customer") == "" {
			if d, err = op.Make("discount", "", newParams("promotion_code", d.Ref("promotion_code")), func(op *resource.Op) error {
				op.Object.Set("source", d.Object("source").Clone())
				return op.SetPrivate(op.Object, terms.Clone())
			}); err != nil {
				return nil, err
			}
		}
		out[i] = newParams("discount", d.ID())
	}
	return out, nil
}
