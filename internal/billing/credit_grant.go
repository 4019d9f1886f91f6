package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A credit grant gives a customer credits, which pay for what they use of metered prices (credit_balance_apply.go).
//
//	pending --effective_at passes--> granted --all applied--> depleted
//	granted --expires_at passes, expire--> expired
//	pending, granted --void--> voided, unless any of it was applied
//	depleted --invoice is voided--> granted, or expired at once
//
// The states are no field: they follow from the times and from what is left, which the private part holds. Every change
// of what is left is a transaction (credit_balance_transaction.go).
//
// Emits billing.credit_grant.created, billing.credit_grant.updated.
func init() {
	register(resource.Rules{
		Object: "billing.credit_grant", Create: createCreditGrant, Created: grantCredits, Update: updateCreditGrant,
		Actions: resource.Actions{
			"POST /v1/billing/credit_grants/{id}/expire": expireCreditGrant,
			"POST /v1/billing/credit_grants/{id}/void":   voidCreditGrant,
		},
		Timers: map[string]resource.Hook{creditExpiry: expireCredits},
		Audit:  auditCredits,
	})
}

const (
	creditExpiry = "billing.credit_grant.expires_at"
	// defaultPriority and lowestPriority are of a scale on which 0 is applied first.
	defaultPriority = 50
	lowestPriority  = 100
	// maxCreditGrants is how many grants a customer can have that may still be used.
	maxCreditGrants = 100
)

func createCreditGrant(op *resource.Op) error {
	g, params := op.Object, op.Params
	if !params.Has("category") {
		g.Set("category", "paid")
	}
	if !params.Has("priority") {
		g.Set("priority", defaultPriority)
	}
	if !params.Has("effective_at") {
		g.Set("effective_at", op.Now().Unix())
	}
	for _, name := range []string{"expires_at", "name", "customer_account"} {
		if !params.Has(name) {
			g.Set(name, nil)
		}
	}
	g.Set("voided_at", nil)
	for _, check := range []func(*resource.Op) error{checkCreditAmount, checkCreditScope, checkCreditTimes, checkCreditOwner} {
		if err := check(op); err != nil {
			return err
		}
	}
	return setCreditExpiry(op, g)
}

func checkCreditAmount(op *resource.Op) error {
	monetary := op.Params.Object("amount").Object("monetary")
	switch {
	case monetary == nil:
		return missingParam("amount[monetary]")
	case monetary.Int("value") < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount[monetary][value]", "This value must be greater than or equal to 1.")
	case op.Object.Int("priority") < 0 || op.Object.Int("priority") > lowestPriority:
		return apierr.Invalid("parameter_invalid_integer", "priority", "The priority must be from 0 to %d.", lowestPriority)
	}
	err := apierr.As(checkCurrency(monetary.String("currency")))
	if err == nil {
		return nil
	}
	err.Param = "amount[monetary][currency]"
	return err
}

// checkCreditScope checks what the credits are for: all metered prices, or some.
func checkCreditScope(op *resource.Op) error {
	const name = "applicability_config[scope]"
	scope := op.Params.Object("applicability_config").Object("scope")
	prices := scope.Array("prices")
	switch {
	case scope.Has("price_type") && len(prices) > 0:
		return onlyOne(name+"[price_type]", name+"[prices]")
	case !scope.Has("price_type") && len(prices) == 0:
		return missingParam(name + "[price_type]")
	}
	for _, v := range prices {
		price, err := op.Get("price", v.(*object.Object).String("id"), name+"[prices]")
		if err != nil {
			return err
		}
		if price.Object("recurring").Ref("meter") == "" {
			return apierr.Invalid("", name+"[prices]", "Credits apply to metered prices only, and the price `%s` has no meter.", price.ID())
		}
	}
	if len(prices) > 0 {
		op.Object.Object("applicability_config").Object("scope").Delete("price_type")
	}
	return nil
}

// checkCreditTimes checks that the credits expire after now, and after they become effective.
func checkCreditTimes(op *resource.Op) error {
	expires := op.Object.Int("expires_at")
	switch {
	case op.Object.Get("expires_at") == nil:
		return nil
	case expires <= op.Now().Unix():
		return apierr.Invalid("", "expires_at", "`expires_at` must be in the future.")
	case expires <= op.Object.Int("effective_at"):
		return apierr.Invalid("", "expires_at", "`expires_at` must be after `effective_at`.")
	}
	return nil
}

func checkCreditOwner(op *resource.Op) error {
	id := op.Params.String("customer")
	if id == "" {
		return missingParam("customer")
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return err
	}
	op.Object.Set("test_clock", customer.Get("test_clock"))
	grants, err := usableGrants(op, id)
	if err != nil {
		return err
	}
	if len(grants) >= maxCreditGrants {
		return apierr.Invalid("", "customer", "A customer can have at most %d unused credit grants.", maxCreditGrants)
	}
	return nil
}

// setCreditExpiry lets what is left of a grant expire in time.
func setCreditExpiry(op *resource.Op, g *object.Object) error {
	if expires := g.Int("expires_at"); expires > 0 {
		return op.SetTimer(creditExpiry, g, unix(expires))
	}
	return op.SetTimer(creditExpiry, g, time.Time{})
}

// grantCredits writes the transaction by which the credits are there, from the time on when they become effective.
func grantCredits(op *resource.Op) error {
	g := op.Object
	_, err := moveCredits(op, g, creditMove{kind: "credits_granted", amount: grantedAmount(g), effective: g.Int("effective_at")})
	return err
}

// updateCreditGrant lets credits expire at another time, as long as they have not.
func updateCreditGrant(op *resource.Op) error {
	if !op.Params.Has("expires_at") {
		return nil
	}
	if err := checkAlive(op, op.Before, "updated"); err != nil {
		return err
	}
	if err := checkCreditTimes(op); err != nil {
		return err
	}
	return setCreditExpiry(op, op.Object)
}

// checkAlive refuses a grant that has come to its end.
func checkAlive(op *resource.Op, g *object.Object, done string) error {
	switch state := creditState(g, op.Now().Unix()); state {
	case "expired", "voided":
		return apierr.Invalid("", "", "The credit grant `%s` is %s already, so it can't be %s.", g.ID(), state, done)
	}
	return nil
}

// creditState is the state of a grant at a time, but for how much is left.
func creditState(g *object.Object, now int64) string {
	switch expires := g.Int("expires_at"); {
	case g.Int("voided_at") > 0:
		return "voided"
	case expires > 0 && expires <= now:
		return "expired"
	case g.Int("effective_at") > now:
		return "pending"
	}
	return "granted"
}

func expireCreditGrant(op *resource.Op) error {
	g := op.Object
	if err := checkAlive(op, g, "expired"); err != nil {
		return err
	}
	if creditState(g, op.Now().Unix()) == "pending" {
		return apierr.Invalid("", "", "The credit grant `%s` is not effective yet, so it can't be expired. It can be voided.", g.ID())
	}
	g.Set("expires_at", op.Now().Unix())
	if err := op.SetTimer(creditExpiry, g, time.Time{}); err != nil {
		return err
	}
	if err := takeAllCredits(op, g, "credits_expired"); err != nil {
		return err
	}
	return op.EmitUpdated(g)
}

func voidCreditGrant(op *resource.Op) error {
	g := op.Object
	if err := checkAlive(op, g, "voided"); err != nil {
		return err
	}
	left, err := creditsLeft(op, g)
	if err != nil {
		return err
	}
	if left < grantedAmount(g) {
		return apierr.Invalid("", "", "The credit grant `%s` can't be voided because credits of it were applied to an invoice. It can be expired.", g.ID())
	}
	g.Set("voided_at", op.Now().Unix())
	if err := op.SetTimer(creditExpiry, g, time.Time{}); err != nil {
		return err
	}
	if err := takeAllCredits(op, g, "credits_voided"); err != nil {
		return err
	}
	return op.EmitUpdated(g)
}

// expireCredits runs when a grant expires.
func expireCredits(op *resource.Op) error {
	if creditState(op.Object, op.Now().Unix()) != "expired" {
		return nil
	}
	return takeAllCredits(op, op.Object, "credits_expired")
}

func grantedAmount(g *object.Object) int64 {
	return g.Object("amount").Object("monetary").Int("value")
}
