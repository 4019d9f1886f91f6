package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestFinalizeInvoice(t *testing.T) {
	t.Parallel()
	now := int(servertest.Start.Unix())
	for _, c := range []struct {
		name, amount, balance string
		form                  []string
		want                  map[string]any
		balanceAfter          int
		entry                 map[string]any // the newest entry of the balance
		events                []string
	}{
		{
			name: "sent", amount: "1000", form: []string{"collection_method", "send_invoice", "days_until_due", "30"},
			want: map[string]any{"status": "open", "number": "ABCD-0001", "amount_due": 1000, "amount_remaining": 1000, "starting_balance": 0, "ending_balance": 0,
				"effective_at": now, "status_transitions.finalized_at": now, "due_date": now + 30*86400, "attempted": false, "payments.data.0.status": "open",
				"payments.data.0.is_default": true, "payments.data.0.amount_requested": 1000, "confirmation_secret.type": "payment_intent"},
			events: []string{"invoice.finalized", "payment_intent.created"},
		},
		{
			name: "a part from the balance", amount: "1000", balance: "-300",
			want:   map[string]any{"status": "open", "total": 1000, "amount_due": 700, "starting_balance": -300, "ending_balance": 0, "payments.data.0.amount_requested": 700},
			entry:  map[string]any{"amount": 300, "type": "applied_to_invoice", "ending_balance": 0},
			events: []string{"customer.updated", "invoice.finalized", "payment_intent.created"},
		},
		{
			name: "all from the balance", amount: "1000", balance: "-1500", balanceAfter: -500,
			want:   map[string]any{"status": "paid", "amount_due": 0, "amount_paid": 0, "ending_balance": -500, "status_transitions.paid_at": now, "attempted": true, "payments.data.0": nil, "confirmation_secret": nil},
			entry:  map[string]any{"amount": 1000, "type": "applied_to_invoice"},
			events: []string{"customer.updated", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"},
		},
		{
			name: "a debt", amount: "1000", balance: "200", want: map[string]any{"status": "open", "amount_due": 1200, "total": 1000},
			entry: map[string]any{"amount": -200}, events: []string{"customer.updated", "invoice.finalized", "payment_intent.created"},
		},
		{
			name: "a credit", amount: "-400", balanceAfter: -400, want: map[string]any{"status": "paid", "total": -400, "amount_due": 0},
			entry: map[string]any{"amount": -400}, events: []string{"customer.updated", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"},
		},
		{
			name: "too little to charge", amount: "30", balanceAfter: 30, want: map[string]any{"status": "paid", "amount_due": 0, "ending_balance": 30},
			entry: map[string]any{"amount": 30, "type": "invoice_too_small"}, events: []string{"customer.updated", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"},
		},
		{
			name: "too much to charge", amount: "100000000", balanceAfter: 100_000_000, want: map[string]any{"status": "paid", "amount_due": 0, "ending_balance": 100_000_000},
			entry: map[string]any{"amount": 100_000_000, "type": "invoice_too_large"}, events: []string{"customer.updated", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"},
		},
		{
			name: "nothing", amount: "0", want: map[string]any{"status": "paid", "total": 0}, events: []string{"customer.updated", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"}[1:],
		},
		{
			name: "a number of its own", amount: "1000", form: []string{"number", "X-77"}, want: map[string]any{"number": "X-77"}, events: []string{"invoice.finalized", "payment_intent.created"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newInvoiced(t, "")
			if c.balance != "" {
				v.Post("/v1/customers/"+v.customer+"/balance_transactions", "amount", c.balance, "currency", "usd").OK()
			}
			path := v.invoice(c.amount, c.form...)
			wantEvents(t, v.Server, c.events, func() {
				wantFields(t, v.Post(path+"/finalize", "expand[]", "payments", "expand[]", "confirmation_secret").OK(), c.want)
			})
			wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"balance": c.balanceAfter})
			if c.entry != nil {
				entries := v.Get("/v1/customers/" + v.customer + "/balance_transactions").IDs()
				wantFields(t, v.Get("/v1/customers/"+v.customer+"/balance_transactions/"+entries[0]).OK(), c.entry)
			}
			v.Post(path+"/finalize").Fails(400, "invoice_not_editable")
		})
	}
}

// Numbers are given when an invoice is final, one after the other.
func TestInvoiceNumbers(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	first, second := v.invoice("1000"), v.invoice("1000")
	wantFields(t, v.Post(second+"/finalize").OK(), map[string]any{"number": "ABCD-0001"})
	v.Post(second + "/void").OK()
	wantFields(t, v.Post(first+"/finalize").OK(), map[string]any{"number": "ABCD-0002"})
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"next_invoice_sequence": 3})
}

// An account can number the invoices of all its customers in one sequence.
func TestInvoiceNumbersByAccount(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	account := "/v1/accounts/" + v.Account.ID
	first := v.invoice("1000")
	v.Post(first + "/finalize").OK()
	wantFields(t, v.Post(account, form("settings[invoices][numbering]=account settings[invoices][number_prefix]=OURS settings[invoices][next_number]=124")...).OK(), map[string]any{"settings.invoices.numbering": "account"})
	v.customer = v.Post("/v1/customers", "invoice_prefix", "WXYZ").OK().ID()
	second, given := v.invoice("1000"), v.invoice("1000", "number", "X-77")
	wantFields(t, v.Post(given+"/finalize").OK(), map[string]any{"number": "X-77"})
	wantFields(t, v.Post(second+"/finalize").OK(), map[string]any{"number": "OURS-0124"})
	wantFields(t, v.Get("/v1/account").OK(), map[string]any{"settings.invoices.next_number": 125})
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"next_invoice_sequence": 1})
	refuse(t, v.Server, []refusal{
		{"a number that is used", account, "settings[invoices][next_number]=124", "parameter_invalid_integer", "settings[invoices][next_number]", "125"},
		{"a bad prefix", account, "settings[invoices][number_prefix]=a", "", "settings[invoices][number_prefix]", "3 to 12"},
	})
	v.Post(account, "settings[invoices][numbering]", "customer").OK()
	third := v.invoice("1000")
	wantFields(t, v.Post(third+"/finalize").OK(), map[string]any{"number": "WXYZ-0001"})
}

// An hour after it was made, a draft is finalized by itself and paid.
func TestInvoiceAdvances(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	now := int(servertest.Start.Unix())
	path := v.invoice("1000", "auto_advance", "true")
	wantFields(t, v.Get(path).OK(), map[string]any{"automatically_finalizes_at": now + 3600, "next_payment_attempt": now + 3600})
	wantEvents(t, v.Server, nil, func() { v.later(59 * time.Minute) })
	wantEvents(t, v.Server, []string{
		"invoice.finalized", "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
		"invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "charge.updated",
	}, func() { v.later(time.Minute) })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "paid", "amount_paid": 1000, "attempt_count": 1, "auto_advance": false, "next_payment_attempt": nil, "automatically_finalizes_at": nil})

	sent := v.invoice("1000", "auto_advance", "true", "collection_method", "send_invoice", "days_until_due", "1")
	wantEvents(t, v.Server, []string{"invoice.finalized", "payment_intent.created", "invoice.sent"}, func() { v.later(time.Hour) })
	wantFields(t, v.Get(sent).OK(), map[string]any{"status": "open", "attempted": false})
	wantEvents(t, v.Server, []string{"invoice.overdue"}, func() { v.later(25 * time.Hour) })

	stopped := v.invoice("1000", "auto_advance", "true")
	v.Post(stopped, "auto_advance", "false").OK()
	wantEvents(t, v.Server, nil, func() { v.later(2 * time.Hour) })

	path = v.invoice("1000")
	v.Post(path, "collection_method", "send_invoice").Fails(400, "parameter_missing")
	v.Post(path + "/finalize").OK()
	v.later(24 * time.Hour)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "open", "attempted": false})
	v.Post(path, "auto_advance", "true").OK()
	v.later(0)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "paid"})
}
