package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription with a pending_invoice_item_interval is billed for the invoice items that wait for it at that interval,
// counted from its anchor as its periods are, and not only when a period ends.

// longestWait is the most of each unit that items can wait. Source: Stripe's document, a year.
var longestWait = map[string]int64{"day": 365, "week": 52, "month": 12, "year": 1}

// settleWaiting settles when what waits is billed next, if the request says how often.
func settleWaiting(op *resource.Op, s *object.Object) error {
	const name = "pending_invoice_item_interval"
	if !op.Params.Has(name) {
		return nil
	}
	interval := s.Object(name)
	if interval == nil {
		s.Set("next_pending_invoice_item_invoice", nil)
		return op.SetTimer(subscriptionWaiting, s, time.Time{})
	}
	if interval.Int("interval_count") == 0 {
		interval.Set("interval_count", int64(1))
	}
	if most := longestWait[interval.String("interval")]; interval.Int("interval_count") > most {
		return apierr.Invalid("", inside(name, "interval_count"), "Pending invoice items can be billed at most once a year: 1 year, 12 months, 52 weeks, or 365 days.")
	}
	return awaitWaiting(op, s)
}

// awaitWaiting asks for the next time at which what waits is billed.
func awaitWaiting(op *resource.Op, s *object.Object) error {
	_, next := waitingPeriod(s, op.Now())
	s.Set("next_pending_invoice_item_invoice", next.Unix())
	return op.SetTimer(subscriptionWaiting, s, next)
}

// waitingPeriod is the time around a moment in which items come together.
func waitingPeriod(s *object.Object, at time.Time) (start, end time.Time) {
	o := s.Object("pending_invoice_item_interval")
	interval := money.Interval{Unit: o.String("interval"), Count: int(o.Int("interval_count"))}
	return interval.Around(unix(s.Int("billing_cycle_anchor")), at)
}

// billWaiting bills the items that wait for a subscription, if there are any and it is billed at all.
// Emits customer.subscription.updated, invoice.created; the invoice is finalized an hour later.
func billWaiting(op *resource.Op) error {
	s := op.Object
	if hasEnded(s) || s.Object("pending_invoice_item_interval") == nil {
		return nil
	}
	if err := awaitWaiting(op, s); err != nil {
		return err
	}
	items, err := op.Lookup("invoiceitem", "waiting", s.Ref("customer"))
	if err != nil {
		return err
	}
	start, _ := waitingPeriod(s, op.Now().Add(-time.Second))
	b := &subscriptionBill{s: s, reason: "automatic_pending_invoice_item_invoice", from: start.Unix(), to: op.Now().Unix()}
	for _, item := range items {
		mine := itemSubscription(item) == s.ID() && item.String("currency") == s.String("currency")
		if mine && item.Ref("invoice") == "" && slices.Contains([]string{"active", "past_due", "trialing"}, s.String("status")) {
			b.only, b.waiting = append(b.only, item.ID()), true
		}
	}
	in, err := b.write(op, func(*object.Object) error { return op.EmitUpdated(s) })
	if err != nil {
		return err
	}
	return pauseInvoice(op, s, in)
}
