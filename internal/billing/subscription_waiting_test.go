package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// What waits for a subscription is billed at its interval, counted from the anchor, and not with others' items.
func TestPendingItemInterval(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	v.begin("items[0][price]={1000} pending_invoice_item_interval[interval]=week")
	path, first := "/v1/subscriptions/"+v.id, v.latest().ID()
	next := func(date int) map[string]any {
		return map[string]any{"pending_invoice_item_interval.interval_count": 1, "next_pending_invoice_item_invoice": int(servertest.Start.AddDate(0, 0, date-1).Unix())}
	}
	wantFields(t, v.Get(path).OK(), next(8))
	v.on(9)
	if v.latest().ID() != first {
		t.Fatal("there is an invoice, but nothing waited")
	}
	wantFields(t, v.Get(path).OK(), next(15))
	v.Post("/v1/invoiceitems", form("customer="+v.customer+" subscription="+v.id+" amount=250 currency=usd description=Work")...).OK()
	v.Post("/v1/invoiceitems", form("customer="+v.customer+" amount=70 currency=usd description=Other")...).OK()
	wantEvents(t, v.Server, []string{"customer.subscription.updated", "invoice.created"}, func() { v.on(15) })
	wantLines(t, v.billed(), "250 Work")
	wantFields(t, v.latest(), map[string]any{
		"status": "draft", "auto_advance": true, "billing_reason": "automatic_pending_invoice_item_invoice",
		"period_start": int(servertest.Start.AddDate(0, 0, 7).Unix()), "period_end": int(servertest.Start.AddDate(0, 0, 14).Unix()),
	})
	v.later(hour)
	wantFields(t, v.latest(), map[string]any{"status": "paid", "total": 250})

	wantFields(t, v.Post(path, "pending_invoice_item_interval", "").OK(), map[string]any{"pending_invoice_item_interval": nil, "next_pending_invoice_item_invoice": nil})
	v.Post("/v1/invoiceitems", form("customer="+v.customer+" subscription="+v.id+" amount=90 currency=usd description=Late")...).OK()
	wantEvents(t, v.Server, []string{"balance.available"}, func() { v.on(23) })
	v.Post(path, form("pending_invoice_item_interval[interval]=month pending_invoice_item_interval[interval_count]=13")...).Fails(400, "")
	wantFields(t, v.Post(path, form("pending_invoice_item_interval[interval]=day pending_invoice_item_interval[interval_count]=5")...).OK(), map[string]any{"next_pending_invoice_item_invoice": int(servertest.Start.AddDate(0, 0, 25).Unix())})
	v.Delete(path).OK()
	wantEvents(t, v.Server, nil, func() { v.on(27) })
}
