package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/object"
)

var (
	invoicePaid   = []string{"charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}
	invoiceFailed = []string{"charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"}
)

func TestPayInvoice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method string
		form         []string
		status       int
		code         string
		err          map[string]any
		want         map[string]any
		events       []string
	}{
		{
			name: "the customer's default", method: "pm_card_visa", status: 200,
			want: map[string]any{"status": "paid", "amount_paid": 1000, "amount_remaining": 0, "attempted": true, "attempt_count": 1, "amount_paid_off_stripe": 0,
				"payments.data.0.status": "paid", "payments.data.0.amount_paid": 1000, "payments.data.0.payment.type": "payment_intent"},
			events: invoicePaid,
		},
		{
			name: "out of band", status: 200, form: []string{"paid_out_of_band", "true"},
			want:   map[string]any{"status": "paid", "amount_paid": 1000, "amount_paid_off_stripe": 1000, "amount_remaining": 0, "attempted": false, "payments.data.0.status": "canceled"},
			events: []string{"payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"},
		},
		{name: "nothing to pay with", status: 400, code: "resource_missing", want: map[string]any{"status": "open", "attempted": false}},
		{
			name: "declined", method: "pm_card_chargeCustomerFail", status: 402, code: "card_declined",
			err:  map[string]any{"type": "card_error", "payment_intent.status": "requires_payment_method"},
			want: map[string]any{"status": "open", "attempted": true, "attempt_count": 1, "next_payment_attempt": nil, "amount_paid": 0, "payments.data.0.status": "open"}, events: invoiceFailed,
		},
		{
			name: "the bank wants to see the customer", method: "pm_card_authenticationRequired", status: 402, code: "invoice_payment_intent_requires_action",
			err:  map[string]any{"type": "card_error", "payment_intent.status": "requires_action"},
			want: map[string]any{"status": "open", "attempted": true, "attempt_count": 1}, events: []string{"payment_intent.requires_action", "invoice.updated", "invoice.payment_action_required"},
		},
		{name: "somebody else's method", method: "pm_card_visa", form: []string{"payment_method", "pm_card_mastercard"}, status: 400, code: "resource_missing", err: map[string]any{"param": "payment_method"}, want: map[string]any{"status": "open"}},
		{name: "two methods", form: []string{"payment_method", "pm_card_visa", "source", "src_1"}, status: 400, code: "parameters_exclusive", want: map[string]any{"status": "open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newInvoiced(t, c.method)
			path := v.invoice("1000")
			v.Post(path + "/finalize").OK()
			wantEvents(t, v.Server, c.events, func() {
				if a := v.Post(path+"/pay", c.form...); c.status != 200 {
					wantFields(t, a.Fails(c.status, c.code), c.err)
				} else {
					a.OK()
				}
			})
			in := v.Get(path, "expand[]", "payments").OK()
			wantFields(t, in, c.want)
			if in.String("status") == "paid" {
				v.Post(path+"/pay").Fails(400, "")
				v.Post(path+"/void").Fails(400, "status_transition_invalid")
				v.Post(path+"/mark_uncollectible").Fails(400, "status_transition_invalid")
			}
		})
	}
}

// payment is the id of the payment intent of an invoice.
func (v *invoiced) payment(path string) string {
	v.t.Helper()
	list := v.Get(path, "expand[]", "payments").OK().Object("payments")
	return list.Array("data")[0].(*object.Object).Object("payment").Ref("payment_intent")
}

// What a client confirms by itself settles the invoice, whenever its bank answers.
func TestInvoiceIntentConfirmed(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	path := v.invoice("1000")
	v.Post(path + "/finalize").OK()
	wantEvents(t, v.Server, invoicePaid, func() {
		v.Post("/v1/payment_intents/"+v.payment(path)+"/confirm", "payment_method", "pm_card_visa").OK()
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "paid", "amount_paid": 1000})

	debit := v.invoice("2000")
	v.Post(debit + "/finalize").OK()
	v.Post("/v1/payment_intents/"+v.payment(debit)+"/confirm", "payment_method", "pm_usBankAccount_success", "mandate_data[customer_acceptance][type]", "offline").OK()
	wantFields(t, v.Get(debit).OK(), map[string]any{"status": "open"})
	v.later(10 * 24 * time.Hour)
	wantFields(t, v.Get(debit).OK(), map[string]any{"status": "paid"})
}

// A refund gives back what an invoice took; a credit note that leaves nothing to pay ends its payment.
func TestInvoiceRefund(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	path := v.invoice("1000")
	v.Post(path + "/pay").OK()
	v.Post("/v1/refunds", "payment_intent", v.payment(path), "amount", "400").OK()
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "paid", "amount_paid": 1000})
	open := v.invoice("1000")
	v.Post(open + "/finalize").OK()
	v.Post("/v1/credit_notes", "invoice", open[len("/v1/invoices/"):], "amount", "300").OK()
	wantFields(t, v.Get("/v1/payment_intents/"+v.payment(open)).OK(), map[string]any{"amount": 700})
	wantFields(t, v.Post(open+"/pay").OK(), map[string]any{"status": "paid", "amount_due": 700, "amount_paid": 700})
}

// The payment of an invoice can be shared with a connected account.
func TestInvoiceDestination(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	account := v.Post("/v1/accounts", with(ready, "type", "express")...).OK().ID()
	path := v.invoice("1000", "transfer_data[destination]", account, "application_fee_amount", "100")
	v.Post(path + "/pay").OK()
	wantFields(t, v.Get("/v1/payment_intents/"+v.payment(path)).OK(), map[string]any{"status": "succeeded", "transfer_data.destination": account, "application_fee_amount": 100})
}

// An invoice that was declined by itself is tried again after 3, 5 and 7 days.
func TestInvoiceRetries(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_chargeCustomerFail")
	path := v.invoice("1000", "auto_advance", "true")
	v.later(time.Hour)
	first := int(v.Clock.Now().Unix())
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "open", "attempt_count": 1, "next_payment_attempt": first + 3*86400})
	v.Post(path+"/pay").Fails(402, "card_declined")
	wantFields(t, v.Get(path).OK(), map[string]any{"attempt_count": 1, "next_payment_attempt": first + 3*86400})
	wantEvents(t, v.Server, invoiceFailed, func() { v.later(3 * 24 * time.Hour) })
	wantFields(t, v.Get(path).OK(), map[string]any{"attempt_count": 2, "next_payment_attempt": first + 8*86400})
	v.later(5 * 24 * time.Hour)
	v.later(7 * 24 * time.Hour)
	wantFields(t, v.Get(path).OK(), map[string]any{"attempt_count": 4, "next_payment_attempt": nil, "status": "open"})
	good := v.Post("/v1/payment_methods/pm_card_visa/attach", "customer", v.customer).OK().ID()
	wantFields(t, v.Post(path+"/pay", "payment_method", good).OK(), map[string]any{"status": "paid", "attempt_count": 4})
}

func TestEndInvoice(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	v.Post("/v1/customers/"+v.customer+"/balance_transactions", "amount", "-300", "currency", "usd").OK()
	path := v.invoice("1000")
	v.Post(path+"/void").Fails(400, "status_transition_invalid")
	v.Post(path+"/mark_uncollectible").Fails(400, "status_transition_invalid")
	v.Post(path + "/finalize").OK()
	pi := v.payment(path)
	wantEvents(t, v.Server, []string{"invoice.updated", "invoice.marked_uncollectible"}, func() {
		wantFields(t, v.Post(path+"/mark_uncollectible").OK(), map[string]any{"status": "uncollectible"})
	})
	wantEvents(t, v.Server, []string{"payment_intent.canceled", "customer.updated", "invoice.updated", "invoice.voided"}, func() {
		wantFields(t, v.Post(path+"/void").OK(), map[string]any{"status": "void", "amount_remaining": 700})
	})
	wantFields(t, v.Get("/v1/payment_intents/"+pi).OK(), map[string]any{"status": "canceled", "cancellation_reason": "void_invoice"})
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"balance": -300})
	v.Post(path+"/pay").Fails(400, "status_transition_invalid")

	second := v.invoice("1000")
	v.Post(second + "/finalize").OK()
	v.Post(second + "/mark_uncollectible").OK()
	wantFields(t, v.Post(second+"/pay").OK(), map[string]any{"status": "paid"})
	v.Post(second+"/send").Fails(400, "")
	third := v.invoice("1000", "collection_method", "send_invoice", "days_until_due", "3")
	wantEvents(t, v.Server, []string{"invoice.finalized", "payment_intent.created", "invoice.sent"}, func() { v.Post(third + "/send").OK() })
	v.Post(third + "/pay").OK()
	for _, action := range []string{"/send", "/void", "/mark_uncollectible"} {
		v.Post(third+action).Fails(400, "status_transition_invalid")
	}
}

func TestAttachPayment(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	path := v.invoice("1000")
	intent := func(amount string) string {
		return v.Post("/v1/payment_intents", confirmed("pm_card_visa", "amount", amount, "customer", v.customer)...).OK().ID()
	}
	part := intent("400")
	v.Post(path+"/attach_payment", "payment_intent", part).Fails(400, "status_transition_invalid")
	v.Post(path + "/finalize").OK()
	v.Post(path+"/attach_payment").Fails(400, "parameter_missing")
	wantEvents(t, v.Server, []string{"invoice_payment.paid", "invoice.updated"}, func() {
		wantFields(t, v.Post(path+"/attach_payment", "payment_intent", part).OK(), map[string]any{"status": "open", "amount_paid": 400, "amount_remaining": 600})
	})
	v.Post(path+"/attach_payment", "payment_intent", part).Fails(400, "")
	wantFields(t, v.Get("/v1/payment_intents/"+v.payment(path)).OK(), map[string]any{"status": "succeeded", "amount": 400})
	more := intent("700")
	wantEvents(t, v.Server, []string{"invoice_payment.paid", "customer.updated", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "invoice.overpaid"}, func() {
		wantFields(t, v.Post(path+"/attach_payment", "payment_intent", more).OK(), map[string]any{"status": "paid", "amount_paid": 1000, "amount_remaining": 0, "amount_overpaid": 100})
	})
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"balance": -100})
}

func TestPreviewInvoice(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	rate := v.Post("/v1/tax_rates", "display_name", "Sales tax", "percentage", "10", "inclusive", "false").OK().ID()
	off := v.Post("/v1/coupons", "percent_off", "50", "duration", "once").OK().ID()
	v.Post("/v1/invoices/create_preview", "customer", v.customer).Fails(404, "invoice_upcoming_none")
	waiting := v.item("amount", "1000", "tax_rates[]", rate)
	product := v.Post("/v1/products", "name", "Pro").OK().ID()
	wantEvents(t, v.Server, nil, func() {
		wantFields(t, v.Post("/v1/invoices/create_preview", "customer", v.customer, "invoice_items[0][amount]", "500", "invoice_items[0][currency]", "usd", "discounts[0][coupon]", off).OK(),
			map[string]any{"subtotal": 1500, "total": 800, "status": "draft", "number": nil, "billing_reason": "upcoming", "lines.data.0.amount": 500, "lines.data.1.taxes.0.amount": 50})
		wantFields(t, v.Post("/v1/invoices/create_preview", "customer", v.customer, "invoice_items[0][invoiceitem]", waiting, "invoice_items[0][amount]", "300").OK(), map[string]any{"total": 330})
		wantFields(t, v.Post("/v1/invoices/create_preview", "customer", v.customer, "invoice_items[0][price_data][currency]", "usd", "invoice_items[0][price_data][product]", product,
			"invoice_items[0][price_data][unit_amount]", "5", "invoice_items[0][quantity]", "3").OK(), map[string]any{"subtotal": 1015, "lines.data.0.description": "Pro"})
	})
	wantFields(t, v.Get("/v1/invoiceitems/"+waiting).OK(), map[string]any{"amount": 1000, "invoice": nil})
	wantFields(t, v.Get("/v1/coupons/"+off).OK(), map[string]any{"times_redeemed": 0})
}

// A part of an invoice can be paid by an intent of its own. As long as that is open, the invoice cannot end otherwise.
func TestPartialPayments(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	path := v.invoice("1000")
	v.Post(path + "/finalize").OK()
	intent := func() string {
		id := v.Post("/v1/payment_intents", "amount", "400", "currency", "usd", "customer", v.customer, "payment_method_types[]", "card").OK().ID()
		wantFields(t, v.Post(path+"/attach_payment", "payment_intent", id, "expand[]", "payments").OK(), map[string]any{
			"amount_remaining": 1000, "payments.data.0.status": "open", "payments.data.0.amount_requested": 400, "payments.data.0.is_default": false,
		})
		return id
	}
	dropped := intent()
	v.Post(path+"/void").Fails(400, "status_transition_invalid")
	v.Post(path+"/mark_uncollectible").Fails(400, "status_transition_invalid")
	v.Post("/v1/payment_intents/" + dropped + "/cancel").OK()
	wantFields(t, v.Get(path, "expand[]", "payments").OK(), map[string]any{"payments.data.0.status": "canceled", "payments.data.0.status_transitions.canceled_at": v.Clock.Now().Unix()})

	part := intent()
	wantEvents(t, v.Server, []string{"charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated"}, func() {
		v.Post("/v1/payment_intents/"+part+"/confirm", "payment_method", "pm_card_mastercard").OK()
	})
	wantFields(t, v.Get(path, "expand[]", "payments").OK(), map[string]any{
		"status": "open", "amount_paid": 400, "amount_remaining": 600, "payments.data.0.status": "paid", "payments.data.0.amount_paid": 400, "payments.data.2.is_default": true, "payments.data.2.amount_requested": 600,
	})
	v.Post(path+"/void").Fails(400, "status_transition_invalid")
	wantFields(t, v.Get("/v1/invoice_payments", "invoice", path[len("/v1/invoices/"):], "status", "paid").OK(), map[string]any{"data.0.payment.payment_intent": part, "data.1": nil})
	wantFields(t, v.Post(path+"/mark_uncollectible").OK(), map[string]any{"status": "uncollectible"})
	wantFields(t, v.Post(path+"/pay").OK(), map[string]any{"status": "paid", "amount_paid": 1000, "amount_remaining": 0})
}

// What another processor takes is asked for, and is paid when that is reported.
func TestInvoicePaidElsewhere(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "")
	pm := v.Post("/v1/payment_methods", "type", "custom", "custom[type]", "cpmt_1").OK().ID()
	v.Post("/v1/payment_methods/"+pm+"/attach", "customer", v.customer).OK()
	path := v.invoice("1000", "auto_advance", "true", "default_payment_method", pm)
	v.Post(path + "/finalize").OK()
	wantEvents(t, v.Server, []string{"invoice.payment_attempt_required"}, func() { v.later(0) })
	wantEvents(t, v.Server, nil, func() { v.later(20 * day) })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "open", "attempt_count": 0, "next_payment_attempt": nil})
	report := func(path string) {
		record := v.Post("/v1/payment_records/report_payment", aPayment("outcome=guaranteed guaranteed[guaranteed_at]=1788264000")...).OK().ID()
		wantFields(t, v.Post(path+"/attach_payment", "payment_record", record).OK(), map[string]any{"status": "paid"})
	}
	report(path)

	sub := v.subscribe("default_payment_method=" + pm).OK()
	wantFields(t, sub, map[string]any{"status": "incomplete"})
	report("/v1/invoices/" + field(sub, "latest_invoice").(string))
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "active"})
}
