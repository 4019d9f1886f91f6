package member

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A grant gives somebody a paid plan for nothing: a friend, a reviewer. It is a subscription whose discount takes all of
// it, so what the plan unlocks, and what is told of it, is the same as for those who pay.
//
//	(new) --revoke--> revoked
//
// Emits grant.created, grant.updated, and what the subscription does.
func init() {
	register(resource.Rules{
		Object: "grant", Unmerged: []string{"email"}, Create: createGrant,
		Actions: resource.Actions{"POST /v1/grants/{grant}/revoke": revokeGrant},
	})
}

// grantCoupon takes everything, for as long as the subscription lasts.
const grantCoupon = "sharesmart_grant"

func createGrant(op *resource.Op) error {
	g := op.Object
	ext, err := op.Get("extension", op.Params.String("extension"), "extension")
	if err != nil {
		return err
	}
	customer, err := granted(op, ext)
	if err != nil {
		return err
	}
	price, err := grantedPrice(op, ext)
	if err != nil {
		return err
	}
	ends := op.Params.Int("expires_at")
	if op.Params.Has("expires_at") && ends <= op.Now().Unix() {
		return apierr.Invalid("", "expires_at", "The grant must end in the future.")
	}
	if err := makeGrantCoupon(op); err != nil {
		return err
	}
	params := object.Of("customer", customer.ID(), "items", []any{object.Of("price", price)}, "discounts", []any{object.Of("coupon", grantCoupon)},
		"metadata", object.Of("grant", g.ID()))
	if ends > 0 {
		params.Set("cancel_at", ends)
		params.Set("proration_behavior", "none")
	}
	sub, err := op.Create("subscription", params)
	if err != nil {
		return err
	}
	g.Set("customer", customer.ID())
	g.Set("price", price)
	g.Set("revoked_at", nil)
	g.Set("subscription", sub.ID())
	return nil
}

// granted is whom a grant is for.
func granted(op *resource.Op, ext *object.Object) (*object.Object, error) {
	id, email := op.Params.String("customer"), op.Params.String("email")
	switch {
	case id != "" && email != "":
		return nil, apierr.Invalid("parameters_exclusive", "customer", "You may only specify one of these parameters: customer, email.")
	case id != "":
		return op.Get("customer", id, "customer")
	case email == "":
		return nil, apierr.Invalid("parameter_missing", "email", "Missing required param: email. Say whom the grant is for by customer or email.")
	}
	known, err := memberByEmail(op, ext, normalEmail(email))
	if known != nil || err != nil {
		return known, err
	}
	return SignUp(op, ext, NewMember{Email: email})
}

func grantedPrice(op *resource.Op, ext *object.Object) (string, error) {
	id := op.Params.String("price")
	if id == "" && len(ext.Array("prices")) > 0 {
		id, _ = ext.Array("prices")[0].(string)
	}
	if id == "" {
		return "", apierr.Invalid("", "extension", "The extension `%s` has no paid plan that could be granted.", ext.ID())
	}
	plans, err := plansOf(op, ext)
	if err != nil {
		return "", err
	}
	price, err := op.Get("price", id, "price")
	if err != nil {
		return "", err
	}
	if !plans.products[price.Ref("product")] {
		return "", apierr.Invalid("", "price", "The price `%s` is not of a paid plan of the extension `%s`.", id, ext.ID())
	}
	return id, nil
}

func makeGrantCoupon(op *resource.Op) error {
	known, err := op.Find("coupon", grantCoupon)
	if known != nil || err != nil {
		return err
	}
	_, err = op.Create("coupon", object.Of("id", grantCoupon, "name", "Grant", "percent_off", object.Number("100"), "duration", "forever"))
	return err
}

// revokeGrant ends the plan at once.
func revokeGrant(op *resource.Op) error {
	g := op.Object
	if g.Get("revoked_at") != nil {
		return apierr.Invalid("", "", "The grant %s was taken back already.", g.ID())
	}
	sub, err := op.Find("subscription", g.Ref("subscription"))
	if err != nil {
		return err
	}
	if sub != nil && givesAccess(sub) {
		if err := billing.CancelSubscription(op, sub); err != nil {
			return err
		}
	}
	g.Set("revoked_at", op.Now().Unix())
	return op.EmitUpdated(g)
}
