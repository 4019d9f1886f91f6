package money

import "testing"

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount          int64
		currency        string
		want, withCodes string
	}{
		{50, "usd", "$0.50", "$0.50 usd"},
		{0, "usd", "$0.00", "$0.00 usd"},
		{99_999_999, "usd", "$999,999.99", "$999,999.99 usd"},
		{-123456, "eur", "-€1,234.56", "-€1,234.56 eur"},
		{50, "jpy", "¥50", "¥50 jpy"},
		{1234, "jpy", "¥1,234", "¥1,234 jpy"},
		{250, "dkk", "2.50 dkk", "2.50 dkk"},
		{5, "kwd", "0.005 kwd", "0.005 kwd"},
	} {
		if got := Format(c.amount, c.currency); got != c.want {
			t.Errorf("Format(%d, %s) = %q, want %q", c.amount, c.currency, got, c.want)
		}
		if got := FormatCode(c.amount, c.currency); got != c.withCodes {
			t.Errorf("FormatCode(%d, %s) = %q, want %q", c.amount, c.currency, got, c.withCodes)
		}
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	for code := range minimums {
		if !Known(code) {
			t.Errorf("%s has a minimum but is not known", code)
		}
	}
	for code := range symbols {
		if !Known(code) {
			t.Errorf("%s has a sign but is not known", code)
		}
	}
	for _, c := range []struct {
		code     string
		known    bool
		minimum  int64
		decimals int
	}{
		{"usd", true, 50, 2}, {"gbp", true, 30, 2}, {"jpy", true, 50, 0}, {"kwd", true, 1, 3}, {"ugx", true, 1, 2},
		{"huf", true, 17500, 2}, {"xxx", false, 1, 2}, {"USD", false, 1, 2},
	} {
		if Known(c.code) != c.known || Minimum(c.code) != c.minimum || Decimals(c.code) != c.decimals {
			t.Errorf("%s: known %t, minimum %d, decimals %d; want %t, %d, %d", c.code, Known(c.code), Minimum(c.code), Decimals(c.code), c.known, c.minimum, c.decimals)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ total, part, whole, want int64 }{
		{1000, 1, 3, 333}, {1000, 2, 3, 667}, {1000, 3, 3, 1000}, {1000, 0, 3, 0},
		{5, 1, 2, 3}, {-5, 1, 2, -3}, {5, -1, 2, -3}, {1, 1, 0, 0},
		{99_999_999, 99_999_999, 99_999_999, 99_999_999},
	} {
		if got := Share(c.total, c.part, c.whole); got != c.want {
			t.Errorf("Share(%d, %d, %d) = %d, want %d", c.total, c.part, c.whole, got, c.want)
		}
	}
}

// Shares that are taken one after the other add up to the total, whatever the order of parts.
func TestSharesAddUp(t *testing.T) {
	t.Parallel()
	for total := int64(-50); total <= 50; total++ {
		for whole := int64(1); whole <= 9; whole++ {
			var sum, before int64
			for part := int64(1); part <= whole; part++ {
				share := Share(total, part, whole)
				sum += share - before
				before = share
			}
			if sum != total {
				t.Fatalf("the %d shares of %d sum to %d", whole, total, sum)
			}
		}
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text         string
		amount, want int64
	}{
		{"19", 1000, 190}, {"19", 1190, 226}, {"8.875", 1000, 89}, {"0", 1000, 0}, {"100", 999, 999}, {"7.5", -1000, -75}, {"25.5", 100, 26},
	} {
		p, err := ParsePercent(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Of(c.amount); got != c.want {
			t.Errorf("%s%% of %d: %d, want %d", c.text, c.amount, got, c.want)
		}
	}
	for _, bad := range []string{"", "x", "1/2", "1e2", "0.00001"} {
		if p, err := ParsePercent(bad); err == nil {
			t.Errorf("ParsePercent(%q) = %d, want an error", bad, p)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit     string
		quantity int64
		want     int64
	}{
		{"100", 3, 300}, {"0.5", 3, 2}, {"0.333333333333", 3, 1}, {"-2.5", 1, -3}, {"0", 9, 0},
	} {
		got, err := Times(c.unit, c.quantity)
		if err != nil || got != c.want {
			t.Errorf("Times(%q, %d) = %d, %v; want %d", c.unit, c.quantity, got, err, c.want)
		}
	}
	if _, err := Times("ten", 1); err == nil {
		t.Error(`Times("ten", 1) must fail`)
	}
}
