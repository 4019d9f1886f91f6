package billing_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// TestClockJumps sets the machine's clock forth and back while a subscription runs. Lists show each object once, in both
// directions, an idempotency key gives its answer again, and no period is billed twice or left out.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "1000", "recurring[interval]", "month", "product_data[name]", "Pro").OK().String("id")
	customer := s.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().String("id")
	made := []string{customer}
	sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "trial_period_days", "7").OK().String("id")
	first := servertest.Start.AddDate(0, 0, 7) // the trial's end, and the day of each month's bill
	latest := servertest.Start
	for i, jump := range []time.Duration{
		0, -3 * time.Hour, 10 * time.Hour, -time.Second, 6 * day, // before the trial ends
		2 * day, -5 * day, // it has ended, and has not
		40 * day, -60 * day, 30 * day, -time.Hour, 90 * day,
	} {
		s.Clock.Advance(jump)
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			key := fmt.Sprintf("jump-%d-%d", i, n)
			r := servertest.Request{Method: "POST", Path: "/v1/customers", Form: []string{"name", key}, Header: http.Header{"Idempotency-Key": {key}}}
			id := s.Do(r).OK().String("id")
			if again := s.Do(r).OK().String("id"); again != id {
				t.Errorf("jump %d: the key %s is answered %s, then %s", i, key, id, again)
			}
			made = append(made, id)
		}
		eachOnce(t, s, made)
		if now := s.Clock.Now(); now.After(latest) {
			latest = now
		}
		want := 1 // that of the trial
		for due := first; !due.After(latest); due = first.AddDate(0, want-1, 0) {
			want++
		}
		if got := len(s.Get("/v1/invoices", "subscription", sub, "limit", "100").IDs()); got != want {
			t.Errorf("jump %d, at %s after %s: %d invoices, want %d", i, s.Clock.Now(), latest, got, want)
		}
	}
	if faults, err := s.Engine.Verify(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("verify: %v %v", faults, err)
	}
}

// eachOnce pages through all customers from both ends.
func eachOnce(t *testing.T, s *servertest.Server, made []string) {
	t.Helper()
	want := slices.Sorted(slices.Values(made))
	for _, direction := range []string{"starting_after", "ending_before"} {
		var got []string
		form := []string{"limit", "4"}
		if direction == "ending_before" {
			oldest := s.Get("/v1/customers", "limit", "100").IDs()
			got = append(got, oldest[len(oldest)-1])
			form = append(form, direction, got[0])
		}
		for {
			ids := s.Get("/v1/customers", form...).IDs()
			if len(ids) == 0 {
				break
			}
			got = append(got, ids...)
			next := ids[len(ids)-1]
			if direction == "ending_before" {
				next = ids[0]
			}
			form = []string{"limit", "4", direction, next}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %d customers are listed, %d were made", direction, len(got), len(want))
		}
	}
}
