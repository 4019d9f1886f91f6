package billing

import (
	"errors"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a change of a subscription is billed: by prorations that wait for its next invoice, or at once.

// bill makes the prorations of a change, and the invoice if there is one now.
func (c *change) bill(op *resource.Op) error {
	b, err := c.prepare(op)
	if b == nil || err != nil {
		return err
	}
	if op.Params.String("payment_behavior") == pendingIfIncomplete {
		return c.propose(op, b)
	}
	in, err := b.write(op, func(*object.Object) error { return op.EmitUpdated(c.s) })
	if in == nil || err != nil {
		return err
	}
	return collectChange(op, c.s, in)
}

// prepare makes the invoice items of a change, and answers what is billed now, if anything is.
func (c *change) prepare(op *resource.Op) (*subscriptionBill, error) {
	added, err := addItems(op, c.s, op.Params.Array("add_invoice_items"))
	if err != nil || c.held == nil {
		return nil, err
	}
	made, err := c.makeProrations(op)
	if err != nil {
		return nil, err
	}
	used, err := c.usageItems(op)
	if err != nil || !c.billedNow() {
		return nil, err
	}
	made = append(made, used...)
	b := &subscriptionBill{s: c.s, reason: "subscription_update", from: op.Now().Unix(), to: op.Now().Unix(), waiting: len(made) > 0}
	if op.Params.Bool("threshold") {
		b.reason = "subscription_threshold"
	}
	for _, h := range c.held {
		if !c.anew && !c.trial {
			b.from = min(b.from, h.item.Int("current_period_start"))
		}
	}
	switch {
	case op.Params.String("payment_behavior") == pendingIfIncomplete: // what else waits must not be void if that is not paid
		b.only = append(made, added...)
	case c.anew && !isFlexible(c.s) && c.behavior == "always_invoice":
		b.only = made
	}
	b.charges, err = c.charges(op)
	return b, err
}

// billedNow reports whether the change is billed at once. Periods that begin anew are, and so is a trial that begins.
func (c *change) billedNow() bool {
	switch {
	case c.anew:
		return !c.waits()
	case c.trial && (c.was.String("status") != "trialing" || !isFlexible(c.s)):
		return true
	}
	return c.behavior == "always_invoice"
}

// waits reports whether periods begin anew without a bill. With flexible billing that takes more than a moved anchor:
// another item, or proration_behavior=always_invoice or none.
func (c *change) waits() bool {
	if !c.anew || !isFlexible(c.s) || c.behavior != "create_prorations" || c.was.String("status") == "trialing" {
		return false
	}
	items := subscriptionItems(c.s)
	return len(items) == len(c.held) && !slices.ContainsFunc(items, func(item *object.Object) bool {
		was := c.wasItem(item.ID())
		return was == nil || repriced(was, item)
	})
}

// makeProrations makes the prorations of a change, the last one first, so that an invoice shows them in their order.
func (c *change) makeProrations(op *resource.Op) (made []string, err error) {
	all, err := c.prorations(op)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(all) {
		one, err := p.make(op, c.s)
		if err != nil {
			return nil, err
		}
		made = append(made, one.ID())
		if p.credit {
			continue
		}
		item, err := op.Get("subscription_item", p.item.ID(), "items")
		if err != nil {
			return nil, err
		}
		if err := noteDebit(op, item, debit{item: one.ID(), period: p.period, until: p.period.End}); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// charges are what the new periods cost, or the trial.
func (c *change) charges(op *resource.Op) ([]itemCharge, error) {
	items, err := itemsOf(op, c.s)
	if err != nil {
		return nil, err
	}
	var all []itemCharge
	for _, item := range newestFirst(items) {
		was := c.wasItem(item.ID())
		one := itemCharge{item: item, period: periodOf(item), quantity: quantityOf(item)}
		switch {
		case c.s.String("status") == "trialing":
			if one.trial = true; isFlexible(c.s) && was != nil && !repriced(was, item) && c.was.String("status") == "trialing" {
				continue // it is in its trial as before
			}
		case !c.anew:
			continue
		case isMetered(item):
			if !c.charged() || was.Ref("price") != item.Ref("price") {
				continue
			}
			ended := periodOf(was)
			ended.End = min(ended.End, op.Now().Unix())
			if one, err = usageCharge(op, c.s, item, ended); err != nil {
				return nil, err
			}
		default:
			one.full = partOf(c.s, item)
		}
		all = append(all, one)
	}
	return all, nil
}

// collectChange takes the money for a change. What cannot be paid leaves the subscription past due, unless
// payment_behavior says otherwise.
func collectChange(op *resource.Op, s, in *object.Object) error {
	if op.Preview() {
		return nil
	}
	if behavior := s.Object("pause_collection").String("behavior"); behavior == "void" || behavior == "mark_uncollectible" {
		return pauseInvoice(op, s, in)
	}
	if in.String("collection_method") != "charge_automatically" || !in.Bool("auto_advance") {
		return nil
	}
	switch op.Params.String("payment_behavior") {
	case "default_incomplete":
		return awaitPayment(op, s, in)
	case "error_if_incomplete":
		err := payNow(op, in)
		var kept resource.ErrKept
		if errors.As(err, &kept) {
			return refusedBySubscriber(kept.Err)
		}
		return err
	}
	return collectNow(op, in)
}

// awaitPayment leaves it to a request to pay an invoice. Until then the subscription is past due.
// Emits what finalizing does, customer.subscription.updated.
func awaitPayment(op *resource.Op, s, in *object.Object) error {
	in.Set("auto_advance", false)
	if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" || s.String("status") == "past_due" {
		return err
	}
	if err := op.Move(s, "past_due"); err != nil {
		return err
	}
	return op.EmitUpdated(s)
}

// payNow finalizes an invoice of a subscription and takes its money. A decline is an ErrKept.
func payNow(op *resource.Op, in *object.Object) error {
	if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" {
		return err
	}
	if err := op.SetTimer(invoiceCollection, in, time.Time{}); err != nil {
		return err
	}
	return collectInvoice(op, in, collectParams(op), true)
}

// collectNow is payNow for an invoice that may stay unpaid: the subscription then is past due. What is sent to the
// customer stays a draft for an hour.
func collectNow(op *resource.Op, in *object.Object) error {
	if in.String("collection_method") != "charge_automatically" || !in.Bool("auto_advance") || op.Preview() {
		return nil
	}
	return tryNow(op, in)
}

// tryNow finalizes an invoice and tries to take its money. A decline leaves it open.
func tryNow(op *resource.Op, in *object.Object) error {
	err := payNow(op, in)
	var kept resource.ErrKept
	switch {
	case errors.As(err, &kept):
		return nil
	case apierr.As(err) != nil && in.String("status") == "open":
		return failAlone(op, in)
	}
	return err
}

// creditUnused makes the credits for what was paid for and is not used.
// Emits invoiceitem.created.
func creditUnused(op *resource.Op, s *object.Object, at int64) error {
	c := &change{s: s, was: s.Clone(), at: at, behavior: "create_prorations"}
	if err := c.hold(op); err != nil {
		return err
	}
	c.s.Sub("items").Set("data", []any{})
	_, err := c.makeProrations(op)
	c.s.Sub("items").Set("data", c.was.Object("items").Array("data"))
	return err
}
