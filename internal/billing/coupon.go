package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A coupon takes a share or an amount off what somebody buys.
//
//	valid --redeem_by passes, or redeemed max_redemptions times--> invalid
//	valid, invalid --DELETE--> gone; discounts that were given stay
//
// The promotion codes of one that is invalid or gone cannot be redeemed any more.
//
// Emits coupon.created, coupon.updated, coupon.deleted; promotion_code.updated.
func init() {
	register(resource.Rules{
		Object: "coupon", Create: createCoupon, Update: updateCoupon, Delete: func(op *resource.Op) error { return endPromotionCodes(op, op.Object.ID()) },
		Timers: map[string]resource.Hook{couponExpiry: expireCoupon},
	})
}

const (
	couponExpiry = "coupon.redeem_by"
	// couponDecimals is how fine the percentage of a coupon may be.
	couponDecimals = 2
	// redeemYears is how far ahead redeem_by may be.
	redeemYears = 5
)

// hiddenInCoupon are left out of a coupon until they are expanded.
var hiddenInCoupon = []string{"applies_to", "currency_options"}

func createCoupon(op *resource.Op) error {
	c, params := op.Object, op.Params
	if err := checkCouponValue(params); err != nil {
		return err
	}
	if !params.Has("amount_off") {
		c.Set("currency", nil)
	}
	if !params.Has("duration") {
		c.Set("duration", "once")
	}
	if err := checkCouponLimits(op, c, params); err != nil {
		return err
	}
	if err := checkAmountOptions(c, params.Object("currency_options"), "currency_options", "amount_off"); err != nil {
		return err
	}
	if err := checkAppliesTo(op, params.Object("applies_to")); err != nil {
		return err
	}
	c.Set("times_redeemed", 0)
	c.Set("valid", true)
	if err := op.Hide(c, hiddenInCoupon...); err != nil {
		return err
	}
	return watchCoupon(op, c)
}

// watchCoupon lets a coupon end in time.
func watchCoupon(op *resource.Op, c *object.Object) error {
	if redeemBy := c.Int("redeem_by"); redeemBy > op.Now().Unix() {
		return op.SetTimer(couponExpiry, c, unix(redeemBy))
	}
	return nil
}

// checkCouponValue checks what the coupon takes off: a percentage, or an amount in a currency.
func checkCouponValue(params *object.Object) error {
	percent, amount := params.Has("percent_off"), params.Has("amount_off")
	switch {
	case percent && amount:
		return onlyOne("amount_off", "percent_off")
	case amount && params.Int("amount_off") < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount_off", "This value must be greater than or equal to 1.")
	case amount && !params.Has("currency"):
		return missingParam("currency")
	case amount:
		return checkCurrency(params.String("currency"))
	case params.Has("currency_options"):
		return apierr.Invalid("", "currency_options", "Only a coupon with `amount_off` can have `currency_options`.")
	case !percent:
		return apierr.Invalid("parameter_missing", "percent_off", "Must provide percent_off or amount_off.")
	}
	if off, ok := percentOf(params.Get("percent_off"), couponDecimals); !ok || off == 0 {
		return apierr.Invalid("", "percent_off", "Invalid percent_off: must be greater than 0, at most 100, and have at most %d decimal places.", couponDecimals)
	}
	return nil
}

func checkCouponLimits(op *resource.Op, c, params *object.Object) error {
	repeating := c.String("duration") == "repeating"
	switch {
	case repeating && !params.Has("duration_in_months"):
		return missingParam("duration_in_months")
	case !repeating && params.Has("duration_in_months"):
		return apierr.Invalid("", "duration_in_months", "You can only set `duration_in_months` when `duration` is `repeating`.")
	case params.Has("redeem_by") && c.Int("redeem_by") <= op.Now().Unix():
		return apierr.Invalid("", "redeem_by", "`redeem_by` must be in the future.")
	case c.Int("redeem_by") > op.Now().AddDate(redeemYears, 0, 0).Unix():
		return apierr.Invalid("", "redeem_by", "`redeem_by` cannot be more than %d years in the future.", redeemYears)
	}
	return nil
}

// checkAmountOptions checks amounts in currencies other than an object's own. field is what each says.
func checkAmountOptions(o, options *object.Object, name, field string) error {
	for currency, v := range options.All() {
		at := name + "[" + currency + "]"
		if err := apierr.As(checkCurrency(currency)); err != nil {
			err.Param = at
			return err
		}
		switch from, _ := v.(*object.Object); {
		case currency == o.String("currency"):
			return apierr.Invalid("", at, "`currency_options` must not hold the currency %s itself.", currency)
		case from.Int(field) < 1:
			return apierr.Invalid("parameter_invalid_integer", nested(at, field), "This value must be greater than or equal to 1.")
		}
	}
	return nil
}

// checkAppliesTo checks that the products that a coupon is for are there.
func checkAppliesTo(op *resource.Op, appliesTo *object.Object) error {
	for _, v := range appliesTo.Array("products") {
		id, _ := v.(string)
		if _, err := op.Get("product", id, "applies_to[products]"); err != nil {
			return err
		}
	}
	return nil
}

// updateCoupon hides the currencies that were added, beside those that are there.
func updateCoupon(op *resource.Op) error {
	c, sent := op.Object, op.Params.Object("currency_options")
	if sent == nil {
		return nil
	}
	if c.Get("amount_off") == nil {
		return apierr.Invalid("", "currency_options", "Only a coupon with `amount_off` can have `currency_options`.")
	}
	if err := checkAmountOptions(c, sent, "currency_options", "amount_off"); err != nil {
		return err
	}
	private, err := op.Private(c)
	if err != nil {
		return err
	}
	known := private.Sub("currency_options")
	for currency, option := range c.Object("currency_options").All() {
		known.Set(currency, option)
	}
	c.Delete("currency_options")
	return op.SetPrivate(c, private)
}

// redeemCoupon counts one use of a coupon. With the last one that is allowed it is no longer valid.
func redeemCoupon(op *resource.Op, coupon *object.Object) error {
	used := coupon.Int("times_redeemed") + 1
	coupon.Set("times_redeemed", used)
	op.Save(coupon)
	if most := coupon.Int("max_redemptions"); most == 0 || used < most {
		return nil
	}
	return endCoupon(op, coupon)
}

func expireCoupon(op *resource.Op) error { return endCoupon(op, op.Object) }

// endCoupon lets a coupon not be redeemed any more.
// Emits coupon.updated, promotion_code.updated.
func endCoupon(op *resource.Op, coupon *object.Object) error {
	coupon.Set("valid", false)
	if err := op.EmitUpdated(coupon); err != nil {
		return err
	}
	return endPromotionCodes(op, coupon.ID())
}
