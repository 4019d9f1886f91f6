package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A shipping rate is what it costs to send something, and how long it takes.
//
//	active --active=false--> archived --active=true--> active
func init() {
	register(resource.Rules{Object: "shipping_rate", Create: createShippingRate, Update: updateShippingRate})
}

func createShippingRate(op *resource.Op) error {
	r := op.Object
	amount := op.Params.Object("fixed_amount")
	if amount == nil {
		return missingParam("fixed_amount")
	}
	r.Set("active", true)
	r.Set("type", "fixed_amount")
	if r.Get("tax_behavior") == nil {
		r.Set("tax_behavior", "unspecified")
	}
	if err := checkShippingAmount(amount, "fixed_amount"); err != nil {
		return err
	}
	if err := checkCurrency(amount.String("currency")); err != nil {
		return within(err, "fixed_amount")
	}
	if err := checkDelivery(op.Params.Object("delivery_estimate")); err != nil {
		return err
	}
	return shippingOptions(r.Object("fixed_amount"), nil, amount)
}

// updateShippingRate completes amounts in other currencies that were added.
func updateShippingRate(op *resource.Op) error {
	if amount := op.Params.Object("fixed_amount"); amount != nil {
		if err := shippingOptions(op.Object.Object("fixed_amount"), op.Before.Object("fixed_amount"), amount); err != nil {
			return err
		}
	}
	if was := op.Before.String("tax_behavior"); was != "unspecified" && op.Object.String("tax_behavior") != was {
		return apierr.Invalid("", "tax_behavior", "The tax behavior of a shipping rate cannot be changed once it is set to `%s`.", was)
	}
	return nil
}

func checkShippingAmount(sent *object.Object, param string) error {
	if sent.Int("amount") < 0 {
		return apierr.Invalid("parameter_invalid_integer", inside(param, "amount"), "This value must be greater than or equal to 0.")
	}
	return nil
}

// hoursOf are the hours of the units that a delivery can be estimated in.
var hoursOf = map[string]int64{"hour": 1, "day": 24, "business_day": 24, "week": 7 * 24, "month": 30 * 24}

// checkDelivery wants a time that is not over before it begins.
func checkDelivery(sent *object.Object) error {
	var hours [2]int64
	for i, name := range []string{"minimum", "maximum"} {
		bound := sent.Object(name)
		if bound == nil {
			continue
		}
		if bound.Int("value") < 1 {
			return apierr.Invalid("parameter_invalid_integer", "delivery_estimate["+name+"][value]", "This value must be greater than or equal to 1.")
		}
		hours[i] = bound.Int("value") * hoursOf[bound.String("unit")]
	}
	if hours[1] > 0 && hours[0] > hours[1] {
		return apierr.Invalid("", "delivery_estimate", "The minimum of a delivery estimate must not be longer than its maximum.")
	}
	return nil
}

// shippingOptions completes what was sent of the amounts in other currencies; those in before have one already.
func shippingOptions(o, before, sent *object.Object) error {
	for currency, v := range sent.Object("currency_options").All() {
		param := "fixed_amount[currency_options][" + currency + "]"
		from, ok := v.(*object.Object)
		if !ok {
			continue
		}
		option := o.Sub("currency_options").Sub(currency)
		switch err := apierr.As(checkCurrency(currency)); {
		case err != nil:
			err.Param = param
			return err
		case currency == o.String("currency"):
			return apierr.Invalid("", param, "`currency_options` must not hold the currency %s itself.", currency)
		case before.Object("currency_options").Object(currency) == nil && !from.Has("amount"):
			return missingParam(inside(param, "amount"))
		}
		if err := checkShippingAmount(from, param); err != nil {
			return err
		}
		if amount := from.Get("amount"); amount != nil {
			option.Set("amount", amount)
		}
		if option.String("tax_behavior") == "" || from.Has("tax_behavior") {
			option.Set("tax_behavior", "unspecified")
			if behavior := from.String("tax_behavior"); behavior != "" {
				option.Set("tax_behavior", behavior)
			}
		}
	}
	return nil
}
