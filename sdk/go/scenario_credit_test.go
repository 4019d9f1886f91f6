package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// A customer pays 119 dollars for a month: 100, and 19 % tax. Half a month later the seller takes back 20 of the 100 with
// their tax, partly to her card and partly to her balance, and ten more outside. What is in her balance lowers the next
// invoice.
func TestScenarioCreditNote(t *testing.T) {
	t.Parallel()
	s := newStory(t, "2026-09-01")
	pro := s.price(s.product("Pro"), 10000, "month")
	vat, err := s.V1TaxRates.Create(t.Context(), &stripe.TaxRateCreateParams{DisplayName: stripe.String("VAT"), Percentage: stripe.Float64(19), Inclusive: stripe.Bool(false)})
	must(t, err)
	jenny := s.signUp("pm_card_visa")
	sub := s.subscribe(jenny, pro, func(p *stripe.SubscriptionCreateParams) { p.DefaultTaxRates = stripe.StringSlice([]string{vat.ID}) })
	september := bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "paid", Total: 11900, Due: 11900, Paid: 11900,
		Lines: []line{{10000, "1 × Pro (at $100.00 / month)", "2026-09-01", "2026-10-01"}},
	}
	in := sub.LatestInvoice
	same(t, "September", september, billOf(in))

	s.until("2026-09-16")
	p := &stripe.CreditNoteCreateParams{
		Invoice: stripe.String(in.ID), Reason: stripe.String("order_change"),
		Lines: []*stripe.CreditNoteCreateLineParams{{Type: stripe.String("invoice_line_item"), InvoiceLineItem: stripe.String(in.Lines.Data[0].ID), Amount: stripe.Int64(2000)}},
	}
	_, err = s.V1CreditNotes.Create(t.Context(), p) // what was paid must go somewhere
	same(t, "going nowhere", 400, refusal(t, err).HTTPStatusCode)
	p.RefundAmount, p.CreditAmount = stripe.Int64(1000), stripe.Int64(1380)
	p.AddExpand("refunds.refund")
	note, err := s.V1CreditNotes.Create(t.Context(), p)
	must(t, err)
	same(t, "note", []any{"JENNY-0001-CN-01", "issued", "post_payment", int64(2000), int64(2380), int64(2380), int64(0), int64(2380)}, []any{ // 2000 and 380 of tax
		note.Number, string(note.Status), string(note.Type), note.Subtotal, note.Total, note.Amount, note.PrePaymentAmount, note.PostPaymentAmount,
	})
	same(t, "its tax", []int64{380, 2000}, []int64{note.TotalTaxes[0].Amount, note.TotalTaxes[0].TaxableAmount})
	same(t, "its refund", []any{int64(1000), int64(1000), "succeeded"}, []any{note.Refunds[0].AmountRefunded, note.Refunds[0].Refund.Amount, string(note.Refunds[0].Refund.Status)})

	outside, err := s.V1CreditNotes.Create(t.Context(), &stripe.CreditNoteCreateParams{Invoice: stripe.String(in.ID), Amount: stripe.Int64(1000), OutOfBandAmount: stripe.Int64(1000)})
	must(t, err)
	same(t, "outside", []any{"JENNY-0001-CN-02", int64(1000), int64(1000)}, []any{outside.Number, outside.Amount, outside.OutOfBandAmount})
	_, err = s.V1CreditNotes.Create(t.Context(), &stripe.CreditNoteCreateParams{Invoice: stripe.String(in.ID), Amount: stripe.Int64(8521), CreditAmount: stripe.Int64(8521)})
	same(t, "more than is left", 400, refusal(t, err).HTTPStatusCode) // 11900 - 2380 - 1000 = 8520

	in = s.invoice(in.ID) // what it asked for stays as it is
	same(t, "September", september, billOf(in))
	same(t, "credited", []int64{0, 3380}, []int64{in.PrePaymentCreditNotesAmount, in.PostPaymentCreditNotesAmount})
	same(t, "her balance", int64(-1380), s.who(jenny).Balance)

	s.until("2026-10-02")
	sub = s.stands(sub.ID, "active", "2026-10-01", "2026-11-01")
	same(t, "October", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "paid", Total: 11900, Due: 10520, Paid: 10520, // less 1380
		Lines: []line{{10000, "1 × Pro (at $100.00 / month)", "2026-10-01", "2026-11-01"}},
	}, billOf(sub.LatestInvoice))
	same(t, "its balance", []int64{-1380, 0}, []int64{sub.LatestInvoice.StartingBalance, sub.LatestInvoice.EndingBalance})
	s.credited(jenny, credit{"credit_note", -1380, -1380, "JENNY-0001"}, credit{"applied_to_invoice", 1380, 0, "JENNY-0002"})
	s.moved(
		row{"charge", 11900, 375, 11525}, // 345.1, and 30
		row{"refund", -1000, 0, -1000},
		row{"charge", 10520, 335, 10185}, // 305.08, and 30
	)
	s.happened(
		"2026-09-01 00:00 customer.created payment_method.attached",
		"2026-09-01 00:00 customer.updated customer.subscription.created invoice.created "+collected+"customer.subscription.updated "+booked,
		"2026-09-16 00:00 refund.created charge.refunded customer.updated credit_note.created invoice.updated",
		"2026-09-16 00:00 credit_note.created invoice.updated",
		"2026-09-16 00:00 refund.updated charge.refund.updated", // five seconds later the bank says by which reference
		"2026-09-24 00:00 invoice.upcoming",
		"2026-10-01 00:00 "+renewed,
		"2026-10-01 01:00 customer.updated "+collected+booked,
	)
	s.foretold("2026-09-24: 10520")
}
