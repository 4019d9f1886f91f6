package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// browser sends what a page does: a publishable key, and everything else, as parameters.
func browser(s *servertest.Server, method, path string, form ...string) *servertest.Answer {
	return s.Do(servertest.Request{Method: method, Path: path, Key: "none", Unchecked: true,
		Form: append([]string{"key", s.Account.TestPublishable.Secret}, form...)})
}

var typedCard = []string{"card[number]", "4242424242424242", "card[exp_month]", "12", "card[exp_year]", "2030", "card[cvc]", "314"}

func TestBrowserMakesTokens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	notes := []string{"guid", "g", "muid", "m", "sid", "s", "payment_user_agent", "stripe.js/1", "time_on_page", "1234", "referrer", "https://shop.example",
		"client_attribution_metadata[client_session_id]", "c", "_stripe_version", "2026-07-29.dahlia"}
	for _, test := range []struct {
		path   string
		form   []string
		hidden []string
		shown  []string
	}{
		{"/v1/tokens", typedCard, []string{"card.fingerprint", "card.metadata"}, []string{"id", "card.last4", "card.brand"}},
		{"/v1/payment_methods", append([]string{"type", "card", "billing_details[name]", "Jenny"}, typedCard...),
			[]string{"metadata", "customer", "card.fingerprint"}, []string{"id", "card.last4", "billing_details.name"}},
	} {
		a := browser(s, "POST", test.path, slices.Concat(test.form, notes)...)
		o := a.OK()
		for _, path := range test.hidden {
			if has(o, path) {
				t.Errorf("%s shows %s: %s", test.path, path, a.Body)
			}
		}
		for _, path := range test.shown {
			if !has(o, path) {
				t.Errorf("%s shows no %s: %s", test.path, path, a.Body)
			}
		}
		if got := a.Header.Get("Stripe-Version"); got != "2026-07-29.dahlia" {
			t.Errorf("%s: Stripe-Version is %q", test.path, got)
		}
		if !has(s.Get(test.path+"/"+o.ID()).OK(), test.hidden[0]) {
			t.Errorf("%s: a secret key is not shown %s", test.path, test.hidden[0])
		}
	}
}

// has reports whether an object has a field, by its path.
func has(o *object.Object, path string) bool {
	name, rest, deep := strings.Cut(path, ".")
	if !deep {
		return o.Has(name)
	}
	return o.Object(name) != nil && has(o.Object(name), rest)
}

// TestBrowserSendsForms has a body that is read by another way than it was looked through, with a parameter that only a
// seller may set.
func TestBrowserSendsForms(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	const multipart = "--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncard\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"card[token]\"\r\n\r\ntok_visa\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"customer\"\r\n\r\nCUSTOMER\r\n--b--\r\n"
	for contentType, body := range map[string]string{
		"multipart/form-data; boundary=b": strings.Replace(multipart, "CUSTOMER", customer, 1),
		"application/json":                `{"type":"card","customer":"` + customer + `"}`,
	} {
		r := servertest.Request{Method: "POST", Path: "/v1/payment_methods", Key: s.Account.TestPublishable.Secret, Body: strings.NewReader(body), ContentType: contentType}
		s.Do(r).Fails(http.StatusUnsupportedMediaType, "")
	}
}

func TestBrowserKeys(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	form := servertest.Encode(typedCard...)
	post := func(path, header, body string) *servertest.Answer {
		r := servertest.Request{Method: "POST", Path: path, Key: "none", Unchecked: true, Body: strings.NewReader(body), ContentType: "application/x-www-form-urlencoded"}
		if header != "" {
			r.Header = authorization("Bearer " + header)
		}
		return s.Do(r)
	}
	pk, sk := s.Account.TestPublishable.Secret, s.Key
	post("/v1/tokens", "", form+"&key="+pk).OK()
	post("/v1/tokens?key="+pk, "", form).OK()
	post("/v1/tokens", pk, form).OK()
	post("/v1/tokens", pk, form+"&_stripe_account="+s.Account.ID).OK()
	post("/v1/tokens", pk, form+"&_stripe_account=acct_nobody").Fails(http.StatusForbidden, "account_invalid")
	post("/v1/tokens", pk, form+"&_stripe_version=1999-01-01").Fails(http.StatusBadRequest, "")
	post("/v1/tokens", "", form).Fails(http.StatusUnauthorized, "")
	post("/v1/tokens", "", form+"&key=pk_test_nobody").Fails(http.StatusUnauthorized, "")
	e := post("/v1/tokens", "", form+"&key="+sk).Fails(http.StatusUnauthorized, "")
	if m := e.String("message"); !strings.Contains(m, "Only a publishable key") || strings.Contains(m, sk) {
		t.Errorf("message is %q", m)
	}
	// A server sends no parameters of browsers, and a browser reads no tokens.
	post("/v1/tokens", sk, form+"&guid=g").Fails(http.StatusBadRequest, "parameter_unknown")
	s.Do(servertest.Request{Path: "/v1/tokens/tok_x?key=" + pk, Key: "none", Unchecked: true}).Fails(http.StatusForbidden, "secret_key_required")
}

// clientFields are all that a browser sees of an intent.
var clientFields = map[string][]string{
	"payment_intent": {
		"id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at", "cancellation_reason", "capture_method", "client_secret",
		"confirmation_method", "created", "currency", "description", "excluded_payment_method_types", "last_payment_error", "livemode", "next_action",
		"payment_method", "payment_method_configuration_details", "payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping", "status",
	},
	"setup_intent": {
		"id", "object", "automatic_payment_methods", "cancellation_reason", "client_secret", "created", "description", "excluded_payment_method_types", "last_setup_error",
		"livemode", "next_action", "payment_method", "payment_method_configuration_details", "payment_method_types", "status", "usage",
	},
}

func wantClientFields(t *testing.T, o *object.Object) {
	t.Helper()
	for _, name := range o.Keys() {
		if !slices.Contains(clientFields[o.String("object")], name) {
			t.Errorf("a browser sees %s of a %s", name, o.String("object"))
		}
	}
	for _, name := range []string{"id", "client_secret", "status", "next_action", "payment_method_types"} {
		if !o.Has(name) {
			t.Errorf("a browser sees no %s of a %s", name, o.String("object"))
		}
	}
}

func TestBrowserPays(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	for _, test := range []struct {
		path string
		form []string
		want string
	}{
		{"/v1/payment_intents", []string{"amount", "2000", "currency", "usd", "payment_method_types[]", "card", "customer", customer, "metadata[cost]", "12"}, "succeeded"},
		{"/v1/setup_intents", []string{"payment_method_types[]", "card", "customer", customer, "metadata[cost]", "12"}, "succeeded"},
	} {
		made := s.Post(test.path, test.form...).OK()
		path, secret := test.path+"/"+made.ID(), made.String("client_secret")
		seen := browser(s, "GET", path, "client_secret", secret, "is_stripe_sdk", "false").OK()
		wantClientFields(t, seen)
		paid := browser(s, "POST", path+"/confirm", append([]string{"client_secret", secret, "expand[]", "payment_method", "payment_method_data[type]", "card",
			"payment_method_data[card][number]", "4242424242424242", "payment_method_data[card][exp_month]", "12", "payment_method_data[card][exp_year]", "2030"}, "use_stripe_sdk", "true")...).OK()
		wantClientFields(t, paid)
		if got := paid.String("status"); got != test.want {
			t.Errorf("%s: status is %q, want %q", path, got, test.want)
		}
		if method := paid.Object("payment_method"); method == nil || method.Object("card") == nil || has(method, "card.fingerprint") || method.Has("customer") || method.Has("metadata") {
			t.Errorf("%s: the payment method is %v", path, paid.Get("payment_method"))
		}
		if kept := s.Get(path).OK(); kept.Ref("customer") != customer || kept.Object("metadata").String("cost") != "12" {
			t.Errorf("%s: the seller sees %v", path, kept)
		}
	}
}

// TestBrowserIsDeclined looks at what an error carries.
func TestBrowserIsDeclined(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "card", "metadata[cost]", "12").OK()
	path, secret := "/v1/payment_intents/"+made.ID(), made.String("client_secret")
	confirm := servertest.Request{Method: "POST", Path: path + "/confirm", Key: s.Account.TestPublishable.Secret, Unchecked: true,
		Header: http.Header{"Idempotency-Key": {"once"}}, Form: []string{"client_secret", secret, "payment_method", "pm_card_chargeDeclined"}}
	for range 2 {
		a := s.Do(confirm)
		e := a.Fails(http.StatusPaymentRequired, "card_declined")
		wantClientFields(t, e.Object("payment_intent"))
		for _, path := range []string{"charge", "payment_method.metadata", "payment_method.card.fingerprint", "payment_intent.last_payment_error.charge", "payment_intent.last_payment_error.payment_method.card.fingerprint"} {
			if has(e, path) {
				t.Errorf("a browser sees %s of an error: %s", path, a.Body)
			}
		}
		if !has(e, "payment_intent.last_payment_error.payment_method.card.last4") {
			t.Errorf("the error is %s", a.Body)
		}
	}
}

func TestBrowserMayNot(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "card").OK()
	setup := s.Post("/v1/setup_intents", "payment_method_types[]", "card").OK()
	path, secret := "/v1/payment_intents/"+intent.ID(), intent.String("client_secret")
	setupPath, setupSecret := "/v1/setup_intents/"+setup.ID(), setup.String("client_secret")
	const wrong = "The client_secret provided does not match the client_secret associated with the "
	const nowhere = "The client_secret provided does not match any associated PaymentIntent on this account. "
	for _, test := range []struct {
		method, path string
		form         []string
		status       int
		code, param  string
		message      string
	}{
		{"GET", path, nil, 400, "parameter_missing", "client_secret", "Missing required param: client_secret."},
		{"GET", path, []string{"client_secret", secret + "x"}, 400, "payment_intent_invalid_parameter", "client_secret", wrong + "PaymentIntent."},
		{"GET", setupPath, []string{"client_secret", secret}, 400, "setup_intent_invalid_parameter", "client_secret", wrong + "SetupIntent."},
		{"GET", "/v1/payment_intents/pi_nobody", []string{"client_secret", "pi_nobody_secret_x"}, 400, "resource_missing", "client_secret", nowhere},
		{"GET", "/v1/payment_intents/" + setup.ID(), []string{"client_secret", setupSecret}, 400, "resource_missing", "client_secret", nowhere},
		{"POST", path + "/confirm", []string{"payment_method", "pm_card_visa"}, 400, "parameter_missing", "client_secret", ""},
		{"POST", path + "/confirm", []string{"client_secret", setupSecret}, 400, "payment_intent_invalid_parameter", "client_secret", wrong},
		{"POST", path + "/confirm", []string{"client_secret", secret, "off_session", "true"}, 400, "parameter_unknown", "off_session", "Received unknown parameter: off_session"},
		{"POST", path + "/confirm?capture_method=manual", []string{"client_secret", secret}, 400, "parameter_unknown", "capture_method", ""},
		{"POST", path + "/confirm", []string{"client_secret", secret, "amount_details[tip]", "1"}, 400, "parameter_unknown", "amount_details", ""},
		{"POST", path + "/confirm", []string{"client_secret", secret, "%6Dandate", "m"}, 400, "parameter_unknown", "mandate", ""},
		{"POST", path, []string{"client_secret", secret, "amount", "1"}, 403, "secret_key_required", "", ""},
		{"POST", path + "/cancel", []string{"client_secret", secret}, 403, "secret_key_required", "", ""},
		{"GET", "/v1/payment_intents", nil, 403, "secret_key_required", "", ""},
		{"POST", "/v1/payment_methods", []string{"type", "card", "customer", "cus_1"}, 400, "parameter_unknown", "customer", ""},
	} {
		r := servertest.Request{Method: test.method, Path: test.path, Form: test.form, Key: s.Account.TestPublishable.Secret, Unchecked: true}
		if test.method == http.MethodPost {
			var pairs []string
			for i := 0; i < len(test.form); i += 2 {
				pairs = append(pairs, test.form[i]+"="+test.form[i+1])
			}
			r.Form, r.Body, r.ContentType = nil, strings.NewReader(strings.Join(pairs, "&")), "application/x-www-form-urlencoded"
		}
		e := s.Do(r).Fails(test.status, test.code)
		if e.String("param") != test.param || !strings.HasPrefix(e.String("message"), test.message) {
			t.Errorf("%s %s %v: %v", test.method, test.path, test.form, e)
		}
	}
	if got := s.Get(path).OK().String("status"); got != "requires_payment_method" {
		t.Errorf("the intent is %s", got)
	}
}

func TestBrowserConfirmationTokens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	form := []string{"payment_method_data[type]", "card", "payment_method_data[card][number]", "4242424242424242", "payment_method_data[card][exp_month]", "12",
		"payment_method_data[card][exp_year]", "2030", "return_url", "https://shop.example/done", "client_context[currency]", "usd",
		"mandate_data[customer_acceptance][type]", "online", "mandate_data[customer_acceptance][online][infer_from_client]", "true"}
	made := browser(s, "POST", "/v1/confirmation_tokens", form...).OK()
	if made.String("object") != "confirmation_token" || made.String("return_url") != "https://shop.example/done" {
		t.Errorf("the token is %v", made)
	}
	s.Get("/v1/confirmation_tokens/" + made.ID()).OK()
	s.Do(servertest.Request{Method: "POST", Path: "/v1/confirmation_tokens", Form: form[:8]}).Fails(http.StatusForbidden, "")
}

func TestBrowserSources(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := browser(s, "POST", "/v1/sources", "type", "ideal", "amount", "1000", "currency", "eur", "redirect[return_url]", "https://shop.example").OK()
	browser(s, "GET", "/v1/sources/"+made.ID()).Fails(http.StatusBadRequest, "parameter_missing")
	if secret := made.String("client_secret"); secret != "" {
		if seen := browser(s, "GET", "/v1/sources/"+made.ID(), "client_secret", secret).OK(); seen.Has("metadata") || seen.ID() != made.ID() {
			t.Errorf("the source is %v", seen)
		}
	} else {
		t.Error("the source has no client_secret")
	}
}

// TestBrowserPaysAtCheckout does what the script of a session's page does.
func TestBrowserPaysAtCheckout(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com", "metadata[cost]", "12").OK().ID()
	pm := s.Post("/v1/payment_methods/pm_card_mastercard/attach", "customer", customer).OK().ID()
	session := s.Post("/v1/checkout/sessions", "mode", "payment", "ui_mode", "elements", "return_url", "https://shop.example/done?id={CHECKOUT_SESSION_ID}", "customer", customer,
		"metadata[cost]", "12", "line_items[0][quantity]", "2", "line_items[0][price_data][currency]", "usd", "line_items[0][price_data][unit_amount]", "1500",
		"line_items[0][price_data][product_data][name]", "Cap", "saved_payment_method_options[allow_redisplay_filters][]", "unspecified").OK()
	path := "/v1/payment_pages/" + session.ID()
	page := browser(s, "POST", path+"/init", "browser_locale", "en-US", "eid", "e", "elements_session_client[is_aggregation_expected]", "true", "redirect_type", "embedded").OK()
	for _, hidden := range []string{"metadata", "customer.metadata", "line_item_group.metadata"} {
		if has(page, hidden) {
			t.Errorf("a page shows %s", hidden)
		}
	}
	saved := page.Object("customer").Array("payment_methods")
	if len(saved) != 1 || saved[0].(*object.Object).ID() != pm || saved[0].(*object.Object).Object("card").Has("fingerprint") {
		t.Errorf("what the customer has saved is %v", saved)
	}
	if page.Object("total_summary").Int("due") != 3000 || page.String("session_id") != session.ID() || page.String("state") != "active" {
		t.Errorf("the page is %s", page.AppendJSON(nil, 0))
	}
	browser(s, "POST", path+"/confirm", "payment_method", "pm_card_visa", "expected_amount", "2999").Fails(400, "checkout_amount_mismatch")
	declined := browser(s, "POST", path+"/confirm", "payment_method", "pm_card_chargeDeclined", "expected_amount", "3000").Fails(402, "card_declined")
	wantClientFields(t, declined.Object("payment_intent"))
	if got := browser(s, "GET", path+"/poll").OK(); got.String("state") != "active" || got.String("payment_object_status") != "requires_payment_method" {
		t.Errorf("after a decline: %v", got)
	}
	paid := browser(s, "POST", path+"/confirm", "payment_method", "pm_card_visa", "expected_amount", "3000", "expand[]", "payment_intent.payment_method").OK()
	wantClientFields(t, paid.Object("payment_intent"))
	if paid.Object("payment_intent").ID() != declined.Object("payment_intent").ID() || paid.Object("payment_intent").Object("payment_method").Object("card") == nil {
		t.Errorf("the payment intent is %v", paid.Get("payment_intent"))
	}
	if got := browser(s, "GET", path+"/poll").OK(); got.String("state") != "succeeded" || got.String("redirect_url") != "https://shop.example/done?id="+session.ID() {
		t.Errorf("at the end: %v", got)
	}
	browser(s, "POST", path+"/confirm", "payment_method", "pm_card_visa").Fails(400, "checkout_succeeded_session")
	browser(s, "POST", path+"/init").Fails(400, "checkout_succeeded_session")
	browser(s, "GET", "/v1/payment_pages/cs_test_nobody").Fails(404, "resource_missing")
	browser(s, "GET", "/v1/checkout/sessions/"+session.ID()).Fails(403, "secret_key_required")
	browser(s, "POST", "/v1/test_helpers/checkout/sessions/"+session.ID()+"/complete").Fails(403, "secret_key_required")
}

// TestBrowserVerifiesDeposits has a customer type in on the shop's page what was deposited in their account.
func TestBrowserVerifiesDeposits(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/setup_intents", "payment_method_types[]", "us_bank_account", "confirm", "true", "payment_method_data[type]", "us_bank_account",
		"payment_method_data[billing_details][name]", "Jenny", "payment_method_data[us_bank_account][account_holder_type]", "individual",
		"payment_method_data[us_bank_account][routing_number]", "110000000", "payment_method_data[us_bank_account][account_number]", "000123456789",
		"mandate_data[customer_acceptance][type]", "offline").OK()
	path := "/v1/setup_intents/" + intent.ID() + "/verify_microdeposits"
	amounts := []string{"amounts[]", "32", "amounts[]", "45"}
	browser(s, "POST", path, amounts...).Fails(http.StatusBadRequest, "parameter_missing")
	browser(s, "POST", path, append(amounts, "client_secret", intent.ID()+"_secret_guess")...).Fails(http.StatusBadRequest, "setup_intent_invalid_parameter")
	done := browser(s, "POST", path, append(amounts, "client_secret", intent.String("client_secret"))...).OK()
	if done.String("status") != "succeeded" {
		t.Errorf("the intent is %s", done.String("status"))
	}
	wantClientFields(t, done)
}
