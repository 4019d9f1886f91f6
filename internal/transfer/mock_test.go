package transfer_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"
)

// TestImportFromMock holds every request of an import against stripe-mock, which knows what Stripe takes. What it answers are
// examples that do not fit together: they may be left out, and break nothing.
func TestImportFromMock(t *testing.T) {
	t.Parallel()
	spec, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		t.Fatal(err)
	}
	stub, err := server.NewStubServer(fixtures, spec, false, false)
	if err != nil {
		t.Fatal(err)
	}
	mock := httptest.NewServer(http.HandlerFunc(stub.HandleRequest))
	t.Cleanup(mock.Close)
	m := newMove(t)
	m.source.URL, m.source.Key = mock.URL, "sk_test_123"
	first := m.run()
	for _, kind := range []string{"product", "price", "coupon", "tax_rate"} {
		if o := first[kind]; o.Made != 1 {
			t.Errorf("%s: %+v", kind, o)
		}
	}
	for kind, o := range m.run() {
		if o.Made != 0 || o.Known != first[kind].Made || len(o.Refused) != len(first[kind].Refused) {
			t.Errorf("%s, the second time: %+v after %+v", kind, o, first[kind])
		}
	}
}
