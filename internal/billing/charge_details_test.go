package billing_test

import (
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// TestChargeDetails charges a payment method of every type that has details; the answer is held against the spec.
func TestChargeDetails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, currency string
		form           []string       // inside the hash of the type
		want           map[string]any // of the details
	}{
		{"acss_debit", "cad", []string{"account_number", "000123456789", "institution_number", "000", "transit_number", "11000"}, map[string]any{
			"bank_name": "STRIPE TEST BANK", "institution_number": "000", "transit_number": "11000", "last4": "6789"}},
		{"affirm", "usd", nil, map[string]any{"transaction_id": nil}}, {"afterpay_clearpay", "usd", nil, map[string]any{"order_id": nil, "reference": nil}},
		{"alipay", "usd", nil, map[string]any{"transaction_id": nil}}, {"alma", "eur", nil, nil}, {"amazon_pay", "usd", nil, nil},
		{"au_becs_debit", "aud", []string{"account_number", "000123456", "bsb_number", "000000"}, map[string]any{"bsb_number": "000000", "last4": "3456"}},
		{"bacs_debit", "gbp", []string{"account_number", "00012345", "sort_code", "108800"}, map[string]any{"sort_code": "108800", "last4": "2345", "mandate": nil}},
		{"bancontact", "eur", nil, map[string]any{"bank_code": nil, "generated_sepa_debit": nil, "preferred_language": nil}},
		{"blik", "pln", nil, map[string]any{"buyer_id": nil}},
		{"card", "usd", []string{"number", "4000000000003220", "exp_month", "12", "exp_year", "2030", "cvc", "123"}, map[string]any{
			"brand": "visa", "network": "visa", "last4": "3220", "amount_authorized": 1000, "checks.cvc_check": "pass", "installments": nil, "wallet": nil, "mandate": nil,
			"three_d_secure.authentication_flow": "challenge", "three_d_secure.result": "authenticated", "three_d_secure.electronic_commerce_indicator": "05", "network_token.used": false}},
		{"card", "usd", []string{"token", "tok_visa"}, map[string]any{"last4": "4242", "extended_authorization.status": "disabled", "overcapture.maximum_amount_capturable": 1000}},
		{"cashapp", "usd", nil, map[string]any{"cashtag": nil}},
		{"customer_balance", "usd", nil, nil},
		{"eps", "eur", []string{"bank", "bank_austria"}, map[string]any{"bank": "bank_austria", "verified_name": nil}},
		{"fpx", "myr", []string{"bank", "maybank2u"}, map[string]any{"bank": "maybank2u", "transaction_id": nil}},
		{"giropay", "eur", nil, map[string]any{"bic": nil}}, {"grabpay", "sgd", nil, nil},
		{"ideal", "eur", []string{"bank", "rabobank"}, map[string]any{"bank": "rabobank", "bic": "RABONL2U", "iban_last4": nil}},
		{"kakao_pay", "krw", nil, nil}, {"klarna", "eur", nil, map[string]any{"payment_method_category": nil, "preferred_locale": nil}},
		{"kr_card", "krw", nil, map[string]any{"brand": nil}}, {"link", "usd", nil, map[string]any{"country": nil}}, {"mobilepay", "dkk", nil, map[string]any{"card": nil}},
		{"naver_pay", "krw", nil, nil},
		{"nz_bank_account", "nzd", []string{"account_holder_name", "Jenny Rosen", "account_number", "0000000", "bank_code", "11", "branch_code", "0000", "suffix", "010"}, map[string]any{
			"account_holder_name": "Jenny Rosen", "bank_code": "11", "branch_code": "0000", "suffix": "010", "last4": "0000", "bank_name": "STRIPE TEST BANK"}},
		{"p24", "pln", []string{"bank", "ing"}, map[string]any{"bank": "ing", "reference": nil}},
		{"paypal", "usd", nil, map[string]any{"payer_email": nil, "seller_protection": nil}},
		{"payto", "aud", []string{"bsb_number", "000000", "account_number", "000123456"}, map[string]any{"bsb_number": "000000", "last4": "3456"}},
		{"pix", "brl", nil, map[string]any{"bank_transaction_id": nil}}, {"promptpay", "thb", nil, map[string]any{"reference": nil}}, {"revolut_pay", "eur", nil, nil},
		{"sepa_debit", "eur", []string{"iban", "DE89370400440532013000"}, map[string]any{"bank_code": "37040044", "branch_code": nil, "country": "DE", "last4": "3000", "mandate": nil}},
		{"sofort", "eur", []string{"country", "DE"}, map[string]any{"country": "DE", "bank_code": nil}},
		{"swish", "sek", nil, map[string]any{"payment_reference": nil}}, {"twint", "chf", nil, nil}, {"upi", "inr", nil, map[string]any{"vpa": nil}},
		{"us_bank_account", "usd", []string{"account_number", "000123456789", "routing_number", "110000000", "account_holder_type", "company"}, map[string]any{
			"account_holder_type": "company", "account_type": "checking", "bank_name": "STRIPE TEST BANK", "last4": "6789", "routing_number": "110000000", "payment_reference": nil}},
		{"wechat_pay", "usd", nil, map[string]any{"transaction_id": nil}}, {"zip", "usd", nil, nil},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := []string{"type", c.kind, "billing_details[name]", "Jenny Rosen"}
			for i := 0; i < len(c.form); i += 2 {
				form = append(form, c.kind+"["+c.form[i]+"]", c.form[i+1])
			}
			id := s.Post("/v1/payment_methods", form...).OK().ID()
			var charge *object.Object
			if err := inside(t, s, func(op *resource.Op) error {
				pm, err := op.Get("payment_method", id, "payment_method")
				if err != nil {
					return err
				}
				charge, err = billing.ChargeMethod(op, pm, 1000, c.currency)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			got := s.Get("/v1/charges/" + charge.ID()).OK()
			wantFields(t, got, map[string]any{"payment_method": id, "payment_method_details.type": c.kind, "billing_details.name": "Jenny Rosen"})
			details := got.Object("payment_method_details").Object(c.kind)
			if details == nil {
				t.Fatalf("there are no details: %s", shown(got.Object("payment_method_details")))
			}
			wantFields(t, details, c.want)
			if c.kind == "us_bank_account" && details.String("fingerprint") == "" {
				t.Error("the account has no fingerprint")
			}
		})
	}
}
