package billing_test

import (
	"context"
	"encoding/json"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// demo is a server with the demo account, and that account's key.
func demo(t *testing.T) *servertest.Server {
	t.Helper()
	s := servertest.New(t)
	account, err := s.Registry.CreateAccount(context.Background(), billing.DemoAccount)
	if err != nil {
		t.Fatal(err)
	}
	if err := billing.SeedDemo(t.Context(), s.Engine, s.Registry); err != nil {
		t.Fatal(err)
	}
	s.Key = account.TestSecret.Secret
	return s
}

// documentedOrder is the answer that the documentation shows.
const documentedOrder = `{
  "id": "or_1Ce6vg2eZvKYlo2CcQtHtXdu",
  "object": "order",
  "amount": 1500,
  "amount_returned": 1500,
  "application": null,
  "application_fee": null,
  "charge": "ch_1Ce6vm2eZvKYlo2CHPf2Ho6S",
  "created": 1529265172,
  "currency": "usd",
  "customer": null,
  "email": "jenny.rosen@example.com",
  "items": [
    {
      "type": "sku",
      "parent": "sku_G3qQngkSaByvzT"
    }
  ],
  "livemode": false,
  "metadata": {
    "order_id": "6735"
  }
}`

func TestDemoOrder(t *testing.T) {
	t.Parallel()
	s := demo(t)
	var want, got map[string]any
	if err := json.Unmarshal([]byte(documentedOrder), &want); err != nil {
		t.Fatal(err)
	}
	s.Get("/v1/orders/or_1Ce6vg2eZvKYlo2CcQtHtXdu").Into(&got)
	for name, v := range want {
		if name == "items" {
			continue
		}
		if diff := cmp.Diff(v, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	items := got["items"].([]any)
	if len(items) != 1 {
		t.Fatalf("the order has %d items, want 1", len(items))
	}
	for name, v := range want["items"].([]any)[0].(map[string]any) {
		if items[0].(map[string]any)[name] != v {
			t.Errorf("items[0].%s is %v, want %v", name, items[0].(map[string]any)[name], v)
		}
	}
	order := s.Get("/v1/orders/or_1Ce6vg2eZvKYlo2CcQtHtXdu", "expand[]", "charge", "expand[]", "items.parent.product").OK()
	wantFields(t, order, map[string]any{
		"status": "returned", "status_transitions.paid": 1529265178, "items.0.parent.price": 1500, "items.0.parent.product.type": "good",
		"charge.amount": 1500, "charge.amount_refunded": 1500, "charge.refunded": true, "charge.created": 1529265178, "charge.order": "or_1Ce6vg2eZvKYlo2CcQtHtXdu",
		"returns.total_count": 1, "returns.data.0.amount": 1500,
	})
	refund := order.Object("returns").Array("data")[0].(*object.Object).Ref("refund")
	wantFields(t, s.Get("/v1/refunds/"+refund).OK(), map[string]any{"amount": 1500, "charge": "ch_1Ce6vm2eZvKYlo2CHPf2Ho6S"})
}

func TestDemoCreditNotes(t *testing.T) {
	t.Parallel()
	s := demo(t)
	wantFields(t, s.Get("/v1/credit_notes/cn_1FWqvi2eZvKYlo2CZd3TwT6n", "expand[]", "invoice.customer").OK(), map[string]any{
		"created": 1571864382, "amount": 1500, "type": "post_payment", "refunds.0.amount_refunded": 1500, "status": "issued",
		"invoice.status": "paid", "invoice.total": 4800, "invoice.post_payment_credit_notes_amount": 1500, "invoice.customer.email": "jenny.rosen@example.com",
	})
	wantFields(t, s.Get("/v1/credit_notes/cn_1FWuAc2eZvKYlo2C1Kbk7sKK", "expand[]", "invoice").OK(), map[string]any{
		"created": 1571876838, "amount": 1000, "type": "pre_payment", "invoice.status": "open", "invoice.amount_remaining": 3800, "invoice.lines.data.0.description": "ShareSmart Pro",
	})
	got := s.Post("/v1/credit_notes/cn_1FWqvi2eZvKYlo2CZd3TwT6n", "metadata[order_id]", "6735").OK()
	wantFields(t, got, map[string]any{"metadata.order_id": "6735"})
	if diff := cmp.Diff([]string{"cn_1FWuAc2eZvKYlo2C1Kbk7sKK", "cn_1FWqvi2eZvKYlo2CZd3TwT6n"}, s.Get("/v1/credit_notes").IDs()); diff != "" {
		t.Error(diff)
	}
}

func TestDemoPlans(t *testing.T) {
	t.Parallel()
	s := demo(t)
	for _, c := range []struct {
		lookup, product, interval string
		amount                    int
	}{
		{"sharesmart_free_monthly", "ShareSmart Free", "month", 0}, {"sharesmart_free_yearly", "ShareSmart Free", "year", 0},
		{"sharesmart_pro_monthly", "ShareSmart Pro", "month", 500}, {"sharesmart_pro_yearly", "ShareSmart Pro", "year", 4800},
	} {
		list := s.Get("/v1/prices", "lookup_keys[]", c.lookup, "expand[]", "data.product").OK()
		wantFields(t, list, map[string]any{"data.0.unit_amount": c.amount, "data.0.recurring.interval": c.interval, "data.0.product.name": c.product, "data.1": nil})
	}
}

// Seeding again changes nothing, and brings back only what is missing.
func TestDemoIsIdempotent(t *testing.T) {
	t.Parallel()
	s := demo(t)
	count := func() []int {
		var n []int
		for _, path := range []string{"products", "prices", "orders", "skus", "charges", "refunds", "credit_notes", "invoices", "customers", "events"} {
			n = append(n, len(s.Get("/v1/"+path, "limit", "100").IDs()))
		}
		return n
	}
	before := count()
	s.Post("/v1/orders/or_1Ce6vg2eZvKYlo2CcQtHtXdu", "metadata[order_id]", "1").OK()
	before[len(before)-1]++
	if err := billing.SeedDemo(t.Context(), s.Engine, s.Registry); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, count()); diff != "" {
		t.Error(diff)
	}
	wantFields(t, s.Get("/v1/orders/or_1Ce6vg2eZvKYlo2CcQtHtXdu").OK(), map[string]any{"metadata.order_id": "1"})
}

// Ids tell when their objects were made; so the demo's objects say the same.
func TestDemoTimes(t *testing.T) {
	t.Parallel()
	s := demo(t)
	for path, want := range map[string]int{
		"orders/or_1Ce6vg2eZvKYlo2CcQtHtXdu": 1529265172, "charges/ch_1Ce6vm2eZvKYlo2CHPf2Ho6S": 1529265178, "skus/sku_G3qQngkSaByvzT": 1572071160,
		"credit_notes/cn_1FWqvi2eZvKYlo2CZd3TwT6n": 1571864382, "credit_notes/cn_1FWuAc2eZvKYlo2C1Kbk7sKK": 1571876838,
	} {
		wantFields(t, s.Get("/v1/"+path).OK(), map[string]any{"created": want})
	}
	in := s.Get("/v1/credit_notes/cn_1FWqvi2eZvKYlo2CZd3TwT6n").OK().Ref("invoice")
	if in[:6] != "in_1FV" && in[:6] != "in_1FU" {
		t.Errorf("the invoice's id %s does not tell of October 2019", in)
	}
}
