package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// figured sums the days of test mode, by figure, what it is of, and how it came about.
func figured(t *testing.T, s *servertest.Server) map[string]int64 {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	days, err := s.Engine.Survey(t.Context(), ns).Figures()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, day := range days {
		for _, c := range day.Changes {
			sums[c.Name+" "+c.Of+" "+c.Movement] += c.Amount
		}
	}
	return sums
}

func TestFigures(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	card := []string{"payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa"}
	customer := s.Post("/v1/customers", card...).OK().ID()
	gone := s.Post("/v1/customers").OK().ID()
	s.Delete("/v1/customers/" + gone).OK()
	monthly := s.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	yearly := s.Post("/v1/prices", "currency", "usd", "unit_amount", "12001", "recurring[interval]", "year", "product_data[name]", "Pro").OK().ID()
	sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", monthly).OK()
	item := sub.Object("items").Array("data")[0].(interface{ ID() string }).ID()
	s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", item, "items[0][quantity]", "3").OK()
	s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", item, "items[0][quantity]", "2").OK()
	s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", yearly, "trial_period_days", "7").OK()
	s.Delete("/v1/subscriptions/" + sub.ID()).OK()
	charge := s.Post("/v1/charges", "amount", "1000", "currency", "eur", "source", "tok_visa").OK().ID()
	s.Post("/v1/refunds", "charge", charge, "amount", "300").OK()
	s.Post("/v1/charges", "amount", "1000", "currency", "eur", "source", "tok_chargeDeclined").Fails(402, "card_declined")
	want := map[string]int64{
		"customers  new": 2, "customers  lost": -1,
		"paying  new": 1, "paying  lost": -1, "mrr usd new": 500, "mrr usd more": 1000, "mrr usd less": -500, "mrr usd lost": -1000,
		"members " + monthly + " new": 1, "members " + monthly + " lost": -1, "members " + yearly + " new": 1, "trialing  new": 1,
		"volume usd new": 500, "volume eur new": 1000, "refunded eur new": 300, "failed eur new": 1,
	}
	got := figured(t, s)
	for key, amount := range want {
		if got[key] != amount {
			t.Errorf("%s is %d, want %d", key, got[key], amount)
		}
	}
	if problems, err := s.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestFiguresOfClock lets a year of trial and renewals pass: days are the clock's, and the sums those of the objects.
func TestFiguresOfClock(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	start := s.Clock.Now()
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", fmt.Sprint(start.Unix())).OK().ID()
	customer := s.Post("/v1/customers", "test_clock", clock, "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "trial_period_days", "10").OK()
	s.Post("/v1/test_helpers/test_clocks/"+clock+"/advance", "frozen_time", fmt.Sprint(start.Add(200*24*time.Hour).Unix()), "wait", "true").OK()
	got := figured(t, s)
	for key, amount := range map[string]int64{"trialing  new": 1, "trialing  lost": -1, "converted  new": 1, "mrr usd new": 500, "volume usd new": 3500} {
		if got[key] != amount {
			t.Errorf("%s is %d, want %d", key, got[key], amount)
		}
	}
	if problems, err := s.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	days, err := s.Engine.Survey(t.Context(), ns).Figures()
	if err != nil || len(days) < 5 || days[len(days)-1].Day.Before(start.AddDate(0, 5, 0)) {
		t.Errorf("%d days, %v", len(days), err)
	}
}

func TestMonthly(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	for _, test := range []struct {
		amount, interval, count string
		want                    int64
	}{{"12001", "year", "1", 1000}, {"12006", "year", "1", 1001}, {"700", "week", "1", 3044}, {"100", "day", "1", 3044}, {"600", "month", "3", 200}} {
		before := figured(t, s)["mrr usd new"]
		price := s.Post("/v1/prices", "currency", "usd", "unit_amount", test.amount, "recurring[interval]", test.interval, "recurring[interval_count]", test.count, "product_data[name]", "x").OK().ID()
		s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price).OK()
		if diff := cmp.Diff(test.want, figured(t, s)["mrr usd new"]-before); diff != "" {
			t.Errorf("%s for %s %s: %s", test.amount, test.count, test.interval, diff)
		}
	}
}

// TestFiguresOfBefore opens a database that was written without figures, and one in which somebody has changed them.
func TestFiguresOfBefore(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	registry := access.NewRegistry(s, clock.Wall{}, access.Options{})
	account, err := registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ns, err := registry.Namespace(account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(billing.Rules())
	for i := range before {
		before[i].Figures = nil
	}
	engine := func(rules []resource.Rules) *resource.Engine {
		e, err := resource.New(s, registry, clock.Wall{}, rules, resource.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	old := engine(before)
	for range 3 {
		if _, err := old.Do(t.Context(), ns, "POST /v1/customers", nil); err != nil {
			t.Fatal(err)
		}
	}
	e := engine(billing.Rules())
	if problems, err := e.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("before it was served: %v, %v", problems, err)
	}
	for range 2 {
		if err := e.BuildFigures(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Do(t.Context(), ns, "POST /v1/customers", nil); err != nil {
		t.Fatal(err)
	}
	days, err := e.Survey(t.Context(), ns).Figures()
	if err != nil || len(days) == 0 || days[0].Changes[0].Name != "customers" || days[0].Changes[0].Amount < 3 {
		t.Errorf("the days are %+v, %v", days, err)
	}
	if problems, err := e.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("after: %v, %v", problems, err)
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		d, err := tx.Get(ns.NS, "figures:"+days[0].Day.Format(time.DateOnly))
		if err != nil {
			return err
		}
		d.Data = []byte(`{"customers||new": 1, "mrr|usd|new": 5}`)
		return tx.Put(ns.NS, &d)
	}); err != nil {
		t.Fatal(err)
	}
	problems, err := e.Verify(t.Context())
	want := []string{"the figure customers| is", "the figure mrr|usd is 5 by the days, and no object adds to it"}
	if err != nil || len(problems) != len(want) {
		t.Fatalf("changed: %v, %v", problems, err)
	}
	for i, text := range want {
		if !strings.Contains(problems[i], text) {
			t.Errorf("got %q, want %q", problems[i], text)
		}
	}
}
