package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// till sells a cap for 20 dollars and Gold at 10 dollars a month.
type till struct {
	*servertest.Server
	t            *testing.T
	places       map[string]string
}

func newTill(t *testing.T) *till {
	t.Helper()
	v := &till{servertest.New(t), t, map[string]string{}}
	v.Post("/v1/products", "id", "cap", "name", "Cap").OK()
	v.Post("/v1/products", "id", "gold", "name", "Gold").OK()
	v.places["CAP"] = v.Post("/v1/prices", form("product=cap currency=usd unit_amount=2000 currency_options[eur][unit_amount]=1800")...).OK().ID()
	v.places["GOLD"] = v.Post("/v1/prices", form("product=gold currency=usd unit_amount=1000 recurring[interval]=month")...).OK().ID()
	v.places["CUSTOMER"] = v.Post("/v1/customers", "email", "jenny.rosen@example.com").OK().ID()
	return v
}

// filled puts the shop's ids into a form.
func (v *till) filled(text string) []string {
	return form(filled(text, v.places))
}

const (
	onePayment   = "mode=payment success_url=https://shop.example/thanks?s={CHECKOUT_SESSION_ID} line_items[0][price]=CAP line_items[0][quantity]=2 "
	subscription = "mode=subscription success_url=https://shop.example/thanks line_items[0][price]=GOLD line_items[0][quantity]=1 "
)

// session begins a checkout session.
func (v *till) session(text string) *servertest.Answer {
	v.t.Helper()
	return v.Post("/v1/checkout/sessions", v.filled(text)...)
}

// complete acts as the customer.
func (v *till) complete(id, text string) *servertest.Answer {
	v.t.Helper()
	if !strings.Contains(text, "email") {
		text += " customer_details[email]=jenny@example.com"
	}
	return v.Post("/v1/test_helpers/checkout/sessions/"+id+"/complete", v.filled(text)...)
}

