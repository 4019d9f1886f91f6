package server

import (
	"strings"
	"testing"
)

func TestMaskKeys(t *testing.T) {
	t.Parallel()
	const key, masked = "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_********************p7dc"
	for text, want := range map[string]string{
		"":                                  "",
		"No such customer: 'cus_1'":         "No such customer: 'cus_1'",
		"No such customer: '" + key + "'":   "No such customer: '" + masked + "'",
		"a%20" + key + "%20b " + key:        "a%20" + masked + "%20b " + masked,
		"sk_test_123 and pk_live_123456789": "sk_test_123 and pk_live_123456789",
		"whsec_0123456789abcdef":            "whsec_************cdef",
	} {
		if got := maskKeys(text); got != want {
			t.Errorf("maskKeys(%q) = %q, want %q", text, got, want)
		}
	}
	token := "eyJhbGciOiJFUzI1NiJ9." + strings.Repeat("eyJhIjoxfQ", 5) + ".c2lnbmF0dXJl"
	for value, want := range map[string]bool{token: true, "eyes. and. " + token: false, "ey.a.b": false} {
		if isToken(value) != want {
			t.Errorf("%q is a token: %v", value, !want)
		}
	}
}

func TestHideParam(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{
		"client_secret=****&code=123456": "client_secret=****&code=****", "%63ode=1&codes=2": "%63ode=****&codes=2", "": "", `{"code":"1"}`: "(12 bytes)",
	} {
		if got := hideParam("code", form); got != want {
			t.Errorf("%q becomes %q, want %q", form, got, want)
		}
	}
}
