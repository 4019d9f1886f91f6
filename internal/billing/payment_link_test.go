package billing_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const capLink, goldLink = "line_items[0][price]=CAP line_items[0][quantity]=2 ", "line_items[0][price]=GOLD line_items[0][quantity]=1 "

// link makes a payment link.
func (v *till) link(text string) *object.Object {
	v.t.Helper()
	return v.Post("/v1/payment_links", v.filled(text)...).OK()
}

// visit begins a session by a link.
func (v *till) visit(link, text string) *object.Object {
	v.t.Helper()
	return v.Post("/v1/payment_links/"+link+"/sessions", v.filled(text)...).OK()
}

func TestPaymentLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form string
		want       map[string]any
		events     []string
	}{
		{"once", capLink, map[string]any{
			"active": true, "currency": "usd", "customer_creation": "if_required", "payment_method_collection": "if_required", "allow_promotion_codes": false, "submit_type": "auto",
			"after_completion.type": "hosted_confirmation", "after_completion.hosted_confirmation.custom_message": nil, "after_completion.redirect": nil, "billing_address_collection": "auto",
			"invoice_creation.enabled": false, "subscription_data": nil, "restrictions": nil, "shipping_options": []any{}, "tax_id_collection.required": "never", "line_items": nil, "inactive_message": nil,
			"payment_intent_data": nil, "application_fee_amount": nil, "custom_fields": []any{}, "automatic_tax.enabled": false, "metadata": fields(),
		}, []string{"payment_link.created"}},
		{"again and again", goldLink + "subscription_data[trial_period_days]=7 subscription_data[description]=Gold", map[string]any{
			"customer_creation": "always", "payment_method_collection": "always", "invoice_creation": nil, "subscription_data.trial_period_days": 7, "subscription_data.description": "Gold",
			"subscription_data.invoice_settings.issuer.type": "self", "subscription_data.trial_settings": nil, "subscription_data.metadata": fields(),
		}, []string{"payment_link.created"}},
		{"a price of its own", "line_items[0][quantity]=1 line_items[0][price_data][currency]=eur line_items[0][price_data][unit_amount]=900 line_items[0][price_data][product_data][name]=Mug after_completion[type]=redirect after_completion[redirect][url]=https://shop.example/thanks", map[string]any{
			"currency": "eur", "after_completion.type": "redirect", "after_completion.redirect.url": "https://shop.example/thanks", "after_completion.hosted_confirmation": nil,
		}, []string{"product.created", "price.created", "payment_link.created"}},
		{"limited", capLink + "restrictions[completed_sessions][limit]=3 inactive_message=Gone shipping_options[0][shipping_rate]=POST payment_intent_data[capture_method]=manual", map[string]any{
			"restrictions.completed_sessions.limit": 3, "restrictions.completed_sessions.count": 0, "inactive_message": "Gone", "shipping_options.0.shipping_amount": 500,
			"shipping_options.0.shipping_rate": "POST", "payment_intent_data.capture_method": "manual", "payment_intent_data.description": nil,
		}, []string{"payment_link.created"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.stock()
			wantEvents(t, v.Server, c.events, func() {
				l := v.link(c.form)
				wantFields(t, l, v.named(c.want))
				if !strings.HasPrefix(l.String("url"), v.URL+"/b/test_") || !strings.HasPrefix(l.ID(), "plink_") {
					t.Errorf("the link %s is at %s", l.ID(), l.String("url"))
				}
			})
		})
	}
}

func TestPaymentLinkRefuses(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	v.make("RETIRED", "/v1/prices", "product=cap currency=usd unit_amount=1 active=false")
	v.make("LINK", "/v1/payment_links", capLink)
	for _, c := range []struct{ form, code, param string }{
		{"currency=usd", "parameter_missing", "line_items"},
		{"line_items[0][price]=none line_items[0][quantity]=1", "resource_missing", "line_items[0][price]"},
		{"line_items[0][price]=RETIRED line_items[0][quantity]=1", "", "line_items[0][price]"},
		{capLink + "line_items[1][quantity]=1", "parameter_missing", "line_items[1][price]"},
		{"line_items[0][price]=CAP line_items[0][quantity]=0", "parameter_invalid_integer", "line_items[0][quantity]"},
		{capLink + "currency=gbp", "", "line_items[0][price]"},
		{capLink + "subscription_data[description]=x", "", "subscription_data"},
		{goldLink + "customer_creation=always", "", "customer_creation"},
		{goldLink + "payment_intent_data[description]=x", "", "payment_intent_data"},
		{goldLink + "invoice_creation[enabled]=true", "", "invoice_creation"},
		{goldLink + "subscription_data[trial_period_days]=0", "parameter_invalid_integer", "subscription_data[trial_period_days]"},
		{capLink + "after_completion[type]=redirect", "parameter_missing", "after_completion[redirect][url]"},
		{capLink + "after_completion[type]=redirect after_completion[redirect][url]=shop", "url_invalid", "after_completion[redirect][url]"},
		{capLink + "restrictions[completed_sessions][limit]=0", "parameter_invalid_integer", "restrictions[completed_sessions][limit]"},
		{capLink + "shipping_options[0][shipping_rate]=none", "resource_missing", "shipping_options[0][shipping_rate]"},
		{capLink + "custom_fields[0][key]=a+b custom_fields[0][type]=text custom_fields[0][label][type]=custom custom_fields[0][label][custom]=x", "", "custom_fields[0][key]"},
	} {
		if e := v.Post("/v1/payment_links", v.filled(c.form)...).Fails(400, c.code); e.String("param") != c.param {
			t.Errorf("%s: param %q, want %q", c.form, e.String("param"), c.param)
		}
	}
	for _, c := range []struct{ form, code, param string }{
		{"line_items[0][id]=li_none line_items[0][quantity]=1", "resource_missing", "line_items[0][id]"},
		{"subscription_data[trial_period_days]=3", "", "subscription_data"},
		{"after_completion[type]=redirect", "parameter_missing", "after_completion[redirect][url]"},
	} {
		if e := v.Post("/v1/payment_links/"+v.places["LINK"], v.filled(c.form)...).Fails(400, c.code); e.String("param") != c.param {
			t.Errorf("%s: param %q, want %q", c.form, e.String("param"), c.param)
		}
	}
}

// TestPaymentLinkSessions looks at what a link hands on to the sessions of its visitors, and pays them.
func TestPaymentLinkSessions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form, visitor, typed string
		begun, done                map[string]any
	}{
		{"once", capLink + "metadata[k]=v phone_number_collection[enabled]=true shipping_address_collection[allowed_countries][]=DE", "client_reference_id=ref prefilled_email=jo@example.com locale=de",
			"customer_details[phone]=123 shipping_details[name]=Jo shipping_details[address][country]=DE",
			map[string]any{"mode": "payment", "amount_total": 4000, "client_reference_id": "ref", "customer_email": "jo@example.com", "locale": "de", "metadata.k": "v", "phone_number_collection.enabled": true, "customer_creation": "if_required"},
			map[string]any{"payment_status": "paid", "customer": nil, "customer_details.phone": "123"}},
		{"what can be chosen", capLink + "line_items[0][adjustable_quantity][enabled]=true shipping_options[0][shipping_rate]=POST shipping_options[1][shipping_rate]=EXPRESS allow_promotion_codes=true", "prefilled_promo_code=quarter25", "line_items[0][id]=ITEM line_items[0][quantity]=3 shipping_rate=EXPRESS",
			map[string]any{"amount_total": 3000 + 500, "allow_promotion_codes": true, "total_details.amount_discount": 1000}, map[string]any{"amount_total": 4500 + 1200, "discounts.0.promotion_code": "CODE"}},
		{"a code that does not work", capLink + "allow_promotion_codes=true", "prefilled_promo_code=nope", "", map[string]any{"amount_total": 4000, "discounts": []any{}}, nil},
		{"no codes", capLink, "prefilled_promo_code=quarter25", "", map[string]any{"amount_total": 4000, "allow_promotion_codes": nil}, nil},
		{"a subscription", goldLink + "line_items[1][price]=CAP line_items[1][quantity]=1 subscription_data[trial_period_days]=7 subscription_data[metadata][k]=v", "", "",
			map[string]any{"mode": "subscription", "amount_total": 2000, "payment_method_collection": "always", "customer_creation": "always"}, map[string]any{"payment_status": "paid"}},
		{"an invoice", capLink + "invoice_creation[enabled]=true invoice_creation[invoice_data][footer]=Bye", "", "", map[string]any{"invoice_creation.enabled": true, "invoice_creation.invoice_data.footer": "Bye"}, map[string]any{"status": "complete"}},
		{"a price of its own", "line_items[0][quantity]=1 line_items[0][price_data][currency]=eur line_items[0][price_data][unit_amount]=900 line_items[0][price_data][product_data][name]=Mug", "", "", map[string]any{"amount_total": 900, "currency": "eur"}, map[string]any{"payment_status": "paid"}},
		{"back to the shop", capLink + "after_completion[type]=redirect after_completion[redirect][url]=https://shop.example?id={CHECKOUT_SESSION_ID}", "", "", map[string]any{"success_url": "https://shop.example?id={CHECKOUT_SESSION_ID}"}, nil},
		{"tax", "line_items[0][price]=TAXED line_items[0][quantity]=1 automatic_tax[enabled]=true tax_id_collection[enabled]=true optional_items[0][price]=MUG optional_items[0][quantity]=1", "", "customer_details[address][country]=DE",
			map[string]any{"automatic_tax.enabled": true, "tax_id_collection.enabled": true, "optional_items.0.price": "MUG"}, map[string]any{"total_details.amount_tax": 380, "amount_total": 2380}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.stock()
			link := v.link(c.form).ID()
			s := v.visit(link, c.visitor)
			wantFields(t, s, v.named(c.begun))
			wantFields(t, s, map[string]any{"payment_link": link, "status": "open"})
			v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + s.ID() + "/line_items").IDs()[0]
			done := v.complete(s.ID(), paysVisa+c.typed).OK()
			wantFields(t, done, map[string]any{"status": "complete", "payment_link": link})
			wantFields(t, done, v.named(c.done))
			if got := v.Get("/v1/checkout/sessions", "payment_link", link).IDs(); !slices.Equal(got, []string{s.ID()}) {
				t.Errorf("the sessions of the link are %v", got)
			}
		})
	}
}

// TestPaymentLinkIsUsedUp lets only so many pay.
func TestPaymentLinkIsUsedUp(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	link := v.link(capLink + "restrictions[completed_sessions][limit]=2 inactive_message=Sold+out.").ID()
	first, second, third := v.visit(link, "").ID(), v.visit(link, "").ID(), v.visit(link, "").ID()
	wantEvents(t, v.Server, append(slices.Clone(paidSession), "payment_link.updated"), func() { v.complete(first, paysVisa).OK() })
	wantFields(t, v.Get("/v1/payment_links/"+link).OK(), map[string]any{"active": true, "restrictions.completed_sessions.count": 1})
	v.complete(second, paysVisa).OK()
	wantFields(t, v.Get("/v1/payment_links/"+link).OK(), map[string]any{"active": false, "restrictions.completed_sessions.count": 2})
	wantEvents(t, v.Server, nil, func() {
		v.complete(third, paysVisa).Fails(400, "checkout_not_active_session")
		if e := v.Post("/v1/payment_links/"+link+"/sessions").Fails(400, ""); e.String("message") != "Sold out." {
			t.Errorf("the message is %q", e.String("message"))
		}
	})
	v.Post("/v1/payment_links/"+link, "restrictions[completed_sessions][limit]", "3", "active", "true").OK()
	v.complete(third, paysVisa).OK()
	wantFields(t, v.Get("/v1/payment_links/"+link).OK(), map[string]any{"active": false, "restrictions.completed_sessions.count": 3})
}

// TestPaymentLinkIsChanged updates a link, lists its line items and finds it.
func TestPaymentLinkIsChanged(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	l := v.link(capLink + "metadata[k]=v line_items[1][price]=MUG line_items[1][quantity]=1")
	path := "/v1/payment_links/" + l.ID()
	v.places["SECOND"] = v.Get(path + "/line_items").IDs()[1]
	wantEvents(t, v.Server, []string{"payment_link.updated"}, func() {
		wantFields(t, v.Post(path, v.filled("line_items[0][id]=SECOND line_items[0][quantity]=4 metadata[k]= metadata[n]=1 inactive_message=Gone allow_promotion_codes=true "+
			"after_completion[type]=redirect after_completion[redirect][url]=https://shop.example shipping_address_collection[allowed_countries][]=DE restrictions[completed_sessions][limit]=9")...).OK(), map[string]any{
			"metadata": fields("n", "1"), "inactive_message": "Gone", "allow_promotion_codes": true, "after_completion.redirect.url": "https://shop.example",
			"shipping_address_collection.allowed_countries": []any{"DE"}, "restrictions.completed_sessions.limit": 9,
		})
	})
	wantFields(t, v.Get(path+"/line_items").OK(), map[string]any{"url": path + "/line_items", "data.0.quantity": 2, "data.1.quantity": 4, "data.1.amount_total": 4000})
	wantFields(t, v.Get(path, "expand[]", "line_items.data.price.product").OK(), map[string]any{"line_items.data.0.price.product.name": "Cap", "line_items.url": path + "/line_items"})
	wantFields(t, v.visit(l.ID(), ""), map[string]any{"amount_total": 8000})
	wantFields(t, v.Post(path, v.filled("active=false restrictions= inactive_message=")...).OK(), map[string]any{"active": false, "restrictions": nil, "inactive_message": nil})
	v.Post(path+"/sessions").Fails(400, "")
	other := v.link(goldLink).ID()
	for query, want := range map[string][]string{"": {other, l.ID()}, "active=true": {other}, "active=false": {l.ID()}} {
		if got := v.Get("/v1/payment_links", form(query)...).IDs(); !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	token := l.String("url")[len(v.URL+"/b/"):]
	found, err := v.call(billing.PlaceOf(token), func(op *resource.Op) (*object.Object, error) { return billing.PaymentLinkBy(op, token) })
	if err != nil || found.ID() != l.ID() {
		t.Errorf("at %s there is %v: %v", token, found, err)
	}
}

// TestPaymentLinkSellsNothingArchived archives the price of a link.
func TestPaymentLinkSellsNothingArchived(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	link := v.link(capLink).ID()
	v.Post(filled("/v1/prices/CAP", v.places), "active", "false").OK()
	if e := v.Post("/v1/payment_links/"+link+"/sessions").Fails(400, ""); e.String("param") != "line_items[0][price]" {
		t.Errorf("param %q", e.String("param"))
	}
}
