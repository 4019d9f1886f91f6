package billing_test

import (
	"net/http"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// orderShop is a product with skus: M infinite, L five pieces, XL by bucket.
type orderShop struct {
	*servertest.Server
	product, m, l, xl string
}

func newOrderShop(t *testing.T) *orderShop {
	s := &orderShop{Server: servertest.New(t)}
	s.product = shop(s.Server)
	s.m = newSKU(s.Server, s.product, "M")
	s.l = newSKU(s.Server, s.product, "L", "inventory[type]", "finite", "inventory[quantity]", "5", "price", "2000")
	s.xl = newSKU(s.Server, s.product, "XL", "inventory[type]", "bucket", "inventory[value]", "limited")
	return s
}

// order makes an order of two M and one L: 5000 cents.
func (s *orderShop) order(more ...string) *object.Object {
	return s.Post("/v1/orders", append([]string{
		"currency", "usd", "email", "jenny@example.com", "items[0][type]", "sku", "items[0][parent]", s.m, "items[0][quantity]", "2",
		"items[1][parent]", s.l,
	}, more...)...).OK()
}

// paid is such an order, paid.
func (s *orderShop) paid(more ...string) *object.Object {
	return s.Post("/v1/orders/"+s.order(more...).ID()+"/pay", "source", "tok_visa").OK()
}

func (s *orderShop) get(order *object.Object) *object.Object {
	return s.Get("/v1/orders/" + order.ID()).OK()
}

func TestCreateOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		form   []string
		status int
		code   string
		param  string
		want   map[string]any
	}{
		{
			name: "one sku", form: []string{"currency", "usd", "email", "jenny@example.com", "items[][parent]", "$m", "metadata[order_id]", "6735"}, status: 200,
			want: map[string]any{
				"object": "order", "amount": 1500, "amount_returned": nil, "application": nil, "application_fee": nil, "charge": nil, "currency": "usd", "customer": nil,
				"email": "jenny@example.com", "livemode": false, "metadata.order_id": "6735", "status": "created", "shipping": nil,
				"items.0.type": "sku", "items.0.parent": "$m", "items.0.amount": 1500, "items.0.quantity": 1, "items.0.description": "T-shirt", "items.0.currency": "usd",
				"items.1.type": "tax", "items.1.amount": 0, "items.1.description": "Taxes (included)", "items.1.parent": nil, "items.1.quantity": nil,
				"items.2.type": "shipping", "items.2.amount": 0, "items.2.description": "Free shipping", "items.2.parent": "ship_free-shipping",
				"selected_shipping_method": "ship_free-shipping", "shipping_methods.0.id": "ship_free-shipping", "shipping_methods.0.amount": 0, "shipping_methods.0.delivery_estimate": nil,
				"status_transitions.paid": nil, "status_transitions.fulfiled": nil, "returns.object": "list", "returns.total_count": 0, "returns.has_more": false,
			},
		},
		{
			name: "several", status: 200,
			form: []string{"currency", "USD", "items[0][parent]", "$m", "items[0][quantity]", "2", "items[1][parent]", "$l", "items[1][type]", "sku"},
			want: map[string]any{"amount": 5000, "items.0.amount": 3000, "items.0.quantity": 2, "items.1.amount": 2000, "email": nil},
		},
		{
			name: "own tax, shipping and discount", status: 200,
			form: []string{
				"currency", "usd", "items[0][type]", "tax", "items[0][amount]", "120", "items[0][description]", "Sales tax", "items[1][type]", "shipping", "items[1][amount]", "500",
				"items[2][parent]", "$m", "items[3][type]", "discount", "items[3][amount]", "-100",
			},
			want: map[string]any{
				"amount": 2020, "items.0.type": "sku", "items.1.description": "Sales tax", "items.2.description": "Shipping", "items.3.amount": -100, "items.4": nil,
				"shipping_methods": nil, "selected_shipping_method": nil,
			},
		},
		{
			name: "shipped", status: 200,
			form: []string{"currency", "usd", "items[][parent]", "$m", "shipping[name]", "Jenny Rosen", "shipping[address][line1]", "1 Main St", "shipping[address][country]", "US"},
			want: map[string]any{
				"shipping.name": "Jenny Rosen", "shipping.address.line1": "1 Main St", "shipping.address.country": "US", "shipping.address.city": nil,
				"shipping.carrier": nil, "shipping.phone": nil, "shipping.tracking_number": nil,
			},
		},
		{name: "the whole stock", form: []string{"currency", "usd", "items[][parent]", "$l", "items[][quantity]", "5"}, status: 200, want: map[string]any{"amount": 10000}},
		{name: "more than the stock", form: []string{"currency", "usd", "items[][parent]", "$l", "items[][quantity]", "6"}, status: 400, code: "out_of_inventory", param: "items[0][parent]"},
		{name: "more than the stock in two", form: []string{"currency", "usd", "items[0][parent]", "$l", "items[0][quantity]", "3", "items[1][parent]", "$l", "items[1][quantity]", "3"}, status: 400, code: "out_of_inventory", param: "items[1][parent]"},
		{name: "limited bucket", form: []string{"currency", "usd", "items[][parent]", "$xl", "items[][quantity]", "100"}, status: 200, want: map[string]any{"amount": 150000}},
		{name: "no items", form: []string{"currency", "usd"}, status: 400, code: "parameter_missing", param: "items"},
		{name: "no sku among them", form: []string{"currency", "usd", "items[0][type]", "tax", "items[0][amount]", "5"}, status: 400, code: "parameter_missing", param: "items"},
		{name: "no currency", form: []string{"items[][parent]", "$m"}, status: 400, code: "parameter_missing", param: "currency"},
		{name: "unknown currency", form: []string{"currency", "xxx", "items[][parent]", "$m"}, status: 400, param: "currency"},
		{name: "other currency", form: []string{"currency", "eur", "items[][parent]", "$m"}, status: 400, param: "items[0][parent]"},
		{name: "item in other currency", form: []string{"currency", "usd", "items[0][parent]", "$m", "items[0][currency]", "eur"}, status: 400, param: "items[0][currency]"},
		{name: "no parent", form: []string{"currency", "usd", "items[0][type]", "sku"}, status: 400, code: "parameter_missing", param: "items[0][parent]"},
		{name: "unknown sku", form: []string{"currency", "usd", "items[0][parent]", "sku_nobody"}, status: 400, code: "resource_missing", param: "items[0][parent]"},
		{name: "none of it", form: []string{"currency", "usd", "items[0][parent]", "$m", "items[0][quantity]", "0"}, status: 400, code: "parameter_invalid_integer", param: "items[0][quantity]"},
		{name: "tax without amount", form: []string{"currency", "usd", "items[0][parent]", "$m", "items[1][type]", "tax"}, status: 400, code: "parameter_missing", param: "items[1][amount]"},
		{name: "positive discount", form: []string{"currency", "usd", "items[0][parent]", "$m", "items[1][type]", "discount", "items[1][amount]", "5"}, status: 400, param: "items[1][amount]"},
		{name: "discount too great", form: []string{"currency", "usd", "items[0][parent]", "$m", "items[1][type]", "discount", "items[1][amount]", "-1501"}, status: 400, code: "order_creation_failed", param: "items"},
		{name: "no address", form: []string{"currency", "usd", "items[0][parent]", "$m", "email", "jenny"}, status: 400, code: "email_invalid", param: "email"},
		{name: "unknown customer", form: []string{"currency", "usd", "items[0][parent]", "$m", "customer", "cus_nobody"}, status: 400, code: "resource_missing", param: "customer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOrderShop(t)
			named := func(v string) string {
				if id, ok := map[string]string{"$m": s.m, "$l": s.l, "$xl": s.xl}[v]; ok {
					return id
				}
				return v
			}
			for i := range c.form {
				c.form[i] = named(c.form[i])
			}
			var events []string
			if c.status == http.StatusOK {
				events = []string{"order.created"}
			}
			wantEvents(t, s.Server, events, func() {
				a := s.Post("/v1/orders", c.form...)
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), map[string]any{"param": c.param})
					return
				}
				for path, v := range c.want {
					if text, ok := v.(string); ok {
						c.want[path] = named(text)
					}
				}
				wantFields(t, a.OK(), c.want)
			})
			wantFields(t, s.Get("/v1/skus/"+s.l).OK(), map[string]any{"inventory.quantity": 5})
		})
	}
}

func TestOrderLimits(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	form := []string{"currency", "usd"}
	for range 26 {
		form = append(form, "items[][parent]", s.m)
	}
	wantFields(t, s.Post("/v1/orders", form...).Fails(400, ""), map[string]any{"param": "items"})
	wantFields(t, s.Post("/v1/orders", form[:len(form)-2]...).OK(), map[string]any{"amount": 25 * 1500})

	s.Post("/v1/skus/"+s.m, "active", "false").OK()
	wantFields(t, s.Post("/v1/orders", "currency", "usd", "items[][parent]", s.m).Fails(400, "sku_inactive"), map[string]any{"param": "items[0][parent]"})
	s.Post("/v1/skus/"+s.xl, "inventory[value]", "out_of_stock").OK()
	s.Post("/v1/orders", "currency", "usd", "items[][parent]", s.xl).Fails(400, "out_of_inventory")
	s.Post("/v1/products/"+s.product, "active", "false").OK()
	s.Post("/v1/orders", "currency", "usd", "items[][parent]", s.l).Fails(400, "product_inactive")
}

func TestShippableNeedsAddress(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	s.Post("/v1/products/"+s.product, "shippable", "true").OK()
	wantFields(t, s.Post("/v1/orders", "currency", "usd", "items[][parent]", s.m).Fails(400, "parameter_missing"), map[string]any{"param": "shipping"})
	s.order("shipping[name]", "Jenny Rosen", "shipping[address][line1]", "1 Main St")
	customer := s.Post("/v1/customers", "email", "jordan@example.com", "shipping[name]", "Jordan Lee", "shipping[address][line1]", "2 Main St", "shipping[phone]", "555").OK().ID()
	got := s.Post("/v1/orders", "currency", "usd", "items[][parent]", s.m, "customer", customer).OK()
	wantFields(t, got, map[string]any{
		"email": "jordan@example.com", "shipping.name": "Jordan Lee", "shipping.phone": "555", "shipping.address.line1": "2 Main St", "shipping.carrier": nil, "customer": customer,
	})
	wantFields(t, s.order("customer", customer, "shipping[name]", "Jenny Rosen", "shipping[address][line1]", "1 Main St"),
		map[string]any{"email": "jenny@example.com", "shipping.name": "Jenny Rosen", "shipping.phone": nil})
}

func TestOrderCoupons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		coupon []string
		status int
		code   string
		want   map[string]any
	}{
		{"percent", []string{"percent_off", "25.5", "duration", "once", "name", "Quarter"}, 200, "", map[string]any{"amount": 3725, "items.2.type": "discount", "items.2.amount": -1275, "items.2.description": "Quarter", "items.2.quantity": nil, "items.3.type": "tax"}},
		{"amount", []string{"amount_off", "700", "currency", "usd", "duration", "once"}, 200, "", map[string]any{"amount": 4300, "items.2.amount": -700}},
		{"more than all", []string{"amount_off", "9900", "currency", "usd", "duration", "once"}, 200, "", map[string]any{"amount": 0, "items.2.amount": -5000}},
		{"other currency", []string{"amount_off", "700", "currency", "eur", "duration", "once"}, 400, "", nil},
		{"for ever", []string{"percent_off", "10", "duration", "forever"}, 400, "", nil},
		{"over", []string{"percent_off", "10", "duration", "once", "redeem_by", "1788267600"}, 400, "coupon_expired", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOrderShop(t)
			coupon := s.Post("/v1/coupons", c.coupon...).OK().ID()
			s.Clock.Advance(24 * time.Hour)
			order := s.order()
			for _, a := range []*servertest.Answer{
				s.Post("/v1/orders", "currency", "usd", "items[0][parent]", s.m, "items[0][quantity]", "2", "items[1][parent]", s.l, "coupon", coupon),
				s.Post("/v1/orders/"+order.ID(), "coupon", coupon),
			} {
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), map[string]any{"param": "coupon"})
					continue
				}
				wantFields(t, a.OK(), c.want)
				wantFields(t, a.Object, map[string]any{"items.2.parent": coupon})
			}
		})
	}
}

func TestCouponIsUsedUp(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	coupon := s.Post("/v1/coupons", "percent_off", "10", "duration", "once", "max_redemptions", "1").OK().ID()
	s.order("coupon", coupon)
	wantFields(t, s.Get("/v1/coupons/"+coupon).OK(), map[string]any{"times_redeemed": 1, "valid": false})
	s.Post("/v1/orders/"+s.order().ID(), "coupon", coupon).Fails(400, "coupon_expired")
}

// A discount may name its coupon itself.
func TestDiscountItemNamesCoupon(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	order := s.order("items[2][type]", "discount", "items[2][amount]", "-100", "items[2][parent]", "SUMMER")
	wantFields(t, order, map[string]any{"items.2.parent": "SUMMER", "items.2.description": "Discount", "amount": 4900})
}

func TestSeveralCoupons(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	order := s.order()
	for _, form := range [][]string{{"percent_off", "10"}, {"amount_off", "300", "currency", "usd"}} {
		coupon := s.Post("/v1/coupons", append(form, "duration", "once")...).OK().ID()
		s.Post("/v1/orders/"+order.ID(), "coupon", coupon).OK()
	}
	wantFields(t, s.get(order), map[string]any{"amount": 4200, "items.2.amount": -500, "items.3.amount": -300, "items.4.type": "tax", "items.5.type": "shipping"})
	wantFields(t, s.Post("/v1/orders/"+order.ID(), "coupon", "nobody").Fails(400, "resource_missing"), map[string]any{"param": "coupon"})
}

// The state machine: each status, and what becomes of it by each move.
func TestOrderStatus(t *testing.T) {
	t.Parallel()
	reach := map[string][]string{
		"created": nil, "paid": {"pay"}, "fulfilled": {"pay", "fulfilled"}, "canceled": {"canceled"}, "returned": {"pay", "fulfilled", "returned"},
	}
	refunded := []string{"refund.created", "charge.refunded", "order.updated"}
	allowed := map[string]map[string][]string{
		"created":   {"canceled": {"order.updated"}},
		"paid":      {"fulfilled": {"order.updated"}, "canceled": refunded},
		"fulfilled": {"returned": append([]string{"order_return.created"}, refunded...)},
	}
	for from, way := range reach {
		for _, to := range []string{"created", "paid", "fulfilled", "canceled", "returned"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				s := newOrderShop(t)
				order := s.order()
				path := "/v1/orders/" + order.ID()
				for _, step := range way {
					if step == "pay" {
						s.Post(path+"/pay", "source", "tok_visa").OK()
						continue
					}
					s.Post(path, "status", step).OK()
				}
				s.Clock.Advance(time.Hour)
				events, ok := allowed[from][to]
				wantEvents(t, s.Server, events, func() {
					a := s.Post(path, "status", to)
					switch {
					case ok:
						moment := to
						if to == "fulfilled" {
							moment = "fulfiled" //nolint:misspell // spelled so since 2015
						}
						wantFields(t, a.OK(), map[string]any{"status": to, "status_transitions." + moment: s.Clock.Now().Unix(), "updated": s.Clock.Now().Unix()})
					case from == to:
						a.OK()
					default:
						wantFields(t, a.Fails(400, "order_status_invalid"), map[string]any{"param": "status"})
					}
				})
				if !ok {
					wantFields(t, s.get(order), map[string]any{"status": from})
				}
				if charge := s.get(order).Ref("charge"); charge != "" {
					backs := map[string]int{"canceled": 5000, "returned": 5000}
					status := s.get(order).String("status")
					wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"amount": 5000, "amount_refunded": backs[status], "order": order.ID()})
				}
			})
		}
	}
}

func TestPayOrder(t *testing.T) {
	t.Parallel()
	paid := []string{"charge.succeeded", "order.payment_succeeded", "order.updated", "sku.updated"}
	for _, c := range []struct {
		name     string
		order    []string
		customer []string // sources of the order's customer, if it has one
		pay      []string
		status   int
		code     string
		err      map[string]any
		want     map[string]any
		events   []string
		stock    int
	}{
		{
			name: "token", pay: []string{"source", "tok_visa", "metadata[k]", "v"}, status: 200, events: paid, stock: 4,
			want: map[string]any{"status": "paid", "metadata.k": "v", "email": "jenny@example.com", "amount": 5000, "amount_returned": nil},
		},
		{name: "another address", pay: []string{"source", "tok_visa", "email", "jordan@example.com"}, status: 200, events: paid, stock: 4, want: map[string]any{"email": "jordan@example.com"}},
		{name: "the order's customer", customer: []string{"tok_amex"}, status: 200, events: paid, stock: 4, want: map[string]any{"status": "paid"}},
		{
			name: "declined", pay: []string{"source", "tok_chargeDeclined", "email", "jordan@example.com", "metadata[k]", "v"}, status: 402, code: "card_declined",
			err:  map[string]any{"decline_code": "generic_decline", "type": "card_error"},
			want: map[string]any{"status": "created", "charge": nil, "email": "jenny@example.com", "metadata.k": nil}, events: []string{"charge.failed", "order.payment_failed"}, stock: 5,
		},
		{
			name: "customer declines", customer: []string{"tok_chargeCustomerFail"}, status: 402, code: "card_declined",
			want: map[string]any{"status": "created"}, events: []string{"charge.failed", "order.payment_failed"}, stock: 5,
		},
		{name: "customer without card", customer: []string{}, status: 400, code: "missing", err: map[string]any{"param": "card"}, want: map[string]any{"status": "created"}, stock: 5},
		{name: "nobody", status: 400, code: "parameter_missing", err: map[string]any{"param": "source"}, want: map[string]any{"status": "created"}, stock: 5},
		{name: "no address", order: []string{"email", ""}, pay: []string{"source", "tok_visa"}, status: 400, code: "parameter_missing", err: map[string]any{"param": "email"}, want: map[string]any{"status": "created"}, stock: 5},
		{name: "unknown token", pay: []string{"source", "tok_nobody"}, status: 400, code: "resource_missing", err: map[string]any{"param": "source"}, want: map[string]any{"status": "created"}, stock: 5},
		{name: "unknown customer", pay: []string{"customer", "cus_nobody"}, status: 400, code: "resource_missing", err: map[string]any{"param": "customer"}, want: map[string]any{"status": "created"}, stock: 5},
		{
			name: "nothing to pay", order: []string{"items[2][type]", "discount", "items[2][amount]", "-5000"}, status: 200,
			events: []string{"order.payment_succeeded", "order.updated", "sku.updated"}, want: map[string]any{"status": "paid", "amount": 0, "charge": nil}, stock: 4,
		},
		{name: "too little to charge", order: []string{"items[2][type]", "discount", "items[2][amount]", "-4960"}, pay: []string{"source", "tok_visa"}, status: 400, code: "amount_too_small", want: map[string]any{"status": "created"}, stock: 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOrderShop(t)
			form := []string{"currency", "usd", "items[0][parent]", s.m, "items[0][quantity]", "2", "items[1][parent]", s.l}
			if len(c.order) == 0 || c.order[0] != "email" {
				form = append(form, "email", "jenny@example.com")
				form = append(form, c.order...)
			}
			if c.customer != nil {
				customer := s.Post("/v1/customers").OK().ID()
				for _, token := range c.customer {
					s.Post("/v1/customers/"+customer+"/sources", "source", token).OK()
				}
				form = append(form, "customer", customer)
			}
			order := s.Post("/v1/orders", form...).OK()
			s.Clock.Advance(6 * time.Second)
			var charge string
			wantEvents(t, s.Server, c.events, func() {
				a := s.Post("/v1/orders/"+order.ID()+"/pay", c.pay...)
				if c.status != http.StatusOK {
					e := a.Fails(c.status, c.code)
					wantFields(t, e, c.err)
					charge = e.String("charge")
					return
				}
				wantFields(t, a.OK(), map[string]any{"status_transitions.paid": s.Clock.Now().Unix()})
				charge = a.Object.Ref("charge")
			})
			got := s.get(order)
			wantFields(t, got, c.want)
			wantFields(t, s.Get("/v1/skus/"+s.l).OK(), map[string]any{"inventory.quantity": c.stock})
			if charge != "" {
				want := map[string]any{"order": order.ID(), "amount": 5000, "paid": c.status == http.StatusOK}
				if got.Ref("customer") != "" {
					want["customer"] = got.Ref("customer")
				}
				wantFields(t, s.Get("/v1/charges/"+charge, "expand[]", "order").OK(), map[string]any{"order.id": order.ID()})
				wantFields(t, s.Get("/v1/charges/"+charge).OK(), want)
			} else if c.status == 402 || c.status == 200 && c.want["amount"] != 0 {
				t.Error("there is no charge")
			}
		})
	}
}

func TestPayOrderTwice(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	order := s.paid()
	s.Post("/v1/orders/"+order.ID()+"/pay", "source", "tok_visa").Fails(400, "order_status_invalid")
	if ids := s.Get("/v1/charges").IDs(); len(ids) != 1 {
		t.Errorf("charges %v", ids)
	}
	s.Post("/v1/orders/or_nobody/pay", "source", "tok_visa").Fails(404, "resource_missing")
}

// What was in stock when it was ordered may be gone when it is paid.
func TestStockRunsOut(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	first, second := s.order("items[1][quantity]", "3"), s.order("items[1][quantity]", "3")
	s.Post("/v1/orders/"+first.ID()+"/pay", "source", "tok_visa").OK()
	wantEvents(t, s.Server, nil, func() {
		s.Post("/v1/orders/"+second.ID()+"/pay", "source", "tok_visa").Fails(400, "out_of_inventory")
	})
	wantFields(t, s.get(second), map[string]any{"status": "created", "charge": nil})
	if diff := cmp.Diff([]string{}, s.Get("/v1/skus", "in_stock", "false").IDs()); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateOrder(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	created := s.order("shipping[name]", "Jenny Rosen", "shipping[address][line1]", "1 Main St")
	path := "/v1/orders/" + created.ID()
	events := wantEvents(t, s.Server, []string{"order.updated"}, func() {
		got := s.Post(path, "metadata[k]", "v", "shipping[carrier]", "UPS", "shipping[tracking_number]", "1Z").OK()
		wantFields(t, got, map[string]any{"metadata.k": "v", "shipping.carrier": "UPS", "shipping.tracking_number": "1Z", "shipping.name": "Jenny Rosen", "shipping.address.line1": "1 Main St"})
	})
	wantFields(t, events[0].Object("data").Object("previous_attributes"), map[string]any{"shipping.carrier": nil, "metadata.k": nil, "amount": nil})
	wantEvents(t, s.Server, nil, func() { s.Post(path, "selected_shipping_method", "ship_free-shipping").OK() })
	wantFields(t, s.Post(path, "selected_shipping_method", "ship_nobody").Fails(400, ""), map[string]any{"param": "selected_shipping_method"})

	paid := s.paid()
	path = "/v1/orders/" + paid.ID()
	coupon := s.Post("/v1/coupons", "percent_off", "10", "duration", "once").OK().ID()
	wantFields(t, s.Post(path, "coupon", coupon).Fails(400, "order_status_invalid"), map[string]any{"param": "coupon"})
	wantFields(t, s.Post(path, "selected_shipping_method", "ship_free-shipping").Fails(400, "order_status_invalid"), map[string]any{"param": "selected_shipping_method"})
	wantFields(t, s.Post(path, "shipping[carrier]", "UPS", "shipping[tracking_number]", "1Z").Fails(400, ""), map[string]any{"param": "shipping"})
	s.Delete(path).Fails(404, "")
}

func TestListOrders(t *testing.T) {
	t.Parallel()
	s := newOrderShop(t)
	customer := s.Post("/v1/customers").OK().ID()
	a := s.order("customer", customer)
	s.Clock.Advance(time.Hour)
	b := s.paid()
	s.Clock.Advance(time.Hour)
	c := s.paid()
	s.Post("/v1/orders/"+c.ID(), "status", "fulfilled").OK()
	at := func(n int64) string { return shown(servertest.Start.Unix() + n) }
	for _, q := range []struct {
		name string
		form []string
		want []string
	}{
		{"all", nil, []string{c.ID(), b.ID(), a.ID()}},
		{"status", []string{"status", "paid"}, []string{b.ID()}},
		{"customer", []string{"customer", customer}, []string{a.ID()}},
		{"ids", []string{"ids[]", a.ID(), "ids[]", c.ID()}, []string{c.ID(), a.ID()}},
		{"created", []string{"created[gte]", at(3600)}, []string{c.ID(), b.ID()}},
		{"paid", []string{"status_transitions[paid][lt]", at(7200)}, []string{b.ID()}},
		{"fulfilled", []string{"status_transitions[fulfilled][gte]", at(7200)}, []string{c.ID()}},
		{"returned", []string{"status_transitions[returned][gte]", "1"}, []string{}},
		{"page", []string{"limit", "1", "starting_after", c.ID()}, []string{b.ID()}},
	} {
		if diff := cmp.Diff(q.want, s.Get("/v1/orders", q.form...).IDs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", q.name, diff)
		}
	}
	expanded := s.Get("/v1/orders", "status", "paid", "expand[]", "data.charge", "expand[]", "data.items.parent").OK()
	wantFields(t, expanded, map[string]any{"data.0.charge.amount": 5000, "data.0.items.0.parent.id": s.m})
}
