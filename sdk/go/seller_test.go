package sdk

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/rawrequest"
)

// seller is an account of its own for each test: nobody else moves its balance or writes its events.
type seller struct {
	*stripe.Client
	t       *testing.T
	key     string
	account *string // of which the client acts on behalf, if of any
}

// newSeller makes a sandbox below the demo account.
func newSeller(t *testing.T) *seller {
	t.Helper()
	var made struct {
		SecretKey string `json:"secret_key"`
	}
	raw(t, secret, "/v1/sandboxes", "name=sdk", &made)
	return &seller{Client: client(primary, primary.said["API"], made.SecretKey), t: t, key: made.SecretKey}
}

// raw posts a form that stripe-go has no method for.
func raw(t *testing.T, key, path, form string, answer any) {
	t.Helper()
	backend, ok := backends(primary, primary.said["API"]).API.(stripe.RawRequestBackend)
	if !ok {
		t.Fatal("stripe-go's backend takes no raw requests")
	}
	got, err := rawrequest.Client{B: backend, Key: key}.RawRequest("POST", path, form, nil)
	must(t, err)
	must(t, json.Unmarshal(got.RawJSON, answer))
}

// on is the same seller, as one of its connected accounts.
func (s *seller) on(account string) *seller {
	there := *s
	there.account = &account
	return &there
}

func (s *seller) params() stripe.Params { return stripe.Params{StripeAccount: s.account} }

func (s *seller) listing() stripe.ListParams {
	return stripe.ListParams{StripeAccount: s.account, Limit: stripe.Int64(100)}
}

// payment is one that is confirmed with its creation, by a method that needs no page.
func (s *seller) payment(method string, amount int64) *stripe.PaymentIntentCreateParams {
	return &stripe.PaymentIntentCreateParams{
		Params: s.params(), Amount: stripe.Int64(amount), Currency: stripe.String("usd"), PaymentMethod: stripe.String(method), Confirm: stripe.Bool(true),
		AutomaticPaymentMethods: &stripe.PaymentIntentCreateAutomaticPaymentMethodsParams{Enabled: stripe.Bool(true), AllowRedirects: stripe.String("never")},
	}
}

func (s *seller) pay(p *stripe.PaymentIntentCreateParams) *stripe.PaymentIntent {
	s.t.Helper()
	pi, err := s.V1PaymentIntents.Create(s.t.Context(), p)
	must(s.t, err)
	return pi
}

func (s *seller) customer() *stripe.Customer {
	s.t.Helper()
	c, err := s.V1Customers.Create(s.t.Context(), &stripe.CustomerCreateParams{Name: stripe.String("Jenny Rosen"), Email: stripe.String("jenny.rosen@example.com")})
	must(s.t, err)
	return c
}

func (s *seller) charge(id string, expand ...string) *stripe.Charge {
	s.t.Helper()
	ch, err := s.V1Charges.Retrieve(s.t.Context(), id, &stripe.ChargeRetrieveParams{Params: s.params(), Expand: stripe.StringSlice(expand)})
	must(s.t, err)
	return ch
}

// settled is the charge of a payment, once its money is in the books.
func (s *seller) settled(pi *stripe.PaymentIntent) *stripe.Charge {
	s.t.Helper()
	return eventually(s.t, "a balance transaction",
		func() *stripe.Charge { return s.charge(pi.LatestCharge.ID, "balance_transaction") },
		func(ch *stripe.Charge) bool { return ch.BalanceTransaction != nil })
}

// later waits until a payment has come to a status.
func (s *seller) later(pi *stripe.PaymentIntent, status stripe.PaymentIntentStatus) *stripe.PaymentIntent {
	s.t.Helper()
	return eventually(s.t, string(status),
		func() *stripe.PaymentIntent { return s.intent(pi.ID) },
		func(pi *stripe.PaymentIntent) bool { return pi.Status == status })
}

func (s *seller) intent(id string) *stripe.PaymentIntent {
	s.t.Helper()
	pi, err := s.V1PaymentIntents.Retrieve(s.t.Context(), id, &stripe.PaymentIntentRetrieveParams{Params: s.params()})
	must(s.t, err)
	return pi
}

// happened waits for the events, and compares them in order.
func (s *seller) happened(want ...string) {
	s.t.Helper()
	got := eventually(s.t, "events", func() []string {
		var types []string
		for e, err := range s.V1Events.List(s.t.Context(), &stripe.EventListParams{ListParams: s.listing()}).All(s.t.Context()) {
			must(s.t, err)
			types = append(types, string(e.Type))
		}
		slices.Reverse(types)
		return types
	}, func(types []string) bool { return len(types) >= len(want) })
	same(s.t, "events", want, got)
}

// holds compares what of the balance is available, and what is pending.
func (s *seller) holds(available, pending int64) {
	s.t.Helper()
	got := [2]int64{}
	b := s.balance()
	for i, funds := range [][]*stripe.BalanceAmount{b.Available, b.Pending} {
		for _, f := range funds {
			got[i] += f.Amount
		}
	}
	same(s.t, "balance, available and pending", [2]int64{available, pending}, got)
}

// total is all that the balance holds.
func (s *seller) total() int64 {
	s.t.Helper()
	var sum int64
	b := s.balance()
	for _, f := range slices.Concat(b.Available, b.Pending) {
		sum += f.Amount
	}
	return sum
}

func (s *seller) balance() *stripe.Balance {
	s.t.Helper()
	b, err := s.V1Balance.Retrieve(s.t.Context(), &stripe.BalanceRetrieveParams{Params: s.params()})
	must(s.t, err)
	return b
}

// row is what matters of a balance transaction.
type row struct {
	Type             stripe.BalanceTransactionType
	Amount, Fee, Net int64
}

func rowOf(bt *stripe.BalanceTransaction) row { return row{bt.Type, bt.Amount, bt.Fee, bt.Net} }

// moved compares what the books say, oldest first.
func (s *seller) moved(want ...row) {
	s.t.Helper()
	var got []row
	for bt, err := range s.V1BalanceTransactions.List(s.t.Context(), &stripe.BalanceTransactionListParams{ListParams: s.listing()}).All(s.t.Context()) {
		must(s.t, err)
		got = append(got, rowOf(bt))
	}
	slices.Reverse(got)
	same(s.t, "books", want, got)
}

// eventually asks again until the answer holds. The server's timers run every second, and banks take a few.
func eventually[T any](t *testing.T, what string, ask func() T, holds func(T) bool) T {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for again := time.NewTicker(100 * time.Millisecond); ; {
		answer := ask()
		if holds(answer) {
			return answer
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s: not so after 30 s: %+v", what, answer)
		}
	}
}

// same compares two values.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// declined is the card error of a call that had to be declined.
func declined(t *testing.T, err error, code stripe.ErrorCode, reason stripe.DeclineCode) *stripe.Error {
	t.Helper()
	e := refusal(t, err)
	var card *stripe.CardError
	if !errors.As(e.Err, &card) {
		t.Fatalf("error %v is no card error", err)
	}
	same(t, "error", failure{402, stripe.ErrorTypeCard, code, cardParams[code]}, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param})
	if reason != "" {
		same(t, "reason", reason, card.DeclineCode)
	}
	return e
}

// cardParams are the parameters that card errors name.
var cardParams = map[stripe.ErrorCode]string{stripe.ErrorCodeExpiredCard: "exp_month", stripe.ErrorCodeIncorrectCVC: "cvc"}
