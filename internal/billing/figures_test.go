package billing_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
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

// TestFiguresOfPaying says by price and status who pays, and where they go when that changes.
func TestFiguresOfPaying(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	price := func(params ...string) string {
		return s.Post("/v1/prices", append([]string{"currency", "usd", "recurring[interval]", "month", "product_data[name]", "x"}, params...)...).OK().ID()
	}
	free, pro := price("unit_amount", "0"), price("unit_amount", "500")
	tiers := price("billing_scheme", "tiered", "tiers_mode", "graduated", "tiers[0][up_to]", "inf", "tiers[0][unit_amount]", "100")
	for _, test := range []struct {
		name   string
		params []string
		want   map[string]int64
	}{
		{"free", []string{"items[0][price]", free}, map[string]int64{}},
		{"free, tried out", []string{"items[0][price]", free, "trial_period_days", "3"}, map[string]int64{"trialing  new": 1}},
		{"paid", []string{"items[0][price]", pro}, map[string]int64{"paying  new": 1, "mrr usd new": 500}},
		{"one of two is paid", []string{"items[0][price]", free, "items[1][price]", pro}, map[string]int64{"paying  new": 1, "mrr usd new": 500}},
		{"none of it", []string{"items[0][price]", pro, "items[0][quantity]", "0"}, map[string]int64{}},
		{"given away", []string{"items[0][price]", pro, "metadata[grant]", "gr_1"}, map[string]int64{}},
		{"in tiers", []string{"items[0][price]", tiers}, map[string]int64{"paying  new": 1}},
	} {
		before := figured(t, s)
		s.Post("/v1/subscriptions", append([]string{"customer", customer}, test.params...)...).OK()
		got := map[string]int64{}
		for key, amount := range figured(t, s) {
			if name, _, _ := strings.Cut(key, " "); slices.Contains([]string{"paying", "mrr", "trialing", "converted"}, name) && amount != before[key] {
				got[key] = amount - before[key]
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
	before := figured(t, s)
	sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", free).OK()
	item := sub.Object("items").Array("data")[0].(interface{ ID() string }).ID()
	s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", item, "items[0][price]", pro).OK()
	s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", item, "items[0][price]", free).OK()
	for key, want := range map[string]int64{"paying  new": 1, "paying  lost": -1, "mrr usd new": 500, "mrr usd lost": -500} {
		if got := figured(t, s)[key] - before[key]; got != want {
			t.Errorf("from free to paid and back: %s is %d, want %d", key, got, want)
		}
	}
	if problems, err := s.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// figuresByStatus are the figures of a subscription as they were counted at first: whatever is active pays.
func figuresByStatus(sub *object.Object) (out []resource.Figure) {
	status := sub.String("status")
	if status == "active" || status == "past_due" {
		out = append(out, resource.Figure{Name: billing.FigurePaying, Amount: 1}, resource.Figure{Name: billing.FigureMRR, Of: sub.String("currency"), Amount: billing.Monthly(sub)})
		if sub.Int("trial_start") != 0 {
			out = append(out, resource.Figure{Name: billing.FigureConverted, Amount: 1})
		}
	}
	for _, f := range rulesOf("subscription").Figures(sub) {
		if f.Name == billing.FigureMembers || f.Name == billing.FigureTrialing {
			out = append(out, f)
		}
	}
	return out
}

func rulesOf(kind string) resource.Rules {
	all := billing.Rules()
	return all[slices.IndexFunc(all, func(r resource.Rules) bool { return r.Object == kind })]
}

// TestFiguresRecounted opens a database in which free subscriptions were counted as paying, and one of its snapshots.
func TestFiguresRecounted(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(servertest.Start)
	s, registry, ns := bareStore(t, c)
	start := c.Now()
	day := func(after int) string { return start.AddDate(0, 0, after).UTC().Format(time.DateOnly) }
	before := slices.Clone(billing.Rules())
	for i := range before {
		if before[i].Recounts = nil; before[i].Object == "subscription" {
			before[i].Figures = figuresByStatus
		}
	}
	old := bareEngine(t, s, registry, c, before)
	if err := old.BuildFigures(t.Context()); err != nil {
		t.Fatal(err)
	}
	do := func(e *resource.Engine, operation string, params ...string) string {
		form := url.Values{}
		for i := 0; i < len(params); i += 2 {
			form.Set(params[i], params[i+1])
		}
		o, err := e.Do(t.Context(), ns, operation, form)
		if err != nil {
			t.Fatal(operation, err)
		}
		return o.ID()
	}
	customer := do(old, "POST /v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa")
	free := do(old, "POST /v1/prices", "currency", "usd", "unit_amount", "0", "recurring[interval]", "month", "product_data[name]", "Free")
	pro := do(old, "POST /v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro")
	subscribe := func(params ...string) string {
		return do(old, "POST /v1/subscriptions", append([]string{"customer", customer}, params...)...)
	}
	subscribe("items[0][price]", free)
	subscribe("items[0][price]", pro)
	subscribe("items[0][price]", pro, "metadata[grant]", "gr_1")
	gone := subscribe("items[0][price]", free)
	tried := subscribe("items[0][price]", free, "trial_period_days", "7")
	c.Advance(48 * time.Hour)
	do(old, "DELETE /v1/subscriptions/"+gone)
	do(old, "DELETE /v1/subscriptions/"+tried) // before it counted as paying
	snapshot, err := registry.CreateSnapshot(t.Context(), ns, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]int64{day(0) + " paying  new": 4, day(2) + " paying  lost": -1, day(0) + " mrr usd new": 1000, day(0) + " trialing  new": 1, day(2) + " trialing  lost": -1}
	if diff := cmp.Diff(wrong, paying(t, old, ns)); diff != "" {
		t.Fatal(diff)
	}

	e := bareEngine(t, s, registry, c, billing.Rules())
	for range 2 {
		if err := e.BuildFigures(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]int64{day(0) + " paying  new": 1, day(0) + " mrr usd new": 500, day(0) + " trialing  new": 1, day(2) + " trialing  lost": -1}
	sound := func(what string) {
		t.Helper()
		if diff := cmp.Diff(want, paying(t, e, ns)); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
		if problems, err := e.Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %v", what, problems, err)
		}
	}
	sound("recounted")
	do(e, "POST /v1/subscriptions", "customer", customer, "items[0][price]", pro)
	if err := registry.RestoreSnapshot(t.Context(), snapshot.ID); err != nil {
		t.Fatal(err)
	}
	if ns, err = registry.Namespace(ns.Account, access.Test); err != nil {
		t.Fatal(err)
	}
	sound("after the snapshot was restored")
}

// paying are the figures of who pays, by day.
func paying(t *testing.T, e *resource.Engine, ns *access.Namespace) map[string]int64 {
	t.Helper()
	days, err := e.Survey(t.Context(), ns).Figures()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, day := range days {
		for _, c := range day.Changes {
			if slices.Contains([]string{"paying", "mrr", "trialing", "converted"}, c.Name) && c.Amount != 0 {
				sums[day.Day.Format(time.DateOnly)+" "+c.Name+" "+c.Of+" "+c.Movement] += c.Amount
			}
		}
	}
	return sums
}

// bareStore is a database with an account, that no engine serves yet.
func bareStore(t *testing.T, c clock.Clock) (store.Store, *access.Registry, *access.Namespace) {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	registry := access.NewRegistry(s, c, access.Options{})
	account, err := registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ns, err := registry.Namespace(account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	return s, registry, ns
}

func bareEngine(t *testing.T, s store.Store, registry *access.Registry, c clock.Clock, rules []resource.Rules) *resource.Engine {
	t.Helper()
	e, err := resource.New(s, registry, c, rules, resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
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
	s, registry, ns := bareStore(t, clock.Wall{})
	before := slices.Clone(billing.Rules())
	for i := range before {
		before[i].Figures = nil
	}
	old := bareEngine(t, s, registry, clock.Wall{}, before)
	for range 3 {
		if _, err := old.Do(t.Context(), ns, "POST /v1/customers", nil); err != nil {
			t.Fatal(err)
		}
	}
	e := bareEngine(t, s, registry, clock.Wall{}, billing.Rules())
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
