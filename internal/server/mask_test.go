package server

import (
	"strings"
	"testing"
)

func TestMaskForm(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ form, want string }{
		{"", ""},
		{"a=1&b=2", "a=1&b=2"},
		{"card[number]=4242424242424242&card[cvc]=123&email=a%40b.c", "card[number]=****4242&card[cvc]=****&email=a%40b.c"},
		{"email=a&card%5Bnumber%5D=4242424242424242", "email=a&card%5Bnumber%5D=****4242"},
		{"card[number]=4242", "card[number]=****"},
		{"a=1&card[cvc]=&b=2", "a=1&card[cvc]=&b=2"},
		{"number=4242424242424242", "number=****4242"},
		{"bank_account[account_number]=000123456789&x=y&x=z", "bank_account[account_number]=****6789&x=y&x=z"},
		{"individual[id_number]=000000000&individual[ssn_last_4]=0000", "individual[id_number]=****&individual[ssn_last_4]=****"},
		{"x=sk_test_4eC39HqLyjWDarjtT1zdp7dc", "x=sk_test_********************p7dc"},
		{"key=sk%5Ftest%5F4eC39HqLyjWDarjtT1zdp7dc&a", "key=sk_test_********************p7dc&a"},
		{"client_secret=pi_1_secret_2", "client_secret=****"},
		{"request[headers][0][value]=Bearer+abc&name=Basic+plan", "request[headers][0][value]=****&name=Basic+plan"},
		{"request[headers][0][value]=basic%20abc&request[headers][1][value]=text", "request[headers][0][value]=****&request[headers][1][value]=text"},
		{"&&a=1&", "&&a=1&"},
		{"%zz=%zz&card[cvc]=%zz", "%zz=%zz&card[cvc]=****"},
		{"number", "number"},
	} {
		if got := maskForm(test.form); got != test.want {
			t.Errorf("maskForm(%q) = %q, want %q", test.form, got, test.want)
		}
	}
	long := maskForm(strings.Repeat("description=long&", 4000))
	if len(long) > maxLoggedParams+10 || !strings.HasSuffix(long, "description=long&...") {
		t.Errorf("a long form is logged with %d characters and ends with %q", len(long), long[len(long)-30:])
	}
}

func TestMaskFormWithoutSecretsCostsNothing(t *testing.T) {
	form := "email=jenny&name=Jenny&address[city]=Berlin&expand[]=customer"
	if n := testing.AllocsPerRun(100, func() { _ = maskForm(form) }); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = maskPath("/v1/customers/cus_1") }); n > 0 {
		t.Errorf("a path: %.0f allocations", n)
	}
}

func TestMaskParams(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ contentType, body, want string }{
		{"application/x-www-form-urlencoded", "cvc=123", "cvc=****"},
		{"", "cvc=123&a=\xff", "cvc=****&a=\uFFFD"},
		{"multipart/form-data; boundary=x", "--x secret", "(10 bytes)"},
		{"Application/JSON; charset=utf-8", `{"card":{"number":"4242424242424242","cvc":123},"list":["sk_test_4eC39HqLyjWDarjtT1zdp7dc"]}`,
			`{"card":{"cvc":"****","number":"****4242"},"list":["sk_test_********************p7dc"]}`},
		{"application/json", `{"cvc":`, "(7 bytes)"},
		{"application/json", "", ""},
	} {
		if got := maskParams(test.contentType, []byte(test.body)); got != test.want {
			t.Errorf("maskParams(%q, %q) = %q, want %q", test.contentType, test.body, got, test.want)
		}
	}
}

func TestMaskPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, want string }{
		{"/v1/customers/cus_1/sources", "/v1/customers/cus_1/sources"},
		{"/v1/customers/4242424242424242", "/v1/customers/****4242"},
		{"/v1/customers/sk_test_4eC39HqLyjWDarjtT1zdp7dc/sources", "/v1/customers/sk_test_********************p7dc/sources"},
		{"/v1/webhook_endpoints/whsec_abcdefghijklmnop", "/v1/webhook_endpoints/whsec_************mnop"},
		{"/v1/payment_intents/pi_1_secret_2eZvKYlo2C", "/v1/payment_intents/pi_1_secret_**********lo2C"},
	} {
		if got := maskPath(test.path); strings.Contains(got, "2eZvKY") || strings.Contains(got, "4eC39") || !strings.Contains(test.path, "_secret_") && got != test.want {
			t.Errorf("maskPath(%q) = %q, want %q", test.path, got, test.want)
		}
	}
}
