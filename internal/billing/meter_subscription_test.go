package billing_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// caller is a subscribed customer with a price that counts calls: the first hundred at 5 cents, then 3 cents and 2 dollars.
type caller struct {
	*subscribed
	meter, calls string
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	v := &caller{subscribed: newSubscribed(t, "pm_card_visa")}
	v.meter = v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
	v.calls = v.price("billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=100 tiers[0][unit_amount]=5 tiers[1][up_to]=inf tiers[1][unit_amount]=3 tiers[1][flat_amount]=200" +
		" recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + v.meter)
	return v
}

// use reports calls, at a time if it is not zero, under an identifier.
func (v *caller) use(calls int, at time.Time, identifier string) {
	v.t.Helper()
	more := []string{"event_name", "calls", "payload[value]", strconv.Itoa(calls), "payload[stripe_customer_id]", v.customer}
	if !at.IsZero() {
		more = append(more, "timestamp", unixText(at))
	}
	if identifier != "" {
		more = append(more, "identifier", identifier)
	}
	v.Post("/v1/billing/meter_events", more...).OK()
}

func (v *caller) grant(cents int, more string) string {
	v.t.Helper()
	return v.Post("/v1/billing/credit_grants", form("customer="+v.customer+" amount[type]=monetary amount[monetary][currency]=usd amount[monetary][value]="+strconv.Itoa(cents)+" "+more)...).OK().ID()
}

// lines tells the amount, the credits and the tax of each line of an invoice.
func (v *caller) lines(id string) (out []string) {
	v.t.Helper()
	for _, l := range v.Get("/v1/invoices/" + id + "/lines").OK().Array("data") {
		line := l.(*object.Object)
		text := line.String("description") + ": " + shown(line.Int("amount"))
		for _, c := range line.Array("pretax_credit_amounts") {
			text += " -" + shown(c.(*object.Object).Int("amount"))
		}
		for _, tax := range line.Array("taxes") {
			text += " +" + shown(tax.(*object.Object).Int("amount"))
		}
		out = append(out, text)
	}
	return out
}

// Two months of calls: what was used is billed when its month is over, credits pay before tax, and calls that are reported
// within the hour in which the invoice is a draft still count.
func TestMeteredMonths(t *testing.T) {
	t.Parallel()
	v := newCaller(t)
	rate := v.Post("/v1/tax_rates", form("display_name=VAT percentage=10 inclusive=false")...).OK().ID()
	promotion := v.grant(300, anyMetered+"category=promotional")
	paid := v.grant(500, anyMetered+"category=paid")
	expired := v.grant(9000, anyMetered+"expires_at="+unixText(servertest.Start.Add(20*day)))
	scoped := v.grant(9000, "applicability_config[scope][prices][0][id]="+v.price("unit_amount=1 recurring[interval]=month recurring[usage_type]=metered recurring[meter]="+v.meter))
	sub := v.subscribe("items[0][price]=" + v.calls + " default_tax_rates[0]=" + rate).OK()
	wantFields(t, sub, map[string]any{"status": "active", "latest_invoice": nil})
	path := "/v1/subscriptions/" + sub.ID()
	end := servertest.Start.AddDate(0, 1, 0)

	v.later(day)
	v.use(60, time.Time{}, "")
	v.use(30, time.Time{}, "wrong")
	v.Post("/v1/billing/meter_event_adjustments", form("event_name=calls type=cancel cancel[identifier]=wrong")...).OK()
	v.until(end)
	v.use(7, time.Time{}, "") // of the next month
	in := field(v.Get(path).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{"status": "draft", "total": 330, "subtotal": 300, "total_pretax_credit_amounts": []any{}})
	v.use(110, end.Add(-time.Second), "") // late
	v.later(hour)
	wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{
		"status": "paid", "subtotal": 910, "total": 121, "amount_paid": 121, "total_excluding_tax": 110, "total_taxes.0.taxable_amount": 110, "total_taxes.0.amount": 11,
		"total_pretax_credit_amounts.0.type": "credit_balance_transaction", "total_pretax_credit_amounts.0.amount": 300,
	})
	if got, want := v.lines(in), []string{"100 × Gold (Tier 1 at $0.05 / month): 500 -300 -200 +0", "70 × Gold (Tier 2 at $0.03 / month): 210 -210 +0", "Gold (Tier 2 at $2.00 / month): 200 -90 +11"}; !slices.Equal(got, want) {
		t.Errorf("the lines are\n%q\nwant\n%q", got, want)
	}
	moves := v.Get("/v1/billing/credit_balance_transactions", "customer", v.customer, "credit_grant", promotion).OK()
	wantFields(t, moves, map[string]any{"data.0.debit.type": "credits_applied", "data.0.debit.amount.monetary.value": 300, "data.0.debit.credits_applied.invoice": in})
	wantFields(t, v.Get("/v1/invoices/"+in, "expand[]", "total_pretax_credit_amounts.credit_balance_transaction").OK(), map[string]any{"total_pretax_credit_amounts.0.credit_balance_transaction.credit_grant": promotion})

	v.use(33, time.Time{}, "")
	v.until(servertest.Start.AddDate(0, 2, 0))
	v.later(hour)
	in = field(v.Get(path).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{"status": "paid", "subtotal": 200, "total": 220, "total_pretax_credit_amounts": []any{}, "lines.data.0.quantity": 40})
	for id, want := range map[string]int64{promotion: 0, paid: 0, expired: 0, scoped: 9000} {
		s := v.Get("/v1/billing/credit_balance_summary", "customer", v.customer, "filter[type]", "credit_grant", "filter[credit_grant]", id).OK()
		if got := field(s, "balances.0.available_balance.monetary.value"); got != want {
			t.Errorf("%v of the grant %s are left, want %d", got, id, want)
		}
	}
}

// Credits of an invoice that is voided are there again.
func TestCreditsOfVoidInvoice(t *testing.T) {
	t.Parallel()
	v := newCaller(t)
	v.Post("/v1/coupons", form("id=HALF percent_off=50 duration=forever")...).OK()
	grant := v.grant(100, anyMetered)
	path := "/v1/subscriptions/" + v.subscribe("items[0][price]="+v.calls+" collection_method=send_invoice days_until_due=30 discounts[0][coupon]=HALF").OK().ID()
	v.use(80, time.Time{}, "")
	v.until(servertest.Start.AddDate(0, 1, 0))
	v.later(hour)
	in := field(v.Get(path).OK(), "latest_invoice").(string)
	open := v.Get("/v1/invoices/" + in).OK()
	wantFields(t, open, map[string]any{"status": "open", "subtotal": 400, "total": 100, "amount_due": 100, "total_discount_amounts.0.amount": 200, "total_pretax_credit_amounts.0.type": "discount", "total_pretax_credit_amounts.1.amount": 100})
	wantEvents(t, v.Server, events("payment_intent.canceled", "billing.credit_balance_transaction.created", "invoice.updated", "invoice.voided"), func() { v.Post("/v1/invoices/" + in + "/void").OK() })
	wantFields(t, v.Get("/v1/billing/credit_balance_transactions", "customer", v.customer, "credit_grant", grant).OK(), map[string]any{
		"data.0.credit.type": "credits_application_invoice_voided", "data.0.credit.credits_application_invoice_voided.invoice": in, "data.0.credit.amount.monetary.value": 100,
	})
}

// What is used at the very moment at which its item ends is billed with the rest: on a test clock that is when usage is
// reported.
func TestUsageAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(v *caller, sub, item string)
		want int64 // of the last invoice: 60 calls at 5 cents, with a month of Gold where that goes on
	}{
		{"canceled and invoiced", func(v *caller, sub, _ string) {
			v.Delete("/v1/subscriptions/"+sub, "invoice_now", "true").OK()
		}, 300},
		{"removed", func(v *caller, sub, item string) {
			v.Post("/v1/subscriptions/"+sub, "items[0][id]", item, "items[0][deleted]", "true").OK()
			v.until(servertest.Start.AddDate(0, 1, 0))
		}, 1300},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newCaller(t)
			sub := v.subscribe("items[0][price]=" + v.calls + " items[1][price]=" + v.monthly).OK()
			v.later(day)
			v.use(60, time.Time{}, "")
			c.end(v, sub.ID(), field(sub, "items.data.0.id").(string))
			in := field(v.Get("/v1/subscriptions/"+sub.ID()).OK(), "latest_invoice").(string)
			wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{"total": c.want})
		})
	}
}
