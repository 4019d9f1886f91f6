package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// What a card does when its holder is there, and when not; and what comes of the challenge.
func TestIntentAuthentication(t *testing.T) {
	t.Parallel()
	requires := []string{"payment_intent.created", "payment_intent.requires_action"}
	paid := []string{"charge.succeeded", "payment_intent.succeeded"}
	for _, c := range []struct {
		name, card string
		form       []string
		status     int
		code       string
		intent     string // its status after confirming
		events     []string
		outcome    string // of the challenge; empty when there is none
		after      string // the intent's status after the challenge
		failure    string // code of last_payment_error then
		then       []string
	}{
		{name: "required, passed", card: "authenticationRequired", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "succeeded", then: paid},
		{name: "3ds2 required, passed", card: "threeDSecure2Required", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "succeeded", then: paid},
		{name: "required, failed", card: "authenticationRequired", status: 200, intent: "requires_action", events: requires, outcome: "failed", after: "requires_payment_method", failure: "payment_intent_authentication_failure", then: []string{"payment_intent.payment_failed"}},
		{name: "required, given up", card: "authenticationRequired", status: 200, intent: "requires_action", events: requires, outcome: "canceled", after: "requires_payment_method", failure: "payment_intent_authentication_failure", then: []string{"payment_intent.payment_failed"}},
		{name: "passed, no funds", card: "authenticationRequiredChargeDeclinedInsufficientFunds", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "requires_payment_method", failure: "card_declined", then: []string{"charge.failed", "payment_intent.payment_failed"}},
		{name: "passed, declined", card: "threeDSecureRequiredChargeDeclined", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "requires_payment_method", failure: "card_declined", then: []string{"charge.failed", "payment_intent.payment_failed"}},
		{name: "on set-up, on session", card: "authenticationRequiredOnSetup", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "succeeded", then: paid},
		{name: "set up already, on session", card: "authenticationRequiredSetupForOffSession", status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "succeeded", then: paid},
		{name: "set up already, off session", card: "authenticationRequiredSetupForOffSession", form: []string{"off_session", "true"}, status: 200, intent: "succeeded", events: append([]string{"payment_intent.created"}, paid...)},
		{name: "off session", card: "authenticationRequired", form: []string{"off_session", "true"}, status: 402, code: "authentication_required", intent: "requires_payment_method", events: []string{"payment_intent.created", "charge.failed", "payment_intent.payment_failed"}},
		{name: "action is an error", card: "authenticationRequired", form: []string{"error_on_requires_action", "true"}, status: 402, code: "authentication_required", intent: "requires_payment_method", events: []string{"payment_intent.created", "payment_intent.payment_failed"}},
		{name: "optional", card: "threeDSecureOptional", status: 200, intent: "succeeded", events: append([]string{"payment_intent.created"}, paid...)},
		{name: "optional, asked for", card: "threeDSecureOptional", form: []string{"payment_method_options[card][request_three_d_secure]", "any"}, status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "succeeded", then: paid},
		{name: "not enrolled, asked for", card: "visa", form: []string{"payment_method_options[card][request_three_d_secure]", "any"}, status: 200, intent: "succeeded", events: append([]string{"payment_intent.created"}, paid...)},
		{name: "authorized", card: "threeDSecure2Required", form: []string{"capture_method", "manual"}, status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "requires_capture", then: []string{"charge.succeeded", "payment_intent.amount_capturable_updated"}},
		{name: "the server confirms again", card: "threeDSecure2Required", form: []string{"confirmation_method", "manual"}, status: 200, intent: "requires_action", events: requires, outcome: "succeeded", after: "requires_confirmation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			wantEvents(t, s, c.events, func() {
				a := s.Post("/v1/payment_intents", confirmed("pm_card_"+c.card, c.form...)...)
				if c.status != http.StatusOK {
					a.Fails(c.status, c.code)
				}
			})
			intent := s.Get("/v1/payment_intents/" + s.Get("/v1/payment_intents").IDs()[0]).OK()
			wantFields(t, intent, map[string]any{"status": c.intent})
			path := "/v1/test_helpers/payment_intents/" + intent.ID() + "/authenticate"
			if c.outcome == "" {
				s.Post(path).Fails(400, "payment_intent_unexpected_state")
				return
			}
			if intent.Object("next_action").String("type") != "use_stripe_sdk" {
				t.Errorf("next_action is %v", intent.Get("next_action"))
			}
			wantEvents(t, s, c.then, func() {
				intent = s.Post(path, "outcome", c.outcome).OK()
			})
			wantFields(t, intent, map[string]any{"status": c.after, "next_action": nil})
			if code := intent.Object("last_payment_error").String("code"); code != c.failure {
				t.Errorf("the intent failed with %q, want %q", code, c.failure)
			}
			if c.after == "requires_confirmation" {
				wantEvents(t, s, paid, func() {
					wantFields(t, s.Post("/v1/payment_intents/"+intent.ID()+"/confirm").OK(), map[string]any{"status": "succeeded"})
				})
			}
		})
	}
}

func TestRedirectToURL(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method", "pm_card_threeDSecure2Required", "confirm", "true", "return_url", "https://example.com/back").OK()
	action := intent.Object("next_action")
	wantFields(t, action, map[string]any{"type": "redirect_to_url", "redirect_to_url.return_url": "https://example.com/back"})
	if url := action.Object("redirect_to_url").String("url"); !strings.Contains(url, "/authenticate/payatt_") || !strings.Contains(url, intent.String("client_secret")) {
		t.Errorf("the customer is sent to %s", url)
	}
	// A new try ends the old one.
	again := s.Post("/v1/payment_intents/"+intent.ID()+"/confirm", "payment_method", "pm_card_visa", "return_url", "https://example.com/back").OK()
	wantFields(t, again, map[string]any{"status": "succeeded", "next_action": nil})
}

func TestSetupIntents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, card string
		status     int
		code       string
		setup      string
		events     []string
		outcome    string
		after      string
		then       []string
		offSession string // the status of an off-session payment with the card afterwards
	}{
		{name: "works", card: "visa", status: 200, setup: "succeeded", events: []string{"setup_intent.created", "payment_method.attached", "setup_intent.succeeded"}, offSession: "succeeded"},
		{name: "declined", card: "chargeDeclined", status: 402, code: "card_declined", setup: "requires_payment_method", events: []string{"setup_intent.created", "setup_intent.setup_failed"}},
		{name: "kept, declined later", card: "chargeCustomerFail", status: 200, setup: "succeeded", events: []string{"setup_intent.created", "payment_method.attached", "setup_intent.succeeded"}, offSession: "requires_payment_method"},
		{name: "authentication on set-up", card: "authenticationRequiredOnSetup", status: 200, setup: "requires_action", events: []string{"setup_intent.created", "setup_intent.requires_action"}, outcome: "succeeded", after: "succeeded",
			then: []string{"payment_method.attached", "setup_intent.succeeded"}, offSession: "succeeded"},
		{name: "always authentication", card: "authenticationRequired", status: 200, setup: "requires_action", events: []string{"setup_intent.created", "setup_intent.requires_action"}, outcome: "succeeded", after: "succeeded",
			then: []string{"payment_method.attached", "setup_intent.succeeded"}, offSession: "requires_payment_method"},
		{name: "not passed", card: "authenticationRequiredOnSetup", status: 200, setup: "requires_action", events: []string{"setup_intent.created", "setup_intent.requires_action"}, outcome: "failed", after: "requires_payment_method",
			then: []string{"setup_intent.setup_failed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			customer := s.Post("/v1/customers").OK().ID()
			wantEvents(t, s, c.events, func() {
				a := s.Post("/v1/setup_intents", "customer", customer, "payment_method", "pm_card_"+c.card, "confirm", "true", "payment_method_types[]", "card")
				if c.status != http.StatusOK {
					a.Fails(c.status, c.code)
				}
			})
			setup := s.Get("/v1/setup_intents/" + s.Get("/v1/setup_intents").IDs()[0]).OK()
			wantFields(t, setup, map[string]any{"status": c.setup, "usage": "off_session"})
			if c.outcome != "" {
				wantEvents(t, s, c.then, func() {
					setup = s.Post("/v1/test_helpers/setup_intents/"+setup.ID()+"/authenticate", "outcome", c.outcome).OK()
				})
				wantFields(t, setup, map[string]any{"status": c.after})
			}
			attempts := s.Get("/v1/setup_attempts", "setup_intent", setup.ID()).IDs()
			if len(attempts) == 0 || attempts[0] != setup.String("latest_attempt") {
				t.Errorf("the attempts are %v, the latest is %q", attempts, setup.String("latest_attempt"))
			}
			if c.offSession == "" {
				return
			}
			s.Post("/v1/payment_intents", confirmed(setup.String("payment_method"), "customer", customer, "off_session", "true")...)
			intent := s.Get("/v1/payment_intents/" + s.Get("/v1/payment_intents").IDs()[0]).OK()
			wantFields(t, intent, map[string]any{"status": c.offSession})
		})
	}
}

// Each method sends its customer away in its own manner, always to the same page.
func TestNextActions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, currency, action string
		pages                  []string // fields that lead to the page
	}{
		{"ideal", "eur", "redirect_to_url", []string{"url"}},
		{"alipay", "usd", "alipay_handle_redirect", []string{"url"}},
		{"cashapp", "usd", "cashapp_handle_redirect_or_display_qr_code", []string{"hosted_instructions_url", "mobile_auth_url", "qr_code.image_url_png", "qr_code.image_url_svg"}},
		{"swish", "sek", "swish_handle_redirect_or_display_qr_code", []string{"hosted_instructions_url", "qr_code.data", "qr_code.image_url_png"}},
		{"wechat_pay", "usd", "wechat_pay_display_qr_code", []string{"data", "image_url_png", "image_url_svg"}},
		{"pix", "brl", "pix_display_qr_code", []string{"data", "hosted_instructions_url", "image_url_png"}},
		{"promptpay", "thb", "promptpay_display_qr_code", []string{"data", "image_url_svg"}},
		{"paynow", "sgd", "paynow_display_qr_code", []string{"data", "image_url_png"}},
		{"boleto", "brl", "boleto_display_details", []string{"hosted_voucher_url"}},
		{"oxxo", "mxn", "oxxo_display_details", []string{"hosted_voucher_url"}},
		{"konbini", "jpy", "konbini_display_details", []string{"hosted_voucher_url"}},
		{"multibanco", "eur", "multibanco_display_details", []string{"hosted_voucher_url"}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := []string{"amount", "2000", "currency", c.currency, "payment_method_types[]", c.kind, "payment_method_data[type]", c.kind, "confirm", "true", "return_url", "https://example.com/back",
				"payment_method_data[billing_details][email]", "jenny@example.com", "payment_method_data[billing_details][name]", "Jenny"}
			if c.kind == "wechat_pay" {
				form = append(form, "payment_method_options[wechat_pay][client]", "web")
			}
			if c.kind == "boleto" {
				form = append(form, "payment_method_data[boleto][tax_id]", "000.000.000-00")
			}
			intent := s.Post("/v1/payment_intents", form...).OK()
			wantFields(t, intent, map[string]any{"status": "requires_action", "next_action.type": c.action})
			for _, field := range c.pages {
				url, _ := intent.At(append([]string{"next_action", c.action}, strings.Split(field, ".")...)...).(string)
				if !strings.HasPrefix(url, s.URL+"/authenticate/payatt_") || !strings.Contains(url, "client_secret="+intent.String("client_secret")) {
					t.Errorf("%s is %q", field, url)
				}
			}
		})
	}
}

func TestBlikCode(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const pay = "amount=2000 currency=pln payment_method_types[]=blik payment_method_data[type]=blik confirm=true payment_method_options[blik][code]="
	for _, code := range []string{"12345", "1234567", "12345a"} {
		refuse(t, s, []refusal{{code, "/v1/payment_intents", pay + code, "payment_method_invalid_parameter", "payment_method_options[blik][code]", "valid BLIK code"}})
	}
	wantFields(t, s.Post("/v1/payment_intents", form(pay+"123456")...).OK(), map[string]any{"status": "requires_action"})
}
