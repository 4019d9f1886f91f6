package sdk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85"
)

// failure is what matters of an SDK's error.
type failure struct {
	Status int
	Type   stripe.ErrorType
	Code   stripe.ErrorCode
	Param  string
}

func TestErrors(t *testing.T) {
	t.Parallel()
	sc := client(primary, primary.said["API"], secret)
	wrong := client(primary, primary.said["API"], "sk_test_000000000000000000000000")
	reader := client(primary, primary.said["API"], restricted)
	cases := []struct {
		name string
		call func(ctx context.Context) error
		want failure
	}{
		{"400 unknown parameter", func(ctx context.Context) error {
			p := &stripe.CustomerCreateParams{}
			p.AddExtra("shoe_size", "43")
			_, err := sc.V1Customers.Create(ctx, p)
			return err
		}, failure{400, stripe.ErrorTypeInvalidRequest, stripe.ErrorCodeParameterUnknown, "shoe_size"}},
		{"400 missing parameter", func(ctx context.Context) error {
			_, err := sc.V1Products.Create(ctx, &stripe.ProductCreateParams{})
			return err
		}, failure{400, stripe.ErrorTypeInvalidRequest, stripe.ErrorCodeParameterMissing, "name"}},
		{"401 wrong key", func(ctx context.Context) error {
			_, err := wrong.V1Customers.Retrieve(ctx, "cus_nobody", nil)
			return err
		}, failure{401, stripe.ErrorTypeInvalidRequest, "", ""}},
		{"402 declined card", func(ctx context.Context) error {
			_, err := charge(ctx, sc)
			return err
		}, failure{402, stripe.ErrorTypeCard, stripe.ErrorCodeCardDeclined, ""}},
		{"403 key without the right", func(ctx context.Context) error {
			_, err := reader.V1Customers.Create(ctx, &stripe.CustomerCreateParams{})
			return err
		}, failure{403, stripe.ErrorTypeInvalidRequest, "", ""}},
		{"404 no such object", func(ctx context.Context) error {
			_, err := sc.V1Customers.Retrieve(ctx, "cus_nobody", nil)
			return err
		}, failure{404, stripe.ErrorTypeInvalidRequest, stripe.ErrorCodeResourceMissing, "id"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := refusal(t, c.call(t.Context()))
			if diff := cmp.Diff(c.want, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param}); diff != "" {
				t.Errorf("error (-want +got):\n%s\n%v", diff, e)
			}
			if !strings.HasPrefix(e.RequestID, "req_") || e.Msg == "" {
				t.Errorf("request id %q, message %q", e.RequestID, e.Msg)
			}
		})
	}
}

func charge(ctx context.Context, sc *stripe.Client) (*stripe.Charge, error) {
	return sc.V1Charges.Create(ctx, &stripe.ChargeCreateParams{
		Amount: stripe.Int64(1500), Currency: stripe.String("usd"), Source: &stripe.PaymentSourceSourceParams{Token: stripe.String("tok_chargeDeclined")},
	})
}

func TestDeclineNamesTheFailedCharge(t *testing.T) {
	t.Parallel()
	sc := client(primary, primary.said["API"], secret)
	_, err := charge(t.Context(), sc)
	e := refusal(t, err)
	var card *stripe.CardError
	if !errors.As(e.Err, &card) || card.DeclineCode != stripe.DeclineCodeGenericDecline {
		t.Errorf("error %v is no card error with the issuer's reason", err)
	}
	failed, err := sc.V1Charges.Retrieve(t.Context(), e.ChargeID, nil)
	must(t, err)
	if failed.Status != stripe.ChargeStatusFailed {
		t.Errorf("the charge is %s", failed.Status)
	}
}

func TestRestrictedKeyDoesWhatItMay(t *testing.T) {
	t.Parallel()
	for _, err := range client(primary, primary.said["API"], restricted).V1Customers.List(t.Context(), &stripe.CustomerListParams{}).All(t.Context()) {
		must(t, err)
		break
	}
}

func TestIdempotencyKeyForSomethingElse(t *testing.T) {
	t.Parallel()
	sc := client(primary, primary.said["API"], secret)
	_, err := once(t.Context(), sc, t.Name(), "One")
	must(t, err)
	_, err = once(t.Context(), sc, t.Name(), "Other")
	e := refusal(t, err)
	if diff := cmp.Diff(failure{400, stripe.ErrorTypeIdempotency, "", ""}, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param}); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func once(ctx context.Context, sc *stripe.Client, key, name string) (*stripe.Customer, error) {
	return sc.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
		Params: stripe.Params{IdempotencyKey: stripe.String(key)}, Name: stripe.String(name),
	})
}

// TestTwoAtOnceWithOneKey sends the same request many times at once, each time with a new key, until two of them meet.
func TestTwoAtOnceWithOneKey(t *testing.T) {
	t.Parallel()
	sc := client(primary, primary.said["API"], secret)
	for attempt := range 100 {
		ids := map[string]bool{}
		var met *stripe.Error
		for _, a := range atOnce(t, 16, func(int) (outcome, error) {
			c, err := once(t.Context(), sc, fmt.Sprint(t.Name(), attempt), "Once")
			return outcome{c, err}, nil
		}) {
			if a.err != nil {
				met = refusal(t, a.err)
				continue
			}
			ids[a.made.ID] = true
		}
		if len(ids) != 1 {
			t.Fatalf("one key created %v", ids)
		}
		if met != nil {
			want := failure{http.StatusConflict, stripe.ErrorTypeIdempotency, stripe.ErrorCodeIdempotencyKeyInUse, ""}
			if diff := cmp.Diff(want, failure{met.HTTPStatusCode, met.Type, met.Code, met.Param}); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			return
		}
	}
	t.Fatal("1,600 requests in 100 rounds never met")
}

type outcome struct {
	made *stripe.Customer
	err  error
}

func TestMoreRequestsThanAllowed(t *testing.T) {
	t.Parallel()
	sc := client(limited, limited.said["API"], secret)
	for _, a := range atOnce(t, 5, func(int) (outcome, error) {
		c, err := sc.V1Customers.Retrieve(t.Context(), "cus_nobody", nil)
		return outcome{c, err}, nil
	}) {
		e := refusal(t, a.err)
		if e.HTTPStatusCode == http.StatusNotFound {
			continue
		}
		want := failure{http.StatusTooManyRequests, stripe.ErrorTypeInvalidRequest, stripe.ErrorCodeRateLimit, ""}
		if diff := cmp.Diff(want, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param}); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
		return
	}
	t.Fatal("five requests at once passed a limit of one in a second")
}

// refusal is the SDK's error of a call that had to be refused.
func refusal(t *testing.T, err error) *stripe.Error {
	t.Helper()
	var e *stripe.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error of the API", err)
	}
	return e
}
