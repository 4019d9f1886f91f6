package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads an amount as people type it, "5", "1,200.50", in a currency's main unit, and returns it in the smallest. It
// takes no more decimals than the currency has.
func Parse(text, currency string) (int64, error) {
	decimals := Decimals(currency)
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), ".")
	if len(fraction) > decimals {
		return 0, fmt.Errorf("money: %q has more than %d decimals", text, decimals)
	}
	amount, err := strconv.ParseUint(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 53)
	if err != nil || whole == "" {
		return 0, fmt.Errorf("money: %q is no amount", text)
	}
	return int64(amount), nil
}
