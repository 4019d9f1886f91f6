package billing_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestReferenceData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path  string
		least int
		id    string
		want  map[string]any
	}{
		{"/v1/country_specs", 45, "DE", map[string]any{"default_currency": "eur", "supported_payment_methods.0": "card", "supported_bank_account_currencies.usd.0": "US"}},
		{"/v1/country_specs", 45, "US", map[string]any{"default_currency": "usd", "supported_bank_account_currencies.usd.0": "US", "supported_payment_currencies.0": "usd", "verification_fields.individual.additional.0": nil}},
		{"/v1/tax_codes", 60, "txcd_10103001", map[string]any{"name": "Software as a service (SaaS) - business use"}},
		{"/v1/exchange_rates", 135, "eur", map[string]any{"rates.usd": object.Number("1.16279"), "rates.eur": nil}},
		{"/v1/reporting/report_types", 30, "balance.summary.1", map[string]any{"name": "Balance summary", "version": 1, "default_columns.0": "category"}},
		{"/v1/climate/products", 4, "climsku_frontier_offtake_portfolio_2027", map[string]any{"delivery_year": 2027, "current_prices_per_metric_ton.usd.amount_total": 56650, "suppliers.0.object": "climate.supplier"}},
		{"/v1/climate/suppliers", 4, "climsup_heirloom", map[string]any{"removal_pathway": "direct_air_capture", "locations.0.city": "Brisbane"}},
		{"/v1/issuing/physical_bundles", 3, "ipb_1custom0000000000000000", map[string]any{"type": "custom", "features.card_logo": "required"}},
		{"/v1/sigma/scheduled_query_runs", 3, "sqr_1charges00000000000000000", map[string]any{"status": "completed"}},
	} {
		t.Run(c.path+"/"+c.id, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			wantFields(t, s.Get(c.path+"/"+c.id).OK(), c.want)
			ids := everyID(s, c.path)
			if len(ids) < c.least {
				t.Errorf("there are %d, want at least %d", len(ids), c.least)
			}
			if !slices.Contains(ids, c.id) {
				t.Errorf("the list does not have %s", c.id)
			}
			seen := map[string]bool{}
			for _, id := range ids {
				if seen[id] {
					t.Errorf("%s is listed twice", id)
				}
				seen[id] = true
				if got := s.Get(c.path + "/" + id).OK().ID(); got != id {
					t.Errorf("%s answers %s", id, got)
				}
			}
			s.Get(c.path+"/none").Fails(404, "resource_missing")
			live := s.Do(servertest.Request{Path: c.path + "/" + c.id, Key: s.Account.LiveSecret.Secret}).OK()
			if live.Has("livemode") && !live.Bool("livemode") {
				t.Error("in live mode, livemode is false")
			}
		})
	}
}

// everyID pages through a list and returns its ids.
func everyID(s *servertest.Server, path string) []string {
	if path == "/v1/reporting/report_types" { // it has no pages
		return s.Get(path).IDs()
	}
	ids := s.Get(path, "limit", "50").IDs()
	for more := s.Get(path, "limit", "50").OK().Bool("has_more"); more; {
		page := s.Get(path, "limit", "50", "starting_after", ids[len(ids)-1])
		ids, more = append(ids, page.IDs()...), page.OK().Bool("has_more")
	}
	return ids
}

// A cursor works before anybody has listed anything, and an object can be named by a new object before it was read.
func TestReferenceDataIsThereAtOnce(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	if got := s.Get("/v1/country_specs", "starting_after", "AE", "limit", "1").IDs(); len(got) != 1 || got[0] != "AT" {
		t.Errorf("after AE comes %q, want AT", got)
	}
	wantFields(t, servertest.New(t).Post("/v1/products", "name", "X", "tax_code", "txcd_10103000", "expand[]", "tax_code").OK(), map[string]any{"tax_code.object": "tax_code"})
	for query, want := range map[string]int{"type=custom": 1, "type=standard": 2, "status=active": 3, "status=review": 0} {
		if got := s.Get("/v1/issuing/physical_bundles", form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %d bundles, want %d", query, len(got), want)
		}
	}
}

// What an account changes for itself is changed for nobody else.
func TestSavedQuery(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/sigma/saved_queries/qry_1charges00000000000000000"
	for _, name := range []string{"Charges", "All charges"} {
		wantFields(t, s.Post(path, "name", name).OK(), map[string]any{"name": name, "sql": "SELECT count(*) FROM charges"})
	}
	live := servertest.Request{Method: "POST", Path: path, Key: s.Account.LiveSecret.Secret}
	wantFields(t, s.Do(live).OK(), map[string]any{"name": "Count all charges"})
}

// Both lists of currencies agree.
func TestExchangeRatesAreOfKnownCurrencies(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	ids := everyID(s, "/v1/exchange_rates")
	for _, id := range ids {
		if !money.Known(id) {
			t.Errorf("%s has rates, and cannot be charged", id)
		}
		if id != strings.ToLower(id) {
			t.Errorf("%s is not in lower case", id)
		}
	}
}
