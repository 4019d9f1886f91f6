package stripe_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/processor/stripe"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/hooks"
)

// payment are the parameters of a payment of 20 dollars with a card, which is confirmed at once.
func payment(pm string, more ...string) []string {
	return append([]string{"amount", "2000", "currency", "usd", "payment_method", pm, "payment_method_types[]", "card", "confirm", "true"}, more...)
}

// only is the one object of a list.
func (s *shop) only(path string) *object.Object {
	s.t.Helper()
	list := s.Get(path).OK().Array("data")
	if len(list) != 1 {
		s.t.Fatalf("%s has %d objects", path, len(list))
	}
	return list[0].(*object.Object)
}

// TestPayment takes a payment with each kind of card.
func TestPayment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		card   string
		status int
		code   string // and the decline code
		want   map[string]any
	}{
		{"visa", 200, "", map[string]any{"status": "succeeded", "amount_received": 2000, "livemode": true, "latest_charge.payment_method_details.card.last4": "4242",
			"latest_charge.balance_transaction.fee": 88, "latest_charge.outcome.network_status": "approved_by_network"}},
		{"chargeDeclinedInsufficientFunds", 402, "card_declined insufficient_funds", map[string]any{"status": "requires_payment_method", "last_payment_error.decline_code": "insufficient_funds", "latest_charge.status": "failed"}},
		{"chargeDeclinedExpiredCard", 402, "expired_card ", map[string]any{"status": "requires_payment_method", "latest_charge.failure_code": "expired_card"}},
		{"threeDSecureRequired", 200, "", map[string]any{"status": "requires_action", "next_action.type": "redirect_to_url", "latest_charge": nil}},
	} {
		t.Run(c.card, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			r := s.Post("/v1/payment_intents", payment(s.card(c.card), "return_url", "https://shop.example/back")...)
			said := object.New(nil)
			if r.Status == 402 {
				said = r.Object.Object("error")
			}
			if r.Status != c.status || c.code != "" && said.String("code")+" "+said.String("decline_code") != c.code {
				t.Fatalf("%d: %s", r.Status, r.Body)
			}
			s.want(s.only("/v1/payment_intents?expand[]=data.latest_charge.balance_transaction"), c.want)
			if r.Status == 402 && said.Object("payment_intent").String("status") != "requires_payment_method" {
				t.Errorf("the error has no intent: %s", r.Body)
			}
		})
	}
}

// TestAuthentication has customers go to their bank and come back, or never.
func TestAuthentication(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, outcome  string
		webhookFirst   bool
		status, comeTo string
	}{
		{"passes", "succeeded", false, "succeeded", "redirect_status=succeeded"},
		{"passes, and the webhook is quicker", "succeeded", true, "succeeded", "redirect_status=succeeded"},
		{"fails", "failed", false, "requires_payment_method", "redirect_status=failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			pi := s.Post("/v1/payment_intents", payment(s.card("threeDSecureRequired"), "return_url", "https://shop.example/back?x=1")...).OK()
			bank, _ := pi.At("next_action", "redirect_to_url", "url").(string)
			if !strings.HasPrefix(bank, s.bank.URL) {
				t.Fatalf("the customer is led to %q", bank)
			}
			theirs := s.theirs(pi.ID())
			s.bank.Post("/v1/test_helpers/payment_intents/"+theirs.ID()+"/authenticate", "outcome", c.outcome).OK()
			if c.webhookFirst {
				s.settle()
			}
			back, _ := theirs.At("next_action", "redirect_to_url", "return_url").(string)
			u, err := url.Parse(back)
			if err != nil || !strings.HasPrefix(back, s.URL) {
				t.Fatalf("Stripe leads back to %q", back)
			}
			to := s.visit(u.RequestURI())
			if !strings.HasPrefix(to, "https://shop.example/back?x=1&payment_intent="+pi.ID()) || !strings.HasSuffix(to, c.comeTo) {
				t.Errorf("the customer is led on to %q", to)
			}
			s.want(s.Get("/v1/payment_intents/"+pi.ID()).OK(), map[string]any{"status": c.status})
			s.settle()
			s.want(s.Get("/v1/payment_intents/"+pi.ID()).OK(), map[string]any{"status": c.status})
		})
	}
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		pi := s.Post("/v1/payment_intents", payment(s.card("threeDSecureRequired"))...).OK()
		first := s.theirs(pi.ID()).ID()
		s.Post("/v1/payment_intents/"+pi.ID()+"/confirm", "payment_method", s.card("visa")).OK()
		s.want(s.bank.Get("/v1/payment_intents/"+first).OK(), map[string]any{"status": "canceled"}) // or the customer could still pay twice
		s.want(s.Get("/v1/payment_intents/"+pi.ID()).OK(), map[string]any{"status": "succeeded"})
	})
	t.Run("nobody is there", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		r := s.Post("/v1/payment_intents", payment(s.card("threeDSecureRequired"), "error_on_requires_action", "true")...)
		if r.Status != 402 || r.Object.Object("error").String("code") != "authentication_required" {
			t.Errorf("%d: %s", r.Status, r.Body)
		}
	})
}

// visit calls a page of the seller and answers where it leads.
func (s *shop) visit(path string) string {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(s.pages.URL + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.Header.Get("Location")
}

// TestLostAnswers cuts the way to Stripe before and after it has heard. The money moves once.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                string
		cutBefore, cutAfter int32
	}{
		{"the request gets lost, and the library repeats it", 1, 0},
		{"the answer gets lost, and the library repeats it", 0, 1},
		{"all requests get lost", 3, 0},
		{"all answers get lost", 0, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			pi := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method", s.card("visa"), "payment_method_types[]", "card").OK()
			s.wires.cutBefore.Store(c.cutBefore)
			s.wires.cutAfter.Store(c.cutAfter)
			got := s.Post("/v1/payment_intents/" + pi.ID() + "/confirm").OK()
			if lost := c.cutBefore+c.cutAfter > 2; lost {
				s.want(got, map[string]any{"status": "processing"})
				if r := s.Post("/v1/payment_intents/" + pi.ID() + "/confirm"); r.Status == 200 {
					t.Errorf("it can be confirmed again: %s", r.Body)
				}
				s.Clock.Advance(2 * time.Minute)
				s.settle()
			}
			s.want(s.Get("/v1/payment_intents/"+pi.ID()).OK(), map[string]any{"status": "succeeded"})
			if n := len(s.bank.Get("/v1/charges").OK().Array("data")); n != 1 {
				t.Errorf("Stripe has taken the money %d times", n)
			}
		})
	}
}

// TestIdempotency replays a request without asking Stripe again.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, name := range []string{"visa", "chargeDeclined"} {
		form := payment(s.card(name))
		first := s.Do(servertest.Request{Method: "POST", Path: "/v1/payment_intents", Form: form, Header: http.Header{"Idempotency-Key": {name}}})
		again := s.Do(servertest.Request{Method: "POST", Path: "/v1/payment_intents", Form: form, Header: http.Header{"Idempotency-Key": {name}}})
		if first.Status != again.Status || string(first.Body) != string(again.Body) || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %s, then %d %s", name, first.Status, first.Body, again.Status, again.Body)
		}
	}
	if n := len(s.bank.Get("/v1/payment_intents").OK().Array("data")); n != 2 {
		t.Errorf("Stripe was asked %d times", n)
	}
}

// TestRefunds gives back here and at Stripe.
func TestRefunds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	pi := s.Post("/v1/payment_intents", payment(s.card("visa"))...).OK()
	re := s.Post("/v1/refunds", "payment_intent", pi.ID(), "amount", "500").OK()
	s.want(re, map[string]any{"status": "succeeded", "amount": 500})
	theirs := s.theirs(pi.ID())
	s.bank.Post("/v1/refunds", "payment_intent", theirs.ID(), "amount", "700", "reason", "duplicate").OK()
	s.settle()
	s.settle() // a second notice of the same
	if n := len(s.Get("/v1/refunds").OK().Array("data")); n != 2 {
		t.Errorf("there are %d refunds", n)
	}
	s.want(s.Get("/v1/charges/"+pi.Ref("latest_charge")).OK(), map[string]any{"amount_refunded": 1200, "refunded": false})
	if r := s.Post("/v1/refunds", "payment_intent", pi.ID(), "amount", "900"); r.Status != 400 {
		t.Errorf("more is given back than was taken: %d", r.Status)
	}
	late := s.Post("/v1/payment_intents", payment(s.card("refundFail"))...).OK()
	s.Post("/v1/refunds", "payment_intent", late.ID()).OK()
	s.bankLater()
	s.want(s.Get("/v1/charges/"+late.Ref("latest_charge")).OK(), map[string]any{"amount_refunded": 0})
	s.want(s.Get("/v1/refunds?limit=1").OK().Array("data")[0].(*object.Object), map[string]any{"status": "failed", "failure_reason": "expired_or_canceled_card"})
}

// bankLater lets what Stripe does some seconds later happen, and its webhooks come in.
func (s *shop) bankLater() {
	s.t.Helper()
	s.bank.Clock.Advance(10 * time.Second)
	s.settle()
	s.settle() // what the first made due
}

// TestDisputes follows a dispute to its end.
func TestDisputes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	pi := s.Post("/v1/payment_intents", payment(s.card("createDispute"))...).OK()
	s.settle()
	s.settle()
	d := s.only("/v1/disputes")
	s.want(d, map[string]any{"status": "needs_response", "amount": 2000, "reason": "fraudulent", "charge": pi.Ref("latest_charge"), "livemode": true})
	s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "losing_evidence", "evidence[customer_name]", "Jenny", "submit", "true").OK()
	theirs := s.bank.Get("/v1/disputes").OK().Array("data")[0].(*object.Object)
	s.want(theirs, map[string]any{"status": "under_review", "evidence.customer_name": "Jenny"})
	s.bankLater()
	s.want(s.only("/v1/disputes"), map[string]any{"status": "lost"})
}

// TestCapture authorizes first, and takes or releases later.
func TestCapture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	pi := s.Post("/v1/payment_intents", payment(s.card("visa"), "capture_method", "manual")...).OK()
	s.want(pi, map[string]any{"status": "requires_capture", "amount_capturable": 2000})
	s.want(s.theirs(pi.ID()), map[string]any{"status": "requires_capture"})
	s.want(s.Post("/v1/payment_intents/"+pi.ID()+"/capture", "amount_to_capture", "1500").OK(), map[string]any{"status": "succeeded", "amount_received": 1500})
	s.want(s.theirs(pi.ID()), map[string]any{"status": "succeeded", "amount_received": 1500})
	other := s.Post("/v1/payment_intents", payment(s.card("visa"), "capture_method", "manual")...).OK()
	s.want(s.Post("/v1/payment_intents/"+other.ID()+"/cancel").OK(), map[string]any{"status": "canceled"})
	s.want(s.theirs(other.ID()), map[string]any{"status": "canceled"})
	there := s.Post("/v1/payment_intents", payment(s.card("visa"), "capture_method", "manual")...).OK()
	s.bank.Post("/v1/payment_intents/" + s.theirs(there.ID()).ID() + "/capture").OK()
	s.settle()
	s.want(s.Get("/v1/payment_intents/"+there.ID()).OK(), map[string]any{"status": "succeeded", "amount_received": 2000})
}

// TestSavedCard saves a card, and takes money with it when nobody is there.
func TestSavedCard(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	pm := s.card("visa")
	si := s.Post("/v1/setup_intents", "customer", customer, "payment_method", pm, "payment_method_types[]", "card", "confirm", "true").OK()
	s.want(si, map[string]any{"status": "succeeded", "payment_method": pm})
	s.want(s.Get("/v1/payment_methods/"+pm).OK(), map[string]any{"customer": customer, "card.last4": "4242", "card.checks.cvc_check": nil})
	s.want(s.Post("/v1/payment_intents", payment(pm, "customer", customer, "off_session", "true")...).OK(), map[string]any{"status": "succeeded"})
	s.want(s.bank.Get("/v1/customers").OK().Array("data")[0].(*object.Object), map[string]any{"email": "jenny@example.com"})
	declined := s.Post("/v1/setup_intents", "customer", customer, "payment_method", s.card("chargeDeclined"), "payment_method_types[]", "card", "confirm", "true")
	if declined.Status != 402 {
		t.Errorf("%d: %s", declined.Status, declined.Body)
	}
	s.Post("/v1/payment_methods/" + pm + "/detach").OK()
	s.settle()
	s.want(s.bank.Get("/v1/payment_methods/"+pm).OK(), map[string]any{"customer": nil})
	wantRefused(t, s.Post("/v1/payment_intents", payment(pm)...), 400, "payment_method_unexpected_state")
}

func wantRefused(t *testing.T, r *servertest.Answer, status int, code string) {
	t.Helper()
	if r.Status != status || r.Object.Object("error").String("code") != code {
		t.Errorf("%d %s, want %d %s", r.Status, r.Body, status, code)
	}
}

// TestRenewal bills a subscription again and again with the card that Stripe has.
func TestRenewal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, card, later string // later is the card by then
		sub, invoice      string // the statuses
		events            []string
	}{
		{"paid", "visa", "", "active", "paid", []string{"invoice.paid"}},
		{"declined", "visa", "chargeCustomerFail", "past_due", "open", []string{"invoice.payment_failed"}},
		{"the bank wants the customer", "visa", "authenticationRequired", "past_due", "open", []string{"invoice.payment_action_required", "payment_intent.requires_action"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
			save := func(name string) string {
				pm := s.card(name)
				si := s.Post("/v1/setup_intents", "customer", customer, "payment_method", pm, "payment_method_types[]", "card", "confirm", "true").OK()
				if si.String("status") == "requires_action" {
					s.bank.Post("/v1/test_helpers/setup_intents/" + s.setup(si.ID()) + "/authenticate").OK()
					s.settle()
				}
				return pm
			}
			price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "900", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
			sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "default_payment_method", save(c.card)).OK()
			s.want(sub, map[string]any{"status": "active"})
			if c.later != "" {
				s.Post("/v1/subscriptions/"+sub.ID(), "default_payment_method", save(c.later)).OK()
			}
			s.Clock.Advance(31 * 24 * time.Hour)
			s.settle()
			s.Clock.Advance(2 * time.Hour)
			s.settle()
			s.want(s.Get("/v1/subscriptions/"+sub.ID()+"?expand[]=latest_invoice").OK(), map[string]any{"status": c.sub, "latest_invoice.status": c.invoice, "latest_invoice.billing_reason": "subscription_cycle"})
			var types []string
			for _, v := range s.Get("/v1/events?limit=100").OK().Array("data") {
				types = append(types, v.(*object.Object).String("type"))
			}
			for _, want := range c.events {
				if !slices.Contains(types, want) {
					t.Errorf("there is no %s: %v", want, types)
				}
			}
			if c.invoice == "open" {
				in := s.Get("/v1/subscriptions/" + sub.ID()).OK().Ref("latest_invoice")
				s.Post("/v1/invoices/"+in+"/pay", "payment_method", save("mastercard")).OK()
				s.want(s.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "active"})
			}
		})
	}
}

// setup is the setup at Stripe of one here.
func (s *shop) setup(id string) string {
	s.t.Helper()
	for _, v := range s.bank.Get("/v1/setup_intents?limit=100").OK().Array("data") {
		if si := v.(*object.Object); si.Object("metadata").String("sharesmart_intent") == id {
			return si.ID()
		}
	}
	s.t.Fatalf("Stripe has no setup for %s", id)
	return ""
}

// TestFirstPayment begins subscriptions whose first payment does not come about at once.
func TestFirstPayment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	pm := s.card("chargeCustomerFail")
	s.Post("/v1/setup_intents", "customer", customer, "payment_method", pm, "payment_method_types[]", "card", "confirm", "true").OK()
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "900", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	s.want(s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "default_payment_method", pm).OK(), map[string]any{"status": "incomplete"})
	wantRefused(t, s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "default_payment_method", pm, "payment_behavior", "error_if_incomplete"), 402, "card_declined")
}

// TestRefusals is what live mode takes of nobody.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, c := range []struct {
		path, form string
		status     int
		code, text string
	}{
		{"/v1/payment_methods", "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034", 402, "", "Sending credit card numbers directly"},
		{"/v1/tokens", "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034", 402, "", "Sending credit card numbers directly"},
		{"/v1/payment_intents", "amount=2000&currency=usd&payment_method_types[]=card&payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&confirm=true", 402, "", "Sending credit card numbers directly"},
		{"/v1/charges", "amount=2000&currency=usd&source=tok_visa", 400, "", "live mode"},
		{"/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true", 400, "resource_missing", "No such"},
		{"/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_1nobody&payment_method_types[]=card&confirm=true", 400, "resource_missing", "No such"},
	} {
		form, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		var pairs []string
		for name, values := range form {
			pairs = append(pairs, name, values[0])
		}
		r := s.Post(c.path, pairs...)
		wantRefused(t, r, c.status, c.code)
		if !strings.Contains(string(r.Body), c.text) {
			t.Errorf("%s: %s", c.path, r.Body)
		}
	}
	if n := len(s.bank.Get("/v1/charges").OK().Array("data")); n != 0 {
		t.Errorf("Stripe has %d charges", n)
	}
	// Another customer's card cannot be taken by its name.
	theirs := s.bank.Post("/v1/customers").OK().ID()
	pm := s.bank.Post("/v1/payment_methods/"+s.card("visa")+"/attach", "customer", theirs).OK().ID()
	wantRefused(t, s.Post("/v1/payment_intents", payment(pm)...), 400, "resource_missing")
}

// TestNoProcessor says what to set where nobody moves the money.
func TestNoProcessor(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Key = s.Account.LiveSecret.Secret
	for _, path := range []string{"/v1/payment_methods", "/v1/tokens"} {
		form := []string{"card[number]", "4242424242424242", "card[exp_month]", "12", "card[exp_year]", "2034"}
		if path == "/v1/payment_methods" {
			form = append(form, "type", "card")
		}
		r := s.Post(path, form...)
		wantRefused(t, r, 400, "testmode_charges_only")
		if !strings.Contains(string(r.Body), "--stripe-key") {
			t.Errorf("%s does not say what to set: %s", path, r.Body)
		}
	}
}

// TestWrongKey lets the payment fail with what Stripe says, without the key.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	bank := servertest.New(t)
	s := servertest.New(t, servertest.Processor(stripe.New(stripe.Options{Secret: "sk_test_wrong0000000000000000", Publishable: "pk_test_x", URL: bank.URL})))
	s.Key = s.Account.LiveSecret.Secret
	r := s.Post("/v1/payment_intents", payment("pm_1something")...)
	if r.Status != 502 || strings.Contains(string(r.Body), "wrong0000") {
		t.Errorf("%d: %s", r.Status, r.Body)
	}
}

// TestWebhooks takes what is signed, once and again, and nothing else.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for name, h := range map[string]http.Header{"no signature": {}, "a forged one": {"Stripe-Signature": {"t=1,v1=00"}}} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.pages.URL+hooks.Prefix, strings.NewReader(`{"id":"evt_1","object":"event","data":{"object":{"object":"payment_intent","id":"pi_1"}}}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = h
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != 400 {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
}

// TestReconcile finds what no webhook told of.
func TestReconcile(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, e := range s.bank.Get("/v1/webhook_endpoints").OK().Array("data") {
		s.bank.Delete("/v1/webhook_endpoints/" + e.(*object.Object).ID()).OK()
	}
	pi := s.Post("/v1/payment_intents", payment(s.card("visa"))...).OK()
	s.bank.Post("/v1/refunds", "payment_intent", s.theirs(pi.ID()).ID()).OK()
	s.settle()
	if n := len(s.Get("/v1/refunds").OK().Array("data")); n != 0 {
		t.Fatalf("there are %d refunds already", n)
	}
	s.reconcile()
	s.settle()
	s.want(s.only("/v1/refunds"), map[string]any{"status": "succeeded", "amount": 2000})
}
