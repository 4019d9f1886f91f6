package site_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/manual"
	"sharesmart/internal/resource"
)

// TestBilledMember has a member whose plan begins when their transfer arrives, who changes it, and who is late.
func TestBilledMember(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "jenny@example.com").leads(t, "/after-payment")
	customer := h.customers("jenny@example.com")[0]
	price := func(key string) string { return h.Get("/v1/prices", "lookup_keys[]", key).IDs()[0] }
	sub := h.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price("sharesmart_pro_monthly"), "payment_behavior", "default_incomplete").OK()
	first := "/v1/invoices/" + sub.Ref("latest_invoice")
	choose(t, h, sub.Ref("latest_invoice"))
	page := h.Get(first).OK().String("hosted_invoice_url")
	for _, path := range []string{"/after-payment", "/account"} {
		b.get(path).want(t, 200, "Your plan begins when your payment has arrived.", page, "ShareSmart Free")
	}
	h.Post(first+"/pay", "paid_out_of_band", "true").OK()
	got := b.get("/account")
	got.want(t, 200, "ShareSmart Pro", "Change the plan")
	if strings.Contains(got.text, "begins when") {
		t.Error("what is paid is still awaited")
	}

	to := b.post("/upgrade", "plan", "sharesmart_pro_yearly")
	to.leads(t, h.URL+"/invoices/")
	bill := h.Get("/v1/subscriptions/" + sub.ID()).OK()
	in := h.Get("/v1/invoices/" + bill.Ref("latest_invoice")).OK()
	if in.String("hosted_invoice_url") != to.to || in.String("status") != "open" || in.String("collection_method") != "send_invoice" || bill.String("status") != "active" {
		t.Errorf("the bill is %s", in.JSON())
	}
	h.Clock.Advance(15 * 24 * time.Hour)
	if err := h.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.get("/account").want(t, 200, "Your last invoice is overdue.", "Pay the invoice", in.String("hosted_invoice_url"))
	h.Post("/v1/invoices/"+in.ID()+"/pay", "paid_out_of_band", "true").OK()
	if got := b.get("/account"); strings.Contains(got.text, "overdue") {
		t.Error("what is paid is overdue")
	}
}

// choose lets an invoice be paid by bank transfer, which the seller offers.
func choose(t *testing.T, h *house, invoice string) {
	t.Helper()
	ns, err := h.Registry.Namespace(h.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
		o, err := manual.For(op)
		if err == nil {
			err = o.Put(op, manual.Method{Name: "Bank transfer", Instructions: "IBAN DE89"})
		}
		if err == nil {
			err = billing.ChooseManually(op, invoice, o.Methods[0].ID)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
