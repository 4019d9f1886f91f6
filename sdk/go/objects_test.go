package sdk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85"
)

func TestCustomerFromCreateToDelete(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, ctx context.Context, sc *stripe.Client) {
		made, err := sc.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
			Email: stripe.String("jenny.rosen@example.com"), Name: stripe.String("Jenny Rosen"),
			Address:          &stripe.AddressParams{Line1: stripe.String("1 Main St"), Country: stripe.String("US")},
			PreferredLocales: stripe.StringSlice([]string{"en", "fr"}),
			Metadata:         map[string]string{"order_id": "6735", "colour": "blue"},
		})
		must(t, err)
		if !strings.HasPrefix(made.ID, "cus_") || made.Address.Country != "US" || !slices.Equal(made.PreferredLocales, []string{"en", "fr"}) || made.Livemode {
			t.Errorf("created: %s", made.LastResponse.RawJSON)
		}
		found, err := sc.V1Customers.Retrieve(ctx, made.ID, nil)
		must(t, err)
		if diff := cmp.Diff(string(made.LastResponse.RawJSON), string(found.LastResponse.RawJSON)); diff != "" {
			t.Errorf("retrieved (-created +retrieved):\n%s", diff)
		}
		changed, err := sc.V1Customers.Update(ctx, made.ID, &stripe.CustomerUpdateParams{
			Name: stripe.String(""), Description: stripe.String("loyal"), Metadata: map[string]string{"colour": "", "size": "L"},
		})
		must(t, err)
		if changed.Name != "" || changed.Description != "loyal" || changed.Email != "jenny.rosen@example.com" {
			t.Errorf("updated: %s", changed.LastResponse.RawJSON)
		}
		if diff := cmp.Diff(map[string]string{"order_id": "6735", "size": "L"}, changed.Metadata); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
		gone, err := sc.V1Customers.Delete(ctx, made.ID, nil)
		must(t, err)
		again, err := sc.V1Customers.Retrieve(ctx, made.ID, nil)
		must(t, err)
		if !gone.Deleted || !again.Deleted {
			t.Errorf("deleted: %s, retrieved after that: %s", gone.LastResponse.RawJSON, again.LastResponse.RawJSON)
		}
	})
}

func TestPagingVisitsEachObjectOnce(t *testing.T) {
	t.Parallel()
	ctx, sc := t.Context(), client(primary, primary.said["API"], secret)
	const many = 250
	email := "paging@example.com"
	made := atOnce(t, many, func(int) (string, error) {
		c, err := sc.V1Customers.Create(ctx, &stripe.CustomerCreateParams{Email: stripe.String(email)})
		return c.ID, err
	})
	list := func(p stripe.ListParams) []string {
		var ids []string
		for c, err := range sc.V1Customers.List(ctx, &stripe.CustomerListParams{ListParams: p, Email: stripe.String(email)}).All(ctx) {
			must(t, err)
			ids = append(ids, c.ID)
		}
		return ids
	}
	seen := list(stripe.ListParams{Limit: stripe.Int64(20)})
	if diff := cmp.Diff(slices.Sorted(slices.Values(made)), slices.Sorted(slices.Values(seen))); diff != "" {
		t.Fatalf("visited (-created +visited):\n%s", diff)
	}
	backward := list(stripe.ListParams{Limit: stripe.Int64(20), EndingBefore: stripe.String(seen[many-1])})
	slices.Reverse(backward)
	if diff := cmp.Diff(seen[:many-1], backward); diff != "" {
		t.Errorf("visited backward (-want +got):\n%s", diff)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, ctx context.Context, sc *stripe.Client) {
		tag := strings.ReplaceAll(t.Name(), "/", "-")
		made := atOnce(t, 7, func(i int) (string, error) {
			c, err := sc.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
				Name: stripe.String("Search " + tag), Metadata: map[string]string{"tag": tag, "n": fmt.Sprint(i)},
			})
			return c.ID, err
		})
		search := func(query string) []string {
			var ids []string
			params := &stripe.CustomerSearchParams{SearchParams: stripe.SearchParams{Query: query, Limit: stripe.Int64(3)}}
			for c, err := range sc.V1Customers.Search(ctx, params).All(ctx) {
				must(t, err)
				ids = append(ids, c.ID)
			}
			return slices.Sorted(slices.Values(ids))
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(made)), search("metadata['tag']:'"+tag+"'")); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(made[4:5], search("name~'"+tag+"' AND metadata['n']:'4'")); diff != "" {
			t.Errorf("found one (-want +got):\n%s", diff)
		}
	})
}

func TestExpansion(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, ctx context.Context, sc *stripe.Client) {
		product, err := sc.V1Products.Create(ctx, &stripe.ProductCreateParams{Name: stripe.String("Pro plan")})
		must(t, err)
		made, err := sc.V1Prices.Create(ctx, &stripe.PriceCreateParams{
			Product: stripe.String(product.ID), Currency: stripe.String("usd"), UnitAmount: stripe.Int64(1500),
			Recurring: &stripe.PriceCreateRecurringParams{Interval: stripe.String("month")}, Expand: stripe.StringSlice([]string{"product"}),
		})
		must(t, err)
		plain, err := sc.V1Prices.Retrieve(ctx, made.ID, nil)
		must(t, err)
		full, err := sc.V1Prices.Retrieve(ctx, made.ID, &stripe.PriceRetrieveParams{Expand: stripe.StringSlice([]string{"product"})})
		must(t, err)
		if made.Product.Name != "Pro plan" || full.Product.Name != "Pro plan" || plain.Product.ID != product.ID || plain.Product.Name != "" {
			t.Errorf("product: created %+v, plain %+v, expanded %+v", made.Product, plain.Product, full.Product)
		}
		list := &stripe.PriceListParams{Product: stripe.String(product.ID), Expand: stripe.StringSlice([]string{"data.product"})}
		var names []string
		for p, err := range sc.V1Prices.List(ctx, list).All(ctx) {
			must(t, err)
			names = append(names, p.Product.Name)
		}
		if diff := cmp.Diff([]string{"Pro plan"}, names); diff != "" {
			t.Errorf("products in the list (-want +got):\n%s", diff)
		}
	})
}

func TestIdempotentReplay(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, ctx context.Context, sc *stripe.Client) {
		create := func() *stripe.Customer {
			c, err := sc.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
				Params: stripe.Params{IdempotencyKey: stripe.String(t.Name())}, Name: stripe.String("Once"),
			})
			must(t, err)
			return c
		}
		first, second := create(), create()
		if diff := cmp.Diff(string(first.LastResponse.RawJSON), string(second.LastResponse.RawJSON)); diff != "" {
			t.Errorf("replayed (-first +second):\n%s", diff)
		}
		header := func(h http.Header) []string { return []string{h.Get("Idempotent-Replayed"), h.Get("Original-Request")} }
		id := first.LastResponse.RequestID
		if diff := cmp.Diff([]string{"", id}, header(first.LastResponse.Header)); diff != "" {
			t.Errorf("headers of the first (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"true", id}, header(second.LastResponse.Header)); diff != "" {
			t.Errorf("headers of the replay (-want +got):\n%s", diff)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// atOnce runs something n times, sixteen at a time, and returns the results in order.
func atOnce[T any](t *testing.T, n int, run func(i int) (T, error)) []T {
	t.Helper()
	results, errs := make([]T, n), make([]error, n)
	turns := make(chan struct{}, 16)
	var work sync.WaitGroup
	for i := range n {
		turns <- struct{}{}
		work.Go(func() {
			results[i], errs[i] = run(i)
			<-turns
		})
	}
	work.Wait()
	for _, err := range errs {
		must(t, err)
	}
	return results
}
