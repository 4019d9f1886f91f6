package billing_test

import "testing"

// TestOverdueSubscription has a subscription that is billed and not paid in time, and is then.
func TestOverdueSubscription(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	price := v.Post("/v1/prices", form("currency=usd unit_amount=1000 recurring[interval]=month product_data[name]=Pro")...).OK().ID()
	sub := v.Post("/v1/subscriptions", form("customer="+v.customer+" items[0][price]="+price+" collection_method=send_invoice days_until_due=7")...).OK()
	in := "/v1/invoices/" + sub.Ref("latest_invoice")
	v.Post(in + "/finalize").OK()
	v.later(6 * day)
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "active"})
	wantEvents(t, v.Server, []string{"invoice.overdue", "customer.subscription.updated"}, func() { v.later(day) })
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "past_due"})
	wantEvents(t, v.Server, []string{"payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"}, func() {
		v.Post(in+"/pay", "paid_out_of_band", "true").OK()
	})
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "active"})
}
