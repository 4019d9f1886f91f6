package money

import "math/big"

// Split divides a total among weights that are not negative: each part is rounded down, and the last that weighs
// anything takes the rest. 500 over 1000 and 2000 is 166 and 334.
func Split(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	var whole int64
	last := -1
	for i, w := range weights {
		if w > 0 {
			whole += w
			last = i
		}
	}
	rest := total
	for i, w := range weights {
		if w > 0 && i != last {
			n := new(big.Int).Mul(big.NewInt(total), big.NewInt(w))
			parts[i] = n.Quo(n, big.NewInt(whole)).Int64()
			rest -= parts[i]
		}
	}
	if last >= 0 {
		parts[last] = rest
	}
	return parts
}

// Discount is a share that is taken off, or an amount if that is not zero.
type Discount struct {
	Percent Percent
	Amount  int64
}

// Off is what a discount takes off each of several amounts. An amount is divided by their weight, and never takes more
// than there is.
func (d Discount) Off(amounts []int64) []int64 {
	if d.Amount > 0 {
		weights := make([]int64, len(amounts))
		var whole int64
		for i, a := range amounts {
			weights[i] = max(a, 0)
			whole += weights[i]
		}
		return Split(min(d.Amount, whole), weights)
	}
	off := make([]int64, len(amounts))
	for i, a := range amounts {
		off[i] = d.Percent.Of(a)
	}
	return off
}
