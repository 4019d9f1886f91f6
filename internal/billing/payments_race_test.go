package billing_test

import (
	"net/http"
	"sync"
	"testing"

	"sharesmart/internal/servertest"
)

// Many ask for the same thing at once: exactly one gets it, the others hear Stripe's error, and the money moves once.
func TestOnlyOneWins(t *testing.T) {
	t.Parallel()
	const askers = 200
	for _, c := range []struct {
		name    string
		setUp   []string
		path    string
		form    []string
		code    string
		refunds int
		want    map[string]any // of the intent
	}{
		{name: "confirm", setUp: []string{"amount", "2000", "currency", "usd", "payment_method_types[]", "card"}, path: "/confirm", form: []string{"payment_method", "pm_card_visa"}, code: "payment_intent_unexpected_state",
			want: map[string]any{"status": "succeeded", "amount_received": 2000}},
		{name: "capture", setUp: confirmed("pm_card_visa", "capture_method", "manual"), path: "/capture", code: "payment_intent_unexpected_state",
			want: map[string]any{"status": "succeeded", "amount_received": 2000}},
		{name: "cancel", setUp: confirmed("pm_card_visa", "capture_method", "manual"), path: "/cancel", code: "payment_intent_unexpected_state",
			want: map[string]any{"status": "canceled", "amount_received": 0}},
		{name: "refund", setUp: confirmed("pm_card_visa"), code: "charge_already_refunded", refunds: 1,
			want: map[string]any{"status": "succeeded", "amount_received": 2000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			intent := s.Post("/v1/payment_intents", c.setUp...).OK().ID()
			path, form := "/v1/payment_intents/"+intent+c.path, c.form
			if c.path == "" {
				path, form = "/v1/refunds", []string{"payment_intent", intent}
			}
			answers := make([]*servertest.Answer, askers)
			var all sync.WaitGroup
			for i := range askers {
				all.Go(func() { answers[i] = s.Post(path, form...) })
			}
			all.Wait()
			won := 0
			for _, a := range answers {
				if a.Status == http.StatusOK {
					won++
				} else {
					a.Fails(400, c.code)
				}
			}
			if won != 1 {
				t.Errorf("%d of %d were served, want one", won, askers)
			}
			wantFields(t, s.Get("/v1/payment_intents/"+intent).OK(), c.want)
			if ids := s.Get("/v1/charges", "payment_intent", intent).IDs(); len(ids) != 1 {
				t.Errorf("charges %v, want one", ids)
			}
			if ids := s.Get("/v1/refunds", "payment_intent", intent).IDs(); len(ids) != c.refunds {
				t.Errorf("refunds %v, want %d", ids, c.refunds)
			}
			sound(t, s)
		})
	}
}
