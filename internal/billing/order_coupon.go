package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// applyCoupon adds a discount on the skus. An order can have several.
func applyCoupon(op *resource.Op, order *object.Object, id string) error {
	coupon, err := op.Get("coupon", id, "coupon")
	if err != nil {
		return err
	}
	if coupon.String("duration") != "once" {
		return apierr.Invalid("", "coupon", "The coupon %s is not for one time only: an order takes coupons whose duration is once.", id)
	}
	if by := coupon.Int("redeem_by"); !coupon.Bool("valid") || by > 0 && by < op.Now().Unix() {
		return apierr.Invalid("coupon_expired", "coupon", "The coupon %s has expired.", id)
	}
	amount, err := couponDiscount(order, coupon)
	if err != nil {
		return err
	}
	description := coupon.String("name")
	if description == "" {
		description = id
	}
	items := order.Array("items")
	at := len(items)
	for at > 0 && items[at-1].(*object.Object).String("type") != "sku" && items[at-1].(*object.Object).String("type") != "discount" {
		at--
	}
	item := orderItem(order, "discount", -amount, description, id, nil)
	order.Set("items", slices.Insert(slices.Clone(items), at, any(item)))
	return redeemCoupon(op, coupon)
}

// couponDiscount is what a coupon takes off, at most what is left of the skus' price.
func couponDiscount(order, coupon *object.Object) (int64, error) {
	goods := itemSum(order, "sku")
	left := goods + itemSum(order, "discount")
	if off := coupon.Int("amount_off"); off > 0 {
		if coupon.String("currency") != order.String("currency") {
			return 0, apierr.Invalid("", "coupon", "The coupon %s is in %s, but the order is in %s.", coupon.ID(), coupon.String("currency"), order.String("currency"))
		}
		return min(off, left), nil
	}
	percent, err := percentage(coupon.Get("percent_off"))
	if err != nil {
		return 0, err
	}
	return min(percent.Of(goods), left), nil
}

// percentage reads a percentage as documents hold it.
func percentage(v any) (money.Percent, error) { return money.ParsePercent(numberText(v)) }

// itemSum is what all items of a type come to.
func itemSum(order *object.Object, kind string) int64 {
	var sum int64
	for _, v := range order.Array("items") {
		if item := v.(*object.Object); item.String("type") == kind {
			sum += item.Int("amount")
		}
	}
	return sum
}
