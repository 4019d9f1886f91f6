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
//	active --expires_at passes, redeemed max_redemptions times, coupon is not valid any more--> inactive for good
//
// Case does not matter: no two active codes may differ in it alone, unless each is for another customer.
//
// Emits promotion_code.created, promotion_code.updated.
func init() {
	register(resource.Rules{
		Object: "promotion_code", Create: createPromotionCode, Update: updatePromotionCode,
		Timers:       map[string]resource.Hook{promotionExpiry: expirePromotionCode, promotionsEnd: endMoreCodes},
		Index:        filters{"redeems": redeemable},
		Filters:      filters{"code": func(o *object.Object) []string { return []string{strings.ToLower(o.String("code"))} }},
		FilterValues: values{"code": func(sent string) []string { return []string{strings.ToLower(sent)} }},
	})
}

const (
	promotionExpiry = "promotion_code.expires_at"
	// promotionsEnd is the timer of a code whose coupon is not valid any more: other codes have yet to follow.
	promotionsEnd = "promotion_code.coupon"
	// codesBatch is how many of them follow in one transaction.
	codesBatch = 100
	// promotionLength is how long the codes are that we make.
	promotionLength = 8
)

// redeemable is the coupon of a code that is active.
func redeemable(p *object.Object) []string {
	if !p.Bool("active") {
		return nil
	}
	return []string{p.Object("promotion").Ref("coupon")}
}

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
	if params.String("code") == "" {
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
	case most > 0 && p.Int("max_redemptions") > most:
		return apierr.Invalid("", "max_redemptions", "A promotion code cannot be redeemed more often than its coupon, which can be %d times.", most)
	case op.Params.At("restrictions", "minimum_amount") != nil && restrictions.Int("minimum_amount") < 1:
		return apierr.Invalid("parameter_invalid_integer", "restrictions[minimum_amount]", "This value must be greater than or equal to 1.")
	case (restrictions.Get("minimum_amount") == nil) != (restrictions.Get("minimum_amount_currency") == nil):
		return apierr.Invalid("parameter_missing", "restrictions[minimum_amount_currency]", "`minimum_amount` and `minimum_amount_currency` must be sent together.")
	}
	if err := checkRestrictions(op, p); err != nil {
		return err
	}
	return checkCodeFree(op, p)
}

// checkRestrictions checks the amounts that must be spent, which were sent.
func checkRestrictions(op *resource.Op, p *object.Object) error {
	restrictions := p.Object("restrictions")
	if currency := restrictions.String("minimum_amount_currency"); currency != "" {
		if err := apierr.As(checkCurrency(currency)); err != nil {
			err.Param = "restrictions[minimum_amount_currency]"
			return err
		}
	}
	options, _ := op.Params.At("restrictions", "currency_options").(*object.Object)
	if options != nil && restrictions.Get("minimum_amount") == nil {
		return apierr.Invalid("", "restrictions[currency_options]", "Only a promotion code with a `minimum_amount` can have `currency_options`.")
	}
	own := newParams("currency", restrictions.String("minimum_amount_currency"))
	return checkAmountOptions(own, options, "restrictions[currency_options]", "minimum_amount")
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
	if err := checkRestrictions(op, p); err != nil {
		return err
	}
	if !p.Bool("active") || op.Before.Bool("active") {
		return nil
	}
	if at := p.Int("expires_at"); at > 0 && at <= op.Now().Unix() {
		return apierr.Invalid("", "active", "This promotion code is expired and cannot be activated again.")
	}
	if most := p.Int("max_redemptions"); most > 0 && p.Int("times_redeemed") >= most {
		return apierr.Invalid("", "active", "This promotion code was redeemed as often as it may be, and cannot be activated again.")
	}
	coupon, err := op.Find("coupon", p.Object("promotion").Ref("coupon"))
	if err != nil {
		return err
	}
	if !coupon.Bool("valid") {
		return apierr.Invalid("", "active", "The coupon of this promotion code is not valid any more, so it cannot be activated again.")
	}
	return checkCodeFree(op, p)
}

func expirePromotionCode(op *resource.Op) error {
	op.Object.Set("active", false)
	return op.EmitUpdated(op.Object)
}

// endPromotionCodes makes the codes of a coupon inactive, which is not valid any more: some at once, the others in
// batches.
func endPromotionCodes(op *resource.Op, coupon string) error {
	batch, err := op.Oldest("promotion_code", resource.Selection{Field: "redeems", Values: []string{coupon}, Limit: codesBatch})
	if err != nil {
		return err
	}
	for _, p := range batch {
		p.Set("active", false)
		if err := op.EmitUpdated(p); err != nil {
			return err
		}
	}
	if len(batch) < codesBatch {
		return nil
	}
	return op.SetTimer(promotionsEnd, batch[0], op.Now())
}

func endMoreCodes(op *resource.Op) error {
	return endPromotionCodes(op, op.Object.Object("promotion").Ref("coupon"))
}

// redeemPromotionCode counts one use of a code. With the last one that is allowed it is no longer active.
// Emits promotion_code.updated then.
func redeemPromotionCode(op *resource.Op, code *object.Object) error {
	code.Set("times_redeemed", code.Int("times_redeemed")+1)
	op.Save(code)
	if most := code.Int("max_redemptions"); most == 0 || code.Int("times_redeemed") < most {
		return nil
	}
	code.Set("active", false)
	return op.EmitUpdated(code)
}

// unix is the time of a timestamp.
func unix(t int64) time.Time { return time.Unix(t, 0) }
