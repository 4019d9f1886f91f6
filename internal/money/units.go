package money

import (
	"errors"
	"strconv"
	"strings"
)

// Units writes an amount in whole units with a point, as people type it: "1234.50".
func Units(amount int64, currency string) string {
	return strings.ReplaceAll(formatNumber(amount, Decimals(currency)), ",", "")
}

// ParseUnits reads what Units writes, with or without a fraction. Marks between thousands are not taken, as they mean
// different things in different countries.
func ParseUnits(text, currency string) (int64, error) {
	whole, fraction, _ := strings.Cut(strings.TrimSpace(text), ".")
	decimals := Decimals(currency)
	if len(fraction) > decimals {
		if strings.Trim(fraction[decimals:], "0") != "" {
			return 0, errors.New("money: too many decimals")
		}
		fraction = fraction[:decimals]
	}
	digits := strings.TrimPrefix(whole, "-")
	if digits == "" || strings.Trim(digits+fraction, "0123456789") != "" {
		return 0, errors.New("money: not an amount")
	}
	return strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
}
