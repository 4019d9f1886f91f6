package access

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/clock"
)

func TestNewSecret(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Unix(1_700_000_000, 0))
	for _, test := range []struct {
		kind string
		live bool
		want string
	}{
		{SecretKey, false, "sk_test_51032D82eZvKYlo2C"},
		{SecretKey, true, "sk_live_51032D82eZvKYlo2C"},
		{PublishableKey, false, "pk_test_51032D82eZvKYlo2C"},
		{RestrictedKey, true, "rk_live_51032D82eZvKYlo2C"},
		{EphemeralKey, false, "ek_test_51032D82eZvKYlo2C"},
	} {
		secret := newSecret(c, test.kind, "acct_1032D82eZvKYlo2C", test.live)
		if len(secret) != 107 || !strings.HasPrefix(secret, test.want) || secret[95:97] != "00" {
			t.Errorf("newSecret(%s, %t) = %s, want 107 characters from %s with 00 before the last ten", test.kind, test.live, secret, test.want)
		}
		kind, live, ok := parseSecret(secret)
		if kind != test.kind || live != test.live || !ok {
			t.Errorf("parseSecret(%s) = %s, %t, %t", secret, kind, live, ok)
		}
	}
}

func TestTypingErrorsFailTheChecksum(t *testing.T) {
	t.Parallel()
	secret := newSecret(clock.NewFake(time.Unix(0, 0)), SecretKey, "acct_1032D82eZvKYlo2C", false)
	for i := len("sk_test_"); i < len(secret); i++ {
		other := byte('x')
		if secret[i] == other {
			other = 'y'
		}
		if wrong := secret[:i] + string(other) + secret[i+1:]; isKey(wrong) {
			t.Errorf("%s passes with a wrong character at %d", wrong, i)
		}
		if i+1 < len(secret) && secret[i] != secret[i+1] {
			if swapped := secret[:i] + string(secret[i+1]) + string(secret[i]) + secret[i+2:]; isKey(swapped) {
				t.Errorf("%s passes with two characters swapped at %d", swapped, i)
			}
		}
	}
}

func isKey(s string) bool { _, _, ok := parseSecret(s); return ok }

func TestParseSecret(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		secret string
		want   bool
	}{
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dc", true},
		{"rk_live_4eC39HqLyjWDarjtT1zdp7dc", true},
		{"pk_test_4eC39HqLyjWDarjtT1zdp7dc", true},
		{"sk_test_4eC39HqLyjWDarjtT1zdp7d", false},
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dcc", false},
		{"sk_test_4eC39HqLyjWDarjtT1zdp7d_", false},
		{"sk_Test_4eC39HqLyjWDarjtT1zdp7dc", false},
		{"ek_test_4eC39HqLyjWDarjtT1zdp7dc", false},
		{"sk_test_" + strings.Repeat("a", 99), false},
		{"sk_test_", false},
		{"sk", false},
		{"", false},
	} {
		if got := isKey(test.secret); got != test.want {
			t.Errorf("parseSecret(%q) = %t, want %t", test.secret, got, test.want)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ secret, want string }{
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_********************p7dc"},
		{"rk_test_4eC39HqLyjWDarjtT1zdp7dc", "rk_test_******************zdp7dc"},
		{"pk_live_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_********************p7dc"},
		{"undefined", "*****ined"},
		{"pi_1PiXFSecretzlzo", "pi_***********zlzo"},
		{"abcdefg", "*******"},
		{"sk_test_", "sk_test_"},
		{"sk_test_abc", "sk_test_***"},
		{"", ""},
		{"aaaaaaaaaaaa\xff\xfe\xfd\xfc", "****************"},
	} {
		if got := Mask(test.secret); got != test.want {
			t.Errorf("Mask(%q) = %q, want %q", test.secret, got, test.want)
		}
	}
	if long := Mask(strings.Repeat("k", 10_000)); len(long) > 200 {
		t.Errorf("the mask of a long key has %d characters", len(long))
	}
}
