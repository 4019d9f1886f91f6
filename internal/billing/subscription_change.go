package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a subscription changes. What each item was and what it is now are compared when all parameters are read: the
// difference becomes prorations (subscription_proration.go), or a bill for periods that begin anew.
//
//	items, trial, anchor, end --settled--> periods --compared--> credits and debits --billed now, or waiting
//
// Schedules, portals and timers change subscriptions by op.Update with the parameters that a client would send.

// change is an update of a subscription at work.
type change struct {
	s, was   *object.Object // the subscription, and as it was
	held     []heldItem     // its items as they were
	at       int64          // the moment that prorations are reckoned from
	behavior string         // proration_behavior
	anew     bool           // all periods begin now, and are billed in full
	trial    bool           // the trial begins, or ends at another time
	stopped  bool           // the trial ended, and with it the subscription for now
}

// heldItem is an item before a change.
type heldItem struct {
	item    *object.Object // as it was
	private *object.Object // and its private part
	debits  []debit        // what it was billed
	since   int64          // from when its usage counts
}

// billable are the parameters that may change what is billed.
var billable = []string{"items", "billing_cycle_anchor", "trial_end", "cancel_at", "cancel_at_period_end"}

// updateSubscription changes a subscription.
//
// Emits invoiceitem.created for prorations; customer.subscription.updated; if it is billed at once, what the invoice does.
func updateSubscription(op *resource.Op) error {
	s := op.Object
	if err := changeable(op); err != nil || hasEnded(op.Before) {
		return err
	}
	for _, check := range []func(*resource.Op, *object.Object) error{checkPendingParams, heedSchedule} {
		if err := check(op, s); err != nil {
			return err
		}
	}
	c, err := newChange(op)
	if err != nil {
		return err
	}
	if c.held != nil && s.Get("pending_update") != nil { // a new one takes its place
		if err := discardUpdate(op, s); err != nil {
			return err
		}
	}
	for _, step := range []func(*resource.Op, *object.Object) error{checkCollection, changeItems, discountSubscription, c.settleTrial, c.settleAnchor, settleCancel, settlePause, settleWaiting} {
		if err := step(op, s); err != nil || c.stopped {
			return err
		}
	}
	if err := c.settlePeriods(op); err != nil {
		return err
	}
	if err := c.bill(op); err != nil {
		return err
	}
	if err := c.dropRemoved(op); err != nil {
		return err
	}
	if err := setTimers(op, s, c.trial || c.anew); err != nil {
		return err
	}
	if err := keepInPhase(op, s); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	return followEntitled(op, s, entitlingProducts(op.Before))
}

// dropRemoved deletes the items that the subscription does not have any more.
func (c *change) dropRemoved(op *resource.Op) error {
	if c.held == nil {
		return nil
	}
	old, err := itemsOf(op, c.was)
	if err != nil {
		return err
	}
	return dropItems(op, c.s, old)
}

// setTimers asks for what comes next in the life of a subscription that changed.
func setTimers(op *resource.Op, s *object.Object, trial bool) error {
	if trial {
		var warning time.Time
		if end := unix(s.Int("trial_end")); s.String("status") == "trialing" && end.After(op.Now()) {
			warning = maxTime(op.Now(), end.Add(-trialWarning))
		}
		if err := op.SetTimer(subscriptionTrialEnds, s, warning); err != nil {
			return err
		}
	}
	if op.Params.Has("billing_thresholds") || op.Params.Has("items") {
		if err := watchThresholds(op, s); err != nil {
			return err
		}
	}
	return runPeriods(op, s)
}

// changeable refuses what cannot change any more, or not yet.
func changeable(op *resource.Op) error {
	if err := refuseBillingSchedules(op); err != nil {
		return err
	}
	ended, incomplete := hasEnded(op.Before), op.Before.String("status") == "incomplete"
	for _, name := range op.Params.Keys() {
		switch {
		case ended && !slices.Contains([]string{"metadata", "cancellation_details", "expand"}, name):
			return apierr.Invalid("", name, "A canceled subscription can only update its cancellation_details and metadata.")
		case incomplete && slices.Contains(append(billable, "add_invoice_items"), name):
			return apierr.Invalid("", name, "This subscription is incomplete: until its first invoice is paid, what it bills cannot change.")
		}
	}
	return nil
}

// newChange notes how a subscription was, if what it bills may change.
func newChange(op *resource.Op) (*change, error) {
	c := &change{s: op.Object, was: op.Before, at: op.Now().Unix(), behavior: op.Params.String("proration_behavior")}
	if c.behavior == "" {
		c.behavior = "create_prorations"
	}
	if !slices.ContainsFunc(billable, op.Params.Has) {
		return c, nil
	}
	if err := c.hold(op); err != nil {
		return nil, err
	}
	return c, c.readDate(op)
}

// hold notes how the items were.
func (c *change) hold(op *resource.Op) error {
	items, err := itemsOf(op, c.was)
	if err != nil {
		return err
	}
	for _, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return err
		}
		h := heldItem{item: item.Clone(), private: private.Clone()}
		if h.debits, err = debitsOf(op, item); err != nil {
			return err
		}
		if h.since, err = usageSince(op, item, op.Now().Unix()+1); err != nil {
			return err
		}
		c.held = append(c.held, h)
	}
	return nil
}

// readDate reads proration_date, which must be in the current period.
func (c *change) readDate(op *resource.Op) error {
	at, sent := op.Params.Get("proration_date").(int64)
	if !sent {
		return nil
	}
	var all money.Span
	for _, h := range c.held {
		p := periodOf(h.item)
		if all.Start == 0 || p.Start < all.Start {
			all.Start = p.Start
		}
		all.End = max(all.End, p.End)
	}
	if at < all.Start || at > all.End {
		return apierr.Invalid("", "proration_date", "Cannot specify proration date outside of current subscription period.")
	}
	c.at = at
	return nil
}

// wasItem is an item as it was, or nil if it is new.
func (c *change) wasItem(id string) *object.Object {
	for _, h := range c.held {
		if h.item.ID() == id {
			return h.item
		}
	}
	return nil
}

// charged reports whether items cost something before the change: those of a trial do not, nor while it is paused.
func (c *change) charged() bool {
	switch c.was.String("status") {
	case "active", "past_due", "unpaid":
		return true
	}
	return false
}

// repriced reports whether an item costs something else than before.
func repriced(was, item *object.Object) bool {
	return was.Object("price").ID() != item.Object("price").ID() || was.Int("quantity") != item.Int("quantity")
}
