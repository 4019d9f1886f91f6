package billing

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// cardData is a card as it is sent.
type cardData struct{ number, code, holder, month, year string }

// hidden is the card's number as it is stored.
func (c cardData) hidden() string { return strings.Repeat("*", 12) + c.number[len(c.number)-4:] }

// forwardedBody is a body as it is sent, and as it is stored.
type forwardedBody struct{ sent, shown string }

// cardFields are the names that APIs give to the parts of a card, in small letters and without what stands between
// words, by what asks for them to be filled.
var cardFields = map[string][]string{
	"card_number":     {"number", "cardnumber", "pan", "primaryaccountnumber", "ccnumber", "creditcardnumber"},
	"card_cvc":        {"cvc", "cvv", "cvc2", "cvv2", "cid", "csc", "cardcvc", "cardcvv", "cardcode", "securitycode", "cardsecuritycode", "verificationvalue", "verificationcode"},
	"card_expiry":     slices.Concat(monthFields, yearFields, dateFields),
	"cardholder_name": {"holdername", "cardholdername", "cardholder", "holder", "nameoncard", "ccname"},
}

var (
	monthFields = []string{"expmonth", "expirymonth", "expirationmonth", "cardexpmonth", "cardexpirymonth"}
	yearFields  = []string{"expyear", "expiryyear", "expirationyear", "cardexpyear", "cardexpiryyear"}
	dateFields  = []string{"expiry", "expirydate", "expirationdate", "expdate", "cardexpiry"}
)

// part is what belongs into a field, as it is sent and as it is stored.
func (c cardData) part(replacement, field string) (sent, shown string) {
	switch {
	case replacement == "card_number":
		return c.number, c.hidden()
	case replacement == "card_cvc":
		return c.code, "***"
	case replacement == "cardholder_name":
		return c.holder, c.holder
	case slices.Contains(monthFields, field):
		return c.month, c.month
	case slices.Contains(yearFields, field):
		return c.year, c.year
	}
	return c.month + "/" + c.year, c.month + "/" + c.year
}

// fill puts the card into the empty fields of a JSON body that replacements ask for. Everything else stays as it was
// written.
func (c cardData) fill(body string, replacements []any) (forwardedBody, error) {
	if slices.Contains(replacements, any("request_signature")) {
		return forwardedBody{}, invalidForward("replacements", "request_signature needs keys that were exchanged with the destination, and this server has none.")
	}
	empty, err := emptyFields(body)
	if err != nil {
		return forwardedBody{}, invalidForward("request[body]", "The body must be JSON with an empty string in each field to be filled: %s.", err)
	}
	var sent, shown strings.Builder
	filled, last := map[any]bool{}, 0
	for _, f := range empty {
		for _, r := range replacements {
			replacement, _ := r.(string)
			if !slices.Contains(cardFields[replacement], f.name) {
				continue
			}
			open, stored := c.part(replacement, f.name)
			sent.WriteString(body[last:f.at] + quoted(open))
			shown.WriteString(body[last:f.at] + quoted(stored))
			last = f.at + len(`""`)
			filled[r] = true
			break
		}
	}
	for _, r := range replacements {
		if !filled[r] {
			return forwardedBody{}, invalidForward("replacements", "The body has no empty field for %s.", r)
		}
	}
	return forwardedBody{sent.String() + body[last:], shown.String() + body[last:]}, nil
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(b)
}

// emptyField is a field of a JSON text whose value is "", and where that stands.
type emptyField struct {
	name string
	at   int
}

// emptyFields finds them, at any depth.
func emptyFields(body string) ([]emptyField, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	d.UseNumber()
	var out []emptyField
	var inObject []bool // by depth
	name, isKey := "", false
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && len(inObject) == 0:
			return out, nil
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				inObject = append(inObject, t == '{')
			} else {
				inObject = inObject[:len(inObject)-1]
			}
			isKey = len(inObject) > 0 && inObject[len(inObject)-1]
			continue
		case string:
			if isKey {
				name, isKey = fieldName(t), false
				continue
			}
			if t == "" && len(inObject) > 0 && inObject[len(inObject)-1] {
				out = append(out, emptyField{name, int(d.InputOffset()) - len(`""`)})
			}
		}
		isKey = len(inObject) > 0 && inObject[len(inObject)-1]
	}
}

// fieldName is a name as cardFields writes it.
func fieldName(name string) string {
	return strings.NewReplacer("_", "", "-", "", ".", "", " ", "").Replace(strings.ToLower(name))
}
