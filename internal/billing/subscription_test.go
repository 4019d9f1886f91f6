package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// subscriptionWorld has a customer with a card and a few prices.
func subscriptionWorld(t *testing.T) (s *servertest.Server, customer, monthly, yearly string) {
	t.Helper()
	s = servertest.New(t)
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	monthly = s.Post("/v1/prices", form("product=pro currency=usd unit_amount=500 recurring[interval]=month")...).OK().ID()
	yearly = s.Post("/v1/prices", form("product=pro currency=usd unit_amount=4800 recurring[interval]=year")...).OK().ID()
	return s, withCard(s), monthly, yearly
}

// withCard makes a customer who pays with a card.
func withCard(s *servertest.Server, more ...string) string {
	return s.Post("/v1/customers", append([]string{"payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa"}, more...)...).OK().ID()
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	s, customer, monthly, yearly := subscriptionWorld(t)
	now := int(servertest.Start.Unix())
	month := int(time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC).Unix())
	var id, item string
	wantEvents(t, s, append([]string{"customer.updated"}, paidFromStart...), func() {
		sub := s.Post("/v1/subscriptions", form("customer="+customer+" items[0][price]="+monthly+" items[0][quantity]=3 items[0][metadata][seat]=a metadata[a]=1")...).OK()
		id, item = sub.ID(), field(sub, "items.data.0.id").(string)
		wantFields(t, sub, map[string]any{
			"status": "active", "currency": "usd", "customer": customer, "collection_method": "charge_automatically", "start_date": now, "billing_cycle_anchor": now,
			"items.data.0.price.id": monthly, "items.data.0.price.product": "pro", "items.data.0.quantity": 3, "items.data.0.metadata.seat": "a", "items.data.0.created": now,
			"items.data.0.current_period_start": now, "items.data.0.current_period_end": month, "items.data.0.subscription": id, "items.data.1": nil,
			"items.url": "/v1/subscription_items?subscription=" + id, "trial_end": nil, "cancel_at_period_end": false, "metadata.a": "1",
		})
	})
	wantFields(t, s.Get("/v1/customers/"+customer).OK(), map[string]any{"currency": "usd"})
	wantFields(t, s.Get("/v1/subscription_items", "subscription", id).OK(), map[string]any{"data.0.id": item, "data.1": nil})
	changed := []string{"invoiceitem.created", "invoiceitem.created", "customer.subscription.updated"} // a credit and a debit
	wantEvents(t, s, events("invoiceitem.created", changed), func() {
		wantFields(t, s.Post("/v1/subscriptions/"+id, form("items[0][id]="+item+" items[0][quantity]=5 items[1][price]="+yearly)...).OK(), map[string]any{
			"items.data.0.quantity": 5, "items.data.1.price.id": yearly, "items.data.1.quantity": 1,
		})
	})
	wantEvents(t, s, changed, func() { s.Post("/v1/subscription_items/"+item, "quantity", "7").OK() })
	wantFields(t, s.Get("/v1/subscriptions/"+id).OK(), map[string]any{"items.data.0.quantity": 7})
	wantFields(t, s.Post("/v1/subscriptions/"+id, form("items[0][id]="+item+" items[0][deleted]=true")...).OK(), map[string]any{"items.data.0.price.id": yearly, "items.data.1": nil})
	wantFields(t, s.Post("/v1/subscriptions/"+id, "cancel_at_period_end", "true").OK(), map[string]any{"cancel_at_period_end": true, "cancel_at": int(servertest.Start.AddDate(1, 0, 0).Unix()), "canceled_at": now})
	wantFields(t, s.Post("/v1/subscriptions/"+id, "cancel_at_period_end", "false").OK(), map[string]any{"cancel_at_period_end": false, "cancel_at": nil, "canceled_at": nil})
	dropped := "invoiceitem.deleted" // what waits of the changes
	wantEvents(t, s, []string{dropped, dropped, dropped, dropped, dropped, dropped, "customer.subscription.deleted"}, func() {
		wantFields(t, s.Delete("/v1/subscriptions/"+id, form("cancellation_details[comment]=Too+dear cancellation_details[feedback]=too_expensive")...).OK(), map[string]any{
			"status": "canceled", "canceled_at": now, "ended_at": now, "cancellation_details.comment": "Too dear", "cancellation_details.reason": "cancellation_requested",
		})
	})
	s.Delete("/v1/subscriptions/"+id).Fails(404, "resource_missing")
	wantFields(t, s.Post("/v1/subscriptions/"+id, "metadata[a]", "2").OK(), map[string]any{"metadata.a": "2", "status": "canceled"})
}

func TestSubscriptionTrial(t *testing.T) {
	t.Parallel()
	s, customer, monthly, _ := subscriptionWorld(t)
	now := int(servertest.Start.Unix())
	base := "customer=" + customer + " items[0][price]=" + monthly
	wantFields(t, s.Post("/v1/subscriptions", form(base+" trial_period_days=14")...).OK(), map[string]any{
		"status": "trialing", "trial_start": now, "trial_end": now + 14*86400, "items.data.0.current_period_end": now + 14*86400, "billing_cycle_anchor": now + 14*86400,
	})
	wantFields(t, s.Post("/v1/customers/"+customer+"/subscriptions", form("items[0][price]="+monthly+" trial_end=now")...).OK(), map[string]any{"status": "active", "trial_end": nil, "customer": customer})
	inline := s.Post("/v1/subscriptions", form("customer="+customer+" items[0][price_data][currency]=usd items[0][price_data][product]=pro items[0][price_data][unit_amount]=7 items[0][price_data][recurring][interval]=week")...).OK()
	wantFields(t, inline, map[string]any{"items.data.0.price.unit_amount": 7, "items.data.0.price.active": false, "items.data.0.current_period_end": now + 7*86400})
	once := s.Post("/v1/prices", form("product=pro currency=usd unit_amount=1")...).OK().ID()
	poor := s.Post("/v1/customers").OK().ID()
	euro := s.Post("/v1/prices", form("product=pro currency=eur unit_amount=1 recurring[interval]=month")...).OK().ID()
	gone := s.Post("/v1/prices", form("product=pro currency=usd unit_amount=1 recurring[interval]=month active=false")...).OK().ID()
	item := field(inline, "items.data.0.id").(string)
	refuse(t, s, []refusal{
		{"nobody", "/v1/subscriptions", "items[0][price]=" + monthly, "parameter_missing", "customer", "customer"},
		{"nothing", "/v1/subscriptions", "customer=" + customer, "parameter_missing", "items", "items"},
		{"unknown price", "/v1/subscriptions", "customer=" + customer + " items[0][price]=price_none", "resource_missing", "items[0][price]", "No such price"},
		{"price for once", "/v1/subscriptions", "customer=" + customer + " items[0][price]=" + once, "", "items[0][price]", "type=recurring"},
		{"inactive price", "/v1/subscriptions", "customer=" + customer + " items[0][price]=" + gone, "", "items[0][price]", "inactive"},
		{"nothing to pay with", "/v1/subscriptions", "customer=" + poor + " items[0][price]=" + monthly, "resource_missing", "", "no attached payment source"},
		{"a payment that waits", "/v1/subscriptions", base + " payment_behavior=pending_if_incomplete", "", "payment_behavior", "has no effect when creating"},
		{"more than can be billed", "/v1/subscriptions", base + " items[0][quantity]=9223372036854775807", "amount_too_large", "", "no more than"},
		{"the same price twice", "/v1/subscriptions", base + " items[1][price]=" + monthly, "", "items[1][price]", "same plan"},
		{"a foreign method", "/v1/subscriptions", base + " default_payment_method=pm_card_visa", "resource_missing", "default_payment_method", "does not have a payment method"},
		{"a date without a bill", "/v1/subscriptions", base + " days_until_due=3", "", "days_until_due", "send_invoice"},
		{"an anchor that was", "/v1/subscriptions", base + " billing_cycle_anchor=1500000000", "", "billing_cycle_anchor", "past"},
		{"an anchor too far", "/v1/subscriptions", base + " billing_cycle_anchor=1999999999", "", "billing_cycle_anchor", "natural billing date"},
		{"an end that was", "/v1/subscriptions", base + " cancel_at=1500000000", "", "cancel_at", "future"},
		{"two ends", "/v1/subscriptions", base + " cancel_at=1999999999 cancel_at_period_end=true", "parameters_exclusive", "cancel_at", "cancel_at, cancel_at_period_end"},
		{"two currencies", "/v1/subscriptions", base + " items[1][price]=" + euro, "", "items[1][price]", "`usd`"},
		{"another currency", "/v1/subscriptions", "customer=" + customer + " items[0][price]=" + euro, "", "customer", "combine currencies"},
		{"two trials", "/v1/subscriptions", base + " trial_end=now trial_period_days=3", "parameters_exclusive", "trial_end", "trial_end, trial_period_days"},
		{"trial over", "/v1/subscriptions", base + " trial_end=1500000000", "", "trial_end", "future"},
		{"invoice without a date", "/v1/subscriptions", base + " collection_method=send_invoice", "parameter_missing", "days_until_due", "days_until_due"},
		{"unknown item", "/v1/subscriptions/" + inline.ID(), "items[0][id]=si_none", "resource_missing", "items[0][id]", "No such subscription_item"},
		{"last item", "/v1/subscriptions/" + inline.ID(), "items[0][deleted]=true items[0][id]=" + item, "", "", "at least one"},
	})
	s.Delete("/v1/subscription_items/"+item).Fails(400, "")
}

// What nobody said of a subscription is there all the same, as Stripe shows it.
func TestSubscriptionTerms(t *testing.T) {
	t.Parallel()
	s, customer, monthly, _ := subscriptionWorld(t)
	for more, usage := range map[string]string{"": "off", " payment_settings[save_default_payment_method]=on_subscription": "on_subscription"} {
		sub := s.Post("/v1/subscriptions", form("customer="+customer+" items[0][price]="+monthly+more)...).OK()
		for name, want := range map[string]any{
			"payment_settings": fields("payment_method_options", nil, "payment_method_types", nil, "save_default_payment_method", usage), "default_tax_rates": []any{},
			"cancellation_details": fields("comment", nil, "feedback", nil, "feedback_option", nil, "reason", nil),
		} {
			if got := sub.Get(name); !object.Equal(want, got) {
				t.Errorf("%s: %s is %v, want %v", more, name, got, want)
			}
		}
	}
}

// A customer's subscriptions are listed without the canceled ones, unless they are asked for.
func TestSubscriptionFilters(t *testing.T) {
	t.Parallel()
	s, customer, monthly, yearly := subscriptionWorld(t)
	subscribe := func(customer, more string) string {
		return s.Post("/v1/subscriptions", form("customer="+customer+" "+more)...).OK().ID()
	}
	s.Post("/v1/tax/settings", "head_office[address][country]", "DE", "defaults[tax_behavior]", "exclusive").OK()
	s.Post("/v1/customers/"+customer, "address[country]", "DE").OK()
	first := subscribe(customer, "items[0][price]="+monthly)
	second := subscribe(customer, "items[0][price]="+yearly+" trial_period_days=3 automatic_tax[enabled]=true")
	ended := subscribe(customer, "items[0][price]="+monthly)
	s.Delete("/v1/subscriptions/" + ended).OK()
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", in(s, 0)).OK().ID()
	clocked := withCard(s, "test_clock", clock)
	third := subscribe(clocked, "items[0][price]="+monthly)
	for query, want := range map[string][]string{
		"":                                  {second, first},
		"status=all":                        {ended, second, first},
		"status=canceled":                   {ended},
		"status=ended":                      {ended},
		"status=trialing":                   {second},
		"price=" + monthly:                  {first},
		"price=" + yearly:                   {second},
		"customer=" + clocked:               {third},
		"test_clock=" + clock:               {third},
		"automatic_tax[enabled]=true":       {second},
		"current_period_end[lt]=1789000000": {second},
		"current_period_end[gt]=1789000000": {first},
		"current_period_start[gt]=1":        {second, first},
		"collection_method=send_invoice":    {},
	} {
		if got := s.Get("/v1/subscriptions", form(query)...).IDs(); !same(got, want) {
			t.Errorf("%q lists %q, want %q", query, got, want)
		}
	}
}

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
