package billing

import (
	"context"
	"fmt"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// DemoAccount is the account that the documentation's examples are about.
const DemoAccount = "acct_1032D82eZvKYlo2C"

// ReadersAccount is the account of the sandboxes in which readers of the documentation try its calls. It is not the demo
// account, whose key is published and could delete its sandboxes.
const ReadersAccount = "acct_1032D82eZvReader"

// The demo's objects whose ids the documentation shows.
const (
	demoFree      = "sharesmart_free"
	demoPro       = "sharesmart_pro"
	demoSKU       = "sku_G3qQngkSaByvzT"
	demoOrder     = "or_1Ce6vg2eZvKYlo2CcQtHtXdu"
	demoCharge    = "ch_1Ce6vm2eZvKYlo2CHPf2Ho6S"
	demoRefunded  = "cn_1FWqvi2eZvKYlo2CZd3TwT6n"
	demoLowered   = "cn_1FWuAc2eZvKYlo2C1Kbk7sKK"
	demoYearly    = "sharesmart_pro_yearly"
	demoCurrency  = "usd"
	demoSkuPrice  = 1500
	demoRefund    = 1500
	demoReduction = 1000
)

// SeedDemo fills the demo account's test mode with the objects that the documentation names, as if they had come about
// at the times that their ids tell. What is there already is left alone, so it may run at every start.
func SeedDemo(ctx context.Context, e *resource.Engine, r *access.Registry) error {
	ns, err := r.Namespace(DemoAccount, access.Test)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return SeedSamples(ctx, e, ns)
}

// SeedSamples puts the objects that the documentation names into a namespace, as SeedDemo does into the demo account's.
func SeedSamples(ctx context.Context, e *resource.Engine, ns *access.Namespace) error {
	for _, part := range []struct {
		kind, id string
		make     func(*resource.Op) error
	}{
		{"product", demoPro, demoPlans},
		{"order", demoOrder, demoReturnedOrder},
		{"credit_note", demoRefunded, demoRefundedNote},
		{"credit_note", demoLowered, demoLoweredNote},
	} {
		if _, err := e.Call(ctx, ns, func(op *resource.Op) error {
			known, err := op.Find(part.kind, part.id)
			if known != nil || err != nil {
				op.Object = known
				return err
			}
			return part.make(op)
		}); err != nil {
			return fmt.Errorf("demo: %s: %w", part.id, err)
		}
	}
	return nil
}

// demoPlans makes the two plans that ShareSmart sells.
func demoPlans(op *resource.Op) error {
	return op.Backdate(time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC), func() error {
		for _, plan := range []struct {
			id, name        string
			monthly, yearly int64
		}{{demoFree, "ShareSmart Free", 0, 0}, {demoPro, "ShareSmart Pro", 500, 4800}} {
			product, err := op.Create("product", newParams("id", plan.id, "name", plan.name))
			if err != nil {
				return err
			}
			for _, price := range []struct {
				interval string
				amount   int64
			}{{"month", plan.monthly}, {"year", plan.yearly}} {
				if _, err := op.Create("price", newParams("product", product.ID(), "currency", demoCurrency, "unit_amount", price.amount,
					"recurring", newParams("interval", price.interval, "interval_count", int64(1), "usage_type", "licensed"), "lookup_key", plan.id+"_"+price.interval+"ly")); err != nil {
					return err
				}
			}
			op.Object = product
		}
		return nil
	})
}

// demoReturnedOrder is an order that was paid six seconds after it was made, fulfilled, and sent back whole.
func demoReturnedOrder(op *resource.Op) error {
	if err := op.Backdate(time.Date(2019, 10, 26, 6, 26, 0, 0, time.UTC), func() error { return demoGoods(op) }); err != nil {
		return err
	}
	made := time.Unix(1529265172, 0)
	if err := op.Backdate(made, func() error { return demoNewOrder(op) }); err != nil {
		return err
	}
	order := op.Object
	if err := op.Backdate(made.Add(6*time.Second), func() error {
		op.Choose("charge", demoCharge)
		op.Params = newParams("source", "tok_visa")
		return payOrder(op)
	}); err != nil {
		return err
	}
	if err := op.Backdate(made.Add(26*time.Hour), func() error {
		return op.Update(order, newParams("status", "fulfilled"))
	}); err != nil {
		return err
	}
	return op.Backdate(made.Add(10*24*time.Hour), func() error {
		_, err := op.Create("order_return", newParams("order", order.ID()))
		return err
	})
}

func demoGoods(op *resource.Op) error {
	product, err := op.Create("product", newParams("name", "ShareSmart Pro gift card", "type", "good", "shippable", false))
	if err != nil {
		return err
	}
	_, err = op.Create("sku", newParams("id", demoSKU, "product", product.ID(), "currency", demoCurrency, "price", demoSkuPrice,
		"inventory", newParams("type", "infinite")))
	return err
}

// demoNewOrder has nothing but the sku: it is older than the items for tax and shipping that orders have.
func demoNewOrder(op *resource.Op) error {
	op.Choose("order", demoOrder)
	order, err := op.Create("order", newParams("currency", demoCurrency, "email", "jenny.rosen@example.com",
		"items", []any{newParams("type", "sku", "parent", demoSKU)}, "metadata", newParams("order_id", "6735")))
	if err != nil {
		return err
	}
	order.Set("items", order.Array("items")[:1])
	order.Set("shipping_methods", nil)
	order.Set("selected_shipping_method", nil)
	op.Save(order)
	op.Object = order
	return nil
}

// demoRefundedNote is a credit note on a paid invoice: a part of it was refunded.
func demoRefundedNote(op *resource.Op) error {
	at := time.Unix(1571864382, 0)
	var in *object.Object
	if err := op.Backdate(at.Add(-4*24*time.Hour), func() (err error) {
		if in, err = demoInvoice(op, "Jenny Rosen", "jenny.rosen@example.com"); err != nil {
			return err
		}
		return payInvoice(op, in)
	}); err != nil {
		return err
	}
	return op.Backdate(at, func() (err error) {
		op.Choose("credit_note", demoRefunded)
		op.Object, err = op.Create("credit_note", newParams("invoice", in.ID(), "amount", demoRefund, "refund_amount", demoRefund, "reason", "product_unsatisfactory"))
		return err
	})
}

// demoLoweredNote is a credit note on an open invoice: there is less to pay.
func demoLoweredNote(op *resource.Op) error {
	at := time.Date(2019, 10, 24, 0, 27, 18, 0, time.UTC)
	var in *object.Object
	if err := op.Backdate(at.Add(-2*24*time.Hour), func() (err error) {
		in, err = demoInvoice(op, "Jordan Lee", "jordan.lee@example.com")
		return err
	}); err != nil {
		return err
	}
	return op.Backdate(at, func() (err error) {
		op.Choose("credit_note", demoLowered)
		op.Object, err = op.Create("credit_note", newParams("invoice", in.ID(), "amount", demoReduction, "reason", "order_change"))
		return err
	})
}

// demoInvoice bills a new customer with a card for a year of Pro.
func demoInvoice(op *resource.Op, name, email string) (*object.Object, error) {
	customer, err := op.Create("customer", newParams("name", name, "email", email))
	if err != nil {
		return nil, err
	}
	if _, err := attachSource(op, customer.ID(), newParams("source", "tok_visa")); err != nil {
		return nil, err
	}
	prices, err := op.Lookup("price", "lookup_key", demoYearly)
	if err != nil {
		return nil, err
	}
	if len(prices) == 0 {
		return nil, fmt.Errorf("there is no price %s", demoYearly)
	}
	return issueInvoice(op, customer, demoCurrency, []billedItem{{price: prices[0], quantity: 1}})
}
