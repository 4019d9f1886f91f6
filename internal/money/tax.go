package money

import "math/big"

// TaxRate is one tax on a line: a percentage that is added to the amount, or is in it already.
type TaxRate struct {
	// Tax tells taxes apart: what is due for one of them on several lines is rounded together.
	Tax       string
	Percent   Percent
	Inclusive bool
}

// TaxLine is an amount after discounts, and what taxes it bears.
type TaxLine struct {
	Amount int64
	Rates  []TaxRate
}

// LineTax is the tax on a line: the amount that is taxed, without any tax, and what is due at each of its rates.
type LineTax struct {
	Taxable int64
	Taxes   []int64
}

// TaxRounding says where fractions of the smallest unit are rounded.
type TaxRounding uint8

const (
	// PerLine rounds each tax of each line.
	PerLine TaxRounding = iota
	// PerInvoice rounds each tax once for all lines; what that moves lands on the later lines, so that they still add up.
	PerInvoice
)

// Tax works out the taxes of lines that are sold together. Inclusive taxes come out of the amount all at once; exclusive
// ones are charged on what is left. A half goes away from zero.
func Tax(lines []TaxLine, rounding TaxRounding) []LineTax {
	out := make([]LineTax, len(lines))
	due := taxesDue{}
	for i, line := range lines {
		if rounding == PerLine {
			clear(due)
		}
		var within int64
		for _, r := range line.Rates {
			if r.Inclusive {
				within += int64(r.Percent)
			}
		}
		taxed := LineTax{Taxable: line.Amount, Taxes: make([]int64, len(line.Rates))}
		for j, r := range line.Rates {
			if r.Inclusive {
				taxed.Taxes[j] = due.add(r, line.Amount, hundred+within)
				taxed.Taxable -= taxed.Taxes[j]
			}
		}
		for j, r := range line.Rates {
			if !r.Inclusive {
				taxed.Taxes[j] = due.add(r, taxed.Taxable, hundred)
			}
		}
		out[i] = taxed
	}
	return out
}

// taxesDue is what has come together of each tax, not rounded.
type taxesDue map[TaxRate]*big.Rat

// add is by how much the rounded sum of a tax grows with its share of an amount.
func (d taxesDue) add(r TaxRate, amount, whole int64) int64 {
	sum := d[r]
	if sum == nil {
		sum = new(big.Rat)
		d[r] = sum
	}
	before := round(sum)
	n := new(big.Int).Mul(big.NewInt(amount), big.NewInt(int64(r.Percent)))
	sum.Add(sum, new(big.Rat).SetFrac(n, big.NewInt(whole)))
	return round(sum) - before
}

// String is the percentage with at least one decimal place: "19.0", "8.875".
func (p Percent) String() string {
	r := new(big.Rat).SetFrac64(int64(p), percentScale)
	text := r.FloatString(percentDigits)
	for text[len(text)-1] == '0' && text[len(text)-2] != '.' {
		text = text[:len(text)-1]
	}
	return text
}
