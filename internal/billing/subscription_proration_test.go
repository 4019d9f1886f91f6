package billing_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// prorated is a subscription whose first period is 1 September to 1 October, 2,592,000 seconds: what is true of April in
// Stripe's examples is true of it.
type prorated struct {
	*subscribed
	places map[string]string
	id     string
}

func newProrated(t *testing.T, form string) *prorated {
	t.Helper()
	v := &prorated{subscribed: newSubscribed(t, "pm_card_visa"), places: map[string]string{}}
	v.Post("/v1/coupons", "id", "fiveoff", "amount_off", "500", "currency", "usd", "duration", "forever").OK()
	v.Post("/v1/coupons", "id", "fiveonce", "amount_off", "500", "currency", "usd", "duration", "once").OK()
	v.Post("/v1/coupons", "id", "half", "percent_off", "50", "duration", "forever").OK()
	for _, amount := range []string{"0", "999", "1000", "2000", "3000"} {
		v.places["{"+amount+"}"] = v.price("unit_amount=" + amount + " recurring[interval]=month")
	}
	v.places["{year}"] = v.price("unit_amount=10000 recurring[interval]=year")
	v.places["{tiers}"] = v.price("recurring[interval]=month billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=5 tiers[0][unit_amount]=700 tiers[1][up_to]=inf tiers[1][unit_amount]=600")
	v.places["{rate}"] = v.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "10", "inclusive", "false").OK().ID()
	if form != "" {
		v.begin(form)
	}
	return v
}

// begin subscribes; the items can be named {a} and {b} from then on.
func (v *prorated) begin(form string) {
	v.t.Helper()
	sub := v.Post("/v1/subscriptions", v.form("customer="+v.customer+" "+form)...).OK()
	v.id = sub.ID()
	for i, item := range sub.Object("items").Array("data") {
		v.places["{"+string(rune('a'+i))+"}"] = item.(*object.Object).ID()
	}
}

func (v *prorated) form(text string) []string { return form(filled(text, v.places)) }

// update changes the subscription on a day of September.
func (v *prorated) update(date int, form string) *servertest.Answer {
	v.t.Helper()
	v.on(date)
	return v.Post("/v1/subscriptions/"+v.id, v.form(form)...)
}

// on lets time pass until a day of September.
func (v *prorated) on(date int) {
	v.t.Helper()
	if at := servertest.Start.AddDate(0, 0, date-1); at.After(v.Clock.Now()) {
		v.until(at)
	}
}

// waiting shows the invoice items that wait, in the order in which an invoice takes them.
func (v *prorated) waiting() []string {
	v.t.Helper()
	return lineTexts(v.Get("/v1/invoiceitems", "customer", v.customer, "pending", "true").OK().Array("data"))
}

// invoiced shows the lines of the latest invoice.
func (v *prorated) billed() []string {
	v.t.Helper()
	return lineTexts(v.latest().Object("lines").Array("data"))
}

func (v *prorated) latest() *object.Object {
	v.t.Helper()
	sub := v.Get("/v1/subscriptions/" + v.id).OK()
	return v.Get("/v1/invoices/" + sub.Ref("latest_invoice")).OK()
}

func lineTexts(lines []any) []string {
	texts := make([]string, len(lines))
	for i, v := range lines {
		line := v.(*object.Object)
		texts[i] = strconv.FormatInt(line.Int("amount"), 10) + " " + line.String("description")
	}
	return texts
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// The worked cases of the reference: a period of 30 days, changed on a day of it. f is the part of the period that is left.
func TestProrations(t *testing.T) {
	t.Parallel()
	const classic = " billing_mode[type]=classic"
	for _, c := range []struct {
		name, begin string
		steps       []string // day form
		waiting     []string // what waits for the next invoice then
		billed      []string // the latest invoice, if it is a new one
		total       int64    // of that invoice
	}{
		{
			name: "upgrade", begin: "items[0][price]={1000}", steps: []string{"16 items[0][id]={a} items[0][price]={2000}"}, // f = 0.5
			waiting: []string{"-500 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "downgrade", begin: "items[0][price]={2000}", steps: []string{"16 items[0][id]={a} items[0][price]={1000}"},
			waiting: []string{"-1000 Unused time on Gold after 16 Sep 2026", "500 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "quantity", begin: "items[0][price]={1000} items[0][quantity]=2", steps: []string{"11 items[0][id]={a} items[0][quantity]=5"}, // f = 2/3
			waiting: []string{"-1333 Unused time on 2 × Gold after 11 Sep 2026", "3333 Remaining time on 5 × Gold after 11 Sep 2026"},
		},
		{
			name: "item removed", begin: "items[0][price]={999} items[1][price]={1000}", steps: []string{"21 items[0][id]={a} items[0][deleted]=true"}, // f = 1/3
			waiting: []string{"-333 Unused time on Gold after 21 Sep 2026"},
		},
		{
			name: "item added", begin: "items[0][price]={1000}", steps: []string{"21 items[0][price]={2000} items[0][quantity]=3"},
			waiting: []string{"2000 Remaining time on 3 × Gold after 21 Sep 2026"},
		},
		{
			name: "anchor now, classic", begin: "items[0][price]={3000}" + classic, steps: []string{"16 billing_cycle_anchor=now"},
			billed: []string{"-1500 Unused time on Gold after 16 Sep 2026", "3000 1 × Gold (at $30.00 / month)"}, total: 1500,
		},
		{
			name: "anchor now, flexible", begin: "items[0][price]={3000}", steps: []string{"16 billing_cycle_anchor=now"},
			waiting: []string{"-1500 Unused time on Gold after 16 Sep 2026", "3000 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "anchor now, flexible, invoiced", begin: "items[0][price]={3000}", steps: []string{"16 billing_cycle_anchor=now proration_behavior=always_invoice"},
			billed: []string{"-1500 Unused time on Gold after 16 Sep 2026", "3000 1 × Gold (at $30.00 / month)"}, total: 1500,
		},
		{
			name: "anchor now without prorations", begin: "items[0][price]={3000}", steps: []string{"16 billing_cycle_anchor=now proration_behavior=none"},
			billed: []string{"3000 1 × Gold (at $30.00 / month)"}, total: 3000,
		},
		{
			name: "anchor now and another quantity, flexible", begin: "items[0][price]={3000}", steps: []string{"16 billing_cycle_anchor=now items[0][id]={a} items[0][quantity]=2"},
			billed: []string{"-1500 Unused time on Gold after 16 Sep 2026", "6000 2 × Gold (at $30.00 / month)"}, total: 4500,
		},
		{
			name: "month to year, classic", begin: "items[0][price]={1000}" + classic, steps: []string{"16 items[0][id]={a} items[0][price]={year}"},
			billed: []string{"-500 Unused time on Gold after 16 Sep 2026", "10000 1 × Gold (at $100.00 / year)"}, total: 9500,
		},
		{
			name: "month to year, classic, without prorations", begin: "items[0][price]={1000}" + classic, steps: []string{"16 items[0][id]={a} items[0][price]={year} proration_behavior=none"},
			billed: []string{"10000 1 × Gold (at $100.00 / year)"}, total: 10000,
		},
		{
			// The year is counted from the anchor, 1 September: 350 of 365 days are left, 10000 * 350/365 = 9589.04.
			name: "month to year, flexible", begin: "items[0][price]={1000}", steps: []string{"16 items[0][id]={a} items[0][price]={year}"},
			waiting: []string{"-500 Unused time on Gold after 16 Sep 2026", "9589 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "free to paid, classic", begin: "items[0][price]={0}" + classic, steps: []string{"16 items[0][id]={a} items[0][price]={1000}"},
			billed: []string{"0 Unused time on Gold after 16 Sep 2026", "1000 1 × Gold (at $10.00 / month)"}, total: 1000,
		},
		{
			name: "free to paid, classic, anchor unchanged", begin: "items[0][price]={0}" + classic, steps: []string{"16 items[0][id]={a} items[0][price]={1000} billing_cycle_anchor=unchanged"},
			waiting: []string{"0 Unused time on Gold after 16 Sep 2026", "500 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "free to paid, flexible", begin: "items[0][price]={0}", steps: []string{"16 items[0][id]={a} items[0][price]={1000}"},
			waiting: []string{"0 Unused time on Gold after 16 Sep 2026", "500 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "from a quantity of zero, classic", begin: "items[0][price]={1000} items[0][quantity]=0" + classic, steps: []string{"16 items[0][id]={a} items[0][quantity]=3"},
			waiting: []string{"1500 Remaining time on 3 × Gold after 16 Sep 2026"},
		},
		{
			name: "from a quantity of zero, flexible", begin: "items[0][price]={1000} items[0][quantity]=0", steps: []string{"16 items[0][id]={a} items[0][quantity]=3"},
			waiting: []string{"1500 Remaining time on 3 × Gold after 16 Sep 2026"},
		},
		{
			name: "to a quantity of zero without prorations, and back", begin: "items[0][price]={1000}", // it was billed once
			steps:   []string{"11 items[0][id]={a} items[0][quantity]=0 proration_behavior=none", "16 items[0][id]={a} items[0][quantity]=3"},
			waiting: []string{"-500 Unused time on 0 × Gold after 16 Sep 2026", "1500 Remaining time on 3 × Gold after 16 Sep 2026"},
		},
		{
			name: "to a quantity of zero", begin: "items[0][price]={1000} items[0][quantity]=3", steps: []string{"16 items[0][id]={a} items[0][quantity]=0"},
			waiting: []string{"-1500 Unused time on 3 × Gold after 16 Sep 2026"},
		},
		{
			name: "raised without prorations, then lowered, classic", begin: "items[0][price]={1000}" + classic,
			steps:  []string{"11 items[0][id]={a} items[0][price]={2000} proration_behavior=none", "21 items[0][id]={a} items[0][price]={1000} proration_behavior=always_invoice"},
			billed: []string{"-667 Unused time on Gold after 21 Sep 2026", "333 Remaining time on Gold after 21 Sep 2026"}, total: -334,
		},
		{
			name: "raised without prorations, then lowered, flexible", begin: "items[0][price]={1000}",
			steps:  []string{"11 items[0][id]={a} items[0][price]={2000} proration_behavior=none", "21 items[0][id]={a} items[0][price]={1000} proration_behavior=always_invoice"},
			billed: []string{"-333 Unused time on Gold after 21 Sep 2026", "333 Remaining time on Gold after 21 Sep 2026"}, total: 0,
		},
		{
			name: "coupon, item removed, classic", begin: "items[0][price]={1000} items[1][price]={2000} discounts[0][coupon]=fiveoff" + classic, steps: []string{"16 items[0][id]={a} items[0][deleted]=true"},
			waiting: []string{"-250 Unused time on Gold after 16 Sep 2026"}, // -0.5 * (1000 - 500)
		},
		{
			name: "coupon, item removed, flexible", begin: "items[0][price]={1000} items[1][price]={2000} discounts[0][coupon]=fiveoff", steps: []string{"16 items[0][id]={a} items[0][deleted]=true"},
			waiting: []string{"-417 Unused time on Gold after 16 Sep 2026"}, // -0.5 * (1000 - 166)
		},
		{
			name: "coupon, itemized", begin: "items[0][price]={1000} items[1][price]={2000} discounts[0][coupon]=fiveoff billing_mode[type]=flexible billing_mode[flexible][proration_discounts]=itemized",
			steps:  []string{"16 items[0][id]={a} items[0][deleted]=true proration_behavior=always_invoice"},
			billed: []string{"-500 Unused time on Gold after 16 Sep 2026"}, total: -417,
		},
		{
			name: "coupon once, classic", begin: "items[0][price]={1000} discounts[0][coupon]=fiveonce" + classic, steps: []string{"16 items[0][id]={a} items[0][price]={2000}"},
			waiting: []string{"-250 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "half price", begin: "items[0][price]={1000} discounts[0][coupon]=half", steps: []string{"16 items[0][id]={a} items[0][price]={3000}"},
			waiting: []string{"-250 Unused time on Gold after 16 Sep 2026", "750 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "tiers", begin: "items[0][price]={tiers} items[0][quantity]=7", steps: []string{"11 items[0][id]={a} items[0][quantity]=5"}, // 5*700 + 2*600 = 4700, then 3500
			waiting: []string{"-3133 Unused time on 7 × Gold after 11 Sep 2026", "2333 Remaining time on 5 × Gold after 11 Sep 2026"},
		},
		{
			name: "price change without quantity", begin: "items[0][price]={1000} items[0][quantity]=4", steps: []string{"16 items[0][id]={a} items[0][price]={2000}"},
			waiting: []string{"-2000 Unused time on 4 × Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "another date", begin: "items[0][price]={1000}", steps: []string{"21 items[0][id]={a} items[0][price]={2000} proration_date=" + unixText(servertest.Start.AddDate(0, 0, 15))},
			waiting: []string{"-500 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026"},
		},
		{
			name: "two debits, flexible", begin: "items[0][price]={1000}", // the time since the 11th was billed by two
			steps:   []string{"16 items[0][id]={a} items[0][price]={2000} proration_behavior=always_invoice", "21 items[0][id]={a} items[0][price]={3000} proration_date=" + unixText(servertest.Start.AddDate(0, 0, 10))},
			waiting: []string{"-167 Unused time on Gold after 11 Sep 2026", "-1000 Unused time on Gold after 16 Sep 2026", "2000 Remaining time on Gold after 11 Sep 2026"},
			billed:  []string{"-500 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026"}, total: 500,
		},
		{
			name: "nothing that is billed", begin: "items[0][price]={1000}", steps: []string{"16 items[0][id]={a} items[0][metadata][x]=1 discounts[0][coupon]=half"},
		},
		{
			name: "end within the period", begin: "items[0][price]={3000}", steps: []string{"11 cancel_at=" + unixText(servertest.Start.AddDate(0, 0, 20))},
			waiting: []string{"-1000 Unused time on Gold after 21 Sep 2026"},
		},
		{
			name: "end within the period, then not", begin: "items[0][price]={3000}", steps: []string{"11 cancel_at=" + unixText(servertest.Start.AddDate(0, 0, 20)), "12 cancel_at= "},
			waiting: []string{"1000 Remaining time on Gold after 21 Sep 2026", "-1000 Unused time on Gold after 21 Sep 2026"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, c.begin)
			first := v.latest().ID()
			for _, step := range c.steps {
				date, form, _ := strings.Cut(step, " ")
				n, _ := strconv.Atoi(date)
				v.update(n, form).OK()
			}
			wantLines(t, v.waiting(), c.waiting...)
			if c.billed == nil {
				if v.latest().ID() != first {
					t.Error("there is another invoice")
				}
				return
			}
			wantLines(t, v.billed(), c.billed...)
			wantFields(t, v.latest(), map[string]any{"billing_reason": "subscription_update", "total": c.total, "status": "paid"})
		})
	}
}
