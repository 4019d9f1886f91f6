package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// TestPaymentMethodTypes makes a payment method of every type that a client can make.
func TestPaymentMethodTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		form []string       // inside the hash of the type
		want map[string]any // of the hash
	}{
		{"acss_debit", []string{"account_number", "000123456789", "institution_number", "000", "transit_number", "11000"}, map[string]any{
			"bank_name": "STRIPE TEST BANK", "institution_number": "000", "transit_number": "11000", "last4": "6789"}},
		{"affirm", nil, nil}, {"afterpay_clearpay", nil, nil}, {"alipay", nil, nil}, {"alma", nil, nil}, {"amazon_pay", nil, nil},
		{"au_becs_debit", []string{"account_number", "000123456", "bsb_number", "000-000"}, map[string]any{"bsb_number": "000000", "last4": "3456"}},
		{"bacs_debit", []string{"account_number", "00012345", "sort_code", "10-88-00"}, map[string]any{"sort_code": "108800", "last4": "2345"}},
		{"bancontact", nil, nil}, {"billie", nil, nil}, {"bizum", nil, map[string]any{"buyer_id": nil}}, {"blik", nil, nil},
		{"boleto", []string{"tax_id", "00000000000"}, map[string]any{"tax_id": "00000000000"}},
		{"card", []string{"number", "4242424242424242", "exp_month", "12", "exp_year", "2030", "cvc", "123"}, map[string]any{
			"brand": "visa", "display_brand": "visa", "last4": "4242", "exp_year": 2030, "funding": "credit", "country": "US", "checks.cvc_check": "pass",
			"checks.address_line1_check": nil, "networks.available.0": "visa", "networks.preferred": nil, "three_d_secure_usage.supported": true, "wallet": nil, "generated_from": nil}},
		{"card", []string{"token", "tok_mastercard"}, map[string]any{"brand": "mastercard", "last4": "4444", "exp_year": 2027}},
		{"cashapp", nil, map[string]any{"buyer_id": nil, "cashtag": nil}},
		{"crypto", nil, nil},
		{"custom", []string{"type", "cpmt_1"}, map[string]any{"type": "cpmt_1", "display_name": nil, "logo": nil}},
		{"customer_balance", nil, nil},
		{"eps", []string{"bank", "bank_austria"}, map[string]any{"bank": "bank_austria"}}, {"eps", nil, map[string]any{"bank": nil}},
		{"fpx", []string{"bank", "maybank2u"}, map[string]any{"bank": "maybank2u"}},
		{"giropay", nil, nil}, {"grabpay", nil, nil},
		{"ideal", []string{"bank", "rabobank"}, map[string]any{"bank": "rabobank", "bic": "RABONL2U"}}, {"ideal", nil, map[string]any{"bank": nil, "bic": nil}},
		{"kakao_pay", nil, nil},
		{"klarna", []string{"dob][day", "1", "dob][month", "2", "dob][year", "1990"}, map[string]any{"dob.day": 1, "dob.month": 2, "dob.year": 1990}},
		{"klarna", nil, map[string]any{"dob": nil}},
		{"konbini", nil, nil}, {"kr_card", nil, map[string]any{"brand": nil, "last4": nil}},
		{"link", nil, map[string]any{"email": "jenny@example.com"}},
		{"mb_way", nil, nil}, {"mobilepay", nil, nil}, {"multibanco", nil, nil},
		{"naver_pay", nil, map[string]any{"funding": "card", "buyer_id": nil}}, {"naver_pay", []string{"funding", "points"}, map[string]any{"funding": "points"}},
		{"nz_bank_account", []string{"account_holder_name", "Jenny Rosen", "account_number", "0000000", "bank_code", "11", "branch_code", "0000", "suffix", "010"}, map[string]any{
			"account_holder_name": "Jenny Rosen", "bank_code": "11", "branch_code": "0000", "suffix": "010", "last4": "0000", "bank_name": "STRIPE TEST BANK"}},
		{"oxxo", nil, nil},
		{"p24", []string{"bank", "ing"}, map[string]any{"bank": "ing"}},
		{"pay_by_bank", nil, nil}, {"payco", nil, nil}, {"paynow", nil, nil},
		{"paypal", nil, map[string]any{"payer_email": nil, "payer_id": nil, "country": nil}},
		{"payto", []string{"bsb_number", "000000", "account_number", "000123456"}, map[string]any{"bsb_number": "000000", "last4": "3456", "pay_id": nil}},
		{"payto", []string{"pay_id", "jenny@example.com"}, map[string]any{"pay_id": "jenny@example.com", "last4": nil}},
		{"pix", nil, map[string]any{"fingerprint": nil}}, {"promptpay", nil, nil}, {"revolut_pay", nil, nil}, {"samsung_pay", nil, nil}, {"satispay", nil, nil}, {"scalapay", nil, nil},
		{"sepa_debit", []string{"iban", "DE89 3704 0044 0532 0130 00"}, map[string]any{
			"bank_code": "37040044", "branch_code": nil, "country": "DE", "last4": "3000", "generated_from.charge": nil, "generated_from.setup_attempt": nil}},
		{"sepa_debit", []string{"iban", "FR1420041010050500013M02606"}, map[string]any{"bank_code": "20041", "branch_code": "01005", "country": "FR", "last4": "2606"}},
		{"sofort", []string{"country", "DE"}, map[string]any{"country": "DE"}},
		{"sunbit", nil, nil}, {"swish", nil, nil}, {"twint", nil, nil}, {"upi", nil, map[string]any{"vpa": nil}},
		{"us_bank_account", []string{"account_number", "000123456789", "routing_number", "110000000", "account_holder_type", "company"}, map[string]any{
			"account_holder_type": "company", "account_type": "checking", "bank_name": "STRIPE TEST BANK", "financial_connections_account": nil, "last4": "6789",
			"networks.preferred": "ach", "networks.supported.0": "ach", "routing_number": "110000000"}},
		{"wechat_pay", nil, nil}, {"zip", nil, nil},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := []string{"type", c.kind, "billing_details[email]", "jenny@example.com"}
			for i := 0; i < len(c.form); i += 2 {
				form = append(form, c.kind+"["+c.form[i]+"]", c.form[i+1])
			}
			pm := s.Post("/v1/payment_methods", form...).OK()
			wantFields(t, pm, map[string]any{"type": c.kind, "customer": nil, "billing_details.email": "jenny@example.com", "allow_redisplay": "unspecified", "livemode": false})
			hash := pm.Object(c.kind)
			if hash == nil {
				t.Fatalf("there is no hash %s", c.kind)
			}
			wantFields(t, hash, c.want)
			wantFields(t, s.Get("/v1/payment_methods/"+pm.ID()).OK(), map[string]any{"type": c.kind})
		})
	}
}

func TestPaymentMethodTypeErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct {
		name  string
		form  []string
		code  string
		param string
	}{
		{"no type", nil, "parameter_missing", "type"},
		{"no hash", []string{"type", "us_bank_account"}, "parameter_missing", "us_bank_account"},
		{"no card", []string{"type", "card"}, "parameter_missing", "card"},
		{"no bank", []string{"type", "fpx"}, "parameter_missing", "fpx"},
		{"no tax id", []string{"type", "boleto"}, "parameter_missing", "boleto"},
		{"another hash", []string{"type", "card", "card[token]", "tok_visa", "sepa_debit[iban]", "DE89370400440532013000"}, "parameter_unknown", "sepa_debit"},
		{"no routing number", []string{"type", "us_bank_account", "us_bank_account[account_number]", "000123456789"}, "parameter_missing", "us_bank_account[routing_number]"},
		{"no account number", []string{"type", "us_bank_account", "us_bank_account[routing_number]", "110000000"}, "parameter_missing", "us_bank_account[account_number]"},
		{"wrong routing number", []string{"type", "us_bank_account", "us_bank_account[routing_number]", "110000001", "us_bank_account[account_number]", "000123456789"}, "routing_number_invalid", "us_bank_account[routing_number]"},
		{"wrong account", []string{"type", "us_bank_account", "us_bank_account[routing_number]", "110000000", "us_bank_account[account_number]", "1"}, "account_number_invalid", "us_bank_account[account_number]"},
		{"no IBAN", []string{"type", "sepa_debit", "sepa_debit[iban]", "DE89370400440532013001"}, "invalid_bank_account_iban", "sepa_debit[iban]"},
		{"no connection", []string{"type", "us_bank_account", "us_bank_account[financial_connections_account]", "fca_nobody"}, "resource_missing", "us_bank_account[financial_connections_account]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := s.Post("/v1/payment_methods", c.form...).Fails(400, c.code)
			wantFields(t, e, map[string]any{"param": c.param})
		})
	}
}

func TestUpdatePaymentMethodType(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	attached := func(form ...string) string {
		path := "/v1/payment_methods/" + s.Post("/v1/payment_methods", form...).OK().ID()
		s.Post(path+"/attach", "customer", customer).OK()
		return path
	}
	card := attached("type", "card", "card[token]", "tok_visa")
	events := wantEvents(t, s, []string{"payment_method.updated"}, func() {
		wantFields(t, s.Post(card, "card[exp_month]", "5", "card[exp_year]", "2031", "card[networks][preferred]", "visa").OK(),
			map[string]any{"card.exp_month": 5, "card.exp_year": 2031, "card.networks.preferred": "visa", "card.last4": "4242"})
	})
	wantFields(t, events[0].Object("data").Object("previous_attributes"), map[string]any{"card.exp_month": 9, "card.exp_year": 2027})
	s.Post(card, "card[exp_year]", "2020").Fails(402, "invalid_expiry_year")
	wantFields(t, s.Post(card, "us_bank_account[account_type]", "savings").Fails(400, ""), map[string]any{"param": "us_bank_account"})
	wantFields(t, s.Post(card, "allow_redisplay", "always", "metadata[k]", "v", "billing_details[name]", "Jenny").OK(),
		map[string]any{"allow_redisplay": "always", "metadata.k": "v", "billing_details.name": "Jenny", "billing_details.address.city": nil})

	account := attached("type", "us_bank_account", "us_bank_account[account_number]", "000123456789", "us_bank_account[routing_number]", "110000000")
	wantFields(t, s.Post(account, "us_bank_account[account_holder_type]", "company", "us_bank_account[account_type]", "savings").OK(),
		map[string]any{"us_bank_account.account_holder_type": "company", "us_bank_account.account_type": "savings", "us_bank_account.last4": "6789"})

	for _, c := range []struct {
		form []string
		want int
	}{
		{nil, 2}, {[]string{"type", "card"}, 1}, {[]string{"type", "us_bank_account"}, 1}, {[]string{"type", "sepa_debit"}, 0},
		{[]string{"allow_redisplay", "always"}, 1}, {[]string{"allow_redisplay", "limited"}, 0},
	} {
		if ids := s.Get("/v1/customers/"+customer+"/payment_methods", c.form...).IDs(); len(ids) != c.want {
			t.Errorf("%q finds %d of the customer's payment methods, want %d", c.form, len(ids), c.want)
		}
		if ids := s.Get("/v1/payment_methods", append([]string{"customer", customer}, c.form...)...).IDs(); len(ids) != c.want {
			t.Errorf("%q finds %d payment methods, want %d", c.form, len(ids), c.want)
		}
	}
}

// TestShownNetworks looks at what a card shows of the networks that can carry a payment with it, and of 3D Secure.
func TestShownNetworks(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for token, want := range map[string]map[string]any{
		"tok_visa":                          {"card.networks.available": []any{"visa"}, "card.three_d_secure_usage.supported": true},
		"tok_visa_cartesBancaires":          {"card.networks.available": []any{"cartes_bancaires", "visa"}},
		"tok_amex_threeDSecureNotSupported": {"card.networks.available": []any{"amex"}, "card.three_d_secure_usage.supported": false},
	} {
		t.Run(token, func(t *testing.T) {
			wantFields(t, s.Post("/v1/payment_methods", "type", "card", "card[token]", token).OK(), want)
		})
	}
}
