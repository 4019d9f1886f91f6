package server_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/servertest"
)

// A key that is bound to networks is refused from elsewhere, and says why.
func TestKeyIsBoundToNetworks(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for network, want := range map[string]int{"127.0.0.0/8": http.StatusOK, "203.0.113.0/24": http.StatusForbidden} {
		k, err := s.Registry.CreateKey(t.Context(), access.KeySpec{Networks: []netip.Prefix{netip.MustParsePrefix(network)}})
		if err != nil {
			t.Fatal(err)
		}
		a := s.Do(servertest.Request{Method: http.MethodGet, Path: "/v1/customers", Key: k.Secret})
		if a.Status != want {
			t.Errorf("%s: status %d, want %d: %s", network, a.Status, want, a.Body)
		}
		if want == http.StatusForbidden && !strings.Contains(string(a.Body), "cannot be used from your IP address (127.0.0.1)") {
			t.Errorf("the answer is %s", a.Body)
		}
	}
}
