package docs_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// heaviest is how much a page may weigh with its styles and scripts, in bytes as they are read.
const heaviest = 150 << 10

var assets = regexp.MustCompile(`(?:href|src)="(/docs/assets/[^"]+)"`)

// TestWeight weighs pages of each form, as whoever opens one alone loads it. The pages of the reference that are about a
// hundred operations and their fields weigh more by what they say; what is around it is the same.
func TestWeight(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	r.try(http.StatusOK, "GetBalance")
	for _, path := range []string{
		"/docs", "/docs/authentication", "/docs/errors", "/docs/errors/card_declined", "/docs/api", "/docs/api/balance", "/docs/search?q=customer", "/docs/try/PostCustomers",
		"/docs/try/PostPaymentIntents", "/docs/try/PostCheckoutSessions",
	} {
		text, _ := r.get(path, http.StatusOK)
		weight := len(text)
		for _, a := range assets.FindAllStringSubmatch(text, -1) {
			if !strings.HasSuffix(a[1], ".svg") || strings.Contains(a[0], "src=") {
				asset, _ := r.get(a[1], http.StatusOK)
				weight += len(asset)
			}
		}
		if weight > heaviest {
			t.Errorf("%s weighs %d bytes, %d of them its own", path, weight, len(text))
		}
		t.Logf("%s weighs %d bytes, %d of them its own", path, weight, len(text))
	}
}
