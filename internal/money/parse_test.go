package money

import "testing"

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, currency string
		want           int64 // -1 for an error
	}{
		{"5", "usd", 500}, {" 5.5 ", "usd", 550}, {"1,200.50", "eur", 120050}, {"0", "usd", 0}, {"0.07", "gbp", 7},
		{"500", "jpy", 500}, {"500.0", "jpy", -1}, {"1.250", "kwd", 1250}, {"1.2345", "kwd", -1},
		{"", "usd", -1}, {".5", "usd", -1}, {"-5", "usd", -1}, {"five", "usd", -1}, {"1.2.3", "usd", -1}, {"1.", "usd", 100},
		{"90071992547409.91", "usd", 9007199254740991}, {"90071992547409.92", "usd", -1}, {"99999999999999999999", "usd", -1},
	} {
		got, err := Parse(c.text, c.currency)
		if (err != nil) != (c.want < 0) || err == nil && got != c.want {
			t.Errorf("Parse(%q, %s) = %d, %v; want %d", c.text, c.currency, got, err, c.want)
		}
	}
}
