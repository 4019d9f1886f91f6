package money

import "testing"

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, currency string
		amount         int64
		again          string
	}{
		{"12.50", "usd", 1250, "12.50"}, {"12", "usd", 1200, "12.00"}, {"12.5", "usd", 1250, "12.50"}, {"-0.05", "eur", -5, "-0.05"}, {"1234567.00", "usd", 123456700, "1234567.00"},
		{"1250", "jpy", 1250, "1250"}, {"1250.0", "jpy", 1250, "1250"}, {"1.234", "kwd", 1234, "1.234"},
	} {
		got, err := ParseUnits(test.text, test.currency)
		if err != nil || got != test.amount || Units(got, test.currency) != test.again {
			t.Errorf("%s %s: %d, %v, again %s", test.text, test.currency, got, err, Units(got, test.currency))
		}
	}
	for _, wrong := range []string{"", "x", "1,50", "1.505", ".", "1e3", "+1", "--1", "99999999999999999999"} {
		if got, err := ParseUnits(wrong, "usd"); err == nil {
			t.Errorf("%q is %d", wrong, got)
		}
	}
}
