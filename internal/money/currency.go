// Package money owns currencies and the arithmetic of amounts: smallest units, what can be charged, how shares and taxes
// are rounded. Everything here is a pure function of integers; there are no floats.
//
// It does not know what an amount is for.
package money

import (
	"strconv"
	"strings"
)

// Maximum is the largest amount that a charge can have, in the smallest unit of any currency.
const Maximum = 99_999_999

// currencies are all codes that can be charged in.
var currencies = func() map[string]bool {
	codes := map[string]bool{}
	for code := range strings.FieldsSeq(`
aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod
jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn
nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll sos srd std szl thb
tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw`) {
		codes[code] = true
	}
	return codes
}()

// Known reports whether a lower-case code is a currency that can be charged in.
func Known(currency string) bool { return currencies[currency] }

// minimums are the smallest charges by currency. A currency that is not listed settles in another one, and has no
// minimum of its own.
var minimums = map[string]int64{
	"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50, "chf": 50, "sgd": 50, "nzd": 50, "brl": 50, "inr": 50,
	"jpy": 50, "aed": 200, "myr": 200, "dkk": 250, "nok": 300, "sek": 300, "hkd": 400, "mxn": 1000, "czk": 1500,
	"pln": 200, "ron": 200, "huf": 17500, "thb": 1000, "bgn": 100,
}

// Minimum is the least amount that can be charged.
func Minimum(currency string) int64 { return max(minimums[currency], 1) }

// Decimals is how many digits of an amount stand behind the point. The Ugandan shilling and the Icelandic króna have
// none in life, but are written with two.
func Decimals(currency string) int {
	switch currency {
	case "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf":
		return 0
	case "bhd", "jod", "kwd", "omr", "tnd":
		return 3
	}
	return 2
}

var symbols = map[string]string{
	"usd": "$", "cad": "$", "aud": "$", "nzd": "$", "sgd": "$", "hkd": "$", "mxn": "$",
	"eur": "€", "gbp": "£", "jpy": "¥", "cny": "¥", "inr": "₹", "krw": "₩",
}

// Format writes an amount as a message does: $1,234.50, or 12.00 dkk where the currency has no sign of its own.
func Format(amount int64, currency string) string {
	return withSign(formatNumber(amount, Decimals(currency)), currency)
}

// FormatUnit is Format for an amount per unit, which may be finer than the smallest unit: "0.5" cents are $0.005.
func FormatUnit(unit, currency string) string {
	whole, fraction, _ := strings.Cut(unit, ".")
	amount, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return unit + " " + currency
	}
	number := formatNumber(amount, Decimals(currency))
	if fraction != "" && Decimals(currency) == 0 {
		number += "."
	}
	return withSign(number+fraction, currency)
}

func withSign(number, currency string) string {
	sign, found := symbols[currency]
	if !found {
		return number + " " + currency
	}
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		return "-" + sign + rest
	}
	return sign + number
}

// FormatCode is Format with the currency's code always behind it: $0.50 usd.
func FormatCode(amount int64, currency string) string {
	text := Format(amount, currency)
	if strings.HasSuffix(text, " "+currency) {
		return text
	}
	return text + " " + currency
}

func formatNumber(amount int64, decimals int) string {
	negative := amount < 0
	digits := strings.TrimPrefix(strconv.FormatInt(amount, 10), "-")
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, fraction := digits[:len(digits)-decimals], digits[len(digits)-decimals:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if decimals > 0 {
		whole += "." + fraction
	}
	if negative {
		return "-" + whole
	}
	return whole
}
