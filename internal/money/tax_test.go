package money

import (
	"slices"
	"testing"
)

func rate(tax, percent string, inclusive bool) TaxRate {
	p, err := ParsePercent(percent)
	if err != nil {
		panic(err)
	}
	return TaxRate{tax, p, inclusive}
}

func TestTax(t *testing.T) {
	t.Parallel()
	added := func(percent string) []TaxRate { return []TaxRate{rate("vat", percent, false)} }
	within := func(percent string) []TaxRate { return []TaxRate{rate("vat", percent, true)} }
	canada := []TaxRate{rate("gst", "5", false), rate("qst", "9.975", false)}
	inside := []TaxRate{rate("gst", "5", true), rate("qst", "9.975", true)}
	both := []TaxRate{rate("vat", "10", true), rate("levy", "5", false)}
	for _, c := range []struct {
		name     string
		rounding TaxRounding
		lines    []TaxLine
		want     []LineTax
	}{
		{"25 % on 500", PerLine, []TaxLine{{500, added("25")}}, []LineTax{{500, []int64{125}}}},
		{"25 % in 500", PerLine, []TaxLine{{500, within("25")}}, []LineTax{{400, []int64{100}}}},
		{"a half goes up", PerLine, []TaxLine{{450, added("5")}}, []LineTax{{450, []int64{23}}}},
		{"and down below zero", PerLine, []TaxLine{{-450, added("5")}}, []LineTax{{-450, []int64{-23}}}},
		{"pizza in California", PerInvoice, []TaxLine{{1499, added("9.875")}}, []LineTax{{1499, []int64{148}}}},
		{"zero rated", PerInvoice, []TaxLine{{300, added("0")}}, []LineTax{{300, []int64{0}}}},
		{"no tax at all", PerInvoice, []TaxLine{{300, nil}}, []LineTax{{300, []int64{}}}},
		{"two taxes", PerInvoice, []TaxLine{{10000, canada}}, []LineTax{{10000, []int64{500, 998}}}},
		{"two taxes within", PerInvoice, []TaxLine{{11498, inside}}, []LineTax{{10000, []int64{500, 998}}}},
		{"one within and one on top", PerLine, []TaxLine{{1100, both}}, []LineTax{{1000, []int64{100, 50}}}},
		{"per line", PerLine, []TaxLine{{100000, within("10")}, {5000, within("10")}}, []LineTax{{90909, []int64{9091}}, {4545, []int64{455}}}},
		{"per invoice", PerInvoice, []TaxLine{{100000, within("10")}, {5000, within("10")}}, []LineTax{{90909, []int64{9091}}, {4546, []int64{454}}}},
		{"three small lines, each rounded", PerLine, []TaxLine{{5, added("10")}, {5, added("10")}, {5, added("10")}}, []LineTax{{5, []int64{1}}, {5, []int64{1}}, {5, []int64{1}}}},
		{"three small lines, rounded together", PerInvoice, []TaxLine{{5, added("10")}, {5, added("10")}, {5, added("10")}}, []LineTax{{5, []int64{1}}, {5, []int64{0}}, {5, []int64{1}}}},
		{"different rates do not mix", PerInvoice, []TaxLine{{5, added("10")}, {5, added("11")}}, []LineTax{{5, []int64{1}}, {5, []int64{1}}}},
	} {
		got := Tax(c.lines, c.rounding)
		if !slices.EqualFunc(got, c.want, func(a, b LineTax) bool { return a.Taxable == b.Taxable && slices.Equal(a.Taxes, b.Taxes) }) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// However an amount is split into lines, tax that is rounded per invoice is that of the whole.
func TestTaxOfParts(t *testing.T) {
	t.Parallel()
	for total := int64(1); total < 200; total++ {
		for _, inclusive := range []bool{false, true} {
			rates := []TaxRate{rate("vat", "8.875", inclusive)}
			var lines []TaxLine
			for left := total; left > 0; left -= 7 {
				lines = append(lines, TaxLine{min(left, 7), rates})
			}
			var sum int64
			for _, l := range Tax(lines, PerInvoice) {
				sum += l.Taxes[0]
			}
			if whole := Tax([]TaxLine{{total, rates}}, PerInvoice)[0].Taxes[0]; sum != whole {
				t.Errorf("%d in parts is taxed %d, and at once %d", total, sum, whole)
			}
		}
	}
}

func TestPercentText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"0": "0.0", "19": "19.0", "8.875": "8.875", "25.5": "25.5", "9.9750": "9.975", "100": "100.0"} {
		p, err := ParsePercent(in)
		if err != nil || p.String() != want {
			t.Errorf("%s is written %s (%v), want %s", in, p, err, want)
		}
	}
}
