package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

const back = "https://example.com/back"

func TestSourceTypes(t *testing.T) {
	t.Parallel()
	redirect := map[string]any{"flow": "redirect", "usage": "single_use", "status": "pending", "redirect.status": "pending", "redirect.return_url": back}
	none := map[string]any{"flow": "none", "usage": "reusable", "status": "chargeable", "redirect": nil}
	for _, c := range []struct {
		kind string
		form []string
		flow map[string]any
		want map[string]any // of the hash
	}{
		{"ach_credit_transfer", []string{"currency", "usd"}, map[string]any{"flow": "receiver", "status": "pending", "receiver.amount_received": 0}, map[string]any{"bank_name": "TEST BANK", "routing_number": "110000000", "swift_code": "TSTEZ122"}},
		{"ach_debit", []string{"currency", "usd", "token", "btok_us_verified"}, map[string]any{"flow": "code_verification", "code_verification.attempts_remaining": 10}, map[string]any{"last4": "6789", "bank_name": "STRIPE TEST BANK", "country": "US"}},
		{"acss_debit", []string{"currency", "cad"}, none, nil},
		{"alipay", []string{"currency", "usd", "amount", "1000"}, redirect, nil},
		{"au_becs_debit", []string{"currency", "aud", "au_becs_debit[bsb_number]", "000000", "au_becs_debit[account_number]", "000123456"}, none, map[string]any{"bsb_number": "000000", "last4": "3456"}},
		{"bancontact", []string{"currency", "eur", "amount", "1000", "bancontact[preferred_language]", "fr"}, redirect, map[string]any{"preferred_language": "fr", "bic": nil}},
		{"card", []string{"token", "tok_visa"}, none, map[string]any{"brand": "Visa", "last4": "4242", "three_d_secure": "optional", "cvc_check": nil}},
		{"card", []string{"card[number]", "5555555555554444", "card[exp_month]", "12", "card[exp_year]", "2030", "card[cvc]", "123", "card[name]", "Jenny Rosen"}, none, map[string]any{"brand": "MasterCard", "cvc_check": "pass", "name": "Jenny Rosen"}},
		{"eps", []string{"currency", "eur", "amount", "1000"}, redirect, map[string]any{"reference": nil}},
		{"giropay", []string{"currency", "eur", "amount", "1000", "statement_descriptor", "ORDER 1"}, redirect, map[string]any{"statement_descriptor": "ORDER 1", "bank_name": nil}},
		{"ideal", []string{"currency", "eur", "amount", "1000", "ideal[bank]", "ing"}, redirect, map[string]any{"bank": "ing", "bic": "INGBNL2A"}},
		{"klarna", []string{"currency", "eur", "amount", "1000", "klarna[purchase_country]", "DE"}, redirect, map[string]any{"purchase_country": "DE"}},
		{"multibanco", []string{"currency", "eur", "amount", "1000"}, map[string]any{"flow": "receiver", "usage": "single_use", "status": "pending"}, map[string]any{"entity": "12345"}},
		{"p24", []string{"currency", "pln", "amount", "1000"}, redirect, nil},
		{"sepa_debit", []string{"currency", "eur", "sepa_debit[iban]", "DE89370400440532013000", "owner[name]", "Jenny Rosen"}, none, map[string]any{"bank_code": "37040044", "country": "DE", "last4": "3000"}},
		{"sofort", []string{"currency", "eur", "amount", "1000", "sofort[country]", "DE"}, redirect, map[string]any{"country": "DE", "bank_code": nil}},
		{"three_d_secure", []string{"currency", "eur", "amount", "1000", "three_d_secure[card]", "tok_visa"}, redirect, map[string]any{"authenticated": false, "last4": "4242", "brand": "Visa"}},
		{"wechat", []string{"currency", "usd", "amount", "1000"}, map[string]any{"flow": "none", "usage": "single_use", "status": "pending"}, nil},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := append([]string{"type", c.kind}, c.form...)
			var events []string
			if c.flow["status"] == "chargeable" {
				events = []string{"source.chargeable"}
			}
			if c.flow["flow"] == "redirect" {
				s.Post("/v1/sources", form...).Fails(400, "parameter_missing")
				form = append(form, "redirect[return_url]", back)
			}
			wantEvents(t, s, events, func() {
				src := s.Post("/v1/sources", form...).OK()
				wantFields(t, src, c.flow)
				wantFields(t, src.Object(c.kind), c.want)
				if !strings.HasPrefix(src.String("client_secret"), "src_client_secret_") {
					t.Errorf("the client secret is %s", src.String("client_secret"))
				}
				if url := src.Object("redirect").String("url"); c.flow["flow"] == "redirect" && !strings.HasPrefix(url, s.URL) {
					t.Errorf("the redirect leads to %q", url)
				}
			})
		})
	}
}

func TestSourceErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct {
		form   []string
		status int
		code   string
		param  string
	}{
		{nil, 400, "parameter_missing", "type"},
		{[]string{"type", "bitcoin"}, 400, "", "type"},
		{[]string{"type", "card_present"}, 400, "", "type"},
		{[]string{"type", "card"}, 400, "parameter_missing", "token"},
		{[]string{"type", "card", "token", "tok_nobody"}, 400, "resource_missing", "token"},
		{[]string{"type", "ideal", "amount", "1"}, 400, "parameter_missing", "currency"},
		{[]string{"type", "ideal", "amount", "1", "currency", "usd"}, 400, "", "currency"},
		{[]string{"type", "ideal", "currency", "eur"}, 400, "parameter_missing", "amount"},
		{[]string{"type", "sepa_debit", "currency", "eur"}, 400, "parameter_missing", "sepa_debit"},
		{[]string{"type", "sepa_debit", "currency", "eur", "sepa_debit[iban]", "DE1"}, 400, "invalid_bank_account_iban", "sepa_debit[iban]"},
		{[]string{"type", "three_d_secure", "currency", "eur", "amount", "1", "redirect[return_url]", back}, 400, "parameter_missing", "three_d_secure[card]"},
		{[]string{"original_source", "src_nobody"}, 400, "resource_missing", "original_source"},
	} {
		wantFields(t, s.Post("/v1/sources", c.form...).Fails(c.status, c.code), map[string]any{"param": c.param})
	}
}

func idealSource(s *servertest.Server) string {
	return s.Post("/v1/sources", "type", "ideal", "currency", "eur", "amount", "1000", "redirect[return_url]", back, "ideal[bank]", "ing", "owner[name]", "Jenny Rosen").OK().ID()
}

func TestSourceIsAuthorizedAndCharged(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := idealSource(s)
	pay := []string{"amount", "1000", "currency", "eur", "source", id}
	wantFields(t, s.Post("/v1/charges", pay...).Fails(400, "invalid_source_usage"), map[string]any{"param": "source"})
	wantEvents(t, s, []string{"source.chargeable"}, func() {
		wantFields(t, s.Post("/v1/test_helpers/sources/"+id+"/authenticate").OK(), map[string]any{"status": "chargeable", "redirect.status": "succeeded", "owner.verified_name": "Jenny Rosen"})
	})
	s.Post("/v1/test_helpers/sources/"+id+"/authenticate").Fails(400, "invalid_source_usage")
	s.Post("/v1/charges", "amount", "999", "currency", "eur", "source", id).Fails(400, "invalid_charge_amount")
	s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", id).Fails(400, "invalid_source_usage")
	wantEvents(t, s, []string{"charge.succeeded"}, func() {
		wantFields(t, s.Post("/v1/charges", pay...).OK(), map[string]any{"status": "succeeded", "payment_method": id, "payment_method_details.type": "ideal",
			"payment_method_details.ideal.bank": "ing", "payment_method_details.ideal.bic": "INGBNL2A", "billing_details.name": "Jenny Rosen"})
	})
	wantFields(t, s.Get("/v1/sources/"+id).OK(), map[string]any{"status": "consumed"})
	s.Post("/v1/charges", pay...).Fails(400, "invalid_source_usage")
}

func TestSourceIsRefusedOrForgotten(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	refused, forgotten := idealSource(s), idealSource(s)
	wantEvents(t, s, []string{"source.failed"}, func() {
		wantFields(t, s.Post("/v1/test_helpers/sources/"+refused+"/authenticate", "outcome", "failed").OK(), map[string]any{"status": "failed", "redirect.status": "failed", "redirect.failure_reason": "user_abort"})
	})
	wantEvents(t, s, []string{"source.canceled"}, func() {
		s.Clock.Advance(6 * time.Hour)
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	wantFields(t, s.Get("/v1/sources/"+forgotten).OK(), map[string]any{"status": "canceled"})
	wantFields(t, s.Get("/v1/sources/"+refused).OK(), map[string]any{"status": "failed"})
}

func TestSourceReceivesMoney(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	src := s.Post("/v1/sources", "type", "ach_credit_transfer", "currency", "usd", "owner[email]", "amount_1500@example.com").OK()
	wantEvents(t, s, []string{"source.transaction.created", "source.chargeable"}, func() {
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	path := "/v1/sources/" + src.ID()
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "chargeable", "receiver.amount_received": 1500})
	moves := s.Get(path + "/source_transactions").IDs()
	if len(moves) != 1 {
		t.Fatalf("the transactions are %v", moves)
	}
	wantFields(t, s.Get(path+"/source_transactions/"+moves[0]).OK(), map[string]any{"amount": 1500, "currency": "usd", "source": src.ID(), "status": "succeeded"})
	s.Post("/v1/charges", "amount", "1501", "currency", "usd", "source", src.ID()).Fails(400, "invalid_charge_amount")
	wantFields(t, s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", src.ID()).OK(), map[string]any{"status": "succeeded", "payment_method_details.type": "ach_credit_transfer"})
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "chargeable", "receiver.amount_charged": 1000})
	s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", src.ID()).OK()
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "pending", "receiver.amount_charged": 1500})
}

func TestSourceOfCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	kept := "/v1/customers/" + customer + "/sources"
	src := s.Post("/v1/sources", "type", "card", "token", "tok_visa", "owner[email]", "jenny@example.com").OK().ID()
	wantEvents(t, s, []string{"customer.source.created", "customer.updated"}, func() {
		wantFields(t, s.Post(kept, "source", src).OK(), map[string]any{"id": src, "object": "source", "customer": customer})
	})
	s.Post(kept, "source", src).Fails(400, "")
	if ids := s.Get(kept, "object", "source").IDs(); len(ids) != 1 || ids[0] != src {
		t.Errorf("the customer's sources are %v", ids)
	}
	wantFields(t, s.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", customer).OK(), map[string]any{"payment_method": src, "payment_method_details.card.last4": "4242", "billing_details.email": "jenny@example.com"})
	wantEvents(t, s, []string{"customer.source.updated"}, func() {
		wantFields(t, s.Post(kept+"/"+src, "owner[name]", "Jenny Rosen").OK(), map[string]any{"owner.name": "Jenny Rosen", "owner.email": "jenny@example.com"})
	})
	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated"}, func() {
		wantFields(t, s.Delete(kept+"/"+src).OK(), map[string]any{"id": src, "status": "consumed", "customer": nil})
	})
	wantFields(t, s.Get("/v1/sources/"+src).OK(), map[string]any{"status": "consumed", "customer": nil})
	s.Post(kept, "source", src).Fails(400, "invalid_source_usage")
	if ids := s.Get(kept).IDs(); len(ids) != 0 {
		t.Errorf("the customer still has %v", ids)
	}
	bad := s.Post("/v1/sources", "type", "card", "token", "tok_chargeDeclined").OK().ID()
	s.Post(kept, "source", bad).Fails(402, "card_declined")
}

func TestSourceMandateNotification(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	src := s.Post("/v1/sources", "type", "sepa_debit", "currency", "eur", "sepa_debit[iban]", "DE89370400440532013000", "mandate[notification_method]", "manual").OK()
	events := wantEvents(t, s, []string{"source.mandate_notification", "charge.pending"}, func() {
		wantFields(t, s.Post("/v1/charges", "amount", "500", "currency", "eur", "source", src.ID()).OK(), map[string]any{"status": "pending", "payment_method_details.sepa_debit.last4": "3000", "payment_method_details.sepa_debit.bank_code": "37040044"})
	})
	note := events[0].Object("data").Object("object")
	path := "/v1/sources/" + src.ID() + "/mandate_notifications/" + note.ID()
	wantFields(t, s.Get(path).OK(), map[string]any{"amount": 500, "reason": "debit_initiated", "status": "submitted", "sepa_debit.last4": "3000", "sepa_debit.mandate_reference": field(src, "sepa_debit.mandate_reference")})
}

func TestVerifySource(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	src := s.Post("/v1/sources", "type", "ach_debit", "currency", "usd", "token", "btok_us_verified").OK().ID()
	path := "/v1/sources/" + src
	s.Post(path+"/verify", "values[]", "1", "values[]", "2").Fails(400, "bank_account_verification_failed")
	wantFields(t, s.Get(path).OK(), map[string]any{"code_verification.attempts_remaining": 9, "status": "pending"})
	wantEvents(t, s, []string{"source.chargeable"}, func() {
		wantFields(t, s.Post(path+"/verify", "values[]", "32", "values[]", "45").OK(), map[string]any{"status": "chargeable", "code_verification.status": "succeeded"})
	})
	s.Post(path+"/verify", "values[]", "32").Fails(400, "invalid_source_usage")
	card := s.Post("/v1/sources", "type", "card", "token", "tok_visa").OK().ID()
	s.Post("/v1/sources/"+card+"/verify", "values[]", "32").Fails(400, "invalid_source_usage")
}
