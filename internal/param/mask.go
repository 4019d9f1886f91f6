package param

import (
	"strings"

	"sharesmart/internal/object"
)

// Mask writes parameters as a form in the order in which they were sent, with secrets made unreadable: card and account
// numbers keep their last four digits, tokens and keys their kind, all others nothing. It is what a log may hold.
func Mask(o *object.Object) string {
	var e encoder
	e.emit = func(value string) { e.pair(masked(e.names, value)) }
	e.object(o)
	return string(e.out)
}

// secrets are the names of values that nobody may read again.
var secrets = map[string]bool{
	"cvc": true, "pin": true, "encrypted_number": true, "password": true, "secret": true, "client_secret": true,
	"cryptogram": true, "id_number": true, "id_number_secondary": true, "personal_id_number": true, "ssn_last_4": true,
	"payload": true, "access_token": true, "refresh_token": true, "code_verifier": true,
}

// accounts are the names of numbers whose last digits may be shown.
var accounts = map[string]bool{"account_number": true, "iban": true, "bank_account_number": true}

// tokens are how values begin that stand for a secret or are one. Longer ones come first.
var tokens = []string{"sk_test_", "sk_live_", "sk_org_", "rk_test_", "rk_live_", "ek_test_", "ek_live_", "whsec_", "tok_", "btok_", "cvctok_",
	"ctoken_", "pii_", "ct_"}

const stars = "****"

// masked is what may be shown of a value. Names tell what it is, and where they do not, its looks.
func masked(names []string, value string) string {
	if value == "" {
		return ""
	}
	name := names[len(names)-1]
	switch {
	case secrets[name] || strings.HasSuffix(name, "_secret") || len(names) == 1 && name == "key":
		return secret(value)
	case accounts[name], name == "number" && len(digitsOf(value)) >= 8, isCardNumber(value):
		return lastDigits(value)
	case strings.Contains(value, "_secret_"):
		id, _, _ := strings.Cut(value, "_secret_")
		return id + "_secret_" + stars
	}
	for _, prefix := range tokens {
		if strings.HasPrefix(value, prefix) {
			return prefix + stars
		}
	}
	return value
}

// secret hides a value, but for the kind of key that it is.
func secret(value string) string {
	for _, prefix := range tokens {
		if strings.HasPrefix(value, prefix) {
			return prefix + stars
		}
	}
	return stars
}

// lastDigits shows the last four digits of a number that has at least twice as many.
func lastDigits(value string) string {
	digits := digitsOf(value)
	if len(digits) < 8 {
		return stars
	}
	return stars + digits[len(digits)-4:]
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// isCardNumber reports whether a text is 14 to 19 digits with a right check digit (Luhn), whatever its name; blanks and
// dashes may stand between them.
func isCardNumber(s string) bool {
	sum, n := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		c := s[i]
		if c == ' ' || c == '-' {
			continue
		}
		if c < '0' || c > '9' {
			return false
		}
		digit := int(c - '0')
		if n%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		n++
	}
	return n >= 14 && n <= 19 && sum%10 == 0
}
