package main

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/transfer"
)

// TestImportCommand carries an account over, first on trial.
func TestImportCommand(t *testing.T) {
	t.Parallel()
	bank := start(t, "serve", "--data", t.TempDir(), "--https", "127.0.0.1:0", "--http", "127.0.0.1:0")
	post := func(path, form string) string {
		return askAPI(t, bank, http.MethodPost, path, bank.secret, form)["id"].(string)
	}
	customer := post("/v1/customers", "email=jenny@example.com")
	coupon := post("/v1/coupons", "percent_off=10&duration=once")
	for range 7 {
		post("/v1/invoices", "customer="+customer+"&discounts[0][coupon]="+coupon)
	}
	post("/v1/invoices", "customer="+customer)
	post("/v1/invoiceitems", "customer="+customer+"&amount=500&currency=usd")
	held := post("/v1/invoices", "customer="+customer+"&pending_invoice_items_behavior=include")
	post("/v1/invoices/"+held+"/finalize", "auto_advance=true")
	post("/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true&payment_method_types[]=card&capture_method=automatic")
	data := t.TempDir()
	start(t, serveArgs(data)...).stop()
	args := []string{"import", "--data", data, "--key", bank.secret, "--url", bank.plain}
	for _, dry := range []bool{true, false} {
		run := args
		if dry {
			run = append(run, "--dry-run")
		}
		said := must(t, run...)
		for _, want := range []string{"customer                  1 new,      0 known,      0 left out", "payment_intent            1 new", "7 of the kind invoice left out: it is a draft with discounts or shipping: finalize or delete it at Stripe: in_", " and 2 more",
			"1 of the kind invoice came: delete it at Stripe: it is finalized here, when you say so: in_"} {
			if !strings.Contains(said, want) {
				t.Errorf("with a trial %t, the import says\n%s\nwant %q", dry, said, want)
			}
		}
	}
	if boxes := decode[[]access.Sandbox](t, "sandbox", "list", "--data", data); len(boxes) != 0 {
		t.Errorf("the trial leaves %v", boxes)
	}
	for _, run := range [][]string{args, append(args, "--dry-run")} {
		again := decode[map[string]transfer.Outcome](t, run...)
		if o := again["charge"]; o.Made != 0 || o.Known != 1 || again["customer"].Known != 1 || len(again["invoice"].Refused) != 7 || again["invoice"].Made != 0 || again["invoice"].Known != 2 {
			t.Errorf("%v: the second import says %+v", run, again)
		}
	}
	if got := must(t, "verify", "--data", data); got != "The database is sound.\n" {
		t.Errorf("verify says %q", got)
	}
}
