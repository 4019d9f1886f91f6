package main

import (
	"context"
	"fmt"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/docs/reference"
)

// heavyCustomer is one who has paid often, and whose subscription is old.
func (w *world) heavyCustomer(ctx context.Context, n int) error {
	var err error
	if w.named.Heavy, err = w.do(ctx, "POST /v1/customers", "name", "Heavy Rosen", "email", "heavy@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa"); err != nil {
		return err
	}
	payments, err := w.play(nil, "", func() error {
		_, err := w.do(ctx, "POST /v1/payment_intents", "amount", "500", "currency", "usd", "customer", w.named.Heavy, "payment_method", "pm_card_visa", "confirm", "true", "payment_method_types[0]", "card")
		return err
	})
	if err != nil {
		return err
	}
	if err := w.copyScene(ctx, payments, n); err != nil {
		return err
	}
	invoices, err := w.play([]string{"subscription", "subscription_item"}, "", func() (err error) {
		w.named.Subscription, err = w.do(ctx, "POST /v1/subscriptions", "customer", w.named.Heavy, "items[0][price]", w.named.Price)
		return err
	})
	if err != nil {
		return err
	}
	return w.copyScene(ctx, invoices, n)
}

const longLines = 200

// longInvoice is one with many lines, of which some is credited in many steps; and an order.
func (w *world) longInvoice(ctx context.Context) error {
	invoice, err := w.do(ctx, "POST /v1/invoices", "customer", w.named.Heavy, "auto_advance", "false")
	if err != nil {
		return err
	}
	for i := range longLines {
		if _, err := w.do(ctx, "POST /v1/invoiceitems", "customer", w.named.Heavy, "invoice", invoice, "amount", "100", "currency", "usd", "description", fmt.Sprintf("Line %d", i+1)); err != nil {
			return err
		}
	}
	for _, action := range []string{"/finalize", "/pay"} {
		if _, err := w.do(ctx, "POST /v1/invoices/"+invoice+action); err != nil {
			return err
		}
	}
	w.named.Invoice = invoice
	for range 50 {
		if w.named.CreditNote, err = w.do(ctx, "POST /v1/credit_notes", "invoice", invoice, "amount", "100", "credit_amount", "100"); err != nil {
			return err
		}
	}
	return w.orders(ctx)
}

func (w *world) orders(ctx context.Context) error {
	product, err := w.do(ctx, "POST /v1/products", "name", "Shirt", "type", "good", "shippable", "true", "attributes[]", "size")
	if err != nil {
		return err
	}
	sku, err := w.do(ctx, "POST /v1/skus", "currency", "usd", "price", "1500", "product", product, "inventory[type]", "infinite", "attributes[size]", "M")
	if err != nil {
		return err
	}
	s, err := w.play(nil, "", func() error {
		order, err := w.do(ctx, "POST /v1/orders", "currency", "usd", "email", "jenny.rosen@example.com", "items[0][type]", "sku", "items[0][parent]", sku, "items[0][quantity]", "2",
			"shipping[name]", "Jenny Rosen", "shipping[address][line1]", "1 Main Street", "shipping[address][country]", "US")
		if err != nil {
			return err
		}
		w.named.Order = order
		_, err = w.do(ctx, "POST /v1/orders/"+order+"/pay", "source", "tok_visa")
		return err
	})
	if err != nil {
		return err
	}
	return w.copyScene(ctx, s, longLines)
}

// byHand makes invoices that were sent and wait, and few that were paid by hand, long ago.
func (w *world) byHand(ctx context.Context, n int) error {
	sent := func(then string) error {
		customer, err := w.do(ctx, "POST /v1/customers", "email", "byhand@example.com")
		if err != nil {
			return err
		}
		invoice, err := w.do(ctx, "POST /v1/invoices", "customer", customer, "collection_method", "send_invoice", "days_until_due", "30")
		if err != nil {
			return err
		}
		if _, err := w.do(ctx, "POST /v1/invoiceitems", "customer", customer, "invoice", invoice, "amount", "900", "currency", "usd"); err != nil {
			return err
		}
		if _, err := w.do(ctx, "POST /v1/invoices/"+invoice+"/finalize"); err != nil {
			return err
		}
		w.named.ByHand = invoice
		if then != "" {
			_, err = w.do(ctx, "POST /v1/invoices/"+invoice+then, "paid_out_of_band", "true")
		}
		return err
	}
	for _, then := range []string{"/pay", ""} {
		s, err := w.play(nil, "", func() error { return sent(then) })
		if err != nil {
			return err
		}
		if err := w.copyScene(ctx, s, n); err != nil {
			return err
		}
	}
	return nil
}

// clocks makes many, and one with many customers on it.
func (w *world) clocks(ctx context.Context, n int) error {
	const frozen = "1798761600"
	empty, err := w.play(nil, "", func() error {
		_, err := w.do(ctx, "POST /v1/test_helpers/test_clocks", "frozen_time", frozen, "name", "Annual renewal")
		return err
	})
	if err != nil {
		return err
	}
	if err := w.copyScene(ctx, empty, 500); err != nil {
		return err
	}
	if w.named.Clock, err = w.do(ctx, "POST /v1/test_helpers/test_clocks", "frozen_time", frozen, "name", "A thousand"); err != nil {
		return err
	}
	on, err := w.play(nil, w.named.Clock, func() error {
		customer, err := w.do(ctx, "POST /v1/customers", "test_clock", w.named.Clock, "email", "clocked@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa")
		if err != nil {
			return err
		}
		_, err = w.do(ctx, "POST /v1/subscriptions", "customer", customer, "items[0][price]", w.named.Price)
		return err
	})
	if err != nil {
		return err
	}
	return w.copyScene(ctx, on, n)
}

// extensions makes many plans, browsers and grants of one.
func (w *world) extensions(ctx context.Context, installs int) error {
	var prices []string
	for i := range 20 {
		price, err := w.do(ctx, "POST /v1/prices", "currency", "usd", "unit_amount", strconv.Itoa(100*(i+1)), "recurring[interval]", "month", "product_data[name]", fmt.Sprintf("Plan %d", i+1))
		if err != nil {
			return err
		}
		prices = append(prices, "prices[]", price)
	}
	var err error
	if w.named.Extension, err = w.do(ctx, "POST /v1/extensions", append(prices, "name", "Clipper")...); err != nil {
		return err
	}
	for _, made := range []struct {
		n         int
		operation string
		pairs     []string
	}{
		{installs, "POST /v1/installs", []string{"extension", w.named.Extension, "browser", "Chromium", "platform", "Linux"}},
		{2000, "POST /v1/grants", []string{"extension", w.named.Extension, "email", "gift@example.com", "price", prices[1], "reason", "a friend"}},
		{100, "POST /v1/extensions", []string{"name", "Another"}},
	} {
		s, err := w.play(nil, "", func() error { _, err := w.do(ctx, made.operation, made.pairs...); return err })
		if err != nil {
			return err
		}
		if err := w.copyScene(ctx, s, made.n); err != nil {
			return err
		}
	}
	return nil
}

// votes says something of each section of the reference, and of each error.
func (w *world) votes(ctx context.Context) error {
	for round := range 6 {
		for i, r := range w.docs.Resources() {
			if err := w.vote(ctx, "api/"+r.Slug, (i+round)%3 != 0, round); err != nil {
				return err
			}
		}
		for _, code := range []string{"resource_missing", "card_declined", "parameter_missing"} {
			if err := w.vote(ctx, "errors/"+code, false, round); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) vote(ctx context.Context, section string, helpful bool, round int) error {
	_, err := w.engine.Call(ctx, w.ns, func(op *resource.Op) error {
		op.Choose("docs_vote", "dvote_"+op.Secret(30))
		_, err := op.Make("docs_vote", "", object.New(nil), func(op *resource.Op) error {
			op.Object.Set("comment", fmt.Sprintf("I looked for an example of this, time %d, and did not find one that says when it is refused.", round))
			op.Object.Set("created", op.WallNow().Unix())
			op.Object.Set("section", section)
			op.Object.Set("helpful", helpful)
			return nil
		})
		return err
	})
	return err
}

// operations are those of the reference.
func operations(c *reference.Catalog) (n int) {
	for _, r := range c.Resources() {
		n += len(r.Operations)
	}
	return n
}
