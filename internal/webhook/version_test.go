package webhook_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/webhook"
)

// An endpoint gets events in its own version of the API, or else in the account's.
func TestVersions(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	if err := s.Registry.SetVersion(t.Context(), s.Account.ID, "2022-11-15"); err != nil {
		t.Fatal(err)
	}
	type want struct {
		version        string
		billing, paid  bool // there are such fields
		hasOldestField bool
	}
	receivers, wants := map[string]*receiver{}, map[string]want{
		"":                  {"2022-11-15", false, true, true},
		"2019-10-08":        {"2019-10-08", true, true, true},
		"2026-06-24.dahlia": {"2026-06-24.dahlia", false, false, false},
		spec.Version:        {spec.Version, false, false, false},
	}
	secrets := map[string]string{}
	for in := range wants {
		receivers[in] = receive(t, nil)
		more := []string{}
		if in != "" {
			more = []string{"api_version", in}
		}
		secrets[in] = endpoint(s, receivers[in].URL, more...).String("secret")
	}
	post := func(path string, form ...string) *object.Object {
		return s.Do(servertest.Request{Method: "POST", Path: path, Form: form, Header: http.Header{"Stripe-Version": {spec.Version}}}).OK()
	}
	c := post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").ID()
	post("/v1/invoiceitems", "customer", c, "currency", "usd", "amount", "500")
	in := post("/v1/invoices", "customer", c, "pending_invoice_items_behavior", "include").ID()
	post("/v1/invoices/" + in + "/pay")
	run(t, s)
	for name, want := range wants {
		var paid *got
		for _, g := range receivers[name].take() {
			if g.event.String("type") == "invoice.paid" {
				paid = &g
			}
			if v := g.event.String("api_version"); v != want.version {
				t.Errorf("%q got %s in %s", name, g.event.String("type"), v)
			}
		}
		if paid == nil {
			t.Fatalf("%q was not told that the invoice is paid", name)
		}
		o := paid.object()
		if o.Has("billing") != want.billing || o.Has("paid") != want.paid || o.Has("payment_intent") != want.hasOldestField || o.Has("parent") == want.hasOldestField {
			t.Errorf("%q got %s", name, paid.body)
		}
		if intent := o.String("payment_intent"); want.hasOldestField && len(intent) < len("pi_1") {
			t.Errorf("%q got the payment intent %q", name, intent)
		}
		if got := paid.header.Get("Stripe-Signature"); got != webhook.Signature(servertest.Start.Unix(), paid.body, secrets[name]) {
			t.Errorf("%q: what was sent is not what was signed", name)
		}
		lines := o.Object("lines").Array("data")[0].(*object.Object)
		if lines.Has("price") != want.paid {
			t.Errorf("%q got the line %s", name, lines.JSON())
		}
	}
}
