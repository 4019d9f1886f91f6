package paper_test

import (
	"strings"
	"testing"

	"sharesmart/internal/paper"
)

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language, currency string
		amount             int64
		want, withCode     string
	}{
		{"en", "usd", 123450, "$1,234.50", "$1,234.50 USD"},
		{"en", "usd", -5, "-$0.05", "-$0.05 USD"},
		{"en", "usd", 0, "$0.00", "$0.00 USD"},
		{"en", "cad", 100, "CA$1.00", "CA$1.00"},
		{"en", "eur", 1234567890, "€12,345,678.90", "€12,345,678.90"},
		{"en", "jpy", 1234, "¥1,234", "¥1,234 JPY"},
		{"en", "bhd", 1234567, "BHD 1,234.567", "BHD 1,234.567"},
		{"en", "bhd", -1, "-BHD 0.001", "-BHD 0.001"},
		{"en", "inr", 150000, "INR 1,500.00", "INR 1,500.00"},
		{"en", "isk", 150000, "ISK 1,500.00", "ISK 1,500.00"},
		{"de", "eur", 123450, "1.234,50 €", "1.234,50 €"},
		{"de-AT", "usd", -123450, "-1.234,50 $", "-1.234,50 $ USD"},
		{"de", "jpy", 1234, "1.234 ¥", "1.234 ¥ JPY"},
		{"de", "chf", 5, "0,05 CHF", "0,05 CHF"},
		{"fr", "eur", 123450, "€1,234.50", "€1,234.50"},
		{"", "gbp", 99, "£0.99", "£0.99"},
	} {
		d := &paper.Document{Language: c.language, Currency: c.currency}
		for want, got := range map[string]string{c.want: d.Amount(c.amount), c.withCode: d.AmountWithCode(c.amount)} {
			if got = strings.ReplaceAll(got, "\u00a0", " "); got != want {
				t.Errorf("%d %s in %q is %q, want %q", c.amount, c.currency, c.language, got, want)
			}
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"en": "March 1, 2026", "en-US": "March 1, 2026", "en-GB": "1 March 2026", "de": "1. März 2026", "ja": "March 1, 2026"} {
		if got := (&paper.Document{Language: language}).Date(day(3, 1)); got != want {
			t.Errorf("%s: %s, want %s", language, got, want)
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"7FE1103-0001": "Invoice-7FE1103-0001.pdf", `a/b\c:"d"` + "\n": "Invoice-a-b-c--d--.pdf", "№ 7": "Invoice-№ 7.pdf"} {
		if got := (&paper.Document{Number: number}).FileName(); got != want {
			t.Errorf("%q is called %q, want %q", number, got, want)
		}
	}
}

func TestMethod(t *testing.T) {
	t.Parallel()
	for want, parts := range map[string][3]string{
		"Visa •••• 4242": {"card", "visa", "4242"}, "American Express •••• 0005": {"card", "amex", "0005"}, "SEPA Direct Debit •••• 3000": {"sepa_debit", "", "3000"},
		"iDEAL": {"ideal"}, "Amazon pay": {"amazon_pay"}, "": {},
	} {
		if got := paper.Method(parts[0], parts[1], parts[2]); got != want {
			t.Errorf("%v is %q, want %q", parts, got, want)
		}
	}
}
