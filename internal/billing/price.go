package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A price says what a product costs, once or again and again. Its amounts never change: a new amount is a new price.
//
//	(new) --active=false--> archived --active=true--> active
//
// A recurring price is also a plan of the same id, for those who still speak of plans (plan.go). What its amounts may be
// is in price_amount.go.
//
// Emits price.created, price.updated; product.created when it comes with product_data; price.updated of another price
// when that one loses its lookup key; plan.created and plan.updated.
func init() {
	register(resource.Rules{
		Object: "price", Prepare: preparePrice, Create: createPrice, Created: planOfPrice, Update: updatePrice,
		ID: func(op *resource.Op) string { return op.Params.String("id") }, // of the plan that asks for it
		Include: map[string]func(g resource.Glance, o, private *object.Object) (any, error){
			"currency_options": currencyOptions,
		},
	})
}

// hiddenInPrice are left out of a price until they are expanded.
var hiddenInPrice = []string{"tiers", "currency_options"}

// preparePrice makes the product that comes with the price.
func preparePrice(op *resource.Op) error {
	data := op.Params.Object("product_data")
	if data == nil {
		if !op.Params.Has("product") {
			return missingParam("product")
		}
		return nil
	}
	if op.Params.Has("product") {
		return onlyOne("product", "product_data")
	}
	product, err := op.Create("product", data)
	if err != nil {
		return within(err, "product_data")
	}
	op.Params.Set("product", product.ID())
	return nil
}

// onlyOne is the error for parameters of which one at most may be sent.
func onlyOne(a, b string) error {
	return apierr.Invalid("parameters_exclusive", a, "You may only specify one of these parameters: %s, %s.", a, b)
}

func createPrice(op *resource.Op) error {
	p, params := op.Object, op.Params
	if err := checkCurrency(p.String("currency")); err != nil {
		return err
	}
	p.Set("type", "one_time")
	p.Set("recurring", nil)
	if sent := params.Object("recurring"); sent != nil {
		p.Set("type", "recurring")
		recurring := p.Sub("recurring")
		for _, name := range []string{"interval", "interval_count", "meter", "usage_type"} {
			recurring.Set(name, sent.Get(name))
		}
		if err := completeRecurring(op, recurring, "recurring"); err != nil {
			return err
		}
	}
	if !params.Has("active") {
		p.Set("active", true)
	}
	if p.Get("tax_behavior") == nil {
		p.Set("tax_behavior", "unspecified")
	}
	if err := priceAmounts(p, params); err != nil {
		return err
	}
	if err := claimLookupKey(op, p); err != nil {
		return err
	}
	return op.Hide(p, hiddenInPrice...)
}

// longest is how many intervals a billing period may have: three years.
var longest = map[string]int64{"day": 1095, "week": 156, "month": 36, "year": 3}

// completeRecurring fills and checks how often a price is billed. name is the parameter that says so.
func completeRecurring(op *resource.Op, r *object.Object, name string) error {
	if r.Int("interval_count") == 0 {
		r.Set("interval_count", 1)
	}
	if interval := r.String("interval"); r.Int("interval_count") < 1 || r.Int("interval_count") > longest[interval] {
		return apierr.Invalid("", nested(name, "interval_count"), "The period of a recurring price must be at least one %s and at most three years (%d %ss).", interval, longest[interval], interval)
	}
	if r.String("usage_type") == "" {
		r.Set("usage_type", "licensed")
	}
	if metered := r.String("usage_type") == "metered"; metered != (r.String("meter") != "") {
		if metered {
			return missingParam(nested(name, "meter"))
		}
		return apierr.Invalid("", nested(name, "meter"), "A price with a meter must have `usage_type` set to `metered`.")
	}
	if r.String("meter") == "" {
		return nil
	}
	meter, err := op.Get("billing.meter", r.String("meter"), nested(name, "meter"))
	if err != nil {
		return err
	}
	if meter.String("status") != "active" {
		return apierr.Invalid("", nested(name, "meter"), "The meter `%s` is inactive, so no price can be made for it.", meter.ID())
	}
	return nil
}

// nested is the name of a parameter inside another one; at the top there is no other.
func nested(outer, name string) string {
	if outer == "" {
		return name
	}
	return outer + "[" + name + "]"
}

// claimLookupKey gives the price its lookup key: no other active price may have it, unless it is to be taken away.
func claimLookupKey(op *resource.Op, p *object.Object) error {
	key := p.String("lookup_key")
	if key == "" || !p.Bool("active") {
		return nil
	}
	holders, err := op.Lookup("price", "lookup_key", key)
	if err != nil {
		return err
	}
	for _, holder := range holders {
		if holder == p || !holder.Bool("active") || holder.String("lookup_key") != key {
			continue
		}
		if !op.Params.Bool("transfer_lookup_key") {
			return apierr.Invalid("", "lookup_key", "A price (`%s`) is already using that lookup key.", holder.ID())
		}
		holder.Set("lookup_key", nil)
		if err := op.EmitUpdated(holder); err != nil {
			return err
		}
	}
	return nil
}

func updatePrice(op *resource.Op) error {
	p, before := op.Object, op.Before
	if was := before.String("tax_behavior"); was != "unspecified" && p.String("tax_behavior") != was {
		return fixedBehavior("tax_behavior", was)
	}
	if before.Bool("active") && !p.Bool("active") {
		if err := notDefault(op, p, "active", "archived"); err != nil {
			return err
		}
	}
	if err := claimLookupKey(op, p); err != nil {
		return err
	}
	if err := mergeCurrencyOptions(op, p); err != nil {
		return err
	}
	return mirror(op, "plan", map[string]string{"active": "active", "nickname": "nickname", "metadata": "metadata"})
}

// notDefault refuses to take away the default price of a product.
func notDefault(op *resource.Op, price *object.Object, param, done string) error {
	product, err := op.Find("product", price.Ref("product"))
	if err != nil || product.Ref("default_price") != price.ID() {
		return err
	}
	return apierr.Invalid("", param, "This price cannot be %s because it is the default price of its product.", done)
}

// planOfPrice makes the plan that a recurring price is, too.
func planOfPrice(op *resource.Op) error {
	p := op.Object
	recurring := p.Object("recurring")
	if recurring == nil {
		return nil
	}
	known, err := op.Find("plan", p.ID())
	if known != nil || err != nil {
		return err
	}
	params := newParams("id", p.ID(), "active", p.Get("active"), "currency", p.Get("currency"), "product", p.Ref("product"),
		"interval", recurring.Get("interval"), "interval_count", recurring.Get("interval_count"), "usage_type", recurring.Get("usage_type"),
		"meter", recurring.Get("meter"), "nickname", p.Get("nickname"), "metadata", p.Object("metadata").Clone(),
		"billing_scheme", p.Get("billing_scheme"), "tiers_mode", p.Get("tiers_mode"), "tiers", op.Params.Get("tiers"),
		"transform_usage", op.Params.Get("transform_quantity"), "amount_decimal", p.Get("unit_amount_decimal"))
	_, err = op.Create("plan", params)
	return err
}

// mirror puts changed fields into the object of the same id that shows the same thing under another name, if there is
// one. fields are names here and there.
func mirror(op *resource.Op, kind string, fields map[string]string) error {
	other, err := op.Find(kind, op.Object.ID())
	if other == nil || err != nil {
		return err
	}
	for here, there := range fields {
		v := op.Object.Get(here)
		if inner, ok := v.(*object.Object); ok {
			v = inner.Clone()
		}
		other.Set(there, v)
	}
	return op.EmitUpdated(other)
}
