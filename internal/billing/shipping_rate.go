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
	if amount.Int("amount") < 0 {
		return apierr.Invalid("parameter_invalid_integer", "fixed_amount[amount]", "This value must be greater than or equal to 0.")
	}
	if err := checkCurrency(amount.String("currency")); err != nil {
		return within(err, "fixed_amount")
	}
	completeShippingOptions(r.Object("fixed_amount"), amount)
	return nil
}

// updateShippingRate completes amounts in other currencies that were added.
func updateShippingRate(op *resource.Op) error {
	if amount := op.Params.Object("fixed_amount"); amount != nil {
		completeShippingOptions(op.Object.Object("fixed_amount"), amount)
	}
	if was := op.Before.String("tax_behavior"); was != "unspecified" && op.Object.String("tax_behavior") != was {
		return apierr.Invalid("", "tax_behavior", "The tax behavior of a shipping rate cannot be changed once it is set to `%s`.", was)
	}
	return nil
}

func completeShippingOptions(o, sent *object.Object) {
	for currency, v := range sent.Object("currency_options").All() {
		from, ok := v.(*object.Object)
		if !ok {
			continue
		}
		option := o.Sub("currency_options").Sub(currency)
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
}
