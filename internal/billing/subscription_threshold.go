package billing

import (
	"math/big"
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription with billing_thresholds is billed for what was used as soon as that comes to enough: to an amount, or for
// an item to a number of units. It is looked at every hour.

// thresholdTime is how often usage is compared with thresholds.
const thresholdTime = time.Hour

// hasThresholds reports whether a subscription, or an item of it, has a threshold.
func hasThresholds(s *object.Object) bool {
	return s.Object("billing_thresholds").Int("amount_gte") > 0 || slices.ContainsFunc(subscriptionItems(s), func(item *object.Object) bool {
		return item.Object("billing_thresholds").Int("usage_gte") > 0
	})
}

// watchThresholds lets the usage of a subscription be looked at, if it has thresholds.
func watchThresholds(op *resource.Op, s *object.Object) error {
	var at time.Time
	if hasThresholds(s) {
		at = op.Now().Add(thresholdTime)
	}
	return op.SetTimer(subscriptionThreshold, s, at)
}

// checkThresholds bills what was used if it comes to enough. Then the period goes on, or begins anew with
// reset_billing_cycle_anchor.
//
// Emits customer.subscription.updated, invoice.created; the invoice is finalized an hour later, or now if the period begins
// anew.
func checkThresholds(op *resource.Op) error {
	s := op.Object
	if hasEnded(s) {
		return nil
	}
	if err := watchThresholds(op, s); err != nil {
		return err
	}
	if status := s.String("status"); status != "active" && status != "past_due" {
		return nil
	}
	charges, reached, err := usedSoFar(op, s)
	if !reached || err != nil {
		return err
	}
	if s.Object("billing_thresholds").Bool("reset_billing_cycle_anchor") {
		return op.Update(s, newParams("billing_cycle_anchor", "now", "proration_behavior", "always_invoice", "threshold", true))
	}
	b := &subscriptionBill{s: s, reason: "subscription_threshold", to: op.Now().Unix(), charges: charges}
	for _, c := range charges {
		if b.from == 0 || c.period.Start < b.from {
			b.from = c.period.Start
		}
		if err := countUsageFrom(op, c.item.ID(), op.Now().Unix()); err != nil {
			return err
		}
	}
	in, err := b.write(op, func(*object.Object) error { return op.EmitUpdated(s) })
	if err != nil {
		return err
	}
	return pauseInvoice(op, s, in)
}

// usedSoFar is what was used of metered items and not billed yet, and whether it reaches a threshold.
func usedSoFar(op *resource.Op, s *object.Object) (charges []itemCharge, reached bool, err error) {
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, false, err
	}
	var sum int64
	for _, item := range items {
		if !isMetered(item) {
			continue
		}
		period := periodOf(item)
		period.End = op.Now().Unix()
		c, err := usageCharge(op, s, item, period)
		if err != nil {
			return nil, false, err
		}
		parts, err := c.parts(op, s)
		if err != nil {
			return nil, false, err
		}
		for _, part := range parts {
			sum += part.amount
		}
		if c.quantity.Sign() > 0 {
			charges = append(charges, c)
		}
		most := item.Object("billing_thresholds").Int("usage_gte")
		reached = reached || most > 0 && c.quantity.Cmp(new(big.Rat).SetInt64(most)) >= 0
	}
	most := s.Object("billing_thresholds").Int("amount_gte")
	return charges, len(charges) > 0 && (reached || most > 0 && sum >= most), nil
}
