package transfer_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/processor/stripe"
	"sharesmart/internal/servertest"
	"sharesmart/internal/transfer"
)

// move is a seller who moves from one server, which stands for Stripe, to another.
type move struct {
	*servertest.Server
	t    *testing.T
	bank *servertest.Server
	ns   *access.Namespace

	source *transfer.Source
}

func newMove(t *testing.T) *move {
	t.Helper()
	m := &move{t: t, bank: servertest.New(t)}
	m.Server = servertest.New(t, servertest.Processor(stripe.New(stripe.Options{Secret: m.bank.Key, Publishable: m.bank.Account.TestPublishable.Secret, URL: m.bank.URL})))
	m.Key = m.Account.LiveSecret.Secret
	m.source = &transfer.Source{URL: m.bank.URL, Key: m.bank.Key, HTTP: m.bank.Client, Clock: m.bank.Clock}
	var err error
	if m.ns, err = m.Registry.Namespace(m.Account.ID, access.Live); err != nil {
		t.Fatal(err)
	}
	return m
}

// run imports, and proves the books.
func (m *move) run() map[string]transfer.Outcome {
	m.t.Helper()
	all := map[string]transfer.Outcome{}
	err := m.source.Import(m.t.Context(), transfer.Target{
		Known: func(kind string, ids []string) (map[string]bool, error) {
			return billing.Imported(m.t.Context(), m.Engine, m.ns, kind, ids)
		},
		Put: func(kind string, docs []json.RawMessage) (transfer.Outcome, error) {
			came, err := billing.Import(m.t.Context(), m.Engine, m.ns, kind, docs)
			return transfer.Outcome(came), err
		},
		Told: func(kind string, so transfer.Outcome) { all[kind] = so },
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.verify()
	return all
}

func (m *move) verify() {
	m.t.Helper()
	if problems, err := m.Engine.Verify(m.t.Context()); err != nil || len(problems) > 0 {
		m.t.Errorf("the books: %v %v", problems, err)
	}
}

// want compares what came of each kind: new, known, left out.
func (m *move) want(got map[string]transfer.Outcome, want map[string][3]int) {
	m.t.Helper()
	for kind, n := range want {
		if o := got[kind]; o.Made != n[0] || o.Known != n[1] || len(o.Refused) != n[2] {
			m.t.Errorf("%s: %+v, want %v", kind, o, n)
		}
	}
}

// same compares fields of an object here and there.
func (m *move) same(path string, fields ...string) *object.Object {
	m.t.Helper()
	here, there := m.Get(path).OK(), m.bank.Get(path).OK()
	for _, name := range fields {
		way := strings.Split(name, ".")
		if a, b := here.At(way...), there.At(way...); !object.Equal(a, b) {
			m.t.Errorf("%s: %s is %v, and there %v", path, name, a, b)
		}
	}
	return here
}

// pass lets time go by.
func (m *move) pass(d time.Duration) {
	m.t.Helper()
	m.bank.Clock.Advance(d)
	m.Clock.Advance(d)
	for range 3 {
		for _, s := range []*servertest.Server{m.bank, m.Server} {
			if err := s.Engine.RunDue(m.t.Context()); err != nil {
				m.t.Fatal(err)
			}
		}
	}
}

// TestImport carries a Stripe account over, twice, and renews what came with the card that Stripe has.
func TestImport(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	sub, customer, pm := stock(t, m.bank)
	m.pass(time.Hour)
	m.want(m.run(), map[string][3]int{"product": {1, 0, 0}, "price": {1, 0, 0}, "coupon": {1, 0, 0}, "customer": {29, 0, 0}, "payment_method": {1, 0, 0}, "subscription": {1, 0, 1}, "invoice": {1, 0, 1}, "charge": {1, 0, 0}})
	m.want(m.run(), map[string][3]int{"product": {0, 1, 0}, "price": {0, 1, 0}, "coupon": {0, 1, 0}, "customer": {0, 29, 0}, "payment_method": {0, 1, 0}, "subscription": {0, 1, 1}, "invoice": {0, 1, 1}, "charge": {0, 1, 0}})
	came := m.same("/v1/subscriptions/"+sub, "status", "customer", "items.data.0.current_period_end")
	if came.Ref("default_payment_method") != pm || !came.Bool("livemode") {
		t.Errorf("the subscription is %s", came.JSON())
	}
	m.same("/v1/customers/"+customer, "name", "created", "email")
	invoices := len(m.Get("/v1/invoices").IDs())
	m.pass(31*24*time.Hour + 2*time.Hour)
	m.pass(2 * time.Hour)
	m.pass(2 * time.Hour)
	renewals := m.Get("/v1/invoices").OK().Array("data")
	if in := renewals[0].(*object.Object); len(renewals) != invoices+1 || in.String("status") != "paid" || in.Int("amount_paid") != 1800 {
		t.Errorf("the renewal: %v", in)
	}
	m.verify()
	again := m.run()                                                           // what was paid here is at Stripe, too
	for kind, made := range map[string]int{"charge": 1, "payment_intent": 2} { // that of the subscription which was not ended there, and what lapsed
		if o := again[kind]; o.Made != made || len(o.Refused) != 1 || !strings.Contains(fmt.Sprint(o.Refused), "made here") {
			t.Errorf("%s: what was made here comes back: %+v", kind, o)
		}
	}
}

// buyer is a customer at Stripe with a card that they pay with.
func (m *move) buyer() (customer, pm string) {
	m.t.Helper()
	customer = m.bank.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	pm = m.bank.Post("/v1/payment_methods/pm_card_visa/attach", "customer", customer).OK().ID()
	m.bank.Post("/v1/customers/"+customer, "invoice_settings[default_payment_method]", pm).OK()
	return customer, pm
}

// history fills a server with all that can have happened.
func (m *move) history() (customer string) {
	m.t.Helper()
	b := m.bank
	customer, _ = m.buyer()
	pay := func(amount, pm string, more ...string) string {
		return b.Post("/v1/payment_intents", append([]string{"amount", amount, "currency", "usd", "payment_method", pm, "confirm", "true", "payment_method_types[]", "card"}, more...)...).OK().ID()
	}
	whole := pay("2000", "pm_card_visa")
	part := pay("3000", "pm_card_visa")
	b.Post("/v1/refunds", "payment_intent", whole).OK()
	b.Post("/v1/refunds", "payment_intent", part, "amount", "500").OK()
	b.Post("/v1/refunds", "payment_intent", part, "amount", "700").OK()
	b.Post("/v1/payment_intents", "amount", "100", "currency", "usd", "payment_method", "pm_card_chargeDeclined", "confirm", "true", "payment_method_types[]", "card")
	pay("1000", "pm_card_visa", "capture_method", "manual") // holds an authorization
	b.Post("/v1/payment_intents/" + pay("1100", "pm_card_visa", "capture_method", "manual") + "/cancel").OK()
	b.Post("/v1/payment_intents/"+pay("1200", "pm_card_visa", "capture_method", "manual")+"/capture", "amount_to_capture", "900").OK()
	pay("1300", "pm_card_createDispute")

	vat := b.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID()
	ten := b.Post("/v1/coupons", "percent_off", "10", "duration", "once").OK().ID()
	invoice := func(amount string, more ...string) string {
		b.Post("/v1/invoiceitems", "customer", customer, "amount", amount, "currency", "usd", "description", "Tea").OK()
		return b.Post("/v1/invoices", append([]string{"customer", customer, "pending_invoice_items_behavior", "include"}, more...)...).OK().ID()
	}
	paid := invoice("10000", "default_tax_rates[]", vat, "discounts[0][coupon]", ten)
	b.Post("/v1/invoices/" + paid + "/pay").OK()
	b.Post("/v1/credit_notes", "invoice", paid, "amount", "1000", "refund_amount", "400", "credit_amount", "500", "out_of_band_amount", "100").OK()
	lowered := invoice("4000", "collection_method", "send_invoice", "days_until_due", "10")
	b.Post("/v1/invoices/" + lowered + "/finalize").OK()
	b.Post("/v1/credit_notes", "invoice", lowered, "amount", "1000").OK()
	b.Post("/v1/invoices/"+lowered+"/pay", "paid_out_of_band", "true").OK()
	for range 11 {
		b.Post("/v1/invoiceitems", "customer", customer, "amount", "10", "currency", "usd", "description", "Many").OK()
	}
	long := invoice("10")
	b.Post("/v1/invoices/" + long + "/pay").OK()
	void := invoice("500", "collection_method", "send_invoice", "days_until_due", "10")
	b.Post("/v1/invoices/" + void + "/finalize").OK()
	b.Post("/v1/invoices/" + void + "/void").OK()
	lost := invoice("600", "collection_method", "send_invoice", "days_until_due", "10")
	b.Post("/v1/invoices/" + lost + "/finalize").OK()
	b.Post("/v1/invoices/" + lost + "/mark_uncollectible").OK()
	open := invoice("700", "collection_method", "send_invoice", "days_until_due", "10", "auto_advance", "true")
	b.Post("/v1/invoices/" + open + "/finalize").OK()
	b.Post("/v1/payouts", "amount", "100", "currency", "usd")
	return customer
}

// TestImportHistory carries all that has happened, with its ids: books, charges, invoices with their notes, balances.
func TestImportHistory(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	customer := m.history()
	m.pass(10 * time.Second)
	m.pass(10 * time.Second)
	got := m.run()
	for kind, o := range got {
		t.Logf("%s: %d new, %d left out %v", kind, o.Made, len(o.Refused), o.Refused)
	}
	for _, kind := range []string{"charges", "payment_intents", "refunds", "invoices", "credit_notes", "balance_transactions"} {
		here, there := m.Get("/v1/"+kind, "limit", "100").IDs(), m.bank.Get("/v1/"+kind, "limit", "100").IDs()
		missing := len(got[strings.TrimSuffix(kind, "s")].Refused)
		if len(here)+missing != len(there) || len(here) == 0 {
			t.Errorf("%d %s are here, %d there, %d left out", len(here), kind, len(there), missing)
		}
		for _, id := range here {
			m.same("/v1/"+kind+"/"+id, map[string][]string{
				"charges":              {"amount", "amount_refunded", "amount_captured", "refunded", "status", "created", "balance_transaction", "payment_intent", "outcome.type"},
				"payment_intents":      {"amount", "amount_received", "status", "latest_charge", "created"},
				"refunds":              {"amount", "status", "charge", "balance_transaction", "created"},
				"invoices":             {"number", "status", "total", "amount_paid", "amount_remaining", "starting_balance", "ending_balance", "lines.data.0.description", "lines.data.0.amount", "lines.has_more", "created", "customer", "total_taxes"},
				"credit_notes":         {"number", "total", "pre_payment_amount", "post_payment_amount", "refunds", "lines.data.0.amount", "invoice"},
				"balance_transactions": {"amount", "net", "fee", "status", "source", "type", "created", "reporting_category"},
			}[kind]...)
		}
	}
	m.same("/v1/customers/"+customer, "balance", "invoice_prefix", "next_invoice_sequence")
	if a, b := m.Get("/v1/balance").OK(), m.bank.Get("/v1/balance").OK(); !object.Equal(a.Get("available"), b.Get("available")) || !object.Equal(a.Get("pending"), b.Get("pending")) {
		t.Errorf("the balance is %s, and there %s", a.JSON(), b.JSON())
	}
	if n := len(m.Get("/v1/events", "type", "invoice.created").IDs()); n != 0 {
		t.Errorf("%d events tell of old invoices", n)
	}
	for id, note := range got["invoice"].Noted {
		if !strings.Contains(note, "goes on collecting it") {
			t.Errorf("the note on %s is %q", id, note)
		}
		m.bank.Post("/v1/invoices/"+id+"/pay", "paid_out_of_band", "true").OK()
	}
	part := m.bank.Get("/v1/charges", "limit", "100").OK().Array("data")
	for _, v := range part {
		if c := v.(*object.Object); c.Int("amount") == 3000 {
			m.bank.Post("/v1/refunds", "charge", c.ID(), "amount", "800").OK()
		}
	}
	second := m.run()
	m.want(second, map[string][3]int{"invoice": {0, 6, 0}, "balance_transaction": {1, got["balance_transaction"].Made + got["balance_transaction"].Known, 0}})
	for id := range got["invoice"].Noted {
		m.same("/v1/invoices/"+id, "status", "amount_paid")
	}
	for _, v := range part {
		if c := v.(*object.Object); c.Int("amount") == 3000 {
			m.same("/v1/charges/"+c.ID(), "amount_refunded", "refunded")
		}
	}
	if a, b := m.Get("/v1/balance").OK(), m.bank.Get("/v1/balance").OK(); !object.Equal(a.Get("pending"), b.Get("pending")) {
		t.Errorf("then the balance is %s, and there %s", a.JSON(), b.JSON())
	}
}

// TestImportSubscriptions carries those that have discounts, that are in their trial, and that are billed by use.
func TestImportSubscriptions(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	b := m.bank
	customer, _ := m.buyer()
	price := b.Post("/v1/prices", "currency", "usd", "unit_amount", "1000", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	meter := b.Post("/v1/billing/meters", "display_name", "Calls", "event_name", "calls", "default_aggregation[formula]", "sum").OK().ID()
	used := b.Post("/v1/prices", "currency", "usd", "unit_amount", "2", "recurring[interval]", "month", "recurring[usage_type]", "metered", "recurring[meter]", meter, "product_data[name]", "Calls").OK().ID()
	other := b.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Support").OK().ID()
	months := b.Post("/v1/coupons", "percent_off", "25", "duration", "repeating", "duration_in_months", "3", "max_redemptions", "1", "applies_to[products][0]", b.Get("/v1/prices/"+price).OK().String("product")).OK().ID()
	subscribe := func(form ...string) string {
		return b.Post("/v1/subscriptions", append([]string{"customer", customer}, form...)...).OK().ID()
	}
	cheaper := subscribe("items[0][price]", price, "items[1][price]", other, "discounts[0][coupon]", months)
	tiers := b.Post("/v1/prices", "currency", "usd", "billing_scheme", "tiered", "tiers_mode", "graduated", "tiers[0][up_to]", "2", "tiers[0][unit_amount]", "300", "tiers[1][up_to]", "inf", "tiers[1][unit_amount]", "100",
		"recurring[interval]", "month", "product_data[name]", "Seats", "currency_options[eur][tiers][0][up_to]", "inf", "currency_options[eur][tiers][0][unit_amount]", "90").OK().ID()
	seats := subscribe("items[0][price]", tiers, "items[0][quantity]", "5")
	trial := subscribe("items[0][price]", price, "trial_period_days", "30")
	metered := subscribe("items[0][price]", used)
	use := func(s *servertest.Server, n string) {
		s.Post("/v1/billing/meter_events", "event_name", "calls", "payload[stripe_customer_id]", customer, "payload[value]", n).OK()
	}
	m.pass(10 * 24 * time.Hour)
	use(b, "30")
	m.pass(time.Hour)
	got := m.run()
	m.want(got, map[string][3]int{"subscription": {4, 0, 0}, "billing.meter": {1, 0, 0}, "coupon": {1, 0, 0}, "price": {4, 0, 0}})
	if len(got["subscription"].Refused) > 0 {
		t.Fatal(got["subscription"].Refused)
	}
	for id, status := range map[string]string{cheaper: "active", trial: "trialing", metered: "active"} {
		if s := m.same("/v1/subscriptions/"+id, "status", "items.data.0.current_period_end", "trial_end"); s.String("status") != status {
			t.Errorf("%s is %s", id, s.String("status"))
		}
	}
	discount := func(s *servertest.Server) *object.Object {
		return s.Get("/v1/subscriptions/"+cheaper, "expand[]", "discounts").OK().Array("discounts")[0].(*object.Object)
	}
	if a, b := discount(m.Server), discount(m.bank); a.Int("start") != b.Int("start") || a.Int("end") != b.Int("end") || a.Int("end") == 0 {
		t.Errorf("the discount is %s, and there %s", a.JSON(), b.JSON())
	}
	if c := m.same("/v1/coupons/"+months, "times_redeemed", "valid"); c.Int("times_redeemed") != 1 {
		t.Errorf("the coupon was redeemed %d times", c.Int("times_redeemed"))
	}
	use(m.Server, "40")
	if p := m.Get("/v1/prices/"+tiers, "expand[]", "tiers", "expand[]", "currency_options").OK(); len(p.Array("tiers")) != 2 || p.Object("currency_options").Object("eur") == nil || m.Get("/v1/prices/"+tiers).OK().Has("tiers") {
		t.Errorf("the price is %s", p.JSON())
	}
	for _, id := range []string{cheaper, seats, trial, metered} {
		m.bank.Delete("/v1/subscriptions/" + id).OK()
	}
	seen := map[string]bool{}
	for _, id := range m.Get("/v1/invoices", "limit", "100").IDs() {
		seen[id] = true
	}
	m.pass(21*24*time.Hour + time.Hour)
	for range 3 {
		m.pass(2 * time.Hour)
	}
	paid := map[string]int64{}
	for _, v := range m.Get("/v1/invoices", "limit", "100").OK().Array("data") {
		in := v.(*object.Object)
		if id, _ := in.At("parent", "subscription_details", "subscription").(string); !seen[in.ID()] && in.String("status") == "paid" {
			paid[id] += in.Int("total")
		}
	}
	if paid[cheaper] != 750+500 || paid[seats] != 900 || paid[trial] != 1000 || paid[metered] != 140 {
		t.Errorf("the next bills are %v", paid)
	}
	m.verify()
}

// TestImportSchedules carries a schedule with the subscription that it changes, and one that has not begun.
func TestImportSchedules(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	b := m.bank
	customer, _ := m.buyer()
	price := func(amount string) string {
		return b.Post("/v1/prices", "currency", "usd", "unit_amount", amount, "recurring[interval]", "month", "product_data[name]", "Plan of "+amount).OK().ID()
	}
	basic, pro := price("1000"), price("2500")
	half := b.Post("/v1/coupons", "percent_off", "50", "duration", "forever").OK().ID()
	planned := func(more ...string) (sub, schedule string) {
		sub = b.Post("/v1/subscriptions", "customer", customer, "items[0][price]", basic).OK().ID()
		made := b.Post("/v1/subscription_schedules", "from_subscription", sub).OK()
		phase := made.Array("phases")[0].(*object.Object)
		b.Post("/v1/subscription_schedules/"+made.ID(), append([]string{"end_behavior", "release", "metadata[a]", "b", "phases[0][items][0][price]", basic, "phases[0][start_date]", fmt.Sprint(phase.Int("start_date")),
			"phases[0][end_date]", fmt.Sprint(phase.Int("end_date")), "phases[1][items][0][price]", pro, "phases[1][items][0][quantity]", "2", "phases[1][discounts][0][coupon]", half,
			"phases[1][duration][interval]", "month", "phases[1][duration][interval_count]", "2"}, more...)...).OK()
		return sub, made.ID()
	}
	sub, schedule := planned()
	taxed, _ := planned("phases[1][default_tax_rates][0]", b.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID())
	start := fmt.Sprint(b.Clock.Now().Add(40 * 24 * time.Hour).Unix())
	later := b.Post("/v1/subscription_schedules", "customer", customer, "start_date", start, "end_behavior", "cancel", "phases[0][items][0][price]", basic, "phases[0][duration][interval]", "month", "phases[0][duration][interval_count]", "1").OK().ID()
	m.pass(24 * time.Hour)
	got := m.run()
	m.want(got, map[string][3]int{"subscription": {1, 0, 1}, "subscription_schedule": {1, 0, 0}})
	if why := got["subscription"].Refused[taxed]; !strings.Contains(why, "a phase of its schedule has default_tax_rates") {
		t.Errorf("a schedule with taxes: %q", why)
	}
	m.want(m.run(), map[string][3]int{"subscription": {0, 1, 1}, "subscription_schedule": {0, 1, 0}})
	m.same("/v1/subscription_schedules/"+schedule, "status", "subscription", "end_behavior", "metadata", "current_phase.end_date", "phases.1.start_date", "phases.1.end_date", "phases.1.items.0.price", "phases.1.items.0.quantity", "phases.1.discounts")
	m.same("/v1/subscription_schedules/"+later, "status", "customer", "end_behavior", "phases.0.start_date", "phases.0.end_date", "phases.0.items")
	for _, id := range []string{sub, taxed} {
		b.Delete("/v1/subscriptions/" + id).OK()
	}
	b.Post("/v1/subscription_schedules/" + later + "/cancel").OK()
	for range 5 {
		m.pass(8 * 24 * time.Hour)
		m.pass(2 * time.Hour)
	}
	m.pass(2 * time.Hour)
	paid := map[int64]int{}
	for _, v := range m.Get("/v1/invoices", "limit", "100").OK().Array("data") {
		if in := v.(*object.Object); in.String("status") == "paid" {
			paid[in.Int("total")]++
		}
	}
	if paid[2500] != 1 || paid[1000] != 3 { // two that came, the bill of the second phase, and the first of the later schedule
		t.Errorf("the bills are %v", paid)
	}
	m.verify()
}

// TestImportDisputes carries disputes with what they moved. One that is open goes on here: the evidence that is given goes to
// Stripe, and how it ends comes back.
func TestImportDisputes(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	for range 3 {
		m.bank.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method", "pm_card_createDispute", "confirm", "true", "payment_method_types[]", "card").OK()
	}
	m.bank.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method", "pm_card_createDisputeInquiry", "confirm", "true", "payment_method_types[]", "card").OK()
	m.pass(time.Minute)
	var ids []string
	for _, v := range m.bank.Get("/v1/disputes").OK().Array("data") {
		if d := v.(*object.Object); d.String("status") == "needs_response" {
			ids = append(ids, d.ID())
		}
	}
	if len(ids) != 3 {
		t.Fatalf("%d disputes are open", len(ids))
	}
	won, lost, open := ids[0], ids[1], ids[2]
	m.bank.Post("/v1/disputes/"+won, "evidence[uncategorized_text]", "winning_evidence", "submit", "true").OK()
	m.bank.Post("/v1/disputes/" + lost + "/close").OK()
	m.pass(time.Minute)
	m.want(m.run(), map[string][3]int{"dispute": {4, 0, 0}, "charge": {4, 0, 0}})
	m.want(m.run(), map[string][3]int{"dispute": {0, 4, 0}})
	for id, status := range map[string]string{won: "won", lost: "lost", open: "needs_response"} {
		if d := m.same("/v1/disputes/"+id, "amount", "charge", "payment_intent", "reason", "created", "status", "evidence.uncategorized_text", "balance_transactions", "evidence_details.due_by"); d.String("status") != status {
			t.Errorf("%s is %s, want %s", id, d.String("status"), status)
		}
	}
	m.sameBalance()

	m.Post("/v1/disputes/"+open, "evidence[uncategorized_text]", "winning_evidence", "submit", "true").OK()
	m.pass(time.Minute)
	if d := m.bank.Get("/v1/disputes/" + open).OK(); d.String("status") != "won" {
		t.Errorf("what was said here is not there: %s", d.JSON())
	}
	if err := (&billing.Reconciler{Engine: m.Engine}).Reconcile(t.Context(), m.ns, m.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	m.pass(time.Minute)
	m.same("/v1/disputes/"+open, "status")
	m.sameBalance()
	got := m.run()
	if o := got["balance_transaction"]; o.Made != 0 || len(o.Refused) != 1 || !strings.Contains(fmt.Sprint(o.Refused), "goes on here") {
		t.Errorf("what the dispute moved comes twice: %+v", o)
	}
}

func (m *move) sameBalance() {
	m.t.Helper()
	a, b := m.Get("/v1/balance").OK(), m.bank.Get("/v1/balance").OK()
	for _, name := range []string{"available", "pending"} {
		if !object.Equal(a.Get(name), b.Get(name)) {
			m.t.Errorf("%s is %s, and there %s", name, a.JSON(), b.JSON())
		}
	}
}

// TestImportPayouts carries payouts that have arrived or failed, and leaves out the one that is on its way.
func TestImportPayouts(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	m.bank.Post("/v1/payment_intents", "amount", "9000", "currency", "usd", "payment_method", "pm_card_bypassPending", "confirm", "true", "payment_method_types[]", "card").OK()
	m.pass(time.Minute)
	arrived := m.bank.Post("/v1/payouts", "amount", "1000", "currency", "usd", "metadata[week]", "36").OK().ID()
	canceled := m.bank.Post("/v1/payouts", "amount", "300", "currency", "usd").OK().ID()
	m.bank.Post("/v1/payouts/" + canceled + "/cancel").OK()
	m.pass(5 * 24 * time.Hour)
	m.pass(5 * 24 * time.Hour)
	moving := m.bank.Post("/v1/payouts", "amount", "200", "currency", "usd").OK().ID()
	got := m.run()
	m.want(got, map[string][3]int{"payout": {2, 0, 1}})
	if why := got["payout"].Refused[moving]; !strings.Contains(why, "when it has arrived") {
		t.Errorf("the payout on its way: %q", why)
	}
	for id, status := range map[string]string{arrived: "paid", canceled: "canceled"} {
		if p := m.same("/v1/payouts/"+id, "amount", "status", "arrival_date", "created", "metadata", "balance_transaction", "failure_balance_transaction"); p.String("status") != status {
			t.Errorf("%s is %s, want %s", id, p.String("status"), status)
		}
	}
	m.sameBalance()
	m.pass(5 * 24 * time.Hour)
	m.pass(5 * 24 * time.Hour)
	m.want(m.run(), map[string][3]int{"payout": {1, 2, 0}})
	m.sameBalance()
}

// TestImportPromotionCodes carries codes, which can be redeemed and end as they would have there.
func TestImportPromotionCodes(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	coupon := m.bank.Post("/v1/coupons", "percent_off", "10", "duration", "once").OK().ID()
	customer := m.bank.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	code := func(form ...string) string {
		return m.bank.Post("/v1/promotion_codes", append([]string{"promotion[type]", "coupon", "promotion[coupon]", coupon}, form...)...).OK().ID()
	}
	ends := code("code", "SPRING", "expires_at", fmt.Sprint(m.bank.Clock.Now().Add(48*time.Hour).Unix()), "max_redemptions", "5", "metadata[a]", "b")
	hers := code("code", "JENNY", "customer", customer, "restrictions[minimum_amount]", "500", "restrictions[minimum_amount_currency]", "usd",
		"restrictions[currency_options][eur][minimum_amount]", "400", "restrictions[first_time_transaction]", "true")
	off := code("code", "OFF")
	m.bank.Post("/v1/promotion_codes/"+off, "active", "false").OK()
	m.want(m.run(), map[string][3]int{"promotion_code": {3, 0, 0}})
	m.want(m.run(), map[string][3]int{"promotion_code": {0, 3, 0}})
	for _, id := range []string{ends, hers, off} {
		m.same("/v1/promotion_codes/"+id, "active", "code", "created", "customer", "expires_at", "max_redemptions", "metadata", "promotion", "restrictions", "times_redeemed")
	}
	if ids := m.Get("/v1/promotion_codes", "code", "spring").IDs(); len(ids) != 1 || ids[0] != ends {
		t.Errorf("the code finds %v", ids)
	}
	m.Post("/v1/promotion_codes", "promotion[type]", "coupon", "promotion[coupon]", coupon, "code", "later").OK()
	taken := code("code", "LATER")
	if got := m.run()["promotion_code"]; got.Made != 0 || !strings.Contains(got.Refused[taken], "already") {
		t.Errorf("a code that is taken: %+v", got)
	}
	m.pass(72 * time.Hour)
	m.same("/v1/promotion_codes/"+ends, "active")
}

// TestImportLeavesOut hands over what does not add up, or cannot come: it is left out with the reason, and the books stay sound.
func TestImportLeavesOut(t *testing.T) {
	t.Parallel()
	m := newMove(t)
	charge := func(more string) string {
		return `{"id":"ch_1","object":"charge","amount":100,"amount_captured":100,"amount_refunded":0,"captured":true,"currency":"usd","paid":true,"refunded":false,"status":"succeeded","created":1788000000` + more + `}`
	}
	moved := `{"id":"txn_1","amount":100,"fee":0,"fee_details":[],"net":100,"currency":"usd","type":"charge","source":"ch_1","status":"available","available_on":1788000000,"created":1788000000}`
	for _, c := range []struct{ name, kind, doc, why string }{
		{"a kind", "account", `{"id":"acct_1"}`, "are not carried over"},
		{"of a bank account", "payment_method", `{"id":"pm_1","type":"sepa_debit"}`, "takes cards"},
		{"of nobody", "payment_method", `{"id":"pm_1","type":"card","customer":"cus_none"}`, "its customer is not here"},
		{"made here", "customer", `{"id":"cus_1","metadata":{"sharesmart_customer":"cus_2"}}`, "made here"},
		{"a balance from nowhere", "customer", `{"id":"cus_1","currency":"usd","balance":5}`, "balance without entries"},
		{"a broken chain", "customer", `{"id":"cus_1","currency":"usd","balance":5,"imported_balance":[{"id":"cbtxn_1","amount":4,"currency":"usd","ending_balance":5}]}`, "do not add up"},
		{"another balance", "customer", `{"id":"cus_1","currency":"usd","balance":6,"imported_balance":[{"id":"cbtxn_1","amount":5,"currency":"usd","ending_balance":5}]}`, "not what its entries come to"},
		{"an unknown movement", "balance_transaction", strings.Replace(moved, `"type":"charge"`, `"type":"magic"`, 1), "magic are not known"},
		{"an unknown fee", "balance_transaction", strings.Replace(moved, `"fee_details":[]`, `"fee_details":[{"type":"magic","amount":0}]`, 1), "a type that is not known"},
		{"a wrong net", "balance_transaction", strings.Replace(moved, `"net":100`, `"net":99`, 1), "do not add up"},
		{"the refund of a stranger", "balance_transaction", strings.Replace(moved, `"source":"ch_1"`, `"source":{"id":"re_1","object":"refund","charge":"ch_none"}`, 1), "a charge that is not here"},
		{"not in the books", "charge", charge(""), "not in the books at Stripe yet"},
		{"another amount", "charge", charge(`,"balance_transaction":` + strings.Replace(moved, `"amount":100,"fee":0,"fee_details":[],"net":100`, `"amount":90,"fee":0,"fee_details":[],"net":90`, 1)), "moved another amount"},
		{"shared", "charge", charge(`,"application_fee":"fee_1","balance_transaction":` + moved), "connected account"},
		{"half refunded", "charge", strings.Replace(charge(`,"balance_transaction":`+moved), `"amount_refunded":0`, `"amount_refunded":50`, 1), "does not add up"},
		{"a refund on its way", "charge", charge(`,"balance_transaction":` + moved + `,"imported_refunds":[{"id":"re_1","status":"pending","amount":50,"currency":"usd","charge":"ch_1"}]`), "not over yet"},
		{"a refund that moved nothing", "charge", charge(`,"balance_transaction":` + moved + `,"imported_refunds":[{"id":"re_1","status":"succeeded","amount":50,"currency":"usd","charge":"ch_1"}]`), "not in the books at Stripe yet"},
		{"a payment on its way", "payment_intent", `{"id":"pi_1","status":"requires_action"}`, "is not over"},
		{"a payment without its charge", "payment_intent", `{"id":"pi_1","status":"succeeded","amount_received":100,"latest_charge":` + charge("") + `}`, "was left out"},
		{"a payment that received less", "payment_intent", `{"id":"pi_1","status":"succeeded","amount_received":90,"latest_charge":` + charge("") + `}`, "does not add up"},
		{"a code of another coupon", "promotion_code", `{"id":"promo_1","code":"A","active":true,"promotion":{"type":"coupon","coupon":"NONE"}}`, "its coupon is not here"},
		{"a dispute of a stranger", "dispute", `{"id":"dp_1","status":"won","charge":"ch_none"}`, "its charge is not here"},
		{"what a stranger's dispute moved", "balance_transaction", strings.Replace(moved, `"source":"ch_1"`, `"source":{"id":"dp_1","object":"dispute","charge":"ch_none"}`, 1), "a charge that is not here"},
		{"a payout without its movement", "payout", `{"id":"po_1","status":"paid","balance_transaction":"txn_none"}`, "not in the books yet"},
		{"a payout on its way", "payout", `{"id":"po_1","status":"in_transit"}`, "is in_transit"},
		{"a draft of a subscription", "invoice", `{"id":"in_1","status":"draft","billing_reason":"subscription_cycle"}`, "finalizes within the hour"},
		{"a draft with Stripe's taxes", "invoice", `{"id":"in_1","status":"draft","billing_reason":"manual","automatic_tax":{"enabled":true}}`, "whose taxes Stripe works out"},
		{"a draft with discounts", "invoice", `{"id":"in_1","status":"draft","billing_reason":"manual","discounts":["di_1"]}`, "discounts or shipping"},
		{"a draft for others", "invoice", `{"id":"in_1","status":"draft","billing_reason":"manual","on_behalf_of":"acct_1"}`, "connected account"},
		{"a draft that revises", "invoice", `{"id":"in_1","status":"draft","billing_reason":"manual","from_invoice":{"invoice":"in_0"}}`, "revision"},
		{"an item of nobody", "invoiceitem", `{"id":"ii_1","customer":"cus_none"}`, "its customer is not here"},
		{"an item that is billed", "invoiceitem", `{"id":"ii_1","invoice":"in_1"}`, "on the invoice in_1"},
		{"an invoice of other lines", "invoice", `{"id":"in_1","status":"paid","currency":"usd","subtotal":10,"total":10,"amount_due":10,"amount_paid":10,"lines":{"data":[{"id":"il_1","amount":9}]}}`, "its lines come to 9"},
		{"an invoice that nothing paid", "invoice", `{"id":"in_1","status":"paid","currency":"usd","subtotal":10,"total":10,"amount_due":10,"amount_paid":10,"lines":{"data":[{"id":"il_1","amount":10}]}}`, "its payments come to 0"},
		{"a note of other parts", "invoice", `{"id":"in_1","status":"paid","imported_notes":[{"id":"cn_1","status":"issued","total":5,"pre_payment_amount":5,"post_payment_amount":1}]}`, "its credit note cn_1"},
		{"one that is over", "subscription", `{"id":"sub_1","status":"canceled"}`, "is canceled"},
		{"a schedule that is over", "subscription_schedule", `{"id":"sub_sched_1","status":"released"}`, "is released"},
		{"a schedule for others", "subscription_schedule", `{"id":"sub_sched_1","status":"not_started","default_settings":{"on_behalf_of":"acct_1"},"phases":[{}]}`, "on_behalf_of"},
		{"one with a coupon that is not here", "subscription", `{"id":"sub_1","status":"active","discounts":[{"id":"di_1","source":{"coupon":"NONE"}}]}`, "coupon NONE is not here"},
	} {
		var id struct{ ID string }
		if err := json.Unmarshal([]byte(c.doc), &id); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		came, err := billing.Import(t.Context(), m.Engine, m.ns, c.kind, []json.RawMessage{[]byte(c.doc)})
		if err != nil || came.Made+came.Known > 0 || !strings.Contains(came.Refused[id.ID], c.why) {
			t.Errorf("%s: %+v, %v, want %q", c.name, came, err, c.why)
		}
	}
	for _, kind := range []string{"charges", "balance_transactions", "invoices", "refunds", "customers"} {
		if n := len(m.Get("/v1/" + kind).IDs()); n != 0 {
			t.Errorf("%d %s are kept", n, kind)
		}
	}
	m.verify()
}
