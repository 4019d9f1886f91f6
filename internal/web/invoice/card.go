package invoice

import (
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

// The names of the form's fields.
const (
	fieldNumber = "number"
	fieldExpiry = "expiry"
	fieldCVC    = "cvc"
	fieldName   = "name"
)

// typed is what a customer typed. The number and the code are never sent back to the browser.
type typed struct{ number, expiry, cvc, name, seen string }

func readTyped(form url.Values) typed {
	value := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return typed{value(fieldNumber), value(fieldExpiry), value(fieldCVC), value(fieldName), value("seen")}
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
func (t typed) expires() (month, year int64, ok bool) {
	text := strings.ReplaceAll(digits(t.expiry), "/", "")
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

// missing are the fields that nothing usable was typed into, with what to do.
func (t typed) missing(w *words) faults {
	f := faults{}
	if number := digits(t.number); number == "" || strings.Trim(number, "0123456789") != "" {
		f[fieldNumber] = w.enterNumber
	}
	if _, _, ok := t.expires(); !ok {
		f[fieldExpiry] = w.enterExpiry
	}
	if code := digits(t.cvc); len(code) < 3 || len(code) > 4 || strings.Trim(code, "0123456789") != "" {
		f[fieldCVC] = w.enterCVC
	}
	return f
}

// card are the parameters of a payment method.
func (t typed) card() *object.Object {
	month, year, _ := t.expires()
	card := object.New(nil)
	card.Set("number", digits(t.number))
	card.Set("exp_month", month)
	card.Set("exp_year", year)
	card.Set("cvc", digits(t.cvc))
	params := object.New(nil)
	params.Set("type", "card")
	params.Set("card", card)
	if t.name != "" {
		details := object.New(nil)
		details.Set("name", t.name)
		params.Set("billing_details", details)
	}
	return params
}

// faults are what is wrong, by the field that it stands beside.
type faults map[string]string

// fieldOf is the field that an error's code is about.
func fieldOf(code string) string {
	switch code {
	case "invalid_expiry_month", "invalid_expiry_year", "expired_card":
		return fieldExpiry
	case "invalid_cvc", "incorrect_cvc":
		return fieldCVC
	}
	return fieldNumber
}
