package server

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestSecretOf(t *testing.T) {
	t.Parallel()
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, test := range []struct{ header, want string }{
		{"Bearer sk_test_123", "sk_test_123"},
		{"bearer   sk_test_123 ", "sk_test_123"},
		{basic("sk_test_123:"), "sk_test_123"},
		{basic("sk_test_123:a password"), "sk_test_123"},
		{basic("sk_test_123"), "sk_test_123"},
		{"BASIC c2tfdGVzdF8xMjM6", "sk_test_123"},
		{basic(":sk_test_123"), ""},
		{"Basic !!!", ""},
		{"Basic ", ""},
		{"Bearer ", ""},
		{"Bearer", ""},
		{"Digest sk_test_123", ""},
		{"sk_test_123", ""},
		{"", ""},
		{"Bearer " + strings.Repeat("x", 2000), ""},
		{basic(strings.Repeat("x", 760)), strings.Repeat("x", 760)},
		{basic(strings.Repeat("x", 2000)), ""},
	} {
		if got := secretOf(test.header); got != test.want {
			t.Errorf("secretOf(%.40q) = %.40q, want %.40q", test.header, got, test.want)
		}
	}
}
