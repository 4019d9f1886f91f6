package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// In which currency a checkout session sells.

// sessionCurrency chooses the currency: the one that was sent, that of where the customer is if all prices have it, or
// that of the first price.
func sessionCurrency(op *resource.Op, s *object.Object, prices []*object.Object) error {
	if sent := op.Params.String("currency"); sent != "" {
		return checkCurrency(sent)
	}
	email := s.Object("customer_details").String("email")
	local := currencyOf(locationOf(email))
	if local != "" && !slices.ContainsFunc(prices, func(p *object.Object) bool { return p.String("currency") != local && !hasCurrency(op, p, local) }) {
		s.Set("currency", local)
		return nil
	}
	s.Set("currency", prices[0].String("currency"))
	return nil
}

// locationOf is the country that an e-mail address says its owner is in, for tests: jenny+location_FR@example.com. It is
// empty if the address says nothing.
func locationOf(email string) string {
	local, _, _ := strings.Cut(email, "@")
	_, code, found := strings.Cut(local, "+location_")
	if code = strings.ToUpper(code); !found || !isCountry(code) {
		return ""
	}
	return code
}

// currencyOf is the currency of a country, or empty.
func currencyOf(code string) string {
	for _, c := range countries {
		if c.code == code {
			return c.currency
		}
	}
	return ""
}
