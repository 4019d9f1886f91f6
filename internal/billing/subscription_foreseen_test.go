package billing_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// foreseen is a subscription that is changed at random; before each change a preview says what will be billed.
type foreseen struct {
	*prorated
	random *rand.Rand
}

// one is one of the words, at random.
func (f *foreseen) one(words ...string) string { return words[f.random.IntN(len(words))] }

// beginning is the form of a new subscription with up to three items.
func (f *foreseen) beginning() string {
	prices := []string{"{0}", "{999}", "{1000}", "{2000}", "{3000}", "{tiers}"}
	text := "billing_mode[type]=" + f.one("classic", "flexible")
	for i, at := range f.random.Perm(len(prices))[:1+f.random.IntN(3)] {
		text += fmt.Sprintf(" items[%d][price]=%s items[%d][quantity]=%d", i, prices[at], i, f.random.IntN(8))
		text += f.one("", "", fmt.Sprintf(" items[%d][discounts][0][coupon]=half", i), fmt.Sprintf(" items[%d][tax_rates][0]={rate} items[%d][tax_rates][1]={inclusive}", i, i))
	}
	text += f.one("", " discounts[0][coupon]=fiveoff", " discounts[0][coupon]=fiveonce discounts[1][coupon]=half")
	text += f.one("", " default_tax_rates[0]={rate}")
	return text + f.one("", "", fmt.Sprintf(" trial_period_days=%d", 1+f.random.IntN(40)), fmt.Sprintf(" billing_cycle_anchor=%d", servertest.Start.Unix()+f.random.Int64N(29*24*3600)))
}

// change is the form of a change that a preview takes as well.
func (f *foreseen) change() string {
	f.t.Helper()
	sub := f.Get("/v1/subscriptions/" + f.id).OK()
	items, used := sub.Object("items").Array("data"), map[string]bool{}
	for _, v := range items {
		used[v.(*object.Object).Ref("price")] = true
	}
	item := items[f.random.IntN(len(items))].(*object.Object).ID()
	var free string
	for _, p := range []string{"{0}", "{999}", "{1000}", "{2000}", "{3000}", "{tiers}"} {
		if !used[f.places[p]] && (free == "" || f.random.IntN(2) == 0) {
			free = p
		}
	}
	n := f.random.IntN(9)
	kinds := []string{
		"", // the next renewal
		fmt.Sprintf("items[0][id]=%s items[0][quantity]=%d", item, n),
		fmt.Sprintf("items[0][id]=%s items[0][price]=%s items[0][quantity]=%d", item, free, n),
		fmt.Sprintf("items[0][price]=%s items[0][quantity]=%d", free, n),
		fmt.Sprintf("items[0][price]=%s items[0][tax_rates][0]={rate} items[0][discounts][0][coupon]=half", free),
		"billing_cycle_anchor=now",
		fmt.Sprintf("trial_end=%d", f.Clock.Now().Unix()+1+f.random.Int64N(40*24*3600)),
		fmt.Sprintf("cancel_at=%d", f.Clock.Now().Unix()+1+f.random.Int64N(60*24*3600)),
		f.one("cancel_at_period_end=true", "cancel_at_period_end=false", "cancel_at="),
		fmt.Sprintf("items[0][price]={year} items[0][quantity]=%d items[0][tax_rates][0]={inclusive}", n),
	}
	if len(items) > 1 {
		kinds = append(kinds, "items[0][deleted]=true items[0][id]="+item)
	}
	if sub.String("status") == "trialing" {
		kinds = append(kinds, "trial_end=now")
	}
	form := kinds[f.random.IntN(len(kinds))]
	if form != "" {
		form += f.one("", " proration_behavior=always_invoice", " proration_behavior=none", " proration_behavior=create_prorations")
	}
	return form
}

// extra lets something else wait for the next invoice, or be on the customer's balance.
func (f *foreseen) extra() {
	f.t.Helper()
	switch amount := fmt.Sprint(f.random.IntN(3000) - 1000); f.random.IntN(4) {
	case 0:
		f.Post("/v1/invoiceitems", "customer", f.customer, "amount", amount, "currency", "usd").OK()
	case 1:
		f.Post("/v1/invoiceitems", "customer", f.customer, "amount", amount, "currency", "usd", "subscription", f.id, "tax_rates[]", f.places["{rate}"]).OK()
	case 2:
		f.Post("/v1/customers/"+f.customer+"/balance_transactions", "amount", amount, "currency", "usd").OK()
	}
}

// nextBill is when the subscription writes an invoice by itself.
func (f *foreseen) nextBill() time.Time {
	f.t.Helper()
	var next int64
	for _, v := range f.Get("/v1/subscriptions/" + f.id).OK().Object("items").Array("data") {
		if end := v.(*object.Object).Int("current_period_end"); next == 0 || end < next {
			next = end
		}
	}
	return time.Unix(next, 0)
}

// step previews a change, makes it, and compares what is billed then with the preview.
func (f *foreseen) step() {
	f.t.Helper()
	f.extra()
	form := f.change()
	before := f.Get("/v1/subscriptions/" + f.id).OK().Ref("latest_invoice")
	answer := f.Post("/v1/invoices/create_preview", f.form("subscription="+f.id+" "+nested(form))...)
	if form != "" {
		if done := f.Post("/v1/subscriptions/"+f.id, f.form(form)...); done.Status != 200 {
			answer.Fails(done.Status, done.Object.Object("error").String("code"))
			return
		}
	}
	if answer.Status == 404 {
		return // nothing will be billed
	}
	if f.Get("/v1/subscriptions/"+f.id).OK().Ref("latest_invoice") == before {
		f.until(f.nextBill())
	}
	shown, real := answer.OK(), f.latest()
	shownLines, lines := shown.Object("lines").Array("data"), f.Get("/v1/invoices/"+real.ID()+"/lines", "limit", "100").OK().Array("data")
	if diff := cmp.Diff(billText(real, lines), billText(shown, shownLines)); diff != "" {
		f.t.Fatalf("%s at %s: what was billed, and (+) what was foreseen:\n%s", form, f.Clock.Now().UTC(), diff)
	}
}

// billText is what an invoice says that its preview has to say too.
func billText(in *object.Object, lines []any) string {
	var b strings.Builder
	for _, name := range []string{"subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax", "starting_balance", "amount_due"} {
		fmt.Fprintln(&b, name, in.Get(name))
	}
	for _, v := range in.Array("total_taxes") {
		fmt.Fprintln(&b, "tax", v.(*object.Object).Get("amount"), v.(*object.Object).Get("taxable_amount"))
	}
	for _, v := range in.Array("total_discount_amounts") {
		fmt.Fprintln(&b, "discount", v.(*object.Object).Get("amount"))
	}
	for _, v := range lines {
		line := v.(*object.Object)
		period := line.Object("period")
		fmt.Fprintln(&b, line.Get("amount"), line.Get("quantity"), line.Get("description"), period.Get("start"), period.Get("end"), len(line.Array("taxes")), len(line.Array("discount_amounts")))
	}
	return b.String()
}

// Whatever is done to a subscription, what is billed next is what the preview said.
func TestPreviewForesees(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := &foreseen{prorated: newProrated(t, ""), random: rand.New(rand.NewPCG(seed, 11))}
			f.places["{inclusive}"] = f.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "7.7", "inclusive", "true").OK().ID()
			f.begin(f.beginning())
			for range 12 {
				if f.Get("/v1/subscriptions/"+f.id).OK().String("status") == "canceled" {
					break
				}
				f.later(time.Duration(f.random.Int64N(9*24*3600)) * time.Second)
				f.step()
			}
		})
	}
}
