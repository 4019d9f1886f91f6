package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

func TestCreditNoteAmounts(t *testing.T) {
	t.Parallel()
	type note struct {
		form    []string // "$invoice" is added; $line0 stands for the id of the first line
		status  int
		code    string
		param   any
		want    map[string]any // of the note
		invoice map[string]any // of the invoice afterwards
		events  []string
	}
	for _, c := range []struct {
		name    string
		invoice string
		lines   []billedLine
		notes   []note
	}{
		{name: "open", invoice: "open", lines: []billedLine{hundred}, notes: []note{
			{
				form: []string{"amount", "2000", "reason", "duplicate", "memo", "Sorry", "metadata[k]", "v"}, status: 200, events: lowered,
				want: map[string]any{
					"object": "credit_note", "amount": 2000, "total": 2000, "subtotal": 2000, "total_excluding_tax": 2000, "pre_payment_amount": 2000, "post_payment_amount": 0,
					"type": "pre_payment", "status": "issued", "reason": "duplicate", "memo": "Sorry", "metadata.k": "v", "currency": "usd", "discount_amount": 0, "amount_shipping": 0,
					"refunds": []any{}, "customer_balance_transaction": nil, "out_of_band_amount": nil, "voided_at": nil, "shipping_cost": nil,
					"effective_at": servertest.Start.Unix(), "lines.data.0.amount": 2000, "lines.data.0.type": "custom_line_item", "lines.data.0.unit_amount": 2000, "lines.data.1": nil,
				},
				invoice: map[string]any{"status": "open", "total": 10000, "subtotal": 10000, "amount_due": 8000, "amount_remaining": 8000, "pre_payment_credit_notes_amount": 2000, "post_payment_credit_notes_amount": 0},
			},
			{form: []string{"amount", "8001"}, status: 400, param: "amount", invoice: map[string]any{"amount_due": 8000}},
			{
				form: []string{"amount", "8000"}, status: 200, events: settled, want: map[string]any{"type": "pre_payment"},
				invoice: map[string]any{"status": "paid", "amount_due": 0, "amount_remaining": 0, "amount_paid": 0, "pre_payment_credit_notes_amount": 10000, "status_transitions.paid_at": servertest.Start.Unix()},
			},
			{form: []string{"amount", "1", "out_of_band_amount", "1"}, status: 400, param: "amount"},
		}},
		{name: "uncollectible", invoice: "uncollectible", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"amount", "4000"}, status: 200, events: lowered, invoice: map[string]any{"status": "uncollectible", "amount_remaining": 6000}},
			{form: []string{"amount", "6000"}, status: 200, events: settled, invoice: map[string]any{"status": "paid"}},
		}},
		{name: "draft", invoice: "draft", lines: []billedLine{hundred}, notes: []note{{form: []string{"amount", "100"}, status: 400, param: "invoice"}}},
		{name: "void", invoice: "void", lines: []billedLine{hundred}, notes: []note{{form: []string{"amount", "100"}, status: 400, param: "invoice"}}},
		{name: "paid", invoice: "paid", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"amount", "3000"}, status: 400, param: nil},
			{form: []string{"amount", "3000", "refund_amount", "2999"}, status: 400, param: "refund_amount"},
			{form: []string{"amount", "3000", "credit_amount", "3001"}, status: 400, param: "credit_amount"},
			{form: []string{"amount", "3000", "refund_amount", "-1", "credit_amount", "3001"}, status: 400, code: "parameter_invalid_integer", param: "refund_amount"},
			{
				form: []string{"amount", "3000", "refund_amount", "1000", "credit_amount", "1500", "out_of_band_amount", "500"}, status: 200,
				events: []string{"refund.created", "charge.refunded", "customer.updated", "credit_note.created", "invoice.updated"},
				want: map[string]any{
					"type": "post_payment", "pre_payment_amount": 0, "post_payment_amount": 3000, "out_of_band_amount": 500,
					"refunds.0.amount_refunded": 1000, "refunds.0.type": "refund", "refunds.1": nil,
				},
				invoice: map[string]any{"status": "paid", "amount_due": 10000, "amount_remaining": 0, "amount_paid": 10000, "post_payment_credit_notes_amount": 3000, "pre_payment_credit_notes_amount": 0},
			},
			{form: []string{"amount", "7001", "refund_amount", "7001"}, status: 400, param: "amount"},
			{form: []string{"amount", "7000", "refund_amount", "7000"}, status: 200, events: refunded, invoice: map[string]any{"post_payment_credit_notes_amount": 10000}},
		}},
		{name: "credit", invoice: "paid", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"amount", "2500", "credit_amount", "2500"}, status: 200, events: credited, want: map[string]any{"type": "post_payment", "refunds": []any{}}},
		}},
		{name: "out of band", invoice: "paid", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"amount", "2500", "out_of_band_amount", "2500"}, status: 200, events: lowered, want: map[string]any{"out_of_band_amount": 2500}},
		}},
		{name: "nothing was paid", invoice: "open", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"amount", "2000", "refund_amount", "2000"}, status: 400, param: "refund_amount"},
			{form: []string{"amount", "2000", "credit_amount", "1"}, status: 400, param: "credit_amount"},
			{form: []string{"amount", "2000", "out_of_band_amount", "0"}, status: 200, events: lowered},
		}},
		{name: "what to credit", invoice: "open", lines: []billedLine{hundred}, notes: []note{
			{status: 400, code: "parameter_missing"},
			{form: []string{"amount", "0"}, status: 400, code: "parameter_invalid_integer", param: "amount"},
			{form: []string{"amount", "100", "lines[0][type]", "custom_line_item"}, status: 400, code: "parameters_exclusive", param: "amount"},
			{form: []string{"amount", "100", "shipping_cost[shipping_rate]", "shr_1"}, status: 400, code: "parameters_exclusive", param: "amount"},
			{form: []string{"shipping_cost[shipping_rate]", "shr_1"}, status: 400, param: "shipping_cost[shipping_rate]"},
		}},
		{name: "by quantity", invoice: "open", lines: []billedLine{{unit: 1000, quantity: 3, discount: 100, tax: 290}}, notes: []note{
			{
				form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1"}, status: 200, events: lowered,
				want: map[string]any{
					"amount": 1064, "subtotal": 1000, "discount_amount": 33, "total": 1064, "total_excluding_tax": 967, "lines.data.0.amount": 1000, "lines.data.0.quantity": 1,
					"lines.data.0.discount_amount": 33, "lines.data.0.taxes.0.amount": 97, "lines.data.0.type": "invoice_line_item", "lines.data.0.description": "Pro",
					"total_taxes.0.amount": 97, "total_taxes.0.tax_behavior": "exclusive", "discount_amounts.0.discount": "di_1", "pretax_credit_amounts.0.amount": 33,
					"lines.data.0.tax_rates.0.percentage": 10,
				},
				invoice: map[string]any{"total": 3190, "amount_remaining": 3190 - 1064},
			},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "3"}, status: 400, param: "lines[0][quantity]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][amount]", "100"}, status: 400, param: "lines[0]"},
			{
				form:   []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1", "lines[1][type]", "invoice_line_item", "lines[1][invoice_line_item]", "$line0", "lines[1][quantity]", "1"},
				status: 200, events: settled, want: map[string]any{"amount": 3190 - 1064, "discount_amount": 67}, invoice: map[string]any{"status": "paid", "amount_remaining": 0},
			},
		}},
		{name: "by amount", invoice: "open", lines: []billedLine{{unit: 1000, quantity: 1, tax: 200, inclusive: true}}, notes: []note{
			{
				form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][amount]", "500", "lines[0][description]", "Half"}, status: 200, events: lowered,
				want: map[string]any{
					"amount": 500, "subtotal": 500, "subtotal_excluding_tax": 400, "total_excluding_tax": 400, "lines.data.0.quantity": nil, "lines.data.0.description": "Half",
					"total_taxes.0.amount": 100, "total_taxes.0.tax_behavior": "inclusive",
				},
			},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][amount]", "501"}, status: 400, param: "lines[0][amount]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1"}, status: 400, param: "lines[0]"},
		}},
		{name: "negative line", invoice: "open", lines: []billedLine{hundred, {unit: -3000, quantity: 1}}, notes: []note{
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line1", "lines[0][amount]", "-1000"}, status: 400, param: "lines"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line1", "lines[0][amount]", "1000"}, status: 400, param: "lines[0][amount]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line1", "lines[0][amount]", "-3001"}, status: 400, param: "lines[0][amount]"},
			{
				form:   []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1", "lines[1][type]", "invoice_line_item", "lines[1][invoice_line_item]", "$line1", "lines[1][quantity]", "1"},
				status: 200, events: settled, want: map[string]any{"amount": 7000, "lines.data.1.amount": -3000},
			},
		}},
		{name: "wrong lines", invoice: "open", lines: []billedLine{hundred}, notes: []note{
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][quantity]", "1"}, status: 400, code: "parameter_missing", param: "lines[0][invoice_line_item]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "il_nobody", "lines[0][quantity]", "1"}, status: 400, code: "resource_missing", param: "lines[0][invoice_line_item]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0"}, status: 400, param: "lines[0]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1", "lines[0][amount]", "1"}, status: 400, param: "lines[0]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "1", "lines[0][unit_amount]", "1"}, status: 400, param: "lines[0][unit_amount]"},
			{form: []string{"lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", "$line0", "lines[0][quantity]", "0"}, status: 400, param: "lines[0][quantity]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][quantity]", "1", "lines[0][unit_amount]", "1"}, status: 400, code: "parameter_missing", param: "lines[0][description]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][unit_amount]", "1"}, status: 400, code: "parameter_missing", param: "lines[0][quantity]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][quantity]", "1"}, status: 400, param: "lines[0][unit_amount]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][quantity]", "1", "lines[0][unit_amount]", "-1"}, status: 400, code: "parameter_invalid_integer", param: "lines[0][unit_amount]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][quantity]", "0", "lines[0][unit_amount]", "1"}, status: 400, code: "parameter_invalid_integer", param: "lines[0][quantity]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][quantity]", "1", "lines[0][amount]", "1"}, status: 400, param: "lines[0][amount]"},
			{form: []string{"lines[0][type]", "custom_line_item", "lines[0][description]", "x", "lines[0][quantity]", "1", "lines[0][unit_amount]", "1", "lines[0][tax_rates][]", "txr_nobody"}, status: 400, code: "resource_missing", param: "lines[0][tax_rates][0]"},
		}},
		{name: "custom lines", invoice: "open", lines: []billedLine{hundred}, notes: []note{
			{
				form: []string{
					"lines[0][type]", "custom_line_item", "lines[0][description]", "Late", "lines[0][quantity]", "3", "lines[0][unit_amount]", "100", "lines[0][tax_rates][]", "$exclusive",
					"lines[1][type]", "custom_line_item", "lines[1][description]", "Slow", "lines[1][quantity]", "3", "lines[1][unit_amount_decimal]", "33.5", "lines[1][tax_rates][]", "$inclusive",
				},
				status: 200, events: lowered,
				want: map[string]any{
					"subtotal": 401, "amount": 431, "total": 431, "total_excluding_tax": 381, "subtotal_excluding_tax": 381,
					"lines.data.0.amount": 300, "lines.data.0.unit_amount": 100, "lines.data.0.unit_amount_decimal": "100", "lines.data.0.taxes.0.amount": 30, "lines.data.0.taxes.0.taxable_amount": 300,
					"lines.data.0.tax_rates.0.display_name": "Sales tax", "lines.data.0.invoice_line_item": nil,
					"lines.data.1.amount": 101, "lines.data.1.unit_amount": nil, "lines.data.1.unit_amount_decimal": "33.5", "lines.data.1.taxes.0.amount": 20, "lines.data.1.taxes.0.taxable_amount": 81,
					"total_taxes.0.amount": 30, "total_taxes.1.amount": 20, "total_taxes.1.tax_behavior": "inclusive",
				},
			},
			{
				form: []string{
					"lines[0][type]", "custom_line_item", "lines[0][description]", "Late", "lines[0][quantity]", "1", "lines[0][unit_amount]", "100",
					"lines[0][tax_amounts][0][amount]", "7", "lines[0][tax_amounts][0][tax_rate]", "$exclusive", "lines[0][tax_amounts][0][taxable_amount]", "70",
				},
				status: 200, events: lowered, want: map[string]any{"amount": 107, "total_taxes.0.amount": 7, "total_taxes.0.taxable_amount": 70},
			},
			{
				form: []string{
					"lines[0][type]", "custom_line_item", "lines[0][description]", "Late", "lines[0][quantity]", "1", "lines[0][unit_amount]", "100", "lines[0][tax_rates][]", "$exclusive",
					"lines[0][tax_amounts][0][amount]", "7", "lines[0][tax_amounts][0][tax_rate]", "$exclusive", "lines[0][tax_amounts][0][taxable_amount]", "70",
				},
				status: 400, code: "parameters_exclusive", param: "lines[0][tax_rates]",
			},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBiller(t)
			invoice := b.invoice(c.invoice, c.lines...)
			lines := b.lines(invoice)
			for i, n := range c.notes {
				form := []string{"invoice", invoice}
				for _, text := range n.form {
					switch {
					case strings.HasPrefix(text, "$line"):
						text = lines[text[5]-'0']
					case text == "$exclusive":
						text = b.exclusive
					case text == "$inclusive":
						text = b.inclusive
					}
					form = append(form, text)
				}
				preview := b.Get("/v1/credit_notes/preview", form...)
				wantEvents(t, b.Server, n.events, func() {
					a := b.Post("/v1/credit_notes", form...)
					if n.status != http.StatusOK {
						wantFields(t, a.Fails(n.status, n.code), map[string]any{"param": n.param})
						wantFields(t, preview.Fails(n.status, n.code), map[string]any{"param": n.param})
						return
					}
					wantFields(t, a.OK(), n.want)
					wantFields(t, preview.OK(), previewOf(n.want))
				})
				wantFields(t, b.Get("/v1/invoices/"+invoice).OK(), n.invoice)
				if t.Failed() {
					t.Fatalf("at note %d", i)
				}
			}
		})
	}
}

// previewOf leaves out what only comes about when the note is issued.
func previewOf(want map[string]any) map[string]any {
	out := map[string]any{}
	for path, v := range want {
		if !strings.HasPrefix(path, "refunds") {
			out[path] = v
		}
	}
	return out
}
