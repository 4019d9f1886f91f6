package billing

import (
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A promotion code is what a customer types to get a coupon.
//
//	active --active=false--> inactive --active=true--> active
//	active --expires_at passes--> inactive for good
//
// Case does not matter: no two active codes may differ in it alone, unless each is for another customer.
//
// Emits promotion_code.created, promotion_code.updated.
func init() {
	register(resource.Rules{
		Object: "promotion_code", Create: createPromotionCode, Update: updatePromotionCode,
		Timers:       map[string]resource.Hook{promotionExpiry: expirePromotionCode},
		Filters:      filters{"code": func(o *object.Object) []string { return []string{strings.ToLower(o.String("code"))} }},
		FilterValues: values{"code": func(sent string) []string { return []string{strings.ToLower(sent)} }},
	})
}

const promotionExpiry = "promotion_code.expires_at"

// promotionLength is how long the codes are that we make.
const promotionLength = 8

func createPromotionCode(op *resource.Op) error {
	p, params := op.Object, op.Params
	if params.At("promotion", "coupon") == nil {
		return missingParam("promotion[coupon]")
	}
	coupon, err := op.Get("coupon", p.Object("promotion").Ref("coupon"), "promotion[coupon]")
	if err != nil {
		return err
	}
	if !coupon.Bool("valid") {
		return apierr.Invalid("coupon_expired", "promotion[coupon]", "The coupon `%s` is expired, so no promotion code can be made for it.", coupon.ID())
	}
	if !params.Has("active") {
		p.Set("active", true)
	}
	if !params.Has("code") {
		p.Set("code", op.Code(promotionLength))
	}
	p.Set("times_redeemed", 0)
	if err := checkPromotionCode(op, p, coupon); err != nil {
		return err
	}
	if at := p.Int("expires_at"); at > 0 {
		return op.SetTimer(promotionExpiry, p, unix(at))
	}
	return nil
}

func checkPromotionCode(op *resource.Op, p, coupon *object.Object) error {
	restrictions := p.Object("restrictions")
	code := strings.TrimLeft(strings.ToLower(p.String("code")), "abcdefghijklmnopqrstuvwxyz0123456789-")
	switch most := coupon.Int("max_redemptions"); {
	case code != "":
		return apierr.Invalid("", "code", "A code may have letters (a-z, A-Z), digits and hyphens only; `%s` has others.", p.String("code"))
	case p.Has("expires_at") && p.Get("expires_at") != nil && p.Int("expires_at") <= op.Now().Unix():
		return apierr.Invalid("", "expires_at", "`expires_at` must be in the future.")
	case coupon.Int("redeem_by") > 0 && p.Int("expires_at") > coupon.Int("redeem_by"):
		return apierr.Invalid("", "expires_at", "A promotion code cannot expire after its coupon, which must be redeemed by %d.", coupon.Int("redeem_by"))
	case op.Params.Has("max_redemptions") && p.Int("max_redemptions") < 1:
		return apierr.Invalid("parameter_invalid_integer", "max_redemptions", "This value must be greater than or equal to 1.")
	case most > 0 && p.Int("max_redemptions") > most:
		return apierr.Invalid("", "max_redemptions", "A promotion code cannot be redeemed more often than its coupon, which can be %d times.", most)
	case (restrictions.Get("minimum_amount") == nil) != (restrictions.Get("minimum_amount_currency") == nil):
		return apierr.Invalid("parameter_missing", "restrictions[minimum_amount_currency]", "`minimum_amount` and `minimum_amount_currency` must be sent together.")
	}
	return checkCodeFree(op, p)
}

// checkCodeFree refuses a code that another active one already has, for everybody or for the same customer.
func checkCodeFree(op *resource.Op, p *object.Object) error {
	if !p.Bool("active") {
		return nil
	}
	others, err := op.Lookup("promotion_code", "code", strings.ToLower(p.String("code")))
	if err != nil {
		return err
	}
	mine := p.Ref("customer")
	for _, other := range others {
		theirs := other.Ref("customer")
		if other != p && other.Bool("active") && (mine == "" || theirs == "" || mine == theirs) {
			return apierr.Invalid("", "code", "An active promotion code with `code: %s` already exists.", p.String("code"))
		}
	}
	return nil
}

func updatePromotionCode(op *resource.Op) error {
	p := op.Object
	if !p.Bool("active") || op.Before.Bool("active") {
		return nil
	}
	if at := p.Int("expires_at"); at > 0 && at <= op.Now().Unix() {
		return apierr.Invalid("", "active", "This promotion code is expired and cannot be activated again.")
	}
	if most := p.Int("max_redemptions"); most > 0 && p.Int("times_redeemed") >= most {
		return apierr.Invalid("", "active", "This promotion code was redeemed as often as it may be, and cannot be activated again.")
	}
	return checkCodeFree(op, p)
}

func expirePromotionCode(op *resource.Op) error {
	op.Object.Set("active", false)
	return op.EmitUpdated(op.Object)
}

// unix is the time of a timestamp.
func unix(t int64) time.Time { return time.Unix(t, 0) }
