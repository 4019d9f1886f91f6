package version_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// A request in an older version is carried out once, too, and answered as before.
func TestOlderRequestsAreIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(form ...string) *servertest.Answer {
		return w.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Form: form, Unchecked: true, Header: http.Header{"Stripe-Version": {"2019-10-08"}, "Idempotency-Key": {form[1]}}})
	}
	first := send("account_balance", "-70")
	second := send("account_balance", "-70")
	w.want(t, first.OK(), map[string]any{"account_balance": -70, "balance": gone{}})
	if string(first.Body) != string(second.Body) || second.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the second time: %s", second.Body)
	}
	for range 2 {
		if e := send("account_balance", "much").Fails(400, "parameter_invalid_integer"); e.String("param") != "account_balance" {
			t.Errorf("param is %q", e.String("param"))
		}
	}
}

// Bodies in JSON are read as forms are.
func TestOlderJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(body string) *servertest.Answer {
		return w.Do(servertest.Request{Method: "POST", Path: "/v1/subscriptions", Body: strings.NewReader(w.fill(body)), ContentType: "application/json", Unchecked: true, Header: http.Header{"Stripe-Version": {"2019-10-08"}}})
	}
	w.want(t, send(`{"customer": "{customer}", "items": [{"plan": "{price}", "quantity": 3}], "billing": "charge_automatically", "expand": ["latest_invoice.payment_intent"]}`).OK(),
		map[string]any{"quantity": 3, "billing": "charge_automatically", "latest_invoice.payment_intent.object": "payment_intent"})
	send(`{"customer": `).Fails(400, "")
}

// What a platform asks of a connected account is turned as its own is.
func TestOlderVersionOfConnectedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.make("account", "/v1/accounts", "type=custom country=US")
	ask := func(method, path, form string) *servertest.Answer {
		return w.Do(servertest.Request{Method: method, Path: path, Form: w.form(form), Unchecked: true, Header: http.Header{"Stripe-Version": {"2019-10-08"}, "Stripe-Account": {w.ids["account"]}}})
	}
	customer := ask("POST", "/v1/customers", "email=there@example.com payment_method=pm_card_visa invoice_settings[default_payment_method]=pm_card_visa").OK()
	w.ids["there"] = customer.ID()
	ask("POST", "/v1/invoiceitems", "customer={there} currency=usd amount=500").OK()
	in := ask("POST", "/v1/invoices", "customer={there}").OK()
	paid := ask("POST", "/v1/invoices/"+in.ID()+"/pay", "expand[0]=charge").OK()
	w.want(t, paid, map[string]any{"paid": true, "charge.amount": 500, "charge.invoice": paid.ID(), "lines.data.0.type": "invoiceitem"})
}
