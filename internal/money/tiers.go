package money

import (
	"fmt"
	"math/big"
)

// Tier is a range of quantities and what a unit in it costs. Amounts are decimals in the smallest unit ("0.5"); an empty
// one is nothing.
type Tier struct {
	UpTo       int64 // inclusive; 0 is without end
	Unit, Flat string
}

// TierPart is what one tier comes to: Quantity units at Unit, or, with Flat, the amount for having entered it.
type TierPart struct {
	Tier     int // 1 is the first
	Flat     bool
	Quantity *big.Rat
	Unit     string
	Amount   int64
}

// Graduated prices each unit in the tier that it falls into, and takes the flat amount of every tier that is entered.
// A quantity of zero enters the first tier. Source: Stripe, Pricing models: with tiers of 1-5 at 700, 6-10 at 650 and
// then 600, 12 units are 5*700 + 5*650 + 2*600 = 7950.
func Graduated(tiers []Tier, quantity *big.Rat) ([]TierPart, error) {
	var parts []TierPart
	from := new(big.Rat)
	for i, t := range tiers {
		end := quantity
		if limit := new(big.Rat).SetInt64(t.UpTo); t.UpTo > 0 && limit.Cmp(quantity) < 0 {
			end = limit
		}
		if i > 0 && from.Cmp(quantity) >= 0 {
			break
		}
		var err error
		if parts, err = t.append(parts, i+1, new(big.Rat).Sub(end, from)); err != nil {
			return nil, err
		}
		from = end
	}
	return parts, nil
}

// Volume prices all units in the tier that the quantity falls into: 12 units of the tiers above are 12*600 = 7200.
func Volume(tiers []Tier, quantity *big.Rat) ([]TierPart, error) {
	for i, t := range tiers {
		if t.UpTo == 0 || quantity.Cmp(new(big.Rat).SetInt64(t.UpTo)) <= 0 {
			return t.append(nil, i+1, quantity)
		}
	}
	return nil, fmt.Errorf("money: no tier holds %s units", quantity.RatString())
}

func (t Tier) append(parts []TierPart, number int, quantity *big.Rat) ([]TierPart, error) {
	if t.Unit != "" || t.Flat == "" {
		amount, err := TimesRat(t.Unit, quantity)
		if err != nil {
			return nil, err
		}
		parts = append(parts, TierPart{Tier: number, Quantity: quantity, Unit: t.Unit, Amount: amount})
	}
	if t.Flat != "" && t.Flat != "0" {
		one := new(big.Rat).SetInt64(1)
		amount, err := TimesRat(t.Flat, one)
		if err != nil {
			return nil, err
		}
		parts = append(parts, TierPart{Tier: number, Flat: true, Quantity: one, Unit: t.Flat, Amount: amount})
	}
	return parts, nil
}

// TimesRat is Times for a quantity that need not be whole, such as metered gigabytes. An empty unit is nothing, and what
// has more than twelve digits is TooMuch.
func TimesRat(unit string, quantity *big.Rat) (int64, error) {
	if unit == "" {
		return 0, nil
	}
	r, err := decimal(unit)
	if err != nil {
		return 0, err
	}
	return bounded(r.Mul(r, quantity)), nil
}

// Bundles is how many bundles of a size a quantity makes, rounded up or down: what transform_quantity prices.
func Bundles(quantity *big.Rat, size int64, up bool) *big.Rat {
	r := new(big.Rat).Quo(quantity, new(big.Rat).SetInt64(size))
	n, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return new(big.Rat).SetInt(n)
}
