package billing

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// pricePart is what one line of a bill says of a price: so many at so much. A price in tiers has a part for each tier.
type pricePart struct {
	tier     int  // 1 is the first; 0 for a price without tiers
	flat     bool // the amount of a tier that does not depend on the quantity
	quantity *big.Rat
	unit     string // decimal; empty if the part is for a bundle
	amount   int64
}

// priceParts is what a quantity of a price costs in a currency that the price has. A request for more than can be billed
// is refused; in time, usage may come to that. Source: Stripe, Pricing models.
func priceParts(op *resource.Op, price *object.Object, currency string, quantity *big.Rat) ([]pricePart, error) {
	parts, err := countParts(op, price, currency, quantity)
	if err != nil || op.Operation == nil {
		return parts, err
	}
	for _, part := range parts {
		if err := checkBillable(part.amount, "", currency); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// checkBillable refuses an amount of more than twelve digits.
func checkBillable(amount int64, param, currency string) error {
	if max(amount, -amount) < money.TooMuch && amount != math.MinInt64 {
		return nil
	}
	return apierr.Invalid("amount_too_large", param, "Amount must be no more than %s", money.Format(money.TooMuch-1, currency))
}

func countParts(op *resource.Op, price *object.Object, currency string, quantity *big.Rat) ([]pricePart, error) {
	terms, err := priceTerms(op, price, currency)
	if err != nil {
		return nil, err
	}
	if price.String("billing_scheme") == "tiered" {
		return tieredParts(terms.Array("tiers"), price.String("tiers_mode"), quantity)
	}
	part := pricePart{quantity: quantity, unit: terms.String("unit_amount_decimal")}
	counted := quantity
	if t := price.Object("transform_quantity"); t != nil {
		counted = money.Bundles(quantity, t.Int("divide_by"), t.String("round") == "up")
	}
	part.amount, err = money.TimesRat(part.unit, counted)
	return []pricePart{part}, err
}

// priceTerms are the amounts of a price in a currency: its own, or one of its currency options.
func priceTerms(op *resource.Op, price *object.Object, currency string) (*object.Object, error) {
	own := price.String("currency") == currency
	if own && price.String("billing_scheme") != "tiered" {
		return price, nil
	}
	kept, err := op.Get("price", price.ID(), "price")
	if err != nil {
		return nil, err
	}
	private, err := op.Private(kept)
	if err != nil || own {
		return private, err
	}
	terms := private.Object("currency_options").Object(currency)
	if terms == nil {
		return nil, fmt.Errorf("the price %s has no amount in %s", price.ID(), currency)
	}
	return terms, nil
}

func tieredParts(shown []any, mode string, quantity *big.Rat) ([]pricePart, error) {
	tiers := make([]money.Tier, len(shown))
	for i, v := range shown {
		t := v.(*object.Object)
		tiers[i] = money.Tier{UpTo: t.Int("up_to"), Unit: t.String("unit_amount_decimal"), Flat: t.String("flat_amount_decimal")}
	}
	price := money.Graduated
	if mode == "volume" {
		price = money.Volume
	}
	priced, err := price(tiers, quantity)
	parts := make([]pricePart, len(priced))
	for i, p := range priced {
		parts[i] = pricePart{tier: p.Tier, flat: p.Flat, quantity: p.Quantity, unit: p.Unit, amount: p.Amount}
	}
	return parts, err
}

// partText describes a part as a line does: "3 × Gold (at $10.00 / month)", "5 × Gold (Tier 1 at $7.00 / month)".
func partText(p pricePart, product string, price *object.Object, currency string) string {
	text := "at "
	if p.tier > 0 {
		text = "Tier " + strconv.Itoa(p.tier) + " at "
	}
	text += money.FormatUnit(p.unit, currency) + " / " + intervalText(price.Object("recurring"))
	if p.flat {
		return product + " (" + text + ")"
	}
	return quantityText(p.quantity) + " × " + product + " (" + text + ")"
}

// intervalText is "month", or "every 3 months".
func intervalText(recurring *object.Object) string {
	interval := recurring.String("interval")
	if n := recurring.Int("interval_count"); n > 1 {
		return "every " + strconv.FormatInt(n, 10) + " " + interval + "s"
	}
	return interval
}

// quantityText writes a quantity with as many digits as it has.
func quantityText(q *big.Rat) string {
	if q.IsInt() {
		return q.Num().String()
	}
	return strings.TrimRight(decimalText(q), "0")
}
