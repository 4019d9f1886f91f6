package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// settleAnchor lets the periods begin anew if that was asked for. With classic billing they also do when the interval
// changes, and when the first item that costs something follows free ones, unless the anchor is to stay.
func (c *change) settleAnchor(op *resource.Op, s *object.Object) error {
	sent := op.Params.String("billing_cycle_anchor")
	trialing := s.String("status") == "trialing"
	switch {
	case sent == "now" && trialing:
		return apierr.Invalid("", "billing_cycle_anchor", "The billing cycle is anchored at the end of the trial. Set `trial_end` to move it.")
	case sent == "now":
	case sent == "unchanged", isFlexible(s), trialing, c.anew, c.held == nil:
		return nil
	default:
		reset, err := c.resets(op)
		if !reset || err != nil {
			return err
		}
	}
	c.anew = true
	s.Set("billing_cycle_anchor", op.Now().Unix())
	return nil
}

// resets reports whether a change of items moves the anchor of a subscription that is billed the classic way.
func (c *change) resets(op *resource.Op) (bool, error) {
	items := subscriptionItems(c.s)
	if intervalOf(items[0].Object("price")) != intervalOf(c.held[0].item.Object("price")) {
		return true, nil
	}
	was := make([]*object.Object, len(c.held))
	for i, h := range c.held {
		was[i] = h.item
	}
	before, err := costsNothing(op, c.s, was)
	if !before || err != nil {
		return false, err
	}
	after, err := costsNothing(op, c.s, items)
	return !after, err
}

// costsNothing reports whether the prices of all items are free. A quantity of zero is none.
func costsNothing(op *resource.Op, s *object.Object, items []*object.Object) (bool, error) {
	for _, item := range items {
		if isMetered(item) {
			return false, nil
		}
		one, err := costOf(op, s, item, max(item.Int("quantity"), 1))
		if one != 0 || err != nil {
			return false, err
		}
	}
	return true, nil
}

// settlePeriods gives each item the period that follows from its price, the trial, the anchor and the end.
func (c *change) settlePeriods(op *resource.Op) error {
	if c.held == nil || c.was.String("status") == "paused" {
		return nil
	}
	if !c.s.Bool("cancel_at_period_end") {
		shorten(c.s)
	}
	items, err := itemsOf(op, c.s)
	if err != nil {
		return err
	}
	for _, item := range items {
		c.settlePeriod(op, item)
		op.Save(item)
		showItem(c.s, item)
	}
	if !c.s.Bool("cancel_at_period_end") {
		return nil
	}
	if _, last := periodEnds(c.s); last != c.s.Int("cancel_at") {
		return endAt(op, c.s, last)
	}
	return nil
}

// shorten moves what a subscription that is billed the classic way counts from to its end, if that comes before the
// periods end.
func shorten(s *object.Object) {
	at := s.Int("cancel_at")
	if first, _ := periodEnds(s); at == 0 || isFlexible(s) || at >= first {
		return
	}
	if s.Int("trial_end") > at {
		s.Set("trial_end", at)
	}
	s.Set("billing_cycle_anchor", at)
}

// boundPeriods lets the first periods of a subscription end with it.
func boundPeriods(op *resource.Op, s *object.Object) error {
	if s.Int("cancel_at") == 0 || s.Bool("cancel_at_period_end") {
		return nil
	}
	shorten(s)
	items, err := itemsOf(op, s)
	for _, item := range items {
		openPeriod(s, item, op.Now())
		op.Save(item)
		showItem(s, item)
	}
	return err
}

// isOver reports whether the periods of all items end this second. Then their timer is about to open the next ones, and
// bills the items as they are by then.
func (c *change) isOver(now time.Time) bool {
	return !c.trial && len(c.held) > 0 && !slices.ContainsFunc(c.held, func(h heldItem) bool { return periodOf(h.item).End > now.Unix() })
}

// joinEnded lets a new item be billed with those whose periods end now. What is metered from now on has nothing to bill
// yet.
func joinEnded(s, item *object.Object, now time.Time) {
	if isMetered(item) {
		openPeriod(s, item, now)
		return
	}
	setPeriodOf(item, money.Span{Start: now.Unix(), End: now.Unix()})
}

func (c *change) settlePeriod(op *resource.Op, item *object.Object) {
	now, was := op.Now(), c.wasItem(item.ID())
	trialBegins := c.trial && c.was.String("status") != "trialing"
	switch {
	case c.anew, trialBegins:
		openPeriod(c.s, item, now)
	case c.isOver(now):
		if was == nil || isMetered(item) && repriced(was, item) {
			joinEnded(c.s, item, now)
		}
		return
	case was == nil, intervalOf(was.Object("price")) != intervalOf(item.Object("price")):
		startPeriod(c.s, item, unix(min(c.at, now.Unix())))
	}
	p := periodOf(item)
	p.End = periodEnd(c.s, item, unix(p.Start))
	setPeriodOf(item, p)
}
