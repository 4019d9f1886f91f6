package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
)

// What a price may be: one amount for each unit (whole, or with up to twelve decimals), an amount that the customer
// chooses, or tiers. In other currencies it is the same (price_currencies.go).

// priceAmounts settles the amounts of a new price.
func priceAmounts(p, params *object.Object) error {
	tiered := p.String("billing_scheme") == "tiered"
	if err := oneAmount(params, "", tiered); err != nil {
		return err
	}
	if err := checkTiers(params, tiered); err != nil {
		return err
	}
	if p.Object("custom_unit_amount") != nil && (p.Object("recurring") != nil || params.Has("transform_quantity")) {
		return apierr.Invalid("", "custom_unit_amount", "A price with a `custom_unit_amount` cannot be recurring, and have no `transform_quantity`.")
	}
	if err := settleTerms(p, params, "", p.String("currency")); err != nil {
		return err
	}
	sent := params.Object("currency_options")
	if sent == nil {
		return nil
	}
	options := object.New(nil)
	p.Set("currency_options", options)
	return settleOptions(p, options, sent)
}

// settleTerms sets the amounts in one currency from those that were sent.
func settleTerms(o, sent *object.Object, outer, currency string) error {
	if err := settleUnit(o, sent, "unit_amount", outer); err != nil {
		return err
	}
	if err := settleCustom(o, sent.Object("custom_unit_amount"), nested(outer, "custom_unit_amount"), currency); err != nil {
		return err
	}
	if tiers := sent.Array("tiers"); tiers != nil {
		settled, err := settleTiers(tiers, nested(outer, "tiers"))
		if err != nil {
			return err
		}
		o.Set("tiers", settled)
	}
	return nil
}

// oneAmount checks that exactly one of the ways to say an amount was used. outer is the parameter that they are in.
func oneAmount(params *object.Object, outer string, tiered bool) error {
	var sent []string
	for _, name := range []string{"custom_unit_amount", "unit_amount", "unit_amount_decimal"} {
		if params.Has(name) && params.At(name, "enabled") != false {
			sent = append(sent, name)
		}
	}
	switch {
	case len(sent) > 1:
		return onlyOne(nested(outer, sent[0]), nested(outer, sent[1]))
	case tiered && len(sent) > 0:
		return apierr.Invalid("", nested(outer, sent[0]), "`%s` must not be sent when `billing_scheme` is `tiered`; the tiers say the amounts.", sent[0])
	case !tiered && len(sent) == 0:
		return missingParam(nested(outer, "unit_amount"))
	}
	return nil
}

// checkTiers checks that tiers and how they are counted are there exactly if the price is tiered.
func checkTiers(params *object.Object, tiered bool) error {
	for _, name := range []string{"tiers", "tiers_mode"} {
		if tiered && !params.Has(name) {
			return missingParam(name)
		}
		if !tiered && params.Has(name) {
			return apierr.Invalid("", name, "`%s` can only be sent when `billing_scheme` is `tiered`.", name)
		}
	}
	if tiered && params.Has("transform_quantity") {
		return apierr.Invalid("", "transform_quantity", "`transform_quantity` cannot be combined with tiers.")
	}
	return nil
}

// settleUnit sets both forms of an amount, name and name_decimal, from the one that was sent. A decimal that is no whole
// number has no whole form.
func settleUnit(o, params *object.Object, name, outer string) error {
	decimalName := name + "_decimal"
	switch {
	case params.Has(name):
		amount := params.Int(name)
		if amount < 0 {
			return apierr.Invalid("parameter_invalid_integer", nested(outer, name), "This value must be greater than or equal to 0.")
		}
		if amount > maxUnit {
			return apierr.Invalid("parameter_invalid_integer", nested(outer, name), "This value must be less than or equal to %d.", int64(maxUnit))
		}
		o.Set(name, amount)
		o.Set(decimalName, strconv.FormatInt(amount, 10))
	case params.Has(decimalName):
		text, err := amountDecimal(params.String(decimalName), nested(outer, decimalName))
		if err != nil {
			return err
		}
		o.Set(decimalName, text)
		o.Set(name, nil)
		if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
			o.Set(name, whole)
		}
		if whole, _, _ := strings.Cut(text, "."); len(whole) > maxDigits {
			return apierr.Invalid("", nested(outer, decimalName), "Invalid decimal: %s; must be at most %d.", text, int64(maxUnit))
		}
	}
	return nil
}

const (
	// maxDecimals is how fine an amount may be.
	maxDecimals = 12
	// maxDigits is how large it may be; Stripe's limit is not published (?).
	maxDigits = 12
	maxUnit   = 1e12 - 1
)

// amountDecimal is a decimal amount without needless zeros.
func amountDecimal(text, name string) (string, error) {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "+"), ".")
	digits := strings.TrimLeft(whole+fraction, "0123456789") == "" && whole+fraction != ""
	fraction = strings.TrimRight(fraction, "0")
	if !digits || len(fraction) > maxDecimals {
		return "", apierr.Invalid("", name, "Invalid decimal: %s; must be at least 0 and have at most %d decimal places.", text, maxDecimals)
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole, nil
	}
	return whole + "." + fraction, nil
}

// settleCustom makes the amount that the customer chooses. param is what says so.
func settleCustom(o, sent *object.Object, param, currency string) error {
	if sent == nil {
		return nil
	}
	if !sent.Bool("enabled") {
		o.Set("custom_unit_amount", nil)
		return nil
	}
	custom := object.New(nil)
	for _, name := range []string{"maximum", "minimum", "preset"} {
		custom.Set(name, sent.Get(name))
		if least := money.Minimum(currency); sent.Has(name) && sent.Int(name) < least {
			return apierr.Invalid("amount_too_small", param+"["+name+"]", "The amount must be at least %s.", money.Format(least, currency))
		}
	}
	for _, pair := range [][2]string{{"minimum", "maximum"}, {"minimum", "preset"}, {"preset", "maximum"}} {
		if sent.Has(pair[0]) && sent.Has(pair[1]) && sent.Int(pair[0]) > sent.Int(pair[1]) {
			return apierr.Invalid("", param, "The minimum, preset and maximum of a `custom_unit_amount` must be in this order.")
		}
	}
	o.Set("custom_unit_amount", custom)
	return nil
}

// settleTiers makes tiers as they are shown: every form of every amount, and null for the end of the last.
func settleTiers(sent []any, outer string) ([]any, error) {
	out := make([]any, len(sent))
	last := int64(0)
	for i, v := range sent {
		from, name := v.(*object.Object), outer+"["+strconv.Itoa(i)+"]"
		tier := object.New(nil)
		for _, field := range []string{"flat_amount", "flat_amount_decimal", "unit_amount", "unit_amount_decimal", "up_to"} {
			tier.Set(field, nil)
		}
		for _, field := range []string{"flat_amount", "unit_amount"} {
			if err := settleUnit(tier, from, field, name); err != nil {
				return nil, err
			}
		}
		if tier.Get("flat_amount_decimal") == nil && tier.Get("unit_amount_decimal") == nil {
			return nil, missingParam(nested(name, "unit_amount"))
		}
		upTo, limited := from.Get("up_to").(int64)
		switch isLast := i == len(sent)-1; {
		case isLast == limited:
			return nil, apierr.Invalid("", nested(name, "up_to"), "The last tier, and no other, must have `up_to` set to `inf`.")
		case limited && upTo <= last:
			return nil, apierr.Invalid("", nested(name, "up_to"), "Each tier must end above the one before it.")
		case limited:
			tier.Set("up_to", upTo)
			last = upTo
		}
		out[i] = tier
	}
	return out, nil
}
