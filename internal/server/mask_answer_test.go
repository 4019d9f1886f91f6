package server

import (
	"strings"
	"testing"
)

func TestMaskAnswer(t *testing.T) {
	t.Parallel()
	const key = "sk_test_51032D82eZvKYlo2CWFf3IQz4M44x2dKlgUeTS1PBnvK"
	for _, c := range []struct{ body, keeps, hides string }{
		{`{"object":"sandbox","secret_key":"` + key + `","name":"x"}`, `"name": "x"`, "IQz4M44x2dKlg"},
		{`{"object":"webhook_endpoint","secret":"whsec_abcdefghijklmnop","url":"https://a.b"}`, `"url": "https://a.b"`, "abcdefghijklmnop"},
		{`{"object":"ephemeral_key","secret":"ek_test_abcdefghijklmnop"}`, "ephemeral_key", "abcdefghijklmnop"},
		{`{"error":{"payment_intent":{"client_secret":"pi_1_secret_abcdefghijkl"},"code":"card_declined"}}`, "card_declined", "abcdefghijkl"},
		{`{"data":[{"secret":"whsec_abcdefghijklmnop"}],"object":"list"}`, "list", "abcdefghijklmnop"},
		{`{"object":"credit_note","number":"D7H55571-0001-CN-01"}`, "D7H55571-0001-CN-01", "never"},
		{"\x89PNG secret", "(11 bytes)", "secret"},
	} {
		got := maskAnswer([]byte(c.body))
		if !strings.Contains(got, c.keeps) || strings.Contains(got, c.hides) {
			t.Errorf("%s became %s: want %q and not %q", c.body, got, c.keeps, c.hides)
		}
	}
}
