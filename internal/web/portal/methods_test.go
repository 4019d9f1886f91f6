package portal_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/resource"
)

func TestAddMethod(t *testing.T) {
	t.Parallel()
	const added = "expiry=12 / 34&cvc=123&number="
	for _, c := range []struct {
		name, typed string
		status      int
		shown       []string
		events      []string
	}{
		{"a card", added + visa, 303, nil, []string{"setup_intent.created", "payment_method.attached", "setup_intent.succeeded", "customer.updated", "customer.subscription.updated"}},
		{"declined", added + noMoney, 402, []string{"The card does not have enough money. Try another one", `id="number-fault"`, `value="12 / 34"`, "!" + noMoney}, []string{"setup_intent.created", "setup_intent.setup_failed"}},
		{"no card", added + "4242424242424241", 402, []string{"The card number is not right"}, nil},
		{"nothing", "", 422, []string{"Enter the number on the card", "Error: "}, nil},
		{"over", strings.Replace(added+visa, "34", "20", 1), 402, []string{`id="expiry-fault"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.subscribe("")
			path := s.open(mayPay, "")
			page := wantShown(t, s.get(path+"/payment-methods/new"), 200, "TEST", "4242 4242 4242 4242")
			form := s.filled(page, c.typed)
			send := func() *httptest.ResponseRecorder { return s.post(path+"/payment-methods/new", form) }
			s.wantEvents(c.events, func() {
				if c.status == 303 {
					wantLead(t, send(), path+"?done=added")
					return
				}
				wantShown(t, send(), c.status, c.shown...)
			})
			s.wantEvents(nil, func() { send() }) // the form is sent twice
			if c.status != 303 {
				s.want("/v1/customers/CUSTOMER", map[string]any{"invoice_settings.default_payment_method": nil})
				return
			}
			newest := s.Get("/v1/payment_methods", "customer", s.id("CUSTOMER")).IDs()[0]
			s.want("/v1/customers/CUSTOMER", map[string]any{"invoice_settings.default_payment_method": newest})
			s.want("/v1/subscriptions/SUB", map[string]any{"default_payment_method": newest})
		})
	}
}

// TestAuthenticate goes by way of the bank.
func TestAuthenticate(t *testing.T) {
	t.Parallel()
	for _, outcome := range []string{"succeeded", "failed"} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			path := s.open(mayPay, "")
			form := s.filled(s.get(path+"/payment-methods/new").Body.String(), "expiry=12/34&cvc=123&number="+wants3DS)
			a := s.post(path+"/payment-methods/new", form)
			if to := a.Header().Get("Location"); a.Code != 303 || !strings.HasPrefix(to, "/authenticate/") {
				t.Fatalf("%d to %q", a.Code, to)
			}
			if again := s.post(path+"/payment-methods/new", form); again.Header().Get("Location") != a.Header().Get("Location") {
				t.Errorf("sent again, it leads to %s", again.Header().Get("Location"))
			}
			wantLead(t, s.get(path+"/payment-methods/back"), path+"/payment-methods/new") // who comes back by themselves
			intent := s.Get("/v1/setup_intents", "customer", s.id("CUSTOMER")).OK().Array("data")
			if len(intent) != 1 {
				t.Fatalf("there are %d intents", len(intent))
			}
			s.authenticate(a.Header().Get("Location"), outcome)
			got := s.get(path + "/payment-methods/back?redirect_status=" + outcome)
			if outcome == "failed" {
				wantShown(t, got, 402, "Your bank could not confirm that it is you.")
				s.want("/v1/customers/CUSTOMER", map[string]any{"invoice_settings.default_payment_method": nil})
				return
			}
			wantLead(t, got, path+"?done=added")
			wantLead(t, s.post(path+"/payment-methods/SPARE/default", ""), path+"?done=default")
			s.get(path + "/payment-methods/back") // does nothing when it is opened again
			s.want("/v1/customers/CUSTOMER", map[string]any{"invoice_settings.default_payment_method": "SPARE"})
		})
	}
}

// authenticate does at the bank's page what a customer does.
func (s *shop) authenticate(page, outcome string) {
	s.t.Helper()
	at, secret, _ := strings.Cut(page, "?client_secret=")
	secret, _, _ = strings.Cut(secret, "&")
	ns, err := s.Engine.At(billing.PlaceOf(strings.TrimPrefix(s.enter(""), "/p/session/")))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Engine.Call(s.t.Context(), ns, func(op *resource.Op) error {
		_, err := billing.AuthenticateIntent(op, strings.TrimPrefix(at, "/authenticate/"), secret, outcome)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestDefaultAndRemove(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe("")
	path := s.open(mayPay, "")
	wantShown(t, s.get(path+"/payment-methods/CARD/remove"), 200, "It pays for a plan of yours.", `!data-testid="confirm-remove"`)
	s.wantEvents(nil, func() {
		wantShown(t, s.post(path+"/payment-methods/CARD/remove", ""), 409, "This cannot be removed yet")
	})
	s.wantEvents([]string{"customer.updated", "customer.subscription.updated"}, func() {
		wantLead(t, s.post(path+"/payment-methods/SPARE/default", ""), path+"?done=default")
	})
	s.want("/v1/subscriptions/SUB", map[string]any{"default_payment_method": "SPARE"})
	s.wantEvents(nil, func() { s.post(path+"/payment-methods/SPARE/default", "") })
	wantShown(t, s.get(path+"/payment-methods/CARD/remove"), 200, "Visa •••• 4242", `data-testid="confirm-remove"`)
	s.wantEvents([]string{"payment_method.detached"}, func() {
		wantLead(t, s.post(path+"/payment-methods/CARD/remove", ""), path+"?done=removed")
		wantLead(t, s.post(path+"/payment-methods/CARD/remove", ""), path)
	})
	wantShown(t, s.get(path), 200, "!4242")
}
