package billing_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReturnOrder(t *testing.T) {
	t.Parallel()
	part := []string{"order_return.created", "refund.created", "charge.refunded", "order.updated"}
	type step struct {
		form   []string
		status int
		code   string
		param  string
		want   map[string]any // of the return
		after  map[string]any // of the order
		events []string
	}
	for _, c := range []struct {
		name      string
		order     []string
		fulfilled bool
		steps     []step
	}{
		{name: "everything of a paid order", steps: []step{
			{
				status: 200, events: part,
				want:  map[string]any{"object": "order_return", "amount": 5000, "currency": "usd", "items.0.parent": "$m", "items.0.quantity": 2, "items.1.amount": 2000, "items.2": nil},
				after: map[string]any{"status": "canceled", "amount_returned": 5000, "returns.total_count": 1, "returns.data.0.amount": 5000},
			},
			{status: 400, code: "order_status_invalid"},
		}},
		{name: "everything of a fulfilled order", fulfilled: true, steps: []step{
			{form: []string{"items", ""}, status: 200, events: part, want: map[string]any{"amount": 5000}, after: map[string]any{"status": "returned", "amount_returned": 5000}},
		}},
		{name: "in parts", fulfilled: true, steps: []step{
			{form: []string{"items[0][parent]", "$m"}, status: 200, events: part, want: map[string]any{"amount": 1500, "items.0.quantity": 1}, after: map[string]any{"status": "fulfilled", "amount_returned": 1500}},
			{form: []string{"items[0][parent]", "$m", "items[0][quantity]", "2"}, status: 400, param: "items[0][quantity]", after: map[string]any{"amount_returned": 1500}},
			{form: []string{"items[0][type]", "sku", "items[0][parent]", "$l", "items[0][description]", "Torn"}, status: 200, events: part, want: map[string]any{"amount": 2000, "items.0.description": "Torn"}, after: map[string]any{"status": "fulfilled", "amount_returned": 3500}},
			{form: []string{"items[0][parent]", "$l"}, status: 400, param: "items[0]"},
			{status: 200, events: part, want: map[string]any{"amount": 1500, "items.0.parent": "$m", "items.0.quantity": 1, "items.1": nil}, after: map[string]any{"status": "returned", "amount_returned": 5000, "returns.total_count": 3}},
		}},
		{name: "twice in one", steps: []step{
			{form: []string{"items[0][parent]", "$m", "items[1][parent]", "$m"}, status: 200, events: part, want: map[string]any{"amount": 3000}, after: map[string]any{"status": "paid"}},
			{form: []string{"items[0][parent]", "$l", "items[1][parent]", "$l"}, status: 400, param: "items[1]"},
		}},
		{name: "shipping and tax", order: []string{"items[2][type]", "shipping", "items[2][amount]", "700", "items[3][type]", "tax", "items[3][amount]", "300"}, steps: []step{
			{form: []string{"items[0][type]", "shipping", "items[0][amount]", "200"}, status: 200, events: part, want: map[string]any{"amount": 200, "items.0.type": "shipping"}, after: map[string]any{"amount_returned": 200}},
			{form: []string{"items[0][type]", "shipping", "items[0][amount]", "501"}, status: 400, param: "items[0][amount]"},
			{form: []string{"items[0][type]", "shipping", "items[0][parent]", "ship_nobody"}, status: 400, param: "items[0]"},
			{form: []string{"items[0][type]", "tax"}, status: 200, events: part, want: map[string]any{"amount": 300}},
			{form: []string{"items[0][parent]", "$m", "items[0][quantity]", "2", "items[1][parent]", "$l"}, status: 200, events: part, after: map[string]any{"status": "paid", "amount_returned": 5500}},
			{status: 200, events: part, want: map[string]any{"amount": 500}, after: map[string]any{"status": "canceled", "amount_returned": 6000}},
		}},
		{name: "with a discount", order: []string{"items[2][type]", "discount", "items[2][amount]", "-1000"}, steps: []step{
			{form: []string{"items[0][parent]", "$m", "items[0][quantity]", "2", "items[1][parent]", "$l"}, status: 400, param: "items"},
			{form: []string{"items[0][parent]", "$l"}, status: 200, events: part, after: map[string]any{"amount_returned": 2000}},
			{status: 200, events: part, want: map[string]any{"amount": 2000, "items.1.type": "discount", "items.1.amount": -1000}, after: map[string]any{"status": "canceled", "amount_returned": 4000}},
		}},
		{name: "wrong", steps: []step{
			{form: []string{"items[0][parent]", "sku_nobody"}, status: 400, param: "items[0]"},
			{form: []string{"items[0][quantity]", "1"}, status: 400, code: "parameter_missing", param: "items[0][parent]"},
			{form: []string{"items[0][parent]", "$m", "items[0][quantity]", "0"}, status: 400, param: "items[0][quantity]"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOrderShop(t)
			order := s.paid(c.order...)
			path := "/v1/orders/" + order.ID()
			if c.fulfilled {
				s.Post(path, "status", "fulfilled").OK()
			}
			named := func(v any) any {
				if id, ok := map[any]string{"$m": s.m, "$l": s.l}[v]; ok {
					return id
				}
				return v
			}
			for i, step := range c.steps {
				form := make([]string, len(step.form))
				for j := range form {
					form[j] = named(step.form[j]).(string)
				}
				wantEvents(t, s.Server, step.events, func() {
					a := s.Post(path+"/returns", form...)
					if step.status != http.StatusOK {
						var param any
						if step.param != "" {
							param = step.param
						}
						wantFields(t, a.Fails(step.status, step.code), map[string]any{"param": param})
						return
					}
					for field, v := range step.want {
						step.want[field] = named(v)
					}
					wantFields(t, a.OK(), step.want)
					wantFields(t, a.Object, map[string]any{"order": order.ID()})
					wantFields(t, s.Get("/v1/refunds/"+a.Object.Ref("refund")).OK(), map[string]any{"amount": int(a.Object.Int("amount")), "charge": order.Ref("charge")})
				})
				got := s.get(order)
				wantFields(t, got, step.after)
				wantFields(t, s.Get("/v1/charges/"+order.Ref("charge")).OK(), map[string]any{"amount_refunded": int(got.Int("amount_returned"))})
				if t.Failed() {
					t.Fatalf("at step %d", i)
				}
			}
			wantFields(t, s.Get("/v1/skus/"+s.l).OK(), map[string]any{"inventory.quantity": 4})
		})
	}
}

func TestReturnNeedsPayment(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	s.Post("/v1/orders/"+s.order().ID()+"/returns").Fails(400, "order_status_invalid")
	s.Post("/v1/orders/or_nobody/returns").Fails(404, "resource_missing")
}

// What was paid with nothing comes back for nothing.
func TestReturnOfFreeOrder(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	order := s.Post("/v1/orders/" + s.order("items[2][type]", "discount", "items[2][amount]", "-5000").ID() + "/pay").OK()
	wantEvents(t, s.Server, []string{"order_return.created", "order.updated"}, func() {
		wantFields(t, s.Post("/v1/orders/"+order.ID()+"/returns").OK(), map[string]any{"amount": 0, "refund": nil})
	})
	wantFields(t, s.get(order), map[string]any{"status": "canceled", "amount_returned": 0})
}

func TestListOrderReturns(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	first, second := s.paid(), s.paid()
	a := s.Post("/v1/orders/"+first.ID()+"/returns", "items[0][parent]", s.m).OK().ID()
	b := s.Post("/v1/orders/" + second.ID() + "/returns").OK().ID()
	for _, c := range []struct {
		form []string
		want []string
	}{
		{nil, []string{b, a}}, {[]string{"order", first.ID()}, []string{a}}, {[]string{"limit", "1"}, []string{b}},
	} {
		if diff := cmp.Diff(c.want, s.Get("/v1/order_returns", c.form...).IDs()); diff != "" {
			t.Errorf("%v: %s", c.form, diff)
		}
	}
	refund, charge := s.Get("/v1/order_returns/"+a).OK().Ref("refund"), first.Ref("charge")
	if refund[len("re_"):][:17] != charge[len("ch_"):][:17] {
		t.Errorf("the refund %s does not begin as its charge %s does", refund, charge)
	}
	wantFields(t, s.Get("/v1/order_returns/"+a, "expand[]", "order", "expand[]", "refund.charge").OK(),
		map[string]any{"order.id": first.ID(), "refund.charge.order": first.ID()})
	s.Get("/v1/order_returns/orret_nobody").Fails(404, "resource_missing")
}
