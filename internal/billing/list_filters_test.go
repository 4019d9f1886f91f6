package billing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// listed is a query and the ids that it must list, newest first.
type listed struct {
	path, query string
	want        []string
}

func wantListed(t *testing.T, s *servertest.Server, all []listed) {
	t.Helper()
	for _, l := range all {
		if got := s.Get(l.path, form(l.query)...).IDs(); !slices.Equal(got, l.want) {
			t.Errorf("%s?%s lists %q, want %q", l.path, strings.ReplaceAll(l.query, " ", "&"), got, l.want)
		}
	}
}

func TestEventFilters(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "email", "a@example.com").OK().ID()
	s.Post("/v1/customers/"+customer, "name", "Ann").OK()
	s.Post("/v1/products", "name", "Pro").OK()
	s.Post("/v1/customers/"+customer+"/tax_ids", "type", "eu_vat", "value", "DE123456789").OK()
	for query, want := range map[string]string{
		"":                       "customer.tax_id.created product.created customer.updated customer.created",
		"type=customer.created":  "customer.created",
		"type=customer.*":        "customer.tax_id.created customer.updated customer.created",
		"type=*.created":         "customer.tax_id.created product.created customer.created",
		"type=customer.tax_id.*": "customer.tax_id.created",
		"type=*":                 "customer.tax_id.created product.created customer.updated customer.created",
		"type=invoice.*":         "",
		"types[]=product.created types[]=customer.updated": "product.created customer.updated",
		"delivery_success=true":                            "customer.tax_id.created product.created customer.updated customer.created",
		"delivery_success=false":                           "",
		"type=customer.* created[gt]=1788264000":           "",
		"type=none":                                        "",
	} {
		var got []string
		for _, v := range s.Get("/v1/events", form(query)...).OK().Array("data") {
			got = append(got, v.(*object.Object).String("type"))
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q lists %q, want %q", query, text, want)
		}
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	make := func(path, text string) string { return s.Post(path, form(text)...).OK().ID() }
	customer := make("/v1/customers", "email=ann@example.com")
	free, pro := make("/v1/radar/value_lists", "alias=free name=Free"), make("/v1/radar/value_lists", "alias=pro name=Pro")
	make("/v1/radar/value_list_items", "value=ann value_list="+free)
	make("/v1/radar/value_list_items", "value=ann value_list="+pro)
	bob := make("/v1/radar/value_list_items", "value=bob value_list="+pro)
	attached, loose := make("/v1/setup_intents", "attach_to_self=true"), make("/v1/setup_intents", "customer="+customer)
	meter := make("/v1/billing/meters", "display_name=X event_name=x default_aggregation[formula]=sum")
	alert := make("/v1/billing/alerts", "alert_type=usage_threshold title=X usage_threshold[gte]=5 usage_threshold[recurrence]=one_time usage_threshold[meter]="+meter)
	item := make("/v1/invoiceitems", "currency=usd amount=5 customer="+customer)
	clock := make("/v1/test_helpers/test_clocks", "frozen_time=1788264000")
	clocked := make("/v1/customers", "email=ann@example.com test_clock="+clock)
	quote, clockedQuote := make("/v1/quotes", "customer="+customer), make("/v1/quotes", "test_clock="+clock+" customer="+clocked)
	german, french := make("/v1/tax/registrations", "country=DE active_from=now country_options[de][type]=ioss"), make("/v1/tax/registrations", "country=FR active_from=now country_options[fr][type]=ioss")
	device := make("/v1/terminal/configurations", "name=X")
	treasury := make("/v1/treasury/financial_accounts", "supported_currencies[]=usd")
	account := make("/v1/accounts", "type=custom country=US")
	owner, boss := make("/v1/accounts/"+account+"/persons", "relationship[owner]=true"), make("/v1/accounts/"+account+"/persons", "relationship[executive]=true relationship[owner]=true")
	wantListed(t, s, []listed{
		{"/v1/radar/value_lists", "", []string{pro, free}},
		{"/v1/radar/value_lists", "contains=ann", []string{pro, free}},
		{"/v1/radar/value_lists", "contains=bob", []string{pro}},
		{"/v1/radar/value_lists", "contains=none", []string{}},
		{"/v1/radar/value_list_items", "value=bob value_list=" + pro, []string{bob}},
		{"/v1/setup_intents", "attach_to_self=true", []string{attached}},
		{"/v1/setup_intents", "attach_to_self=false", []string{loose}},
		{"/v1/setup_intents", "customer=" + customer, []string{loose}},
		{"/v1/billing/alerts", "meter=" + meter, []string{alert}},
		{"/v1/invoiceitems", "pending=true", []string{item}},
		{"/v1/invoiceitems", "pending=false", []string{}},
		{"/v1/customers", "email=ann@example.com", []string{customer}},
		{"/v1/customers", "email=Ann@example.com", []string{}},
		{"/v1/customers", "test_clock=" + clock, []string{clocked}},
		{"/v1/quotes", "", []string{quote}},
		{"/v1/quotes", "test_clock=" + clock, []string{clockedQuote}},
		{"/v1/quotes", "customer=" + clocked, []string{clockedQuote}},
		{"/v1/tax/registrations", "status=all", []string{french, german}},
		{"/v1/terminal/configurations", "is_account_default=false", []string{device}},
		{"/v1/terminal/configurations", "is_account_default=true", []string{}},
		{"/v1/accounts/" + account + "/persons", "", []string{boss, owner}},
		{"/v1/accounts/" + account + "/persons", "relationship[executive]=true", []string{boss}},
		{"/v1/accounts/" + account + "/people", "relationship[owner]=true relationship[executive]=true", []string{boss}},
		{"/v1/entitlements/active_entitlements", "customer=" + customer, []string{}},
		{"/v1/billing/credit_balance_transactions", "customer=" + customer, []string{}},
		{"/v1/payment_records", "created_after=1 created_before=2", []string{}},
		{"/v1/subscription_schedules", "scheduled=true", []string{}},
		{"/v1/treasury/debit_reversals", "financial_account=" + treasury + " resolution=won", []string{}},
		{"/v1/treasury/transactions", "financial_account=" + treasury + " order_by=posted_at", []string{}},
	})
	s.Get("/v1/balance_transactions", "payout", "po_none").Fails(400, "resource_missing")
	s.Delete("/v1/radar/value_list_items/" + bob).OK()
	wantListed(t, s, []listed{{"/v1/radar/value_lists", "contains=bob", []string{}}})
	s.Get("/v1/setup_intents", "customer", "cus_none").Fails(400, "resource_missing")
	s.Get("/v1/balance_transactions", "limit", "0").Fails(400, "parameter_invalid_integer")
}

// The time of creation can be bounded on both sides, by itself or with another filter.
func TestCreatedFilter(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var ids []string // the newest first
	for range 3 {
		ids = append([]string{s.Post("/v1/customers", "email", "ann@example.com").OK().ID()}, ids...)
		s.Clock.Advance(time.Second)
	}
	wantListed(t, s, []listed{
		{"/v1/customers", "created=1788264001", ids[1:2]},
		{"/v1/customers", "created[gt]=1788264000", ids[:2]},
		{"/v1/customers", "created[gte]=1788264001 created[lt]=1788264002", ids[1:2]},
		{"/v1/customers", "created[lte]=1788264000", ids[2:]},
		{"/v1/customers", "created[lt]=1", []string{}},
		{"/v1/customers", "created[lte]=0", []string{}},
		{"/v1/customers", "created[lt]=-5", []string{}},
		{"/v1/customers", "created[gt]=-5", ids},
		{"/v1/customers", "created[gt]=1788264002 created[lt]=1788264001", []string{}},
		{"/v1/customers", "email=ann@example.com created[gt]=1788264001", ids[:1]},
	})
	s.Get("/v1/customers", "created[gt]", "soon").Fails(400, "parameter_invalid_integer")
	s.Get("/v1/customers", "created[at]", "1").Fails(400, "parameter_unknown")
}

// A list of what is not there is refused, where the parameter says whose list it is or leads into the objects.
func TestFiltersNameWhatExists(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct{ path, param, message string }{
		{"/v1/subscription_items", "subscription", "No such subscription: 'none'"},
		{"/v1/radar/value_list_items", "value_list", "No such value_list: 'none'"},
		{"/v1/issuing/tokens", "card", "No such card: 'none'"},
		{"/v1/treasury/transactions", "financial_account", "No such financial_account: 'none'"},
		{"/v1/invoices", "subscription", "No such subscription: 'none'"},
		{"/v1/promotion_codes", "coupon", "No such coupon: 'none'"},
		{"/v1/subscriptions", "price", "No such price: 'none'"},
		{"/v1/billing/alerts", "meter", "No such meter: 'none'"},
		{"/v1/billing/credit_balance_transactions", "customer", "No such customer: 'none'"},
		{"/v1/charges", "customer", "No such customer: 'none'"},
	} {
		fault := s.Get(c.path, c.param, "none").Fails(400, "resource_missing")
		if fault.String("message") != c.message || fault.String("param") != c.param {
			t.Errorf("%s?%s=none: %s (%s)", c.path, c.param, fault.String("message"), fault.String("param"))
		}
	}
}
