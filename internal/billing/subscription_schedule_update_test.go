package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// What is sent for a schedule replaces what it has not done yet; what changes of its current phase, changes the
// subscription at once.
func TestScheduleUpdate(t *testing.T) {
	t.Parallel()
	const three = "start_date=now phases[0][items][0][price]={gold} phases[1][items][0][price]={silver} phases[2][items][0][price]={gold}"
	for _, c := range []struct {
		name, made, form string
		month            int // in which it is updated
		events           []string
		want             map[string]any
		subscription     map[string]any
	}{
		{name: "metadata", made: three, form: "metadata[a]=1", events: []string{scheduleUpdated}, want: map[string]any{"metadata.a": "1", "phases.2.end_date": at(3)}},
		{
			name: "more of the current phase", made: three, form: "proration_behavior=none phases[0][start_date]={sep} phases[0][items][0][price]={gold} phases[0][items][0][quantity]=4 phases[0][end_date]={nov}",
			events: []string{scheduleUpdated, subUpdated}, want: map[string]any{"current_phase.end_date": at(2), "phases.0.items.0.quantity": 4, "phases.1": nil},
			subscription: map[string]any{"items.data.0.quantity": 4},
		},
		{
			name: "the phases to come", made: three, form: "phases[0][start_date]={sep} phases[0][items][0][price]={gold} phases[1][start_date]={nov} phases[1][items][0][price]={silver} phases[1][duration][interval]=year",
			events: []string{scheduleUpdated}, want: map[string]any{"current_phase.end_date": at(2), "phases.1.end_date": at(14), "phases.2": nil}, subscription: map[string]any{"items.data.0.quantity": 1},
		},
		{
			name: "past phases stay", made: three, month: 1, form: "phases[0][start_date]={oct} phases[0][items][0][price]={silver} phases[0][end_date]={dec}", events: []string{scheduleUpdated},
			want: map[string]any{"phases.0.end_date": at(1), "phases.0.items.0.price": "{gold}", "phases.1.end_date": at(3), "phases.2": nil, "current_phase.start_date": at(1), "current_phase.end_date": at(3)},
		},
		{
			name: "past phases repeated", made: three, month: 1, events: []string{scheduleUpdated},
			form: "phases[0][start_date]={sep} phases[0][end_date]={oct} phases[0][items][0][price]={gold} phases[1][items][0][price]={silver} phases[1][end_date]={dec}",
			want: map[string]any{"phases.0.end_date": at(1), "phases.1.end_date": at(3), "phases.2": nil},
		},
		{
			name: "the current phase ends now", made: three, month: 1, form: "phases[0][start_date]={oct} phases[0][items][0][price]={silver} phases[0][end_date]=now phases[1][items][0][price]={gold} phases[1][items][0][quantity]=2 phases[1][proration_behavior]=none",
			events: []string{scheduleUpdated, scheduleUpdated, subUpdated}, want: map[string]any{"current_phase.start_date": at(1) + 3600, "phases.1.end_date": at(1) + 3600, "phases.3": nil},
			subscription: map[string]any{"items.data.0.price.id": "{gold}", "items.data.0.quantity": 2},
		},
		{
			name: "the last phase ends now", made: three, month: 1, form: "phases[0][start_date]={oct} phases[0][items][0][price]={silver} phases[0][end_date]=now",
			events: []string{scheduleUpdated, scheduleUpdated, subUpdated, "subscription_schedule.released"}, want: map[string]any{"status": "released"}, subscription: map[string]any{"schedule": nil, "status": "active"},
		},
		{
			name: "the end", made: three, form: "end_behavior=cancel", events: []string{scheduleUpdated, subUpdated}, want: map[string]any{"end_behavior": "cancel"}, subscription: map[string]any{"cancel_at": at(3), "cancel_at_period_end": false},
		},
		{
			name: "no end any more", made: three + " end_behavior=cancel", form: "end_behavior=release", events: []string{scheduleUpdated, subUpdated}, want: map[string]any{"end_behavior": "release"}, subscription: map[string]any{"cancel_at": nil, "canceled_at": nil},
		},
		{
			name: "another end", made: three + " end_behavior=cancel", form: "phases[0][start_date]={sep} phases[0][items][0][price]={gold}", events: []string{scheduleUpdated, subUpdated}, subscription: map[string]any{"cancel_at": at(1)},
		},
		{
			name: "the settings of all phases", made: three, form: "default_settings[collection_method]=send_invoice default_settings[invoice_settings][days_until_due]=9 default_settings[description]=Gold", events: []string{scheduleUpdated, subUpdated},
			subscription: map[string]any{"collection_method": "send_invoice", "days_until_due": 9, "description": "Gold"},
		},
		{
			name: "a later start", made: "start_date={oct} phases[0][items][0][price]={gold}", form: "phases[0][start_date]={nov} phases[0][items][0][price]={silver}", events: []string{scheduleUpdated},
			want: map[string]any{"status": "not_started", "phases.0.start_date": at(2), "phases.0.end_date": at(3)},
		},
		{
			name: "a start at once", made: "start_date={oct} phases[0][items][0][price]={gold}", form: "phases[0][start_date]=now phases[0][items][0][price]={silver}",
			events: []string{"customer.updated", "customer.subscription.created", "invoice.created", scheduleUpdated}, want: map[string]any{"status": "active", "current_phase.end_date": at(1)}, subscription: map[string]any{"items.data.0.price.id": "{silver}"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newScheduled(t, "pm_card_visa")
			s := v.schedule(c.made)
			if c.month > 0 {
				v.month(c.month)
				v.later(hour)
			}
			sub := v.Get("/v1/subscription_schedules/" + s.ID()).OK().Ref("subscription")
			var done *object.Object
			wantEvents(t, v.Server, c.events, func() { done = v.Post("/v1/subscription_schedules/"+s.ID(), v.form(c.form)...).OK() })
			wantFields(t, done, v.filled(c.want))
			if sub == "" {
				sub = done.Ref("subscription")
			}
			if c.subscription != nil {
				wantFields(t, v.Get("/v1/subscriptions/"+sub).OK(), v.filled(c.subscription))
			}
		})
	}
}

// filled fills in the places of values.
func (v *scheduled) filled(want map[string]any) map[string]any {
	out := map[string]any{}
	for path, value := range want {
		if text, ok := value.(string); ok {
			value = filled(text, v.places)
		}
		out[path] = value
	}
	return out
}

// A start that was put off is not kept, and one that was put forward is.
func TestScheduleMoved(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	s := v.schedule("start_date={oct} phases[0][items][0][price]={gold}")
	path := "/v1/subscription_schedules/" + s.ID()
	v.Post(path, v.form("phases[0][start_date]={nov} phases[0][items][0][price]={gold} phases[0][end_date]={dec}")...).OK()
	v.month(1)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "not_started"})
	v.month(2)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "active"})
	v.Post(path, v.form("phases[0][start_date]={nov} phases[0][items][0][price]={gold} phases[0][end_date]="+unixText(servertest.Start.AddDate(0, 4, 0)))...).OK()
	v.month(3)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "active", "current_phase.end_date": at(4)})
	v.month(4)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "released"})
}

// A subscription that ends takes its schedule with it.
func TestScheduleFollowsSubscription(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	s := v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][duration][interval]=year")
	path, sub := "/v1/subscription_schedules/"+s.ID(), "/v1/subscriptions/"+s.Ref("subscription")
	v.later(hour)
	wantEvents(t, v.Server, []string{"customer.subscription.deleted", "subscription_schedule.canceled"}, func() { v.Delete(sub).OK() })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled", "canceled_at": at(0) + 3600, "current_phase": nil, "subscription": s.Ref("subscription")})

	s = v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][duration][interval]=year")
	path = "/v1/subscription_schedules/" + s.ID()
	v.failFromNow()
	v.later(hour)
	wantFields(t, v.subscription(s.ID()), map[string]any{"status": "past_due"})
	v.later(8 * day)
	wantEvents(t, v.Server, events(failedAgain, "invoice.updated", "customer.subscription.deleted", "subscription_schedule.aborted"), func() { v.later(7 * day) })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled", "current_phase": nil})

	incomplete := v.subscribe("payment_behavior=default_incomplete").OK()
	s = v.Post("/v1/subscription_schedules", "from_subscription", incomplete.ID()).OK()
	wantEvents(t, v.Server, []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", subUpdated, "subscription_schedule.aborted"}, func() { v.later(23 * time.Hour) })
	wantFields(t, v.Get("/v1/subscription_schedules/"+s.ID()).OK(), map[string]any{"status": "canceled"})
}

// What a client changes of the items goes into the current phase, and no further; when a subscription ends is not a
// client's to say.
func TestScheduleEdits(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	s := v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][items][0][metadata][seat]=a phases[1][items][0][price]={gold}")
	path, sub := "/v1/subscription_schedules/"+s.ID(), "/v1/subscriptions/"+s.Ref("subscription")
	v.later(hour)
	item := field(v.Get(sub).OK(), "items.data.0.id").(string)
	both := []string{subUpdated, scheduleUpdated}
	wantEvents(t, v.Server, both, func() {
		v.Post(sub, v.form("items[0][id]="+item+" items[0][quantity]=5 proration_behavior=none")...).OK()
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"phases.0.items.0.quantity": 5, "phases.0.items.0.metadata.seat": "a", "phases.0.items.1": nil, "phases.1.items.0.quantity": 1})
	var added string
	wantEvents(t, v.Server, both, func() {
		added = v.Post("/v1/subscription_items", v.form("price={silver} quantity=2 proration_behavior=none subscription="+s.Ref("subscription"))...).OK().ID()
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"phases.0.items.1.price": v.silver, "phases.0.items.1.quantity": 2, "phases.0.items.1.metadata.seat": nil, "phases.1.items.1": nil})
	wantEvents(t, v.Server, both, func() { v.Post("/v1/subscription_items/"+added, "quantity", "3", "proration_behavior", "none").OK() })
	wantFields(t, v.Get(path).OK(), map[string]any{"phases.0.items.1.quantity": 3})
	wantEvents(t, v.Server, both, func() { v.Delete("/v1/subscription_items/"+added, "proration_behavior", "none").OK() })
	wantFields(t, v.Get(path).OK(), map[string]any{"phases.0.items.1": nil})
	wantEvents(t, v.Server, []string{subUpdated}, func() { v.Post(sub, "metadata[a]", "1", "cancel_at_period_end", "false").OK() })
	for _, text := range []string{"cancel_at_period_end=true", "cancel_at={dec}", "cancel_at=max_period_end"} {
		e := v.Post(sub, v.form(text)...).Fails(400, "")
		if !strings.Contains(e.String("message"), "managed by the subscription schedule `"+s.ID()+"`") {
			t.Errorf("%s is refused with %q", text, e.String("message"))
		}
	}
	v.month(1)
	wantFields(t, v.Get(sub).OK(), map[string]any{"items.data.0.quantity": 1, "metadata.a": "1"})
	v.Post(path, "end_behavior", "cancel").OK()
	v.Post(sub, "cancel_at", "").Fails(400, "")
	v.Post(path + "/release").OK()
	wantFields(t, v.Post(sub, "cancel_at_period_end", "true").OK(), map[string]any{"cancel_at": at(2)})
}
