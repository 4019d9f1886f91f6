package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// cancellation is how a subscription ends.
type cancellation struct {
	reason     string // cancellation_requested, payment_failed, payment_disputed
	prorate    bool   // what was paid for and not used is credited
	at         int64  // from when; zero is now
	invoiceNow bool   // what waits and what was used is billed at once
	drop       bool   // prorations that wait are never billed
}

// cancelAction ends a subscription at once.
func cancelAction(op *resource.Op) error {
	s := op.Object
	if hasEnded(s) {
		return apierr.Missing("subscription", s.ID(), "id") // there is nothing to cancel
	}
	readCancellation(op, s)
	prorate, invoiceNow := op.Params.Bool("prorate"), op.Params.Bool("invoice_now")
	return cancelSubscription(op, s, cancellation{reason: "cancellation_requested", prorate: prorate, invoiceNow: invoiceNow, drop: !prorate && !invoiceNow})
}

// readCancellation keeps what the customer said about leaving.
func readCancellation(op *resource.Op, s *object.Object) {
	details := leaving(s)
	for _, name := range aboutLeaving {
		if v := op.Params.At("cancellation_details", name); v != nil && v != "" {
			details.Set(name, v)
		}
	}
}

var aboutLeaving = []string{"comment", "feedback", "feedback_option", "reason"}

// leaving is what a subscription says of its end, with all its fields.
func leaving(s *object.Object) *object.Object {
	details := s.Sub("cancellation_details")
	for _, name := range aboutLeaving {
		if !details.Has(name) {
			details.Set(name, nil)
		}
	}
	return details
}

// cancelSubscription ends a subscription now. Its open invoices and drafts wait for somebody to deal with them.
//
// Emits invoiceitem.created for credits or invoiceitem.deleted; invoice.updated for those; what the last invoice does, if
// there is one; customer.subscription.deleted.
func cancelSubscription(op *resource.Op, s *object.Object, c cancellation) error {
	if s.Get("pending_update") != nil {
		if err := discardUpdate(op, s); err != nil {
			return err
		}
	}
	if c.prorate {
		if c.at == 0 {
			c.at = op.Now().Unix()
		}
		if err := creditUnused(op, s, c.at); err != nil {
			return err
		}
	}
	if c.drop {
		if err := dropProrations(op, s); err != nil {
			return err
		}
	}
	if err := op.Move(s, "canceled"); err != nil {
		return err
	}
	if s.Get("canceled_at") == nil {
		s.Set("canceled_at", op.Now().Unix())
	}
	s.Set("ended_at", op.Now().Unix())
	readCancellation(op, s)
	if details := s.Sub("cancellation_details"); details.Get("reason") == nil {
		details.Set("reason", c.reason)
	}
	if err := stopPeriods(op, s); err != nil {
		return err
	}
	if err := holdInvoices(op, s); err != nil {
		return err
	}
	if c.invoiceNow {
		if err := lastBill(op, s); err != nil {
			return err
		}
	}
	if err := op.Emit("customer.subscription.deleted", s); err != nil {
		return err
	}
	if err := followSubscription(op, s, c.reason); err != nil {
		return err
	}
	return followEntitlements(op, s.Ref("customer"))
}

// dropProrations deletes the prorations of a subscription that wait for its next invoice.
// Emits invoiceitem.deleted.
func dropProrations(op *resource.Op, s *object.Object) error {
	items, err := op.Lookup("invoiceitem", "waiting", s.Ref("customer"))
	if err != nil {
		return err
	}
	for _, item := range items {
		if item.Bool("proration") && item.Ref("invoice") == "" && itemSubscription(item) == s.ID() {
			if err := op.Delete(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdInvoices lets the invoices of a subscription that has ended not be collected by themselves any more.
func holdInvoices(op *resource.Op, s *object.Object) error {
	all, err := op.Lookup("invoice", "subscription", s.ID())
	if err != nil {
		return err
	}
	for _, in := range all {
		status := in.String("status")
		if !in.Bool("auto_advance") || status != "draft" && status != "open" {
			continue
		}
		if err := stopAdvance(op, in); err != nil {
			return err
		}
		in.Set("automatically_finalizes_at", nil)
		if err := op.SetTimer(invoiceAdvance, in, time.Time{}); err != nil {
			return err
		}
		if err := op.EmitUpdated(in); err != nil {
			return err
		}
	}
	return nil
}

// lastBill bills what waits, and what was used of metered items, and collects it.
func lastBill(op *resource.Op, s *object.Object) error {
	b := &subscriptionBill{s: s, reason: "subscription_update", from: op.Now().Unix(), to: op.Now().Unix()}
	items, err := itemsOf(op, s)
	if err != nil {
		return err
	}
	for _, item := range items {
		if !isMetered(item) {
			continue
		}
		since, err := usageSince(op, item, periodOf(item).End)
		if err != nil {
			return err
		}
		c, err := lastUsage(op, s, item, since)
		if err != nil {
			return err
		}
		if c.quantity.Sign() > 0 {
			b.charges = append(b.charges, c)
		}
	}
	if b.waiting, err = somethingWaits(op, s); err != nil {
		return err
	}
	in, err := b.write(op, func(*object.Object) error { return nil })
	if in == nil || err != nil {
		return err
	}
	return collectNow(op, in)
}

// somethingWaits reports whether invoice items wait for the next invoice of a subscription.
func somethingWaits(op *resource.Op, s *object.Object) (bool, error) {
	items, err := op.Lookup("invoiceitem", "waiting", s.Ref("customer"))
	for _, item := range items {
		if of := itemSubscription(item); item.Ref("invoice") == "" && (of == "" || of == s.ID()) {
			return true, err
		}
	}
	return false, err
}

// settleCancel reads when a subscription is to end: with its period, at a date, or not any more.
func settleCancel(op *resource.Op, s *object.Object) error {
	p := op.Params
	if p.Bool("cancel_at_period_end") && p.Get("cancel_at") != nil && p.Get("cancel_at") != "" {
		return onlyOne("cancel_at", "cancel_at_period_end")
	}
	switch at := p.Get("cancel_at").(type) {
	case int64:
		if at <= op.Now().Unix() {
			return apierr.Invalid("", "cancel_at", "`cancel_at` must be in the future.")
		}
		s.Set("cancel_at_period_end", false)
		return endAt(op, s, at)
	case string:
		s.Set("cancel_at_period_end", false)
		first, last := periodEnds(s)
		switch at {
		case "min_period_end":
			last = first
		case "":
			last = 0
		}
		return endAt(op, s, last)
	}
	if !p.Has("cancel_at_period_end") {
		return nil
	}
	s.Set("cancel_at_period_end", p.Bool("cancel_at_period_end"))
	if !p.Bool("cancel_at_period_end") {
		return endAt(op, s, 0)
	}
	_, last := periodEnds(s)
	return endAt(op, s, last)
}

// periodEnds are the first and the last of the ends of the items' periods.
func periodEnds(s *object.Object) (first, last int64) {
	for _, item := range subscriptionItems(s) {
		end := item.Int("current_period_end")
		if first == 0 || end < first {
			first = end
		}
		last = max(last, end)
	}
	return first, last
}

// endAt lets a subscription end at a time; zero takes that back.
func endAt(op *resource.Op, s *object.Object, at int64) error {
	details := leaving(s)
	if at == 0 {
		s.Set("cancel_at", nil)
		s.Set("canceled_at", nil)
		details.Set("reason", nil)
		return op.SetTimer(subscriptionCancel, s, time.Time{})
	}
	s.Set("cancel_at", at)
	if s.Get("canceled_at") == nil {
		s.Set("canceled_at", op.Now().Unix())
	}
	details.Set("reason", "cancellation_requested")
	return op.SetTimer(subscriptionCancel, s, unix(at))
}

// cancelDue ends a subscription whose time has come. What waits for its next invoice, and what was used of metered items,
// is billed.
func cancelDue(op *resource.Op) error {
	s := op.Object
	if at := s.Int("cancel_at"); hasEnded(s) || at == 0 || at > op.Now().Unix() {
		return nil
	}
	return cancelSubscription(op, s, cancellation{reason: "cancellation_requested", invoiceNow: true})
}

// CancelSubscription ends a subscription at once and credits nothing, for rules of other packages.
func CancelSubscription(op *resource.Op, s *object.Object) error {
	return cancelSubscription(op, s, cancellation{reason: "cancellation_requested", drop: true})
}
