package paper

import (
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/money"
)

// signs are how amounts of a currency are marked. Dollars that are not the US dollar are told apart. A currency without
// a sign here is marked by its code.
var signs = map[string]string{
	"usd": "$", "cad": "CA$", "aud": "A$", "nzd": "NZ$", "sgd": "S$", "hkd": "HK$", "mxn": "MX$", "eur": "€", "gbp": "£", "jpy": "¥", "krw": "₩",
}

// space keeps a number and its mark on one line.
const space = "\u00a0"

// Amount writes an amount of the document's currency: $1,234.50, or 1.234,50 €.
func (d *Document) Amount(amount int64) string {
	return d.marked(d.number(strconv.FormatInt(amount, 10)), d.mark())
}

// AmountWithCode is Amount with the currency's code behind a sign that several currencies share: $1,234.50 USD.
func (d *Document) AmountWithCode(amount int64) string {
	text := d.Amount(amount)
	if mark := d.mark(); mark != "$" && mark != "¥" {
		return text
	}
	return text + space + strings.ToUpper(d.Currency)
}

// unit writes an amount for one piece, of which "0.5" is half of the smallest unit: $0.005.
func (d *Document) unit(decimal string) string {
	if decimal == "" {
		return ""
	}
	return d.marked(d.number(decimal), d.mark())
}

func (d *Document) mark() string {
	if sign := signs[d.Currency]; sign != "" {
		return sign
	}
	return strings.ToUpper(d.Currency)
}

func (d *Document) marked(number, mark string) string {
	minus, number := cutMinus(number)
	switch {
	case d.words().signLast:
		return minus + number + space + mark
	case len(mark) == 3 && mark == strings.ToUpper(d.Currency):
		return minus + mark + space + number
	}
	return minus + mark + number
}

func cutMinus(number string) (minus, rest string) {
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		return "-", rest
	}
	return "", number
}

// number writes a count of smallest units, with what may follow its point, as a number of the currency.
func (d *Document) number(units string) string {
	minus, units := cutMinus(units)
	digits, finer, _ := strings.Cut(units, ".")
	decimals := money.Decimals(d.Currency)
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	return minus + d.grouped(digits[:len(digits)-decimals], digits[len(digits)-decimals:]+strings.TrimRight(finer, "0"))
}

// grouped writes a number with its thousands parted: 1,234,567.5.
func (d *Document) grouped(whole, fraction string) string {
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + d.words().thousands + whole[i:]
	}
	if fraction == "" {
		return whole
	}
	return whole + d.words().point + fraction
}

// quantity writes a number of pieces.
func (d *Document) quantity(text string) string {
	minus, number := cutMinus(text)
	whole, fraction, _ := strings.Cut(number, ".")
	return minus + d.grouped(whole, strings.TrimRight(fraction, "0"))
}

// Percent writes a percentage: 7.5%, or 7,5 %.
func (d *Document) Percent(p string) string {
	return strings.Replace(p, ".", d.words().point, 1) + d.words().percent
}

// Date writes a day: September 1, 2026.
func (d *Document) Date(t time.Time) string {
	w := d.words()
	month := w.months[t.Month()-1]
	switch {
	case strings.EqualFold(d.Language, "en-GB"):
		return strconv.Itoa(t.Day()) + " " + month + " " + strconv.Itoa(t.Year())
	case w.dayFirst:
		return strconv.Itoa(t.Day()) + ". " + month + " " + strconv.Itoa(t.Year())
	}
	return month + " " + strconv.Itoa(t.Day()) + ", " + strconv.Itoa(t.Year())
}

// Period writes the time that a line is for; empty if it is for none. Both ends are days on which something happens.
func (d *Document) Period(l Line) string {
	if l.From.IsZero() || l.To.IsZero() || !l.To.After(l.From) {
		return ""
	}
	return d.Date(l.From) + " – " + d.Date(l.To)
}

// day is Date, empty for no day.
func (d *Document) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return d.Date(t)
}
