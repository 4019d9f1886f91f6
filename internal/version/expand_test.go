package version_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/servertest"
)

// What can be expanded below what a gate brings back is what can be expanded there, and no more.
func TestExpandBelowWhatWasBroughtBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		version, path, expand string
		refused               bool
	}{
		{"2024-06-20", "/v1/invoices/{invoice}", "payment_intent.payment_method", false},
		{"2024-06-20", "/v1/invoices/{invoice}", "payment_intent.nothing", true},
		{"2024-06-20", "/v1/invoices/{invoice}", "payment_intent.amount", true},
		{"2024-06-20", "/v1/invoices/{invoice}", "payment_intent.charges", true},
		{"2022-08-01", "/v1/invoices/{invoice}", "payment_intent.charges.data.customer", false},
		{"2022-08-01", "/v1/invoices/{invoice}", "payment_intent.charges.data.nothing", true},
		{"2024-06-20", "/v1/invoices/{invoice}", "total_tax_amounts.tax_rate", false},
		{"2024-06-20", "/v1/invoices", "data.subscription.customer", false},
		{"2024-06-20", "/v1/invoices", "data.subscription.nothing", true},
		{"2024-06-20", "/v1/subscriptions/{subscription}", "latest_invoice.charge.refunds", false},
		{"2024-06-20", "/v1/subscriptions/{subscription}", "latest_invoice.charge.nothing", true},
		{"2024-06-20", "/v1/subscriptions/{subscription}", "plan.product", true},
		{"2020-03-02", "/v1/subscriptions/{subscription}", "plan.product", false},
		{"2020-03-02", "/v1/subscriptions/{subscription}", "plan.nothing", true},
	} {
		a := w.Do(servertest.Request{Path: w.fill(c.path) + "?expand[]=" + c.expand, Unchecked: true, Header: http.Header{"Stripe-Version": {c.version}}})
		if !c.refused {
			a.OK()
			continue
		}
		if e := a.Fails(400, ""); e.String("message") != "This property cannot be expanded ("+c.expand+")." || e.String("param") != "expand" {
			t.Errorf("%s of %s in %s: %s", c.expand, c.path, c.version, a.Body)
		}
	}
}
