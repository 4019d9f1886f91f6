package billing_test

import (
	"net/http"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestCreateCharge(t *testing.T) {
	t.Parallel()
	base := func(more ...string) []string { return append([]string{"amount", "2000", "currency", "usd"}, more...) }
	for _, c := range []struct {
		name   string
		form   []string
		status int
		code   string
		err    map[string]any // fields of the error
		want   map[string]any // fields of the charge, also of a failed one
		events []string
	}{
		{
			name: "succeeds", form: base("source", "tok_visa", "description", "One", "metadata[k]", "v"), status: 200,
			want: map[string]any{
				"amount": 2000, "amount_captured": 2000, "amount_refunded": 0, "currency": "usd", "status": "succeeded", "paid": true, "captured": true,
				"refunded": false, "disputed": false, "description": "One", "metadata.k": "v", "failure_code": nil, "customer": nil, "order": nil,
				"outcome.type": "authorized", "outcome.network_status": "approved_by_network", "outcome.risk_level": "normal", "outcome.seller_message": "Payment complete.",
				"payment_method_details.type": "card", "payment_method_details.card.brand": "visa", "payment_method_details.card.last4": "4242",
				"payment_method_details.card.exp_month": 9, "payment_method_details.card.exp_year": 2027, "payment_method_details.card.funding": "credit",
				"payment_method_details.card.country": "US", "payment_method_details.card.checks.cvc_check": nil,
				"billing_details.name": nil, "billing_details.address.city": nil, "livemode": false,
			},
			events: []string{"charge.succeeded"},
		},
		{
			name: "typed card", form: base("card[number]", "5555555555554444", "card[exp_month]", "12", "card[exp_year]", "2030", "card[cvc]", "123",
				"card[name]", "Jenny Rosen", "card[address_zip]", "94103", "card[address_city]", "San Francisco"), status: 200,
			want: map[string]any{
				"payment_method_details.card.brand": "mastercard", "payment_method_details.card.checks.cvc_check": "pass",
				"payment_method_details.card.checks.address_postal_code_check": "pass", "billing_details.name": "Jenny Rosen",
				"billing_details.address.postal_code": "94103", "billing_details.address.city": "San Francisco",
			},
			events: []string{"charge.succeeded"},
		},
		{
			name: "only authorized", form: base("source", "tok_mastercard", "capture", "false"), status: 200,
			want:   map[string]any{"status": "succeeded", "paid": true, "captured": false, "amount_captured": 0},
			events: []string{"charge.succeeded"},
		},
		{
			name: "declined", form: base("source", "tok_chargeDeclined"), status: 402, code: "card_declined",
			err: map[string]any{"type": "card_error", "decline_code": "generic_decline", "message": "Your card was declined.", "param": nil, "advice_code": "try_again_later", "network_decline_code": "01"},
			want: map[string]any{
				"status": "failed", "paid": false, "captured": false, "amount_captured": 0, "failure_code": "card_declined", "failure_message": "Your card was declined.",
				"outcome.type": "issuer_declined", "outcome.network_status": "declined_by_network", "outcome.reason": "generic_decline", "receipt_url": nil,
				"outcome.advice_code": "try_again_later", "outcome.network_decline_code": "01",
			},
			events: []string{"charge.failed"},
		},
		{
			name: "no funds", form: base("source", "tok_chargeDeclinedInsufficientFunds"), status: 402, code: "card_declined",
			err:    map[string]any{"decline_code": "insufficient_funds", "message": "Your card has insufficient funds."},
			want:   map[string]any{"status": "failed", "outcome.reason": "insufficient_funds"},
			events: []string{"charge.failed"},
		},
		{
			name: "expired", form: base("source", "tok_chargeDeclinedExpiredCard"), status: 402, code: "expired_card",
			err:    map[string]any{"decline_code": nil, "param": "exp_month", "message": "Your card has expired."},
			want:   map[string]any{"status": "failed", "failure_code": "expired_card"},
			events: []string{"charge.failed"},
		},
		{
			name: "wrong security code", form: base("source", "tok_chargeDeclinedIncorrectCvc"), status: 402, code: "incorrect_cvc",
			err: map[string]any{"param": "cvc"}, want: map[string]any{"status": "failed"}, events: []string{"charge.failed"},
		},
		{
			name: "processing error", form: base("source", "tok_chargeDeclinedProcessingError"), status: 402, code: "processing_error",
			want: map[string]any{"status": "failed"}, events: []string{"charge.failed"},
		},
		{
			name: "blocked", form: base("source", "tok_chargeDeclinedFraudulent"), status: 402, code: "card_declined",
			err:    map[string]any{"decline_code": "fraudulent"},
			want:   map[string]any{"status": "failed", "outcome.type": "blocked", "outcome.network_status": "not_sent_to_network", "outcome.risk_level": "highest"},
			events: []string{"charge.failed"},
		},
		{name: "no card number", form: base("card[number]", "4242424242424241", "card[exp_month]", "12", "card[exp_year]", "2030"), status: 402, code: "incorrect_number", err: map[string]any{"param": "number"}},
		{name: "a real card", form: base("card[number]", "4539578763621486", "card[exp_month]", "12", "card[exp_year]", "2030"), status: 402, code: "card_declined", err: map[string]any{"decline_code": "test_mode_live_card"}},
		{name: "no source", form: base(), status: 400, code: "parameter_missing", err: map[string]any{"message": "Must provide source or customer."}},
		{name: "unknown token", form: base("source", "tok_nobody"), status: 400, code: "resource_missing", err: map[string]any{"param": "source", "message": "No such token: 'tok_nobody'"}},
		{name: "unknown customer", form: base("customer", "cus_nobody"), status: 400, code: "resource_missing", err: map[string]any{"param": "customer"}},
		{name: "no amount", form: []string{"currency", "usd", "source", "tok_visa"}, status: 400, code: "parameter_missing", err: map[string]any{"param": "amount"}},
		{name: "no currency", form: []string{"amount", "100", "source", "tok_visa"}, status: 400, code: "parameter_missing", err: map[string]any{"param": "currency"}},
		{name: "unknown currency", form: []string{"amount", "100", "currency", "xxx", "source", "tok_visa"}, status: 400, err: map[string]any{"param": "currency"}},
		{name: "zero", form: []string{"amount", "0", "currency", "usd", "source", "tok_visa"}, status: 400, code: "parameter_invalid_integer", err: map[string]any{"param": "amount"}},
		{name: "too small", form: []string{"amount", "49", "currency", "usd", "source", "tok_visa"}, status: 400, code: "amount_too_small", err: map[string]any{"param": "amount", "message": "Amount must be at least $0.50 usd"}},
		{name: "least", form: []string{"amount", "50", "currency", "USD", "source", "tok_visa"}, status: 200, want: map[string]any{"currency": "usd"}, events: []string{"charge.succeeded"}},
		{name: "too small for pounds", form: []string{"amount", "29", "currency", "gbp", "source", "tok_visa"}, status: 400, code: "amount_too_small", err: map[string]any{"message": "Amount must be at least £0.30 gbp"}},
		{name: "too large", form: []string{"amount", "100000000", "currency", "usd", "source", "tok_visa"}, status: 400, code: "amount_too_large", err: map[string]any{"param": "amount", "message": "Amount must be no more than $999,999.99"}},
		{name: "no address", form: base("source", "tok_visa", "receipt_email", "nobody"), status: 400, code: "email_invalid", err: map[string]any{"param": "receipt_email"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var a *servertest.Answer
			events := wantEvents(t, s, c.events, func() { a = s.Post("/v1/charges", c.form...) })
			charge := a.Object
			if c.status != http.StatusOK {
				e := a.Fails(c.status, c.code)
				wantFields(t, e, c.err)
				if (e.String("charge") != "") != (c.events != nil) {
					t.Errorf("the error names the charge %q", e.String("charge"))
				}
				if c.events == nil {
					if ids := s.Get("/v1/charges").IDs(); len(ids) != 0 {
						t.Errorf("charges %v were made", ids)
					}
					return
				}
				charge = s.Get("/v1/charges/" + e.String("charge")).OK()
			}
			wantFields(t, charge, c.want)
			wantFields(t, events[0].Object("data").Object("object"), c.want)
			if ids := s.Get("/v1/charges").IDs(); len(ids) != 1 || ids[0] != charge.ID() {
				t.Errorf("the list of charges is %v", ids)
			}
		})
	}
}

func TestChargeCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	e := s.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", customer).Fails(400, "missing")
	wantFields(t, e, map[string]any{"param": "card", "message": "Cannot charge a customer that has no active card"})

	card := s.Post("/v1/customers/"+customer+"/sources", "source", "tok_amex").OK().ID()
	charge := s.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", customer).OK()
	wantFields(t, charge, map[string]any{"customer": customer, "payment_method": card, "payment_method_details.card.brand": "amex", "status": "succeeded"})

	fails := s.Post("/v1/customers/"+customer+"/sources", "source", "tok_chargeCustomerFail").OK().ID()
	e = s.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", customer, "source", fails).Fails(402, "card_declined")
	wantFields(t, s.Get("/v1/charges/"+e.String("charge")).OK(), map[string]any{"status": "failed", "customer": customer, "payment_method": fails})

	e = s.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", customer, "source", "tok_visa").Fails(400, "missing")
	wantFields(t, e, map[string]any{"param": "source", "message": "Customer " + customer + " does not have a linked source with ID tok_visa."})

	if ids := s.Get("/v1/charges", "customer", customer).IDs(); len(ids) != 2 {
		t.Errorf("the customer has the charges %v, want two", ids)
	}
}

func TestLiveChargesNeedABank(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Do(servertest.Request{
		Method: http.MethodPost, Path: "/v1/charges", Key: s.Account.LiveSecret.Secret, Form: []string{"amount", "500", "currency", "usd", "source", "tok_visa"},
	}).Fails(400, "testmode_charges_only")
}

func TestCaptureCharge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		charge []string
		form   []string
		status int
		code   string
		want   map[string]any
	}{
		{"whole", []string{"capture", "false"}, nil, 200, "", map[string]any{"captured": true, "amount_captured": 2000, "amount_refunded": 0, "refunded": false}},
		{"part", []string{"capture", "false"}, []string{"amount", "1500"}, 200, "", map[string]any{"captured": true, "amount": 2000, "amount_captured": 1500, "amount_refunded": 500}},
		{"too much", []string{"capture", "false"}, []string{"amount", "2001"}, 400, "amount_too_large", nil},
		{"captured already", nil, nil, 400, "charge_already_captured", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			id := s.Post("/v1/charges", append([]string{"amount", "2000", "currency", "usd", "source", "tok_visa"}, c.charge...)...).OK().ID()
			var events []string
			if c.status == http.StatusOK {
				events = []string{"charge.captured"}
			}
			wantEvents(t, s, events, func() {
				a := s.Post("/v1/charges/"+id+"/capture", c.form...)
				if c.status != http.StatusOK {
					a.Fails(c.status, c.code)
					return
				}
				wantFields(t, a.OK(), c.want)
			})
		})
	}
}

func TestAuthorizationExpires(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	form := []string{"amount", "2000", "currency", "usd", "source", "tok_visa", "capture", "false"}
	captured := s.Post("/v1/charges", form...).OK().ID()
	s.Post("/v1/charges/" + captured + "/capture").OK()
	left := s.Post("/v1/charges", form...).OK().ID()

	wantEvents(t, s, []string{"balance.available", "charge.expired"}, func() {
		for _, wait := range []time.Duration{7*24*time.Hour - time.Second, time.Second} {
			s.Clock.Advance(wait)
			if err := s.Engine.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
	wantFields(t, s.Get("/v1/charges/"+left).OK(), map[string]any{"captured": false, "refunded": true, "amount_refunded": 2000})
	s.Post("/v1/charges/"+left+"/capture").Fails(400, "charge_expired_for_capture")
	wantFields(t, s.Get("/v1/charges/"+captured).OK(), map[string]any{"captured": true, "refunded": false})
}

// A retry with the same key hears of the decline again and makes no second charge.
func TestDeclineIsReplayed(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	send := func() *servertest.Answer {
		return s.Do(servertest.Request{
			Method: http.MethodPost, Path: "/v1/charges", Header: http.Header{"Idempotency-Key": {"once"}},
			Form: []string{"amount", "2000", "currency", "usd", "source", "tok_chargeDeclined"},
		})
	}
	first, second := send(), send()
	if string(first.Body) != string(second.Body) || second.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the retry was answered\n%s\nwant\n%s", second.Body, first.Body)
	}
	first.Fails(402, "card_declined")
	if ids := s.Get("/v1/charges").IDs(); len(ids) != 1 {
		t.Errorf("charges %v, want one", ids)
	}
}
