package resource_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// TestInIsOneForEachAccount reaches one account from two others: it is the same operation there, so that a change seen
// by the one way is seen by the other, and both are written.
func TestInIsOneForEachAccount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	one, two := s.Post("/v1/accounts", "type", "custom").OK().ID(), s.Post("/v1/accounts", "type", "custom").OK().ID()
	customer := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: http.Header{"Stripe-Account": {two}}, Form: []string{"name", "Jenny"}}).OK().ID()
	grant, err := s.Registry.Authenticate(s.Key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Engine.Call(t.Context(), grant.Namespace, func(op *resource.Op) error {
		first, err := op.In(one)
		if err != nil {
			return err
		}
		change := func(from *resource.Op, field, value string) error {
			there, err := from.In(two)
			if err != nil {
				return err
			}
			c, err := there.Get("customer", customer, "customer")
			if err != nil {
				return err
			}
			c.Set(field, value)
			there.Save(c)
			return nil
		}
		if err := change(first, "email", "jenny@example.com"); err != nil {
			return err
		}
		if err := change(op, "phone", "123"); err != nil {
			return err
		}
		home, err := first.In(op.Account())
		if err == nil && home.Account() != op.Account() {
			t.Errorf("the way home leads to %s", home.Account())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := s.Do(servertest.Request{Method: "GET", Path: "/v1/customers/" + customer, Header: http.Header{"Stripe-Account": {two}}}).OK()
	if got.String("email") != "jenny@example.com" || got.String("phone") != "123" {
		t.Errorf("only one change was kept: %s", got.AppendJSON(nil, 0))
	}
}
