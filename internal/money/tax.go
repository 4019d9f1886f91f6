package money

// Rate is a rate of tax: one that is within the price, or comes on top of it.
type Rate struct {
	Percent   Percent
	Inclusive bool
}

// Tax is what a rate comes to, and of which amount without tax.
type Tax struct{ Amount, Taxable int64 }

// Taxes are the taxes of all rates on an amount. Those that are within it are worked out together; what is left without
// them is taxed by the others.
func Taxes(amount int64, rates []Rate) []Tax {
	taxes := make([]Tax, len(rates))
	var within Percent
	for _, r := range rates {
		if r.Inclusive {
			within += r.Percent
		}
	}
	net := amount
	for i, r := range rates {
		if r.Inclusive {
			taxes[i].Amount = r.Percent.Within(amount, within)
			net -= taxes[i].Amount
		}
	}
	for i, r := range rates {
		taxes[i].Taxable = net
		if !r.Inclusive {
			taxes[i].Amount = r.Percent.Of(net)
		}
	}
	return taxes
}
