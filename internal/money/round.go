package money

import (
	"fmt"
	"math/big"
	"strings"
)

// Share is the part of total that stands to it as part does to whole, rounded half away from zero. Shares of growing
// parts never sum to more than the total if each is taken as the difference of two of them.
func Share(total, part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	n := new(big.Int).Mul(big.NewInt(total), big.NewInt(part))
	return round(new(big.Rat).SetFrac(n, big.NewInt(whole)))
}

// Percent is a percentage in ten-thousandths, as exact as a tax rate can be: 19.25 % is 192,500.
type Percent int64

const (
	percentDigits = 4
	percentScale  = 10_000
	hundred       = 100 * percentScale
)

// ParsePercent reads a percentage such as "19" or "8.875".
func ParsePercent(text string) (Percent, error) {
	r, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/eE") {
		return 0, fmt.Errorf("money: %q is not a percentage", text)
	}
	r.Mul(r, big.NewRat(percentScale, 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, fmt.Errorf("money: %q has more than %d decimal places", text, percentDigits)
	}
	return Percent(r.Num().Int64()), nil
}

// Of is the percentage of an amount, rounded half away from zero: a fee, or a discount.
func (p Percent) Of(amount int64) int64 { return Share(amount, int64(p), hundred) }

// Times is quantity times a price per unit that may be finer than the smallest unit ("0.5" cents), rounded half away
// from zero. What has more than twelve digits is TooMuch.
func Times(unit string, quantity int64) (int64, error) {
	r, err := decimal(unit)
	if err != nil {
		return 0, err
	}
	return bounded(r.Mul(r, new(big.Rat).SetInt64(quantity))), nil
}

// TooMuch is what an amount is that would have more than twelve digits: sums of such amounts stay far from the end of an
// int64.
const TooMuch = 1_000_000_000_000

var tooMuch = new(big.Rat).SetInt64(TooMuch)

// bounded rounds what may be too much.
func bounded(r *big.Rat) int64 {
	if new(big.Rat).Abs(r).Cmp(tooMuch) >= 0 {
		return int64(r.Sign()) * TooMuch
	}
	return round(r)
}

func decimal(text string) (*big.Rat, error) {
	r, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/eE") {
		return nil, fmt.Errorf("money: %q is not a decimal number", text)
	}
	return r, nil
}

// round is the nearest integer; a half goes away from zero.
func round(r *big.Rat) int64 {
	num, den := new(big.Int).Abs(r.Num()), r.Denom()
	num.Lsh(num, 1).Add(num, den)
	num.Quo(num, new(big.Int).Lsh(den, 1))
	if r.Sign() < 0 {
		num.Neg(num)
	}
	return num.Int64()
}
