package transfer_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
)

// biller makes invoices at Stripe.
type biller struct {
	*move
	customer, pm string
}

func newBiller(t *testing.T) *biller {
	t.Helper()
	b := &biller{move: newMove(t)}
	b.customer, b.pm = b.buyer()
	return b
}

func (b *biller) item(form ...string) string {
	b.t.Helper()
	return b.bank.Post("/v1/invoiceitems", append([]string{"customer", b.customer, "amount", "5000", "currency", "usd", "description", "Tea"}, form...)...).OK().ID()
}

func (b *biller) draft(form ...string) string {
	b.t.Helper()
	b.item()
	return b.bank.Post("/v1/invoices", append([]string{"customer", b.customer, "pending_invoice_items_behavior", "include"}, form...)...).OK().ID()
}

func (b *biller) open(advance string, form ...string) string {
	b.t.Helper()
	return b.bank.Post("/v1/invoices/"+b.draft(form...)+"/finalize", "auto_advance", advance).OK().ID()
}

// charged reports whether the card was charged for an amount at Stripe, and how often.
func (b *biller) charged(amount int64) (n int) {
	for _, v := range b.bank.Get("/v1/charges", "limit", "100").OK().Array("data") {
		if c := v.(*object.Object); c.Int("amount") == amount && c.Bool("paid") {
			n++
		}
	}
	return n
}

// sameInvoice compares what an invoice says here and there.
func (b *biller) sameInvoice(id string) *object.Object {
	b.t.Helper()
	return b.same("/v1/invoices/"+id, "status", "number", "total", "amount_due", "amount_paid", "amount_remaining", "due_date", "lines.data.0.amount", "pre_payment_credit_notes_amount", "attempt_count")
}

// TestImportOpenInvoices carries invoices that nobody collects at Stripe, which are paid here.
func TestImportOpenInvoices(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	sent := b.open("false", "collection_method", "send_invoice", "days_until_due", "10")
	b.bank.Post("/v1/credit_notes", "invoice", sent, "amount", "1000").OK()
	still := b.open("false", "default_payment_method", b.pm)
	got := b.run()
	b.want(got, map[string][3]int{"invoice": {2, 0, 0}})
	for _, id := range []string{sent, still} {
		b.sameInvoice(id)
		if note := got["invoice"].Noted[id]; !strings.HasPrefix(note, "void it at Stripe") {
			t.Errorf("the note on %s is %q", id, note)
		}
	}
	b.Post("/v1/invoices/"+sent+"/pay", "payment_method", b.pm).OK()
	b.Post("/v1/invoices/"+still+"/pay", "paid_out_of_band", "true").OK()
	b.pass(time.Minute)
	if in := b.Get("/v1/invoices/" + sent).OK(); in.String("status") != "paid" || in.Int("amount_paid") != 4000 {
		t.Errorf("the invoice is %s", in.JSON())
	}
	if b.charged(4000) != 1 {
		t.Error("what was paid here is not at Stripe")
	}
	b.verify()
	b.want(b.run(), map[string][3]int{"invoice": {0, 2, 0}})
}

// TestImportHeldInvoices carries invoices that Stripe collects. Nothing can become of them here until Stripe has: so nobody
// pays twice.
func TestImportHeldInvoices(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	b.bank.Post("/v1/customers/"+b.customer, "invoice_settings[default_payment_method]", "").OK() // its tries fail
	paid, void, off, lost := b.open("true"), b.open("true"), b.open("true"), b.open("true")
	held := []string{paid, void, off, lost}
	b.pass(time.Minute)
	got := b.run()
	b.want(got, map[string][3]int{"invoice": {4, 0, 0}})
	for _, id := range held {
		in := b.sameInvoice(id)
		if in.Bool("auto_advance") || in.String("hosted_invoice_url") != b.bank.Get("/v1/invoices/"+id).OK().String("hosted_invoice_url") {
			t.Errorf("%s would be collected here: %s", id, in.JSON())
		}
		if note := got["invoice"].Noted[id]; !strings.Contains(note, "goes on collecting it") {
			t.Errorf("the note on %s is %q", id, note)
		}
	}
	for _, try := range [][]string{
		{"/v1/invoices/" + paid + "/pay", "payment_method", b.pm},
		{"/v1/invoices/" + paid + "/pay", "paid_out_of_band", "true"},
		{"/v1/invoices/" + paid + "/void"},
		{"/v1/invoices/" + paid + "/mark_uncollectible"},
		{"/v1/invoices/" + paid, "auto_advance", "true"},
		{"/v1/credit_notes", "invoice", paid, "amount", "1"},
	} {
		b.Post(try[0], try[1:]...).Fails(400, "invoice_not_editable")
	}
	b.Post("/v1/invoices/"+paid, "metadata[note]", "of last year").OK()
	b.want(b.run(), map[string][3]int{"invoice": {0, 4, 0}})

	b.bank.Post("/v1/invoices/"+paid+"/pay", "payment_method", b.pm).OK()
	b.bank.Post("/v1/invoices/" + void + "/void").OK()
	b.bank.Post("/v1/invoices/"+off, "auto_advance", "false").OK()
	b.bank.Post("/v1/invoices/" + lost + "/mark_uncollectible").OK()
	b.pass(time.Minute)
	b.want(b.run(), map[string][3]int{"invoice": {0, 4, 0}})
	for id, status := range map[string]string{paid: "paid", void: "open", off: "open", lost: "uncollectible"} {
		in := b.Get("/v1/invoices/"+id, "expand[]", "payments").OK()
		if in.String("status") != status || !strings.HasPrefix(in.String("hosted_invoice_url"), b.URL) {
			t.Errorf("%s is %s, want %s", id, in.JSON(), status)
		}
	}
	b.sameInvoice(paid)
	before := b.charged(5000)
	b.Post("/v1/invoices/"+void+"/pay", "payment_method", b.pm).OK()
	b.Post("/v1/invoices/"+off+"/pay", "payment_method", b.pm).OK()
	b.pass(time.Minute)
	if n := b.charged(5000); n != before+2 {
		t.Errorf("%d charges, then %d", before, n)
	}
	b.verify()
	b.want(b.run(), map[string][3]int{"invoice": {0, 4, 0}})
}

// TestImportDrafts carries drafts and waiting items, which are billed here when somebody says so.
func TestImportDrafts(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	vat := b.bank.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID()
	b.item("amount", "300", "tax_rates[]", vat, "metadata[a]", "b")
	draft := b.draft("auto_advance", "true", "description", "Of May", "collection_method", "send_invoice", "days_until_due", "7")
	ten := b.bank.Post("/v1/coupons", "percent_off", "10", "duration", "once").OK().ID()
	off := b.draft("discounts[0][coupon]", ten)
	waits := b.item("amount", "700", "description", "Biscuits")
	lessened := b.item("discounts[0][coupon]", ten)
	got := b.run()
	b.want(got, map[string][3]int{"invoice": {1, 0, 1}, "invoiceitem": {1, 0, 1}})
	for kind, why := range map[string]map[string]string{"invoice": {off: "discounts or shipping"}, "invoiceitem": {lessened: "discounts of its own"}} {
		for id, want := range why {
			if !strings.Contains(got[kind].Refused[id], want) {
				t.Errorf("%s is left out: %q, want %q", id, got[kind].Refused[id], want)
			}
		}
	}
	came := b.same("/v1/invoices/"+draft, "status", "subtotal", "total", "amount_due", "total_taxes.0.amount", "description", "collection_method", "lines.data.0.amount", "lines.data.0.id", "lines.data.1.id", "lines.data.1.metadata")
	if came.Bool("auto_advance") || came.Int("total") != 5357 {
		t.Errorf("the draft is %s", came.JSON())
	}
	b.same("/v1/invoiceitems/"+waits, "amount", "description", "customer", "date", "period", "invoice")
	b.want(b.run(), map[string][3]int{"invoice": {0, 1, 1}, "invoiceitem": {0, 1, 1}})
	b.pass(2 * time.Hour)
	if in := b.Get("/v1/invoices/" + draft).OK(); in.String("status") != "draft" {
		t.Errorf("a draft that came is finalized by itself: %s", in.JSON())
	}
	b.Post("/v1/invoices/"+draft, "default_payment_method", b.pm).OK()
	b.Post("/v1/invoices/"+draft+"/add_lines", "lines[0][invoice_item]", waits).OK()
	in := b.Post("/v1/invoices/" + draft + "/finalize").OK()
	if in.String("status") != "open" || in.Int("total") != 6057 || in.Int("due_date") != came.Int("due_date") {
		t.Errorf("finalized it is %s", in.JSON())
	}
	b.Post("/v1/invoices/"+draft+"/pay", "payment_method", b.pm).OK()
	b.pass(time.Minute)
	if in := b.Get("/v1/invoices/" + draft).OK(); in.String("status") != "paid" || b.charged(6057) != 1 {
		t.Errorf("then it is %s", in.JSON())
	}
	b.verify()
	again := b.run()["invoiceitem"]
	if _, out := again.Refused[waits]; out || slices.Contains(b.Get("/v1/invoiceitems", "pending", "true").IDs(), waits) {
		t.Errorf("an item that is billed here comes again: %+v", again)
	}
}

// TestImportShared leaves out charges that are shared with a connected account, with the reason. What they moved comes, so that
// the balance is right.
func TestImportShared(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	account := m.bank.Post("/v1/accounts", "type", "custom", "country", "US", "capabilities[transfers][requested]", "true",
		"business_type", "individual", "business_profile[mcc]", "5734", "business_profile[url]", "https://example.com",
		"tos_acceptance[date]", "1788264000", "tos_acceptance[ip]", "127.0.0.1", "external_account", "btok_us_verified",
		"individual[first_name]", "Jenny", "individual[last_name]", "Rosen", "individual[email]", "jenny@example.com", "individual[phone]", "+15555550100",
		"individual[dob][day]", "1", "individual[dob][month]", "1", "individual[dob][year]", "1901", "individual[ssn_last_4]", "0000",
		"individual[address][line1]", "address_full_match", "individual[address][city]", "Columbus", "individual[address][state]", "OH", "individual[address][postal_code]", "43214").OK().ID()
	pay := func(form ...string) string {
		return m.bank.Post("/v1/payment_intents", append([]string{"amount", "9000", "currency", "usd", "payment_method", "pm_card_bypassPending", "confirm", "true", "payment_method_types[]", "card"}, form...)...).OK().Ref("latest_charge")
	}
	shared := pay("transfer_data[destination]", account, "application_fee_amount", "1000")
	own := pay()
	m.pass(time.Minute)
	m.bank.Post("/v1/transfers", "amount", "500", "currency", "usd", "destination", account).OK()
	m.pass(time.Minute)
	got := m.run()
	if why := got["charge"].Refused[shared]; !strings.Contains(why, "shared with a connected account") {
		t.Errorf("a shared charge is left out: %q", why)
	}
	m.same("/v1/charges/"+own, "amount", "status")
	if left := got["balance_transaction"].Refused; len(left) > 0 {
		t.Errorf("movements are left out: %v", left)
	}
	m.sameBalance()
}

// TestImportPaused carries a subscription whose bills are not collected for a while: its next one is void here as well, and the
// one after the pause is paid.
func TestImportPaused(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	price := b.bank.Post("/v1/prices", "currency", "usd", "unit_amount", "1000", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	sub := b.bank.Post("/v1/subscriptions", "customer", b.customer, "items[0][price]", price).OK().ID()
	resumes := b.Clock.Now().AddDate(0, 1, 10).Unix()
	b.bank.Post("/v1/subscriptions/"+sub, "pause_collection[behavior]", "void", "pause_collection[resumes_at]", strconv.FormatInt(resumes, 10)).OK()
	b.pass(time.Hour)
	b.want(b.run(), map[string][3]int{"subscription": {1, 0, 0}})
	b.same("/v1/subscriptions/"+sub, "status", "pause_collection", "items.data.0.current_period_end")
	b.bank.Delete("/v1/subscriptions/" + sub).OK()
	for range 8 {
		b.pass(8 * 24 * time.Hour)
		b.pass(2 * time.Hour)
	}
	bills := map[string]int{}
	for _, v := range b.Get("/v1/invoices", "subscription", sub, "limit", "100").OK().Array("data") {
		if in := v.(*object.Object); in.Int("total") == 1000 {
			bills[in.String("status")]++
		}
	}
	if bills["void"] != 1 || bills["paid"] < 1 {
		t.Errorf("the bills are %v", bills)
	}
	b.verify()
}
