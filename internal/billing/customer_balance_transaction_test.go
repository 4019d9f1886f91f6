package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/resource"
)

// Each currency has a balance of its own, which only its invoices meet.
func TestBalanceByCurrency(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	customer := "/v1/customers/" + v.customer
	add := func(amount, currency string) map[string]any {
		entry := v.Post(customer+"/balance_transactions", "amount", amount, "currency", currency).OK()
		return map[string]any{"ending_balance": entry.Int("ending_balance")}
	}
	if got := add("-300", "usd")["ending_balance"]; got != int64(-300) {
		t.Errorf("the balance in dollars ends with %v", got)
	}
	wantEvents(t, v.Server, []string{"customer.updated"}, func() { add("-500", "eur") })
	add("200", "eur")
	wantFields(t, v.Get(customer).OK(), map[string]any{"balance": -300, "currency": "usd", "invoice_credit_balance.usd": 300, "invoice_credit_balance.eur": 300, "invoice_credit_balance.gbp": nil})

	v.Post("/v1/invoiceitems", "customer", v.customer, "currency", "eur", "amount", "1000").OK()
	euro := "/v1/invoices/" + v.Post("/v1/invoices", "customer", v.customer, "currency", "eur", "pending_invoice_items_behavior", "include").OK().ID()
	wantFields(t, v.Get(euro).OK(), map[string]any{"starting_balance": -300, "amount_due": 700})
	wantFields(t, v.Post(euro+"/finalize").OK(), map[string]any{"starting_balance": -300, "ending_balance": 0, "amount_due": 700})
	wantFields(t, v.Get(customer).OK(), map[string]any{"balance": -300, "invoice_credit_balance.eur": 0})
	wantFields(t, v.Post(euro+"/void").OK(), map[string]any{"status": "void"})
	wantFields(t, v.Get(customer).OK(), map[string]any{"balance": -300, "invoice_credit_balance.eur": 300})
	list := v.Get(customer+"/balance_transactions", "invoice", euro[len("/v1/invoices/"):]).OK()
	wantFields(t, list, map[string]any{"data.0.type": "unapplied_from_invoice", "data.0.amount": -300, "data.0.ending_balance": -300, "data.1.type": "applied_to_invoice", "data.1.amount": 300, "data.2": nil})

	pound := "/v1/invoices/" + v.Post("/v1/invoices", "customer", v.customer, "currency", "gbp").OK().ID()
	wantFields(t, v.Get(pound).OK(), map[string]any{"starting_balance": 0})
	wantEvents(t, v.Server, []string{"customer.updated"}, func() { v.Post(customer, "balance", "40").OK() })
	entries := v.Get(customer + "/balance_transactions").IDs()
	wantFields(t, v.Get(customer+"/balance_transactions/"+entries[0]).OK(), map[string]any{"amount": 340, "currency": "usd", "type": "adjustment", "ending_balance": 40})
	wantFields(t, v.Get(customer).OK(), map[string]any{"balance": 40, "invoice_credit_balance.usd": -40})
	wantEvents(t, v.Server, nil, func() {
		wantFields(t, v.Post(customer+"/balance_transactions/"+entries[0], form("description=Late metadata[a]=1")...).OK(), map[string]any{"description": "Late", "metadata.a": "1", "amount": 340})
	})
	v.Post(customer+"/balance_transactions/"+entries[0], "amount", "1").Fails(400, "parameter_unknown")
}

// A broken chain is found.
func TestBalanceAudit(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	entry := b.Post("/v1/customers/"+b.customer+"/balance_transactions", "amount", "-300", "currency", "usd").OK().ID()
	b.Post("/v1/customers/"+b.customer+"/balance_transactions", "amount", "-200", "currency", "usd").OK()
	b.do(func(op *resource.Op) error {
		o, err := op.Get("customer_balance_transaction", entry, "")
		if err != nil {
			return err
		}
		o.Set("amount", -301)
		op.Save(o)
		c, err := op.Get("customer", b.customer, "")
		if err != nil {
			return err
		}
		c.Set("balance", -501)
		op.Save(c)
		return nil
	})
	problems, err := b.Engine.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(problems, "\n")
	for _, want := range []string{entry + ": it ends with -300, not -301", "the balance in usd is -501, its transactions end with -500"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among the problems %q", want, all)
		}
	}
}
