package billing_test

import (
	"net/http"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestCaptureIntent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		form   []string
		path   string
		status int
		code   string
		want   map[string]any
		charge map[string]any
		events []string
	}{
		{"whole", nil, "/capture", 200, "", map[string]any{"status": "succeeded", "amount_received": 2000, "amount_capturable": 0}, map[string]any{"captured": true, "amount_captured": 2000, "amount_refunded": 0}, []string{"charge.captured", "payment_intent.succeeded"}},
		{"part", []string{"amount_to_capture", "1500"}, "/capture", 200, "", map[string]any{"status": "succeeded", "amount": 2000, "amount_received": 1500, "amount_capturable": 0}, map[string]any{"captured": true, "amount": 2000, "amount_captured": 1500, "amount_refunded": 500, "refunded": false}, []string{"charge.captured", "payment_intent.succeeded"}},
		{"too much", []string{"amount_to_capture", "2001"}, "/capture", 400, "amount_too_large", map[string]any{"status": "requires_capture"}, map[string]any{"captured": false}, nil},
		{"nothing", []string{"amount_to_capture", "0"}, "/capture", 400, "parameter_invalid_integer", map[string]any{"status": "requires_capture"}, nil, nil},
		{"more than once", []string{"final_capture", "false", "amount_to_capture", "1"}, "/capture", 400, "payment_intent_invalid_parameter", map[string]any{"status": "requires_capture"}, nil, nil},
		{"cancel", []string{"cancellation_reason", "requested_by_customer"}, "/cancel", 200, "", map[string]any{"status": "canceled", "cancellation_reason": "requested_by_customer", "amount_capturable": 0, "amount_received": 0}, map[string]any{"captured": false, "refunded": true, "amount_refunded": 2000, "balance_transaction": nil}, []string{"charge.refunded", "payment_intent.canceled"}},
		{"confirm again", nil, "/confirm", 400, "payment_intent_unexpected_state", map[string]any{"status": "requires_capture"}, nil, nil},
		{"increment without asking", []string{"amount", "3000"}, "/increment_authorization", 400, "payment_intent_invalid_parameter", map[string]any{"amount": 2000}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			intent := s.Post("/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "manual")...).OK()
			wantEvents(t, s, c.events, func() {
				a := s.Post("/v1/payment_intents/"+intent.ID()+c.path, c.form...)
				if c.status != http.StatusOK {
					a.Fails(c.status, c.code)
				}
			})
			wantFields(t, s.Get("/v1/payment_intents/"+intent.ID()).OK(), c.want)
			wantFields(t, s.Get("/v1/charges/"+intent.String("latest_charge")).OK(), c.charge)
		})
	}
}

func TestIncrementAuthorization(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "manual", "payment_method_options[card][request_incremental_authorization]", "if_available")...).OK()
	path := "/v1/payment_intents/" + intent.ID()
	s.Post(path+"/increment_authorization", "amount", "2000").Fails(400, "payment_intent_invalid_parameter")
	wantEvents(t, s, []string{"charge.updated", "payment_intent.amount_capturable_updated"}, func() {
		wantFields(t, s.Post(path+"/increment_authorization", "amount", "3000").OK(), map[string]any{"amount": 3000, "amount_capturable": 3000})
	})
	wantFields(t, s.Post(path+"/capture").OK(), map[string]any{"amount_received": 3000, "status": "succeeded"})
}

// A larger authorization may be shared otherwise.
func TestIncrementShare(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	path := "/v1/payment_intents/" + as(s, account, "POST", "/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "manual", "application_fee_amount", "100",
		"payment_method_options[card][request_incremental_authorization]", "if_available")...).OK().ID()
	as(s, account, "POST", path+"/increment_authorization", "amount", "3000", "application_fee_amount", "3001").Fails(400, "")
	as(s, account, "POST", path+"/increment_authorization", "amount", "3000", "application_fee_amount", "250").OK()
	wantFields(t, as(s, account, "POST", path+"/capture", "expand[]", "latest_charge").OK(), map[string]any{"application_fee_amount": 250, "latest_charge.application_fee_amount": 250})
	if got := worth(s, s.Account.ID); got != 250 {
		t.Errorf("the platform has %d, want 250", got)
	}
	sound(t, s)
}

// Another currency leaves the choice of methods as it was made.
func TestChangeCurrency(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	inside := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never").OK().ID()
	wantFields(t, s.Post("/v1/payment_intents/"+inside, "currency", "eur").OK(), map[string]any{"automatic_payment_methods.allow_redirects": "never", "payment_method_types": []any{"card", "link"}})
	debit := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "us_bank_account").OK().ID()
	s.Post("/v1/payment_intents/"+debit, "currency", "eur").Fails(400, "payment_intent_invalid_parameter")
}

// What has been tried or paid with ties an intent to its currency and its customer.
func TestIntentTies(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	tried := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "card").OK().ID()
	wantFields(t, s.Post("/v1/payment_intents/"+tried, "currency", "eur").OK(), map[string]any{"currency": "eur", "automatic_payment_methods": nil, "payment_method_types": []any{"card"}})
	s.Post("/v1/payment_intents/"+tried+"/confirm", "payment_method", "pm_card_visa_chargeDeclined").Fails(402, "card_declined")
	s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", "amount", "500", "currency", "usd").OK()
	funded := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "customer", customer, "confirm", "true", "payment_method_types[]", "customer_balance", "payment_method_data[type]", "customer_balance").OK().ID()
	for _, c := range []struct{ intent, param, value, code string }{
		{tried, "currency", "usd", "payment_intent_invalid_parameter"}, {funded, "customer", other, "payment_intent_invalid_parameter"}, {funded, "customer", "", ""},
	} {
		wantFields(t, s.Post("/v1/payment_intents/"+c.intent, c.param, c.value).Fails(400, c.code), map[string]any{"param": c.param})
	}
	s.Post("/v1/payment_intents/"+tried, "currency", "eur", "customer", customer).OK()
}

// A charge that a payment intent made can be captured by itself; the intent succeeds with it.
func TestCaptureChargeOfIntent(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "manual")...).OK()
	wantEvents(t, s, []string{"charge.captured", "payment_intent.succeeded"}, func() {
		s.Post("/v1/charges/"+intent.String("latest_charge")+"/capture", "amount", "700").OK()
	})
	wantFields(t, s.Get("/v1/payment_intents/"+intent.ID()).OK(), map[string]any{"status": "succeeded", "amount_received": 700})
}

func TestIntentAuthorizationExpires(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "manual")...).OK()
	wantEvents(t, s, []string{"charge.expired", "payment_intent.canceled"}, func() {
		s.Clock.Advance(7 * 24 * time.Hour)
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	wantFields(t, s.Get("/v1/payment_intents/"+intent.ID()).OK(), map[string]any{"status": "canceled", "cancellation_reason": "automatic", "amount_capturable": 0})
}

func TestCancelIntent(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd").OK().ID()
	wantEvents(t, s, []string{"payment_intent.canceled"}, func() {
		canceled := s.Post("/v1/payment_intents/"+intent+"/cancel", "cancellation_reason", "abandoned").OK()
		wantFields(t, canceled, map[string]any{"status": "canceled", "cancellation_reason": "abandoned"})
		if canceled.Int("canceled_at") != s.Clock.Now().Unix() {
			t.Errorf("canceled at %d", canceled.Int("canceled_at"))
		}
	})
	e := s.Post("/v1/payment_intents/"+intent+"/cancel").Fails(400, "payment_intent_unexpected_state")
	wantFields(t, e, map[string]any{"payment_intent.id": intent, "payment_intent.status": "canceled"})
}

// A method of nobody can be used once; kept for later, it becomes the customer's.
func TestIntentKeepsMethod(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	once := s.Post("/v1/payment_methods", "type", "card", "card[token]", "tok_visa").OK().ID()
	s.Post("/v1/payment_intents", confirmed(once)...).OK()
	s.Post("/v1/payment_intents", confirmed(once)...).Fails(400, "payment_method_unexpected_state")
	s.Post("/v1/payment_methods/"+once+"/attach", "customer", customer).Fails(400, "payment_method_unexpected_state")

	kept := s.Post("/v1/payment_methods", "type", "card", "card[token]", "tok_visa").OK().ID()
	wantEvents(t, s, []string{"payment_intent.created", "payment_method.attached", "charge.succeeded", "payment_intent.succeeded"}, func() {
		s.Post("/v1/payment_intents", confirmed(kept, "customer", customer, "setup_future_usage", "off_session")...).OK()
	})
	wantFields(t, s.Get("/v1/payment_methods/"+kept).OK(), map[string]any{"customer": customer})
	s.Post("/v1/payment_intents", confirmed(kept, "customer", customer, "off_session", "true")...).OK()
	s.Post("/v1/payment_intents", confirmed(kept)...).Fails(400, "")
	other := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/payment_intents", confirmed(kept, "customer", other)...).Fails(400, "resource_missing")

	wantEvents(t, s, []string{"payment_method.detached"}, func() {
		wantFields(t, s.Post("/v1/payment_methods/"+kept+"/detach").OK(), map[string]any{"customer": nil})
	})
	s.Post("/v1/payment_methods/"+kept+"/attach", "customer", customer).Fails(400, "payment_method_unexpected_state")
}

func TestAttachMethod(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	for _, c := range []struct {
		method, customer string
		status           int
		code             string
	}{
		{"pm_card_visa", customer, 200, ""},
		{"pm_card_chargeDeclined", customer, 402, "card_declined"},
		{"pm_card_chargeCustomerFail", customer, 200, ""},
		{"pm_card_visa", "cus_nobody", 400, "resource_missing"},
		{"pm_nobody", customer, 404, "resource_missing"},
	} {
		a := s.Post("/v1/payment_methods/"+c.method+"/attach", "customer", c.customer)
		if c.status != http.StatusOK {
			a.Fails(c.status, c.code)
			continue
		}
		pm := a.OK()
		wantFields(t, pm, map[string]any{"customer": customer})
		s.Post("/v1/payment_methods/"+pm.ID()+"/attach", "customer", other).Fails(400, "")
	}
	if ids := s.Get("/v1/customers/" + customer + "/payment_methods").IDs(); len(ids) != 2 {
		t.Errorf("the customer has %v, want two", ids)
	}
}
