// Package card owns the fields into which a customer types a card, on whatever page that is: what they are called, what
// people make of them, and what is said when a card is refused.
package card

import (
	_ "embed"
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

// Script makes typing a card easier, and keeps the form from being sent twice.
//
//go:embed card.js
var Script string

// The names of the fields.
const (
	Number = "number"
	Expiry = "expiry"
	CVC    = "cvc"
)

// Typed is what a customer typed. The number and the code are never sent back to the browser.
type Typed struct{ Number, Expiry, CVC string }

// Read reads the fields of a form.
func Read(form url.Values) Typed {
	value := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return Typed{value(Number), value(Expiry), value(CVC)}
}

// digits is a number without what people put between its digits.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\u00a0.", r) {
			return -1
		}
		return r
	}, text)
}

// expires reads MM / YY, as it is on the card, and what people make of it.
func (t Typed) expires() (month, year int64, ok bool) {
	text := strings.ReplaceAll(digits(t.Expiry), "/", "")
	if len(text) == 3 || len(text) == 5 {
		text = "0" + text
	}
	if len(text) != 4 && len(text) != 6 {
		return 0, 0, false
	}
	month, wrongMonth := strconv.ParseInt(text[:2], 10, 64)
	year, wrongYear := strconv.ParseInt(text[2:], 10, 64)
	if year < 100 {
		year += 2000
	}
	return month, year, wrongMonth == nil && wrongYear == nil && month >= 1 && month <= 12
}

// Missing are the fields that nothing usable was typed into, with what to do.
func (t Typed) Missing(w *Words) map[string]string {
	f := map[string]string{}
	if number := digits(t.Number); number == "" || strings.Trim(number, "0123456789") != "" {
		f[Number] = w.enterNumber
	}
	if _, _, ok := t.expires(); !ok {
		f[Expiry] = w.enterExpiry
	}
	if code := digits(t.CVC); len(code) < 3 || len(code) > 4 || strings.Trim(code, "0123456789") != "" {
		f[CVC] = w.enterCVC
	}
	return f
}

// Params are the parameters of a payment method.
func (t Typed) Params() *object.Object {
	month, year, _ := t.expires()
	card := object.New(nil)
	card.Set("number", digits(t.Number))
	card.Set("exp_month", month)
	card.Set("exp_year", year)
	card.Set("cvc", digits(t.CVC))
	params := object.New(nil)
	params.Set("type", "card")
	params.Set("card", card)
	return params
}

// FieldOf is the field that the code of an error is about.
func FieldOf(code string) string {
	switch code {
	case "invalid_expiry_month", "invalid_expiry_year", "expired_card":
		return Expiry
	case "invalid_cvc", "incorrect_cvc":
		return CVC
	}
	return Number
}
