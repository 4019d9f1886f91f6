package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/billing"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestConfirmationToken(t *testing.T) {
	t.Parallel()
	const path = "/v1/test_helpers/confirmation_tokens"
	for _, c := range []struct {
		name string
		form []string
		code string
		want map[string]any
	}{
		{"named", []string{"payment_method", "pm_card_visa", "return_url", back, "setup_future_usage", "off_session"}, "", map[string]any{
			"payment_method_preview.type": "card", "payment_method_preview.card.last4": "4242", "payment_method_preview.billing_details.name": nil, "return_url": back,
			"setup_future_usage": "off_session", "payment_intent": nil, "setup_intent": nil, "expires_at": servertest.Start.Add(12 * time.Hour).Unix(), "shipping": nil}},
		{"typed", []string{"payment_method_data[type]", "us_bank_account", "payment_method_data[us_bank_account][account_number]", "000123456789", "payment_method_data[us_bank_account][routing_number]", "110000000",
			"payment_method_data[billing_details][name]", "Jenny", "shipping[name]", "Jenny", "shipping[address][line1]", "1 Main St", "shipping[address][country]", "US"}, "", map[string]any{
			"payment_method_preview.us_bank_account.last4": "6789", "payment_method_preview.billing_details.name": "Jenny", "shipping.name": "Jenny", "shipping.address.line1": "1 Main St",
			"payment_method_preview.customer": nil, "setup_future_usage": nil}},
		{"nothing", nil, "parameter_missing", map[string]any{"param": "payment_method_data"}},
		{"both", []string{"payment_method", "pm_card_visa", "payment_method_data[type]", "ideal"}, "parameters_exclusive", nil},
		{"nobody's", []string{"payment_method", "pm_nobody"}, "resource_missing", map[string]any{"param": "payment_method"}},
		{"no account", []string{"payment_method_data[type]", "us_bank_account"}, "parameter_missing", map[string]any{"param": "payment_method_data[us_bank_account]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			a := s.Post(path, c.form...)
			if c.code != "" {
				wantFields(t, a.Fails(400, c.code), c.want)
				return
			}
			wantFields(t, a.OK(), c.want)
			wantFields(t, s.Get("/v1/confirmation_tokens/"+a.Object.ID()).OK(), c.want)
		})
	}
}

func TestUseConfirmationToken(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	fresh := func() string {
		return s.Post("/v1/test_helpers/confirmation_tokens", "payment_method", "pm_card_visa").OK().ID()
	}
	use := func(id string) (code string) {
		err := inside(t, s, func(op *resource.Op) error {
			pm, token, err := billing.UseConfirmationToken(op, id, "payment_intent", "pi_1")
			if err == nil && (pm.String("type") != "card" || token.ID() != id) {
				t.Errorf("the token gives %s and %s", pm.ID(), token.ID())
			}
			return err
		})
		if e := apierr.As(err); e != nil {
			return e.Code + " " + e.Param
		}
		return ""
	}
	token, late := fresh(), fresh()
	for _, want := range []string{"", "token_already_used confirmation_token"} {
		if got := use(token); got != want {
			t.Errorf("using it gives %q, want %q", got, want)
		}
		wantFields(t, s.Get("/v1/confirmation_tokens/"+token).OK(), map[string]any{"payment_intent": "pi_1"})
	}
	if got := use("ctoken_nobody"); got != "resource_missing confirmation_token" {
		t.Errorf("using nobody's gives %q", got)
	}
	s.Clock.Advance(12 * time.Hour)
	if got := use(late); got != " confirmation_token" {
		t.Errorf("using it too late gives %q", got)
	}
}
