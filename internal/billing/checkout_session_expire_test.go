package billing_test

import (
	"net/http"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestCheckoutExpires(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, typed string
		events             []string
	}{
		{"untouched", oneCap, "", []string{"checkout.session.expired"}},
		{"declined", oneCap, "payment_method=pm_card_chargeDeclined", []string{"payment_intent.canceled", "checkout.session.expired"}},
		{"asked", oneCap, "payment_method=pm_card_threeDSecure2Required", []string{"payment_intent.canceled", "checkout.session.expired"}},
		{"setup", setUpCard, "", []string{"setup_intent.canceled", "checkout.session.expired"}},
		{"subscription", oneGold, "payment_method=pm_card_chargeDeclined", []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.updated", "checkout.session.expired"}},
		{"trial", oneGold + "subscription_data[trial_period_days]=5", "payment_method=pm_card_threeDSecure2Required", []string{"setup_intent.canceled", "checkout.session.expired"}},
	} {
		for _, how := range []string{"by time", "by request"} {
			t.Run(c.name+" "+how, func(t *testing.T) {
				t.Parallel()
				v := newTill(t)
				id := v.session(c.begin + " expires_at=" + unixText(servertest.Start.Add(time.Hour))).OK().ID()
				if c.typed != "" {
					v.complete(id, c.typed)
				}
				v.pass(time.Hour - time.Second)
				wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "open"})
				wantEvents(t, v.Server, c.events, func() {
					if how == "by time" {
						v.pass(time.Second)
						return
					}
					v.Post("/v1/checkout/sessions/" + id + "/expire").OK()
				})
				wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "expired", "url": nil, "payment_status": map[bool]string{true: "no_payment_required", false: "unpaid"}[c.begin == setUpCard]})
				v.complete(id, paysVisa).Fails(400, "checkout_not_active_session")
				e := v.Post("/v1/checkout/sessions/"+id+"/expire").Fails(400, "")
				if got, want := e.String("message"), "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `expired`."; got != want {
					t.Errorf("message %q, want %q", got, want)
				}
			})
		}
	}
}

// TestCheckoutStaysComplete lets the time of a session pass that is complete.
func TestCheckoutStaysComplete(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	id := v.session(oneCap).OK().ID()
	v.complete(id, paysVisa).OK()
	wantEvents(t, v.Server, []string{"charge.updated"}, func() { v.pass(25 * time.Hour) })
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "complete"})
	v.Post("/v1/checkout/sessions/"+id+"/expire").Fails(400, "")
}

// TestCheckoutIsRecovered begins an expired session anew.
func TestCheckoutIsRecovered(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	old := v.session(twoCaps + "after_expiration[recovery][enabled]=true after_expiration[recovery][allow_promotion_codes]=true metadata[k]=v customer_email=jenny@example.com invoice_creation[enabled]=true invoice_creation[invoice_data][footer]=Bye " +
		"custom_fields[0][key]=note custom_fields[0][type]=text custom_fields[0][optional]=true custom_fields[0][label][type]=custom custom_fields[0][label][custom]=Note optional_items[0][price]=CAP optional_items[0][quantity]=1 " +
		"line_items[1][price_data][currency]=usd line_items[1][price_data][unit_amount]=1000 line_items[1][price_data][product_data][name]=Mug line_items[1][quantity]=1").OK()
	wantFields(t, old, map[string]any{"after_expiration.recovery.url": nil})
	v.complete(old.ID(), "payment_method=pm_card_chargeDeclined custom_fields[0][key]=note custom_fields[0][value]=Quick").Fails(402, "card_declined")
	v.pass(24 * time.Hour)
	old = v.Get("/v1/checkout/sessions/" + old.ID()).OK()
	recovery := old.Object("after_expiration").Object("recovery")
	if recovery.Int("expires_at") != servertest.Start.AddDate(0, 0, 31).Unix() {
		t.Errorf("recovery is %v", recovery)
	}
	token := recovery.String("url")[len(v.URL+"/r/"):]
	again, err := v.call(billing.PlaceOf(token), func(op *resource.Op) (*object.Object, error) { return billing.RecoverSession(op, token) })
	if err != nil {
		t.Fatal(err)
	}
	got := v.Get("/v1/checkout/sessions/" + again.ID()).OK()
	wantFields(t, got, map[string]any{"status": "open", "recovered_from": old.ID(), "amount_total": 5000, "metadata.k": "v", "customer_email": "jenny@example.com", "allow_promotion_codes": true,
		"custom_fields.0.key": "note", "custom_fields.0.text.value": nil, "optional_items.0.price": v.places["CAP"], "invoice_creation.invoice_data.footer": "Bye", "after_expiration.recovery.enabled": true, "after_expiration.recovery.url": nil})
	v.complete(again.ID(), paysVisa).OK()
	v.pass(31 * 24 * time.Hour)
	if _, err := v.call(billing.PlaceOf(token), func(op *resource.Op) (*object.Object, error) { return billing.RecoverSession(op, token) }); err == nil {
		t.Error("a session can be recovered for ever")
	}
}

// call runs a rule where a token says that it belongs.
func (v *till) call(place string, rule func(op *resource.Op) (*object.Object, error)) (*object.Object, error) {
	v.t.Helper()
	ns, err := v.Engine.At(place)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.Engine.Call(v.t.Context(), ns, func(op *resource.Op) (err error) {
		op.Result, err = rule(op)
		return err
	})
}

// TestCheckoutIsChanged updates sessions for the seller.
func TestCheckoutIsChanged(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	s := v.session(oneCap + "line_items[1][price]=MUG line_items[1][quantity]=1 metadata[k]=v shipping_options[0][shipping_rate]=POST").OK()
	v.make("EUROS", "/v1/prices", "product=cap currency=eur unit_amount=100")
	path := "/v1/checkout/sessions/" + s.ID()
	ids := v.Get(path + "/line_items").IDs()
	v.places["FIRST"], v.places["SECOND"] = ids[0], ids[1]
	wantFields(t, v.Post(path, "metadata[k]", "", "metadata[n]", "1").OK(), map[string]any{"metadata": fields("n", "1"), "amount_total": 3500})
	wantFields(t, v.Post(path, v.filled("shipping_options[0][shipping_rate]=EXPRESS")...).OK(), map[string]any{"amount_total": 4200, "shipping_options.0.shipping_amount": 1200, "shipping_options.1": nil})
	wantFields(t, v.Post(path, v.filled("line_items[0][id]=SECOND line_items[0][quantity]=3 line_items[1][price]=TIERS line_items[1][quantity]=1")...).OK(), map[string]any{"amount_total": 3000 + 1000 + 1200})
	wantFields(t, v.Post(path, v.filled("line_items[0][id]=SECOND line_items[0][price]=CAP line_items[1][price]=TIERS line_items[1][quantity]=1")...).OK(), map[string]any{"amount_total": 3*2000 + 1000 + 1200})
	wantFields(t, v.Get(path+"/line_items").OK(), map[string]any{"data.0.description": "Cap", "data.0.price.id": v.places["CAP"]})
	v.Post(path, v.filled("line_items[0][id]=SECOND line_items[0][price]=EUROS")...).Fails(400, "")
	changed := v.Get(path + "/line_items").IDs()
	if len(changed) != 2 || changed[0] != ids[1] || changed[1] == ids[0] {
		t.Errorf("the line items were %v and are %v", ids, changed)
	}
	wantFields(t, v.Post(path, "collected_information[shipping_details][name]", "Jo", "collected_information[shipping_details][address][country]", "DE", "collected_information[shipping_details][address][line1]", "Weg").OK(),
		map[string]any{"collected_information.shipping_details.name": "Jo", "collected_information.shipping_details.address.city": nil})
	v.Post(path, v.filled("line_items[0][id]=FIRST")...).Fails(400, "resource_missing")
	v.Post(path, v.filled("line_items[0][price]=GOLD line_items[0][quantity]=1")...).Fails(400, "")
	v.complete(s.ID(), paysVisa).OK()
	v.Post(path, "metadata[after]", "yes").OK()
	v.Post(path, v.filled("shipping_options[0][shipping_rate]=POST")...).Fails(400, "checkout_not_active_session")
}

// TestCheckoutIsFound lists sessions by what they became.
func TestCheckoutIsFound(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	open, expired := v.session(oneCap).OK().ID(), v.session(oneCap).OK().ID()
	v.Post("/v1/checkout/sessions/" + expired + "/expire").OK()
	v.Clock.Advance(time.Minute)
	paid := v.complete(v.session(oneCap+"customer=CUSTOMER").OK().ID(), paysVisa+"customer_details[email]=jo@example.com").OK()
	subscribed := v.complete(v.session(oneGold).OK().ID(), paysVisa).OK()
	for query, want := range map[string][]string{
		"":                  {subscribed.ID(), paid.ID(), expired, open},
		"status=open":       {open},
		"status=expired":    {expired},
		"status=complete":   {subscribed.ID(), paid.ID()},
		"customer=CUSTOMER": {paid.ID()},
		"payment_intent=" + paid.Ref("payment_intent"):   {paid.ID()},
		"subscription=" + subscribed.Ref("subscription"): {subscribed.ID()},
		"customer_details[email]=jo@example.com":         {paid.ID()},
		"created[gt]=START":                              {subscribed.ID(), paid.ID()},
		"limit=1":                                        {subscribed.ID()},
		"starting_after=" + paid.ID():                    {expired, open},
	} {
		got := v.Get("/v1/checkout/sessions", v.filled(query)...).IDs()
		if len(got) != len(want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s finds %v, want %v", query, got, want)
			}
		}
	}
}

// TestCheckoutItemsAreListed pages through line items, which keep their order.
func TestCheckoutItemsAreListed(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	s := v.session(oneCap + "line_items[1][price]=MUG line_items[1][quantity]=2 line_items[2][price]=TIERS line_items[2][quantity]=1").OK()
	path := "/v1/checkout/sessions/" + s.ID() + "/line_items"
	list := v.Get(path, "expand[]", "data.price.product").OK()
	wantFields(t, list, map[string]any{"url": path, "has_more": false, "data.0.price.product.id": "cap", "data.1.description": "Mug", "data.1.quantity": 2, "data.2.price.billing_scheme": "tiered", "data.0.taxes": nil, "data.0.discounts": nil})
	ids := v.Get(path).IDs()
	if page := v.Get(path, "limit", "1", "starting_after", ids[0]).OK(); !page.Bool("has_more") || field(page, "data.0.id") != ids[1] {
		t.Errorf("the second page is %s", page.AppendJSON(nil, 0))
	}
	v.Get("/v1/checkout/sessions/cs_test_nobody/line_items").Fails(http.StatusNotFound, "resource_missing")
	got := v.Get("/v1/checkout/sessions/"+s.ID(), "expand[]", "line_items.data.price.product", "expand[]", "line_items.data.taxes").OK()
	wantFields(t, got, map[string]any{"line_items.url": path, "line_items.data.0.price.product.name": "Cap", "line_items.data.2.taxes": []any{}})
	if v.Get("/v1/checkout/sessions/" + s.ID()).OK().Has("line_items") {
		t.Error("a session shows its line items unasked")
	}
}

// TestCheckoutExpiresOnItsClock has a session whose customer lives by a test clock.
func TestCheckoutExpiresOnItsClock(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	start := servertest.Start.AddDate(1, 0, 0)
	clock := v.Post("/v1/test_helpers/test_clocks", "frozen_time", unixText(start)).OK().ID()
	v.make("LATER", "/v1/customers", "test_clock="+clock)
	s := v.session(oneGold + "customer=LATER subscription_data[trial_period_days]=5").OK()
	wantFields(t, s, map[string]any{"created": start.Unix(), "expires_at": start.AddDate(0, 0, 1).Unix()})
	done := v.complete(v.session(oneGold+"customer=LATER subscription_data[trial_period_days]=5").OK().ID(), paysVisa).OK()
	v.Post("/v1/test_helpers/test_clocks/"+clock+"/advance", "frozen_time", unixText(start.AddDate(0, 0, 6))).OK()
	v.pass(0)
	wantFields(t, v.Get("/v1/checkout/sessions/"+s.ID()).OK(), map[string]any{"status": "expired"})
	wantFields(t, v.Get("/v1/subscriptions/"+done.Ref("subscription")).OK(), map[string]any{"status": "active", "test_clock": clock})
}
