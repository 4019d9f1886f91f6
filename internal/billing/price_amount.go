package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a price may be: one amount for each unit (whole, or with up to twelve decimals), an amount that the customer
// chooses, or tiers.

// priceAmounts settles the amounts of a new price.
func priceAmounts(p, params *object.Object) error {
	tiered := p.String("billing_scheme") == "tiered"
	if err := oneAmount(params, "", tiered); err != nil {
		return err
	}
	if err := checkTiers(params, tiered); err != nil {
		return err
	}
	if p.Object("custom_unit_amount") != nil && p.Object("recurring") != nil {
		return apierr.Invalid("", "custom_unit_amount", "A recurring price cannot have a `custom_unit_amount`.")
	}
	if err := settleUnit(p, params, "unit_amount", ""); err != nil {
		return err
	}
	if err := settleCustom(p, params.Object("custom_unit_amount")); err != nil {
		return err
	}
	if tiers := params.Array("tiers"); tiers != nil {
		settled, err := settleTiers(tiers, "tiers")
		if err != nil {
			return err
		}
		p.Set("tiers", settled)
	}
	return settleOptions(p.Object("currency_options"), params.Object("currency_options"), p.String("currency"))
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
	}
	return nil
}

// maxDecimals is how fine an amount may be.
const maxDecimals = 12

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

// settleCustom makes the amount that the customer chooses.
func settleCustom(o, sent *object.Object) error {
	if sent == nil {
		return nil
	}
	if !sent.Bool("enabled") {
		o.Set("custom_unit_amount", nil)
		return nil
	}
	lo, hi, preset := sent.Get("minimum"), sent.Get("maximum"), sent.Get("preset")
	for _, pair := range [][2]any{{lo, hi}, {lo, preset}, {preset, hi}} {
		a, ok1 := pair[0].(int64)
		b, ok2 := pair[1].(int64)
		if ok1 && ok2 && a > b {
			return apierr.Invalid("", "custom_unit_amount", "The minimum, preset and maximum of a `custom_unit_amount` must be in this order.")
		}
	}
	custom := object.New(nil)
	custom.Set("maximum", hi)
	custom.Set("minimum", lo)
	custom.Set("preset", preset)
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

// settleOptions completes the amounts in other currencies.
func settleOptions(options, sent *object.Object, own string) error {
	for currency, v := range sent.All() {
		from, _ := v.(*object.Object)
		if from == nil {
			continue
		}
		name := "currency_options[" + currency + "]"
		if err := checkCurrency(currency); err != nil {
			return err
		}
		if currency == own {
			return apierr.Invalid("", name, "`currency_options` must not hold the price's own currency, %s.", own)
		}
		option := options.Sub(currency)
		if option.Get("tax_behavior") == nil {
			option.Set("tax_behavior", "unspecified")
		}
		if err := settleUnit(option, from, "unit_amount", name); err != nil {
			return err
		}
		if err := settleCustom(option, from.Object("custom_unit_amount")); err != nil {
			return err
		}
		if tiers := from.Array("tiers"); tiers != nil {
			settled, err := settleTiers(tiers, nested(name, "tiers"))
			if err != nil {
				return err
			}
			option.Set("tiers", settled)
		}
	}
	return nil
}

// mergeCurrencyOptions adds the currencies of an update to those that the price has.
func mergeCurrencyOptions(op *resource.Op, p *object.Object) error {
	sent := op.Params.Object("currency_options")
	if sent == nil {
		return nil
	}
	if err := settleOptions(p.Object("currency_options"), sent, p.String("currency")); err != nil {
		return err
	}
	private, err := op.Private(p)
	if err != nil {
		return err
	}
	known := private.Sub("currency_options")
	for currency, option := range p.Object("currency_options").All() {
		known.Set(currency, option)
	}
	p.Delete("currency_options")
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
