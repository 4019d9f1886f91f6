package stripe_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"

	"sharesmart/internal/processor"
	"sharesmart/internal/processor/stripe"
)

// TestRequests holds every request of the processor against stripe-mock, which knows what Stripe takes.
func TestRequests(t *testing.T) {
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
	p := stripe.New(stripe.Options{Secret: "sk_test_123", Publishable: "pk_test_123", URL: mock.URL})
	payment := processor.RemotePayment{ID: "pi_1", Amount: 2000, Currency: "usd", Customer: "cus_1", Method: "pm_1", Capture: true, FutureUsage: "off_session", ReturnURL: "https://shop.example", Description: "Pro",
		Suffix: "PRO", Email: "jenny@example.com", Request3DS: "any"}
	renewal := payment
	renewal.OffSession, renewal.FutureUsage = true, ""
	setup := processor.RemotePayment{ID: "seti_1", Setup: true, Customer: "cus_1", Method: "pm_1", FutureUsage: "off_session", ReturnURL: "https://shop.example"}
	ctx := t.Context()
	for name, ask := range map[string]func() error{
		"a customer": func() error {
			_, err := p.Customer(ctx, "k1", processor.RemoteCustomer{ID: "cus_1", Email: "jenny@example.com", Name: "Jenny"})
			return err
		},
		"a payment":        func() error { _, err := p.Pay(ctx, "k2", payment); return err },
		"a renewal":        func() error { _, err := p.Pay(ctx, "k3", renewal); return err },
		"a setup":          func() error { _, err := p.Pay(ctx, "k4", setup); return err },
		"how it stands":    func() error { _, err := p.Payment(ctx, "pi_1", false); return err },
		"how a setup does": func() error { _, err := p.Payment(ctx, "seti_1", true); return err },
		"a capture":        func() error { _, err := p.Capture(ctx, "k5", "pi_1", 100); return err },
		"a cancellation": func() error {
			return errors.Join(p.Cancel(ctx, "k6", "pi_1", false), p.Cancel(ctx, "k7", "seti_1", true))
		},
		"a method": func() error { _, err := p.Method(ctx, "pm_1"); return errors.Join(err, p.Detach(ctx, "pm_1")) },
		"a refund": func() error { _, err := p.Refund(ctx, "k8", "pi_1", "re_1", 100); return err },
		"refunds":  func() error { _, err := p.Refunds(ctx, "pi_1"); return err },
		"disputes": func() error { _, err := p.Disputes(ctx, "pi_1"); return err },
		"evidence": func() error {
			return p.Dispute(ctx, "k9", "dp_1", processor.Evidence{Texts: map[string]string{"customer_name": "Jenny", "uncategorized_text": "It was sent."}, Submit: true})
		},
		"giving in": func() error { return p.Dispute(ctx, "k10", "dp_1", processor.Evidence{GiveIn: true}) },
		"events":    func() error { _, err := p.Notices(ctx, time.Unix(1_700_000_000, 0)); return err },
	} {
		if err := ask(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Pay(ctx, "k11", processor.RemotePayment{ID: "pi_1", Currency: "usd", Method: "pm_1", Request3DS: "perhaps"}); !errors.Is(err, processor.ErrRefused) {
		t.Errorf("stripe-mock takes what Stripe does not: %v", err)
	}
}
