package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a session or a payment link says of the invoices that come of it holds for them.
func TestCheckoutInvoiceData(t *testing.T) {
	t.Parallel()
	const once, again = oneCap + "invoice_creation[enabled]=true ", oneGold
	const data, settings = "invoice_creation[invoice_data]", "subscription_data[invoice_settings]"
	for _, c := range []struct {
		name, form, param string // param of the refusal
		code              string
		want              map[string]any // of the invoice
	}{
		{name: "issuer", form: once + data + "[issuer][type]=account " + data + "[issuer][account]=ACCT", want: map[string]any{"issuer.type": "account", "issuer.account": "ACCT"}},
		{name: "issued by itself", form: once + data + "[issuer][type]=self", want: map[string]any{"issuer.type": "self", "issuer.account": nil}},
		{name: "look", form: once + data + "[rendering_options][amount_tax_display]=include_inclusive_tax " + data + "[rendering_options][template]=LOOK", want: map[string]any{
			"rendering.amount_tax_display": "include_inclusive_tax", "rendering.template": "LOOK", "rendering.template_version": 1}},
		{name: "nothing said", form: once, want: map[string]any{"issuer.type": "self", "rendering": nil}},
		{name: "issuer of a subscription", form: again + settings + "[issuer][type]=account " + settings + "[issuer][account]=ACCT", want: map[string]any{"issuer.type": "account", "issuer.account": "ACCT"}},
		{name: "nobody", form: once + data + "[issuer][type]=account", code: "parameter_missing", param: data + "[issuer][account]"},
		{name: "somebody unknown", form: once + data + "[issuer][type]=account " + data + "[issuer][account]=acct_none", code: "resource_missing", param: data + "[issuer][account]"},
		{name: "itself by name", form: again + settings + "[issuer][type]=self " + settings + "[issuer][account]=ACCT", param: settings + "[issuer][account]"},
		{name: "unknown look", form: once + data + "[rendering_options][template]=inrtem_none", code: "resource_missing", param: data + "[rendering_options][template]"},
		{name: "archived look", form: once + data + "[rendering_options][template]=ARCHIVED", param: data + "[rendering_options][template]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.places["ACCT"] = v.Post("/v1/accounts", ready...).OK().ID()
			v.places["LOOK"], v.places["ARCHIVED"] = v.template(), v.template()
			v.Post("/v1/invoice_rendering_templates/" + v.places["ARCHIVED"] + "/archive").OK()
			a := v.session(c.form)
			if c.want == nil {
				if e := a.Fails(400, c.code); e.String("param") != c.param {
					t.Errorf("param %q, want %q", e.String("param"), c.param)
				}
				return
			}
			s := v.complete(a.OK().ID(), paysVisa).OK()
			wantFields(t, v.Get("/v1/invoices/"+s.Ref("invoice")).OK(), v.named(c.want))
		})
	}
	t.Run("by a link", func(t *testing.T) {
		t.Parallel()
		v := newTill(t)
		v.places["ACCT"], v.places["LOOK"] = v.Post("/v1/accounts", ready...).OK().ID(), v.template()
		const issuer = "[issuer][type]=account "
		by := map[string]string{
			capLink + "invoice_creation[enabled]=true " + data + issuer + data + "[issuer][account]=ACCT " + data + "[rendering_options][template]=LOOK": "LOOK",
			goldLink + settings + issuer + settings + "[issuer][account]=ACCT":                                                                           "",
		}
		for text, template := range by {
			s := v.complete(v.visit(v.link(text).ID(), "").ID(), paysVisa).OK()
			in := v.Get("/v1/invoices/" + s.Ref("invoice")).OK()
			wantFields(t, in, v.named(map[string]any{"issuer.type": "account", "issuer.account": "ACCT"}))
			if got := in.Object("rendering").String("template"); got != v.places[template] {
				t.Errorf("the template is %q, want %q", got, v.places[template])
			}
		}
		v.Post("/v1/payment_links", v.filled(goldLink+settings+issuer+settings+"[issuer][account]=acct_none")...).Fails(400, "resource_missing")
		v.Post("/v1/payment_links", v.filled(capLink+"invoice_creation[enabled]=true "+data+"[rendering_options][template]=inrtem_none")...).Fails(400, "resource_missing")
	})
}

// template makes a template for the look of invoices.
func (v *till) template() string {
	v.t.Helper()
	ns, err := v.Registry.Namespace(v.Account.ID, "test")
	if err != nil {
		v.t.Fatal(err)
	}
	made, err := v.Engine.Call(v.t.Context(), ns, func(op *resource.Op) (err error) { // no operation makes one
		op.Result, err = op.Make("invoice_rendering_template", "", object.New(nil), func(op *resource.Op) error {
			op.Object.Set("status", "active")
			op.Object.Set("version", 1)
			return nil
		})
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return made.ID()
}

// TestCheckoutConfirmationToken pays at a session with what a form made of what the customer typed.
func TestCheckoutConfirmationToken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, token, field string // field of the token names what it was used for
		status                    int
		code                      string
		want                      map[string]any // of the session
	}{
		{name: "a payment", begin: oneCap, token: "payment_method=pm_card_visa", field: "payment_intent", status: 200, want: map[string]any{"status": "complete", "payment_status": "paid"}},
		{name: "with an address", begin: oneCap + "shipping_address_collection[allowed_countries][]=DE", field: "payment_intent", status: 200,
			token: "payment_method=pm_card_visa shipping[name]=Jo shipping[address][country]=DE shipping[address][line1]=Weg1",
			want:  map[string]any{"collected_information.shipping_details.name": "Jo", "collected_information.shipping_details.address.country": "DE"}},
		{name: "a subscription", begin: oneGold, token: "payment_method=pm_card_visa", field: "payment_intent", status: 200, want: map[string]any{"status": "complete", "payment_status": "paid"}},
		{name: "a card for later", begin: "mode=setup currency=usd success_url=https://shop.example ", token: "payment_method=pm_card_visa", field: "setup_intent", status: 200, want: map[string]any{"status": "complete"}},
		{name: "declined", begin: oneCap, token: "payment_method=pm_card_chargeDeclined", field: "payment_intent", status: 402, code: "card_declined", want: map[string]any{"status": "open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			id := v.session(c.begin).OK().ID()
			token := v.Post("/v1/test_helpers/confirmation_tokens", v.filled(c.token)...).OK().ID()
			a := v.page(id, "/confirm", "customer_details[email]=jo@example.com confirmation_token="+token)
			if c.status == 200 {
				a.OK()
			} else {
				a.Fails(c.status, c.code)
			}
			wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), c.want)
			used := v.Get("/v1/confirmation_tokens/" + token).OK()
			if used.String(c.field) == "" {
				t.Errorf("the token was used for nothing: %s is %v", c.field, used.Get(c.field))
			}
			v.page(v.session(oneCap).OK().ID(), "/confirm", "customer_details[email]=jo@example.com confirmation_token="+token).Fails(400, "token_already_used")
		})
	}
	v := newTill(t)
	id := v.session(oneCap).OK().ID()
	token := v.Post("/v1/test_helpers/confirmation_tokens", "payment_method", "pm_card_visa").OK().ID()
	v.page(id, "/confirm", "confirmation_token=ctoken_none").Fails(400, "resource_missing")
	v.page(id, "/confirm", "payment_method=pm_card_visa confirmation_token="+token).Fails(400, "parameters_exclusive")
	v.Clock.Advance(13 * time.Hour)
	v.page(id, "/confirm", "confirmation_token="+token).Fails(400, "")
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "open", "payment_intent": nil})
}
