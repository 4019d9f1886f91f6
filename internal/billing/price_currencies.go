package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// settleOptions completes the amounts in other currencies: those that are there already, and those that were sent.
func settleOptions(p, options, sent *object.Object) error {
	for currency, v := range sent.All() {
		from, _ := v.(*object.Object)
		if from == nil {
			continue
		}
		name := "currency_options[" + currency + "]"
		if err := checkCurrency(currency); err != nil {
			return err
		}
		if own := p.String("currency"); currency == own {
			return apierr.Invalid("", name, "`currency_options` must not hold the price's own currency, %s.", own)
		}
		known := options.Object(currency) != nil
		option := options.Sub(currency)
		if err := checkOption(p, from, name, known); err != nil {
			return err
		}
		if err := settleOption(option, from, name, currency); err != nil {
			return err
		}
	}
	return nil
}

// checkOption checks that amounts in another currency are of the kind that the price has. Of a currency that is known,
// they may be left out.
func checkOption(p, from *object.Object, name string, known bool) error {
	tiered := p.String("billing_scheme") == "tiered"
	for _, amount := range []string{"custom_unit_amount", "tiers", "unit_amount", "unit_amount_decimal"} {
		if from.Has(amount) {
			known = false
		}
	}
	switch {
	case known:
		return nil
	case tiered && !from.Has("tiers"):
		return missingParam(nested(name, "tiers"))
	case !tiered && from.Has("tiers"):
		return apierr.Invalid("", nested(name, "tiers"), "`tiers` can only be sent when `billing_scheme` is `tiered`.")
	}
	if err := oneAmount(from, name, tiered); err != nil || tiered {
		return err
	}
	if chosen := p.Object("custom_unit_amount") != nil; chosen != from.Object("custom_unit_amount").Bool("enabled") {
		return apierr.Invalid("", name, "The customer can choose the amount in all currencies of a price, or in none.")
	}
	return nil
}

func settleOption(option, from *object.Object, name, currency string) error {
	if option.Len() == 0 {
		option.Set("custom_unit_amount", nil)
		option.Set("tax_behavior", "unspecified")
		option.Set("unit_amount", nil)
		option.Set("unit_amount_decimal", nil)
	}
	if behavior := from.String("tax_behavior"); behavior != "" {
		if was := option.String("tax_behavior"); was != "unspecified" && was != behavior {
			return fixedBehavior(nested(name, "tax_behavior"), was)
		}
		option.Set("tax_behavior", behavior)
	}
	return settleTerms(option, from, name, currency)
}

// fixedBehavior is the error for a tax behavior that is to be changed.
func fixedBehavior(param, was string) error {
	return apierr.Invalid("", param, "The tax behavior of a price cannot be changed once it is set to `%s`.", was)
}

// mergeCurrencyOptions adds the currencies of an update to those that the price has, or takes all of them away.
func mergeCurrencyOptions(op *resource.Op, p *object.Object) error {
	if !op.Params.Has("currency_options") {
		return nil
	}
	private, err := op.Private(p)
	if err != nil {
		return err
	}
	p.Delete("currency_options")
	if sent := op.Params.Object("currency_options"); sent == nil {
		private.Delete("currency_options")
	} else if err := settleOptions(p, private.Sub("currency_options"), sent); err != nil {
		return err
	}
	return op.SetPrivate(p, private)
}

// currencyOptions are the amounts in every currency, the price's own first.
func currencyOptions(_ resource.Glance, p, private *object.Object) (any, error) {
	own := object.New(nil)
	for _, name := range []string{"custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal"} {
		own.Set(name, p.Get(name))
	}
	if tiers := private.Array("tiers"); tiers != nil {
		own.Set("tiers", tiers)
	}
	all := object.New(nil)
	all.Set(p.String("currency"), own)
	for currency, option := range private.Object("currency_options").All() {
		all.Set(currency, option)
	}
	return all, nil
}
