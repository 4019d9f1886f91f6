package invoice

import (
	"net/url"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
)

const fieldName = "name"

// typed is what a customer typed.
type typed struct {
	card.Typed
	name, seen string
	remote     string // the payment method that was typed at the processor
}

func readTyped(form url.Values) typed {
	value := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return typed{card.Read(form), value(fieldName), value("seen"), value(card.RemoteMethod)}
}

// card are the parameters of a payment method.
func (t typed) card() *object.Object {
	if t.remote != "" {
		return object.Of("payment_method", t.remote)
	}
	params := t.Params()
	if t.name != "" {
		details := object.New(nil)
		details.Set("name", t.name)
		params.Set("billing_details", details)
	}
	return params
}

// faults are what is wrong, by the field that it stands beside.
type faults map[string]string
