package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// A plan is a recurring price under its older name. Each recurring price is a plan of the same id and the reverse; what
// is changed in one is changed in the other.
//
// Emits plan.created, plan.updated, plan.deleted, and the same of the price.
func init() {
	register(resource.Rules{
		Object: "plan", Prepare: preparePlan, Create: createPlan, Created: priceOfPlan, Update: updatePlan, Delete: deletePlan,
	})
}

// preparePlan makes the product that comes with the plan.
func preparePlan(op *resource.Op) error {
	data := op.Params.Object("product")
	if data == nil {
		if op.Params.String("product") == "" {
			return missingParam("product")
		}
		return nil
	}
	product, err := op.Create("product", data)
	if err != nil {
		return within(err, "product")
	}
	op.Params.Set("product", product.ID())
	return nil
}

func createPlan(op *resource.Op) error {
	p, params := op.Object, op.Params
	if err := checkCurrency(p.String("currency")); err != nil {
		return err
	}
	if err := completeRecurring(op, p, ""); err != nil {
		return err
	}
	if !params.Has("active") {
		p.Set("active", true)
	}
	tiered := p.String("billing_scheme") == "tiered"
	if err := checkTiers(params, tiered); err != nil {
		return err
	}
	switch amount := params.Has("amount") || params.Has("amount_decimal"); {
	case params.Has("amount") && params.Has("amount_decimal"):
		return onlyOne("amount", "amount_decimal")
	case !amount && !tiered:
		return missingParam("amount")
	case amount && tiered:
		return apierr.Invalid("", "amount", "`amount` must not be sent when `billing_scheme` is `tiered`; the tiers say the amounts.")
	}
	if err := settleUnit(p, params, "amount", ""); err != nil {
		return err
	}
	if tiers := params.Array("tiers"); tiers != nil {
		settled, err := settleTiers(tiers, "tiers")
		if err != nil {
			return err
		}
		p.Set("tiers", settled)
	}
	return op.Hide(p, "tiers")
}

// priceOfPlan makes the price that a plan is, too.
func priceOfPlan(op *resource.Op) error {
	p := op.Object
	known, err := op.Find("price", p.ID())
	if known != nil || err != nil {
		return err
	}
	recurring := newParams("interval", p.Get("interval"), "interval_count", p.Get("interval_count"), "usage_type", p.Get("usage_type"), "meter", p.Get("meter"))
	params := newParams("id", p.ID(), "active", p.Get("active"), "currency", p.Get("currency"), "product", p.Ref("product"),
		"nickname", p.Get("nickname"), "metadata", p.Object("metadata").Clone(), "billing_scheme", p.Get("billing_scheme"),
		"tiers_mode", p.Get("tiers_mode"), "tiers", op.Params.Get("tiers"), "transform_quantity", op.Params.Get("transform_usage"),
		"recurring", recurring)
	if p.String("billing_scheme") != "tiered" {
		params.Set("unit_amount_decimal", p.String("amount_decimal"))
	}
	_, err = op.Create("price", params)
	return err
}

// updatePlan changes the price as well. A plan stays with its product once somebody has subscribed to it.
func updatePlan(op *resource.Op) error {
	if p := op.Object; p.Ref("product") != op.Before.Ref("product") {
		used, err := op.Oldest("subscription", resource.Selection{Field: "price", Values: []string{p.ID()}, Limit: 1})
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return apierr.Invalid("", "product", "The product of a plan cannot be changed once the plan was used in a subscription.")
		}
	}
	return mirror(op, "price", map[string]string{"active": "active", "nickname": "nickname", "metadata": "metadata", "product": "product"})
}

// deletePlan deletes the price as well. Those who subscribed to it keep it.
func deletePlan(op *resource.Op) error {
	price, err := op.Find("price", op.Object.ID())
	if price == nil || err != nil {
		return err
	}
	if err := notDefault(op, price, "id", "deleted"); err != nil {
		return err
	}
	return op.Delete(price)
}
