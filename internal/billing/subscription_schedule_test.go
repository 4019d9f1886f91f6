package billing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// scheduled is a customer with a card, Gold and Silver by month, and something that is paid once.
type scheduled struct {
	*subscribed
	silver, once string
	places       map[string]string
}

func newScheduled(t *testing.T, method string) *scheduled {
	t.Helper()
	v := &scheduled{subscribed: newSubscribed(t, method)}
	v.silver, v.once = v.price("unit_amount=500 recurring[interval]=month"), v.price("unit_amount=700")
	v.Post("/v1/coupons", form("id=half percent_off=50 duration=forever")...).OK()
	v.places = map[string]string{"{gold}": v.monthly, "{yearly}": v.yearly, "{silver}": v.silver, "{once}": v.once, "{customer}": v.customer}
	for name, months := range map[string]int{"{sep}": 0, "{oct}": 1, "{nov}": 2, "{dec}": 3} {
		v.places[name] = unixText(servertest.Start.AddDate(0, months, 0))
	}
	return v
}

// form fills in the places of a text.
func (v *scheduled) form(text string) []string { return form(filled(text, v.places)) }

func (v *scheduled) schedule(text string) *object.Object {
	v.t.Helper()
	return v.Post("/v1/subscription_schedules", v.form("customer={customer} "+text)...).OK()
}

// at is a moment so many months after the start.
func at(months int) int { return int(servertest.Start.AddDate(0, months, 0).Unix()) }

// month lets time pass until so many months after the start.
func (v *scheduled) month(n int) {
	v.t.Helper()
	v.later(servertest.Start.AddDate(0, n, 0).Sub(v.Clock.Now()))
}

func (v *scheduled) subscription(schedule string) *object.Object {
	v.t.Helper()
	s := v.Get("/v1/subscription_schedules/"+schedule, "expand[]", "subscription").OK()
	return s.Object("subscription")
}

func (v *scheduled) latestInvoice(sub *object.Object) *object.Object {
	v.t.Helper()
	return v.Get("/v1/invoices/" + sub.Ref("latest_invoice")).OK()
}

const (
	scheduleCreated = "subscription_schedule.created"
	scheduleUpdated = "subscription_schedule.updated"
	subUpdated      = "customer.subscription.updated"
)

// Three phases of a month each make a subscription, change what it is for, and leave it alone.
func TestScheduleRuns(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	var s *object.Object
	wantEvents(t, v.Server, events("customer.updated", "invoiceitem.created", "customer.subscription.created", "invoice.created", scheduleCreated), func() {
		s = v.schedule("start_date=now metadata[a]=1 " +
			"phases[0][items][0][price]={gold} phases[0][duration][interval]=month phases[0][add_invoice_items][0][price]={once} phases[0][metadata][phase]=one " +
			"phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3 phases[1][items][1][price]={silver} phases[1][end_date]={nov} phases[1][discounts][0][coupon]=half phases[1][metadata][phase]=two " +
			"phases[2][items][0][price]={silver} phases[2][items][0][quantity]=2")
	})
	wantFields(t, s, map[string]any{
		"status": "active", "customer": v.customer, "end_behavior": "release", "current_phase.start_date": at(0), "current_phase.end_date": at(1), "metadata.a": "1", "billing_mode.type": "flexible",
		"phases.0.start_date": at(0), "phases.0.end_date": at(1), "phases.1.start_date": at(1), "phases.1.end_date": at(2), "phases.2.start_date": at(2), "phases.2.end_date": at(3), "phases.3": nil,
		"phases.0.items.0.price": v.monthly, "phases.0.items.0.quantity": 1, "phases.0.currency": "usd", "phases.0.proration_behavior": "create_prorations", "phases.0.collection_method": nil, "phases.0.trial_end": nil,
		"phases.0.add_invoice_items.0.price": v.once, "phases.0.add_invoice_items.0.period.start.type": "max_item_period_start", "phases.1.discounts.0.coupon": "half",
		"default_settings.collection_method": "charge_automatically", "default_settings.billing_cycle_anchor": "automatic", "canceled_at": nil, "completed_at": nil, "released_at": nil,
	})
	sub := v.subscription(s.ID())
	wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID(), "expand[]", "phases.items.price", "expand[]", "customer").OK(), map[string]any{
		"phases.0.items.0.price.unit_amount": 1000, "phases.2.items.0.price.unit_amount": 500, "customer.email": "jenny.rosen@example.com",
	})
	wantFields(t, sub, map[string]any{"status": "active", "schedule": s.ID(), "items.data.0.price.id": v.monthly, "items.data.0.quantity": 1, "metadata.phase": "one", "cancel_at": nil, "items.data.0.current_period_end": at(1)})
	wantFields(t, v.latestInvoice(sub), map[string]any{"status": "draft", "billing_reason": "subscription_create", "total": 1700, "auto_advance": true})
	wantEvents(t, v.Server, renewalMet, func() { v.later(time.Hour) })

	moved := []string{scheduleUpdated, subUpdated, subUpdated, "invoice.created"}
	v.later(servertest.Start.AddDate(0, 1, 0).Sub(v.Clock.Now()) - time.Second)
	wantEvents(t, v.Server, events(scheduleUpdated, "customer.discount.created", moved[1:]), func() { v.later(time.Second) })
	sub = v.subscription(s.ID())
	wantFields(t, sub, map[string]any{
		"items.data.0.price.id": v.monthly, "items.data.0.quantity": 3, "items.data.1.price.id": v.silver, "items.data.1.quantity": 1, "metadata.phase": "two",
		"items.data.0.current_period_end": at(2), "items.data.1.current_period_end": at(2),
	})
	wantFields(t, v.latestInvoice(sub), map[string]any{"status": "draft", "billing_reason": "subscription_cycle", "subtotal": 3500, "total": 1750})
	wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{"current_phase.start_date": at(1), "current_phase.end_date": at(2), "status": "active"})
	wantEvents(t, v.Server, renewalMet, func() { v.later(time.Hour + 30*time.Minute) })

	v.later(servertest.Start.AddDate(0, 2, 0).Sub(v.Clock.Now()) - time.Second)
	wantEvents(t, v.Server, events(scheduleUpdated, "customer.discount.deleted", moved[1:]), func() { v.later(time.Second) })
	sub = v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"items.data.0.price.id": v.silver, "items.data.0.quantity": 2, "items.data.1": nil, "discounts": []any{}})
	wantFields(t, v.latestInvoice(sub), map[string]any{"billing_reason": "subscription_cycle", "total": 1000})
	v.later(day)

	v.later(servertest.Start.AddDate(0, 3, 0).Sub(v.Clock.Now()) - 7*day - time.Second)
	wantEvents(t, v.Server, []string{"subscription_schedule.expiring", "invoice.upcoming"}, func() { v.later(time.Second) })
	v.later(7*day - time.Second)
	wantEvents(t, v.Server, []string{scheduleUpdated, subUpdated, "subscription_schedule.released", subUpdated, "invoice.created"}, func() { v.later(time.Second) })
	wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{
		"status": "released", "released_at": at(3), "released_subscription": sub.ID(), "subscription": nil, "current_phase": nil, "canceled_at": nil, "completed_at": nil,
	})
	sub = v.Get("/v1/subscriptions/" + sub.ID()).OK()
	wantFields(t, sub, map[string]any{"status": "active", "schedule": nil, "items.data.0.quantity": 2, "items.data.0.current_period_end": at(4)})
	wantFields(t, v.latestInvoice(sub), map[string]any{"billing_reason": "subscription_cycle", "total": 1000})
}

// What happens by itself does not depend on how often somebody looks.
func TestScheduleCatchesUp(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	s := v.schedule("start_date={oct} end_behavior=cancel phases[0][items][0][price]={gold} phases[0][duration][interval]=month phases[0][duration][interval_count]=2 phases[1][items][0][price]={silver}")
	wantFields(t, s, map[string]any{"status": "not_started", "current_phase": nil, "subscription": nil, "phases.0.start_date": at(1), "phases.0.end_date": at(3), "phases.1.end_date": at(4)})
	if got := v.Get("/v1/subscription_schedules", "scheduled", "true").IDs(); !same(got, []string{s.ID()}) {
		t.Errorf("not started are %q", got)
	}
	v.later(365 * day)
	wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{"status": "completed", "completed_at": at(4), "current_phase": nil})
	sub := v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"status": "canceled", "ended_at": at(4), "start_date": at(1), "cancellation_details.reason": "cancellation_requested"})
	if got, want := v.amounts(sub.ID()), []int64{500, 1000, 1000}; !slices.Equal(got, want) {
		t.Errorf("invoices came to %v, want %v", got, want)
	}
}

// A schedule that has yet to begin makes its subscription in time, as its customer is then.
func TestScheduleBegins(t *testing.T) {
	t.Parallel()
	begun := events("customer.updated", "customer.subscription.created", "invoice.created", scheduleUpdated)
	for _, c := range []struct {
		name, method, form string
		events             []string
		want               map[string]any // of the subscription
		hour               []string       // an hour later
		after              string         // the subscription's status then
	}{
		{name: "paid", method: "pm_card_visa", events: begun, want: map[string]any{"status": "active"}, hour: renewalMet, after: "active"},
		{
			name: "nothing to pay with", events: begun, want: map[string]any{"status": "active"},
			hour: events("invoice.finalized", "payment_intent.created", "invoice.updated", "invoice.payment_failed", subUpdated, "customer.updated"), after: "past_due",
		},
		{
			name: "sent", form: "default_settings[collection_method]=send_invoice default_settings[invoice_settings][days_until_due]=5", events: begun,
			want: map[string]any{"status": "active", "collection_method": "send_invoice", "days_until_due": 5}, hour: events("invoice.finalized", "payment_intent.created", "invoice.sent"), after: "active",
		},
		{
			name: "a trial", method: "pm_card_visa", form: "phases[0][trial]=true", events: begun, want: map[string]any{"status": "trialing", "trial_end": at(2)},
			hour: billedNothing, after: "trialing",
		},
		{
			name: "and ends with its last phase", method: "pm_card_visa", form: "end_behavior=cancel", events: begun, want: map[string]any{"cancel_at": at(2), "cancel_at_period_end": false}, hour: renewalMet, after: "active",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newScheduled(t, c.method)
			s := v.schedule("start_date={oct} phases[0][items][0][price]={gold} " + c.form)
			v.later(30*day - time.Second)
			wantEvents(t, v.Server, c.events, func() { v.later(time.Second) })
			wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{"status": "active", "current_phase.start_date": at(1), "current_phase.end_date": at(2)})
			sub := v.subscription(s.ID())
			wantFields(t, sub, c.want)
			wantFields(t, sub, map[string]any{"schedule": s.ID(), "start_date": at(1)})
			wantEvents(t, v.Server, c.hour, func() { v.later(time.Hour) })
			wantFields(t, v.subscription(s.ID()), map[string]any{"status": c.after})
		})
	}
}

// A customer who is gone by then, or pays in another currency, gets no subscription; one who cannot be taxed does.
func TestScheduleCannotBegin(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	v.Post("/v1/tax/settings", form("head_office[address][country]=DE defaults[tax_behavior]=exclusive")...).OK()
	taxed := v.schedule("start_date={oct} phases[0][items][0][price]={gold} phases[0][automatic_tax][enabled]=true")
	poor := v.Post("/v1/customers").OK().ID()
	gone := v.Post("/v1/subscription_schedules", v.form("customer="+poor+" start_date={oct} phases[0][items][0][price]={gold}")...).OK()
	foreign := v.Post("/v1/customers").OK().ID()
	other := v.Post("/v1/subscription_schedules", v.form("customer="+foreign+" start_date={oct} phases[0][items][0][price]={gold}")...).OK()
	v.Post("/v1/customers/"+foreign+"/subscriptions", form("trial_end="+in(v.Server, 400*day)+" items[0][price]="+v.Post("/v1/prices", form("product=gold currency=eur unit_amount=1 recurring[interval]=year")...).OK().ID())...).OK()
	v.Delete("/v1/customers/" + poor).OK()
	v.Post("/v1/subscription_schedules", v.form("customer={customer} start_date=now phases[0][items][0][price]={gold} phases[0][automatic_tax][enabled]=true")...).Fails(400, "customer_tax_location_invalid")
	v.month(1)
	for _, s := range []*object.Object{gone, other} {
		wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{"status": "canceled", "canceled_at": at(1), "subscription": nil, "current_phase": nil})
	}
	wantFields(t, v.latestInvoice(v.subscription(taxed.ID())), map[string]any{"status": "draft", "automatic_tax.status": "requires_location_inputs"})
}

// A schedule takes over a subscription in the period that it is in.
func TestScheduleFromSubscription(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	sub := v.subscribe("items[0][price]=" + v.monthly + " items[0][quantity]=2 items[0][metadata][seat]=a discounts[0][coupon]=half description=Gold metadata[a]=1 collection_method=send_invoice days_until_due=7").OK()
	v.month(1)
	var s *object.Object
	wantEvents(t, v.Server, []string{subUpdated, scheduleCreated}, func() {
		s = v.Post("/v1/subscription_schedules", "from_subscription", sub.ID()).OK()
	})
	wantFields(t, s, map[string]any{
		"status": "active", "customer": v.customer, "subscription": sub.ID(), "end_behavior": "release", "current_phase.start_date": at(1), "current_phase.end_date": at(2),
		"phases.0.start_date": at(1), "phases.0.end_date": at(2), "phases.0.items.0.price": v.monthly, "phases.0.items.0.quantity": 2, "phases.0.items.0.metadata.seat": "a",
		"phases.0.discounts.0.discount": field(sub, "discounts.0"), "phases.0.metadata.a": "1", "phases.0.currency": "usd", "phases.1": nil,
		"default_settings.collection_method": "send_invoice", "default_settings.invoice_settings.days_until_due": 7, "default_settings.description": "Gold",
	})
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"schedule": s.ID()})
	v.later(hour)
	wantEvents(t, v.Server, []string{scheduleUpdated}, func() { // what the subscription is stays as it is
		v.Post("/v1/subscription_schedules/"+s.ID(), v.form("phases[0][start_date]={oct} phases[0][end_date]={nov} phases[0][items][0][price]={gold} phases[0][items][0][quantity]=2 phases[0][items][0][metadata][seat]=a "+
			"phases[0][discounts][0][discount]="+field(sub, "discounts.0").(string)+" phases[0][metadata][a]=1 phases[1][items][0][price]={silver} phases[1][discounts][0][coupon]=half")...).OK()
	})
	v.month(2)
	now := v.Get("/v1/subscriptions/" + sub.ID()).OK()
	wantFields(t, now, map[string]any{"items.data.0.price.id": v.silver, "items.data.0.id": field(sub, "items.data.0.id"), "discounts.0": field(sub, "discounts.0"), "discounts.1": nil})
	wantFields(t, v.latestInvoice(now), map[string]any{"subtotal": 500, "total": 250, "collection_method": "send_invoice"})

	ending := v.subscribe("cancel_at_period_end=true").OK()
	wantFields(t, v.Post("/v1/subscription_schedules", "from_subscription", ending.ID()).OK(), map[string]any{"end_behavior": "cancel", "phases.0.end_date": at(3)})
	canceled := v.subscribe("").OK().ID()
	v.Delete("/v1/subscriptions/" + canceled).OK()
	at := "/v1/subscription_schedules"
	refuse(t, v.Server, []refusal{
		{"attached already", at, "from_subscription=" + ending.ID(), "", "from_subscription", "already attached to a schedule: `sub_sched_"},
		{"ended", at, "from_subscription=" + canceled, "", "from_subscription", "currently in the `canceled` status"},
		{"unknown", at, "from_subscription=sub_none", "resource_missing", "from_subscription", "No such subscription"},
		{"with metadata", at, "metadata[a]=1 from_subscription=" + ending.ID(), "", "metadata", "You cannot set `metadata` if `from_subscription` is set."},
		{"with phases", at, "phases[0][items][0][price]=" + v.monthly + " from_subscription=" + ending.ID(), "", "phases", "`from_subscription`"},
	})
}

// What was paid and is not used is credited when a schedule ends, and what waits is billed, unless the request says
// otherwise.
func TestScheduleCanceledWithinPeriod(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	s := v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][duration][interval]=year")
	v.later(15 * day)
	wantEvents(t, v.Server, events("invoiceitem.created", "invoice.created", "customer.updated", billedNothing, "customer.subscription.deleted", "subscription_schedule.canceled"), func() {
		v.Post("/v1/subscription_schedules/" + s.ID() + "/cancel").OK()
	})
	sub := v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"status": "canceled", "schedule": s.ID(), "cancellation_details.reason": "cancellation_requested"})
	if got, want := v.amounts(sub.ID()), []int64{-500, 1000}; !slices.Equal(got, want) {
		t.Errorf("invoices came to %v, want %v", got, want)
	}
}

// A schedule can end before its time, with its subscription or without it.
func TestScheduleEnds(t *testing.T) {
	t.Parallel()
	const two = "phases[0][items][0][price]={gold} phases[1][items][0][price]={silver}"
	for _, c := range []struct {
		name, form, action, with string
		events                   []string
		want                     map[string]any
		subscription             map[string]any // nil if there is none
	}{
		{
			name: "canceled", form: "start_date=now " + two, action: "cancel", with: "prorate=false invoice_now=false",
			events: []string{"invoice.updated", "customer.subscription.deleted", "subscription_schedule.canceled"},
			want:   map[string]any{"status": "canceled", "canceled_at": at(0), "current_phase": nil, "released_subscription": nil}, subscription: map[string]any{"status": "canceled"},
		},
		{
			name: "canceled before it began", form: "start_date={oct} " + two, action: "cancel", events: []string{"subscription_schedule.canceled"},
			want: map[string]any{"status": "canceled", "canceled_at": at(0), "subscription": nil},
		},
		{
			name: "released", form: "start_date=now " + two, action: "release", events: []string{scheduleUpdated, subUpdated, "subscription_schedule.released"},
			want: map[string]any{"status": "released", "released_at": at(0), "subscription": nil, "current_phase": nil}, subscription: map[string]any{"status": "active", "schedule": nil},
		},
		{
			name: "released with its end", form: "start_date=now end_behavior=cancel " + two, action: "release", events: []string{scheduleUpdated, subUpdated, "subscription_schedule.released"},
			want: map[string]any{"status": "released"}, subscription: map[string]any{"cancel_at": nil, "canceled_at": nil, "schedule": nil},
		},
		{
			name: "released but for its end", form: "start_date=now end_behavior=cancel " + two, action: "release", with: "preserve_cancel_date=true",
			events: []string{scheduleUpdated, subUpdated, "subscription_schedule.released"}, want: map[string]any{"status": "released"}, subscription: map[string]any{"cancel_at": at(2), "schedule": nil},
		},
		{
			name: "released before it began", form: "start_date={oct} " + two, action: "release", events: []string{scheduleUpdated, "subscription_schedule.released"},
			want: map[string]any{"status": "released", "released_subscription": nil},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newScheduled(t, "pm_card_visa")
			s := v.schedule(c.form)
			path := "/v1/subscription_schedules/" + s.ID()
			var done *object.Object
			wantEvents(t, v.Server, c.events, func() { done = v.Post(path+"/"+c.action, form(c.with)...).OK() })
			wantFields(t, done, c.want)
			if c.subscription != nil {
				wantFields(t, v.Get("/v1/subscriptions/"+s.Ref("subscription")).OK(), c.subscription)
			}
			for _, again := range []string{"/cancel", "/release", ""} {
				if text := v.Post(path+again).Fails(400, "").String("message"); !strings.Contains(text, "currently in the `"+done.String("status")+"` status. It must be in `not_started, active` status to be ") {
					t.Errorf("%q is refused with %q", again, text)
				}
			}
			kept := map[string]string{"release": "released_at", "cancel": "canceled_at"}[c.action]
			if got := v.Get("/v1/subscription_schedules", kept+"[gte]", "1").IDs(); !same(got, []string{s.ID()}) {
				t.Errorf("%s lists %q", kept, got)
			}
			for _, e := range eventsOf(v.Server, func() { v.later(200 * day) }) {
				if strings.HasPrefix(e.String("type"), "subscription_schedule.") {
					t.Errorf("afterwards there is %s", e.String("type"))
				}
			}
		})
	}
}

// Rules make schedules as clients do, also of prices that were made for one purpose: quotes do.
func TestScheduleOfRule(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	own := v.price("unit_amount=300 recurring[interval]=month active=false")
	ns, err := v.Registry.Namespace(v.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	var id string
	wantEvents(t, v.Server, []string{scheduleCreated}, func() {
		if _, err := v.Engine.Call(t.Context(), ns, func(op *resource.Op) (err error) {
			phase := fields("items", []any{fields("price", own, "quantity", 2)}, "duration", fields("interval", "month", "interval_count", 1))
			op.Object, err = op.Create("subscription_schedule", fields("customer", v.customer, "start_date", int64(at(1)), "end_behavior", "release", "phases", []any{phase}))
			id = op.Object.ID()
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
	v.month(1)
	wantFields(t, v.latestInvoice(v.subscription(id)), map[string]any{"total": 600})
}
