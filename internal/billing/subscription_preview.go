package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a subscription is billed next: by a change that is billed at once, or when its next period begins.

// maxTurns is how often a schedule may move on before something is billed.
const maxTurns = 20

// upcomingOfChange is the next invoice of a subscription after the change that subscription_details describe.
func upcomingOfChange(op *resource.Op, s *object.Object) (*object.Object, error) {
	before := s.Ref("latest_invoice")
	if err := previewChange(op, s); err != nil {
		return nil, err
	}
	if s.Ref("latest_invoice") == before || recurring(op) {
		return nextInvoice(op, s)
	}
	return op.Get("invoice", s.Ref("latest_invoice"), "")
}

// previewChange makes a change.
func previewChange(op *resource.Op, s *object.Object) error {
	details := op.Params.Object("subscription_details")
	behavior := details.String("proration_behavior")
	if details.Has("proration_date") && behavior == "none" {
		return apierr.Invalid("", "subscription_details[proration_date]", "`proration_date` cannot be set if `proration_behavior` is `none`.")
	}
	if recurring(op) {
		behavior = "none"
	}
	switch {
	case details.Bool("cancel_now"):
		return cancelSubscription(op, s, cancellation{reason: "cancellation_requested", prorate: behavior != "none", at: details.Int("proration_date"), invoiceNow: true})
	case details.String("resume_at") == "now":
		return within(resumeSubscription(op, s, details), "subscription_details")
	}
	params := detailParams(op, "items", "billing_cycle_anchor", "billing_schedules", "cancel_at", "cancel_at_period_end", "default_tax_rates", "metadata", "proration_date", "trial_end")
	if params.Len() == 0 {
		return nil
	}
	if behavior != "" {
		params.Set("proration_behavior", behavior)
	}
	return within(op.Update(s, params), "subscription_details")
}

// detailParams are those of subscription_details that are named, with what else applies to the subscription.
func detailParams(op *resource.Op, names ...string) *object.Object {
	p, details := op.Params, op.Params.Object("subscription_details")
	params := object.New(nil)
	for _, name := range names {
		if details.Has(name) {
			params.Set(name, details.Get(name))
		}
	}
	if p.Has("discounts") {
		params.Set("discounts", p.Get("discounts"))
	}
	if p.Object("automatic_tax") != nil {
		params.Set("automatic_tax", p.Object("automatic_tax").Clone())
	}
	return params
}

// upcomingOfNew is the first invoice of a subscription that subscription_details describe.
func upcomingOfNew(op *resource.Op, customer *object.Object) (*object.Object, error) {
	details := op.Params.Object("subscription_details")
	params := detailParams(op, "items", "billing_cycle_anchor", "billing_schedules", "cancel_at", "cancel_at_period_end", "default_tax_rates", "metadata", "trial_end", "proration_behavior", "billing_mode")
	params.Set("customer", customer.ID())
	params.Set("payment_behavior", "default_incomplete")
	if currency := op.Params.String("currency"); currency != "" {
		params.Set("currency", currency)
	}
	at := op.Now()
	if start := details.Int("start_date"); start > at.Unix() {
		at = unix(start)
	} else if start > 0 {
		params.Set("backdate_start_date", start)
	}
	var s *object.Object
	err := op.Backdate(at, func() (err error) {
		s, err = op.Create("subscription", params)
		return within(err, "subscription_details")
	})
	if err != nil {
		return nil, err
	}
	if s.String("status") == "incomplete" {
		s.Set("status", "active") // as it will be when it is paid
	}
	if id := s.Ref("latest_invoice"); id != "" && !recurring(op) {
		return op.Get("invoice", id, "")
	}
	return nextInvoice(op, s)
}

// recurring reports whether what is billed only once is left out.
func recurring(op *resource.Op) bool { return op.Params.String("preview_mode") == "recurring" }

// nextInvoice lets time pass until a subscription is billed; nil if that is never.
func nextInvoice(op *resource.Op, s *object.Object) (*object.Object, error) {
	before := s.Ref("latest_invoice")
	if recurring(op) {
		if err := dropWaiting(op, s); err != nil {
			return nil, err
		}
	}
	var last time.Time
	for range maxTurns {
		at, turn, err := nextTurn(op, s)
		if err != nil || turn == nil || at.Before(last) {
			return nil, err
		}
		if err := settleDraft(op, s, at); err != nil {
			return nil, err
		}
		if err := op.Backdate(at, func() error { return turn(op) }); err != nil {
			return nil, err
		}
		if s.Ref("latest_invoice") != before {
			return op.Get("invoice", s.Ref("latest_invoice"), "")
		}
		last = at
	}
	return nil, nil
}

// settleDraft makes the latest invoice of a subscription final if that comes before the next one: it uses up the discounts
// that count once, and the customer's balance.
func settleDraft(op *resource.Op, s *object.Object, by time.Time) error {
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if in == nil || err != nil {
		return err
	}
	at := in.Int("automatically_finalizes_at")
	if in.String("status") != "draft" || at == 0 || at > by.Unix() {
		return nil
	}
	return op.Backdate(unix(at), func() error {
		if err := sumInvoice(op, in); err != nil {
			return err
		}
		if finalizable(op, in) != nil {
			return nil // it stays a draft
		}
		return finalizeBy(op, in, func(*resource.Op, *object.Object) error { return nil })
	})
}

// nextTurn is what happens to a subscription by itself next: its schedule moves on, or its period ends.
func nextTurn(op *resource.Op, s *object.Object) (time.Time, resource.Hook, error) {
	if status := s.String("status"); hasEnded(s) || status == "paused" || status == "incomplete" {
		return time.Time{}, nil, nil
	}
	first, _ := periodEnds(s)
	at, o, hook := maxTime(unix(first), op.Now()), s, turnPeriod
	if id := s.Ref("schedule"); id != "" {
		schedule, err := op.Get("subscription_schedule", id, "")
		if err != nil {
			return at, nil, err
		}
		if end := schedule.Object("current_phase").Int("end_date"); end > 0 && !unix(end).After(at) {
			at, o, hook = maxTime(unix(end), op.Now()), schedule, turnSchedule
		}
	}
	return at, func(op *resource.Op) error {
		op.Object = o
		return hook(op)
	}, nil
}

// soonestSubscription is that of a customer's subscriptions which is billed next, or nil.
func soonestSubscription(op *resource.Op, customer *object.Object) (*object.Object, error) {
	all, err := op.Lookup("subscription", "customer", customer.ID())
	if err != nil {
		return nil, err
	}
	var soonest *object.Object
	var due time.Time
	for _, s := range all {
		at, turn, err := nextTurn(op, s)
		if err != nil {
			return nil, err
		}
		if ends := s.Int("cancel_at"); turn == nil || ends > 0 && ends <= at.Unix() && soonest != nil {
			continue
		}
		if soonest == nil || at.Before(due) {
			soonest, due = s, at
		}
	}
	return soonest, nil
}

// dropWaiting deletes what waits for the next invoice of a subscription.
func dropWaiting(op *resource.Op, s *object.Object) error {
	items, err := op.Lookup("invoiceitem", "waiting", s.Ref("customer"))
	if err != nil {
		return err
	}
	for _, item := range items {
		if item.Ref("invoice") != "" {
			continue
		}
		if err := op.Delete(item); err != nil {
			return err
		}
	}
	return nil
}

// upcomingOfSchedule is the next invoice of a schedule's subscription, after the change that schedule_details describe; or
// the first one of a schedule that does not run yet.
func upcomingOfSchedule(op *resource.Op, customer *object.Object) (*object.Object, error) {
	schedule, before, err := previewSchedule(op, customer)
	if err != nil {
		return nil, err
	}
	if schedule.Ref("subscription") == "" {
		if schedule.String("status") != "not_started" {
			return nil, nil
		}
		err := op.Backdate(unix(phasesOf(schedule)[0].Int("start_date")), func() error {
			op.Object = schedule
			return turnSchedule(op)
		})
		if err != nil || schedule.Ref("subscription") == "" {
			return nil, err
		}
	}
	s, err := op.Get("subscription", schedule.Ref("subscription"), "schedule")
	if err != nil {
		return nil, err
	}
	if s.Ref("latest_invoice") == before || recurring(op) {
		return nextInvoice(op, s)
	}
	return op.Get("invoice", s.Ref("latest_invoice"), "")
}

// previewSchedule is the schedule that is named, as schedule_details change it, or a new one that they describe, and the
// invoice that was the latest one before.
func previewSchedule(op *resource.Op, customer *object.Object) (schedule *object.Object, before string, err error) {
	details := op.Params.Object("schedule_details")
	id := op.Params.String("schedule")
	if id == "" {
		params := details.Clone()
		params.Set("customer", customer.ID())
		schedule, err = op.Create("subscription_schedule", params)
		return schedule, "", within(err, "schedule_details")
	}
	if schedule, err = op.Get("subscription_schedule", id, "schedule"); err != nil {
		return nil, "", err
	}
	s, err := op.Find("subscription", schedule.Ref("subscription"))
	if err != nil {
		return nil, "", err
	}
	before = s.Ref("latest_invoice")
	if details == nil {
		return schedule, before, nil
	}
	params := details.Clone()
	params.Delete("billing_mode")
	return schedule, before, within(op.Update(schedule, params), "schedule_details")
}
