package stripe_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/processor/stripe"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/hooks"
)

// shop is a seller in live mode, whose money another server in test mode moves, as Stripe would. There is nothing but HTTP
// between the two.
type shop struct {
	*servertest.Server
	t     *testing.T
	bank  *servertest.Server // what stands for Stripe
	pages *httptest.Server   // the seller's pages: webhooks, and where customers come back to
	ns    *access.Namespace
	wires *wires
}

// wires are the way from the seller to Stripe, which a test can cut.
type wires struct {
	cutBefore, cutAfter atomic.Int32 // so many requests are not sent, or their answers get lost
}

func (w *wires) RoundTrip(r *http.Request) (*http.Response, error) {
	if took(&w.cutBefore) {
		return nil, context.DeadlineExceeded
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && took(&w.cutAfter) {
		_ = answer.Body.Close()
		return nil, context.DeadlineExceeded
	}
	return answer, err
}

// took takes one of what is left, if anything is.
func took(left *atomic.Int32) bool {
	for {
		n := left.Load()
		if n == 0 {
			return false
		}
		if left.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, bank: servertest.New(t, servertest.FromNow()), wires: &wires{}}
	var serve http.Handler
	s.pages = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve.ServeHTTP(w, r) }))
	t.Cleanup(s.pages.Close)
	endpoint := s.bank.Post("/v1/webhook_endpoints", "url", s.pages.URL+hooks.Prefix, "enabled_events[]", "*").OK()
	s.Server = servertest.New(t, servertest.Processor(stripe.New(stripe.Options{
		Secret: s.bank.Key, Publishable: s.bank.Account.TestPublishable.Secret, Webhook: endpoint.String("secret"), URL: s.bank.URL,
		HTTP: &http.Client{Transport: s.wires, Timeout: 10 * time.Second},
	})))
	s.Key = s.Account.LiveSecret.Secret
	var err error
	if s.ns, err = s.Registry.Namespace(s.Account.ID, access.Live); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	mux := http.NewServeMux()
	mux.Handle(hooks.Prefix, hooks.New(hooks.Options{
		Engine: s.Engine, Log: log, Noticed: billing.Noticed,
		Namespace: func(context.Context, string) (*access.Namespace, error) { return s.ns, nil },
	}))
	mux.Handle(checkout.Prefix, checkout.New(checkout.Options{Engine: s.Engine, Log: log, Return: billing.ReturnFromBank}))
	serve = mux
	t.Cleanup(func() {
		problems, err := s.Engine.Verify(context.WithoutCancel(t.Context()))
		if err != nil || len(problems) > 0 {
			t.Errorf("the books: %v, %v", problems, err)
		}
	})
	return s
}

// card is a payment method that a customer typed into Stripe's own field.
func (s *shop) card(name string) string {
	s.t.Helper()
	return s.bank.Post("/v1/payment_methods", "type", "card", "card[token]", "tok_"+name, "billing_details[name]", "Jenny Rosen").OK().ID()
}

// settle lets Stripe's webhooks come in, and what they cause happen.
func (s *shop) settle() {
	s.t.Helper()
	for _, e := range []*servertest.Server{s.bank, s.Server} {
		if err := e.Engine.RunDue(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// theirs is the payment at Stripe that a payment here was made by.
func (s *shop) theirs(intent string) *object.Object {
	s.t.Helper()
	for _, v := range s.bank.Get("/v1/payment_intents?limit=100").OK().Array("data") {
		if pi := v.(*object.Object); pi.Object("metadata").String("sharesmart_intent") == intent {
			return pi
		}
	}
	s.t.Fatalf("Stripe has no payment for %s", intent)
	return nil
}

// want compares fields of an object, whose names are ways into it.
func (s *shop) want(o *object.Object, fields map[string]any) {
	s.t.Helper()
	for name, want := range fields {
		got := o.At(strings.Split(name, ".")...)
		if n, ok := want.(int); ok {
			want = int64(n)
		}
		if got != want {
			s.t.Errorf("%s: %s is %v, want %v", o.ID(), name, got, want)
		}
	}
}

// reconcile asks Stripe what has happened.
func (s *shop) reconcile() {
	s.t.Helper()
	r := &billing.Reconciler{Engine: s.Engine}
	if err := r.Reconcile(s.t.Context(), s.ns, time.Now()); err != nil {
		s.t.Fatal(err)
	}
}
