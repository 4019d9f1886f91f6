package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// TestPaidInAnotherWay pays a subscription of live mode by bank transfer, without any processor: the seller reports the
// payment with its reference, which is the proof, and the invoice is paid as by any other payment.
func TestPaidInAnotherWay(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Key = s.Account.LiveSecret.Secret
	customer := s.Post("/v1/customers", form("email=jenny@example.com name=Jenny")...).OK().ID()
	price := s.Post("/v1/prices", form("currency=usd unit_amount=1000 recurring[interval]=month product_data[name]=Pro")...).OK().ID()
	sub := s.Post("/v1/subscriptions", form("customer="+customer+" items[0][price]="+price+" collection_method=send_invoice days_until_due=14")...).OK()
	in := s.Post("/v1/invoices/" + sub.Ref("latest_invoice") + "/finalize").OK()
	record := s.Do(servertest.Request{Method: "POST", Path: "/v1/payment_records/report_payment", Form: aPayment("outcome=guaranteed guaranteed[guaranteed_at]=1788264000 " +
		"processor_details[type]=custom processor_details[custom][payment_reference]=TRF-2026-17 metadata[note]=statement-of-September customer_details[customer]=" + customer)}).OK()
	wantEvents(t, s, []string{"invoice_payment.paid", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}, func() {
		s.Post("/v1/invoices/"+in.ID()+"/attach_payment", "payment_record", record.ID()).OK()
	})
	wantFields(t, s.Get("/v1/invoices/"+in.ID()).OK(), map[string]any{"status": "paid", "amount_paid": 1000, "livemode": true})
	wantFields(t, record, map[string]any{"processor_details.custom.payment_reference": "TRF-2026-17", "metadata.note": "statement-of-September"})
	again := s.Post("/v1/invoices", form("customer="+customer+" collection_method=send_invoice days_until_due=14")...).OK().ID()
	s.Post("/v1/invoiceitems", form("customer="+customer+" invoice="+again+" amount=500 currency=usd")...).OK()
	s.Post("/v1/invoices/" + again + "/finalize").OK()
	wantFields(t, s.Post("/v1/invoices/"+again+"/pay", "paid_out_of_band", "true").OK(), map[string]any{"status": "paid", "amount_paid_off_stripe": 500})
}
