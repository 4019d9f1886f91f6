package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription is what a customer pays for again and again: one or more prices, each an item of its own
// (subscription_item.go).
//
//	(new) --nothing due now, or sent--> active
//	      --first invoice due--> incomplete --paid--> active
//	                                        --23 hours--> incomplete_expired
//	      --trial--> trialing --trial_end--> active
//	                          --trial_end, nothing to pay with--> paused, canceled (trial_settings)
//	active --payment fails--> past_due --paid, void, uncollectible--> active
//	                                   --last retry fails--> canceled
//	paused --resume, invoice paid--> active
//	any of these --DELETE, cancel_at--> canceled
//
// A canceled one can be retrieved, and listed with status=canceled. How it begins is in subscription_start.go, its
// periods in subscription_period.go, what it bills in subscription_invoice.go and subscription_lines.go, how it stands
// by its invoices in subscription_status.go, how it ends in subscription_cancel.go, how it changes in
// subscription_change.go, and only when that is paid in subscription_pending.go.
//
// Emits customer.subscription.created, .updated, .deleted, .paused, .resumed, .trial_will_end, .pending_update_applied,
// .pending_update_expired; customer.updated.
func init() {
	register(resource.Rules{
		Object: "subscription", Figures: subscriptionFigures, Recounts: []resource.Recount{payingRecount},
		States: resource.States{
			"incomplete": {"active", "trialing", "incomplete_expired", "canceled"},
			"trialing":   {"active", "past_due", "unpaid", "paused", "canceled"},
			"active":     {"trialing", "past_due", "unpaid", "canceled"},
			"past_due":   {"active", "trialing", "unpaid", "canceled"},
			"unpaid":     {"active", "canceled"},
			"paused":     {"active", "trialing", "past_due", "canceled"},
		},
		Index:    filters{"product": entitlingProducts},
		Unmerged: []string{"billing_mode", "cancel_at", "discounts"},
		Create:   createSubscription, Update: updateSubscription,
		Actions: resource.Actions{
			"DELETE /v1/subscriptions/{subscription_exposed_id}":                      cancelAction,
			"DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}": cancelAction,
			"POST /v1/subscriptions/{subscription}/migrate":                           migrateAction,
			"POST /v1/subscriptions/{subscription}/resume":                            resumeAction,
		},
		Timers: map[string]resource.Hook{
			subscriptionPeriod: turnPeriod, subscriptionUpcoming: tellUpcoming, subscriptionCancel: cancelDue, subscriptionExpiry: expireIncomplete,
			subscriptionTrialEnds: warnOfTrialEnd, subscriptionCollects: endPause, subscriptionPending: expireUpdate, subscriptionThreshold: checkThresholds,
			subscriptionWaiting: billWaiting,
		},
	})
}

// The timers of subscriptions.
const (
	subscriptionPeriod    = "subscription.period"
	subscriptionCancel    = "subscription.cancel_at"
	subscriptionExpiry    = "subscription.incomplete"
	subscriptionTrialEnds = "subscription.trial_will_end"
	subscriptionCollects  = "subscription.pause_collection"
	subscriptionPending   = "subscription.pending_update"
	subscriptionThreshold = "subscription.threshold"
	subscriptionWaiting   = "subscription.pending_items"
)

// maxItems is how many prices a subscription may have.
const maxItems = 20

// hasEnded reports whether nothing can happen to a subscription any more.
func hasEnded(s *object.Object) bool {
	status := s.String("status")
	return status == "canceled" || status == "incomplete_expired"
}

// isFlexible reports whether a subscription is billed the newer way. Source: Stripe, Compare billing modes.
func isFlexible(s *object.Object) bool { return s.Object("billing_mode").String("type") == "flexible" }

// itemsOf are the items of a subscription, in the order in which it shows them.
func itemsOf(op *resource.Op, s *object.Object) ([]*object.Object, error) {
	shown := subscriptionItems(s)
	items := make([]*object.Object, len(shown))
	for i, v := range shown {
		item, err := op.Get("subscription_item", v.ID(), "items")
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

// subscriber is the customer of a new subscription.
func subscriber(op *resource.Op, s *object.Object) (*object.Object, error) {
	if err := refuseBillingSchedules(op); err != nil {
		return nil, err
	}
	if s.Ref("customer") == "" {
		return nil, missingParam("customer")
	}
	return op.Get("customer", s.Ref("customer"), "customer")
}

// refuseBillingSchedules says of billing in advance what Stripe says to accounts that cannot do it.
func refuseBillingSchedules(op *resource.Op) error {
	const name = "billing_schedules"
	if len(op.Params.Array(name)) == 0 {
		return nil
	}
	return apierr.Invalid("parameter_unknown", name, "Received unknown parameter: %s", name)
}

// checkCollection checks how a subscription is to be paid: by itself, or by an invoice that is sent.
func checkCollection(op *resource.Op, s *object.Object) error {
	sent := s.String("collection_method") == "send_invoice"
	switch {
	case sent && s.Get("days_until_due") == nil:
		return missingParam("days_until_due")
	case !sent && op.Params.Get("days_until_due") != nil:
		return apierr.Invalid("", "days_until_due", "You can only set `days_until_due` if `collection_method` is `send_invoice`.")
	case !sent:
		s.Set("days_until_due", nil)
	}
	return takeDefaults(op, s)
}

// takeDefaults settles what a subscription or an invoice is paid with by default: methods of its customer.
func takeDefaults(op *resource.Op, o *object.Object) error {
	for _, name := range []string{"default_payment_method", "default_source"} {
		id := op.Params.String(name)
		if id == "" {
			continue
		}
		pm, err := getMethod(op, id, name)
		if err != nil {
			return err
		}
		if pm.Ref("customer") != o.Ref("customer") {
			return apierr.Invalid("resource_missing", name, "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id)
		}
		o.Set(name, pm.ID())
	}
	return nil
}

// discountSubscription takes the discounts that were sent for the subscription as a whole; an empty value takes them
// away.
// Emits customer.discount.created, customer.discount.deleted.
func discountSubscription(op *resource.Op, s *object.Object) error {
	if !op.Params.Has("discounts") {
		return nil
	}
	spends, err := recurringAmount(op, s)
	if err != nil {
		return err
	}
	given, err := giving{param: "discounts", currency: s.String("currency"), to: newParams("customer", s.Ref("customer"), "subscription", s.ID()), spends: spends}.
		give(op, op.Params.Array("discounts"))
	if err != nil {
		return err
	}
	before := s.Array("discounts")
	s.Set("discounts", deductionIDs(given))
	return dropDiscounts(op, before, s.Array("discounts"))
}

// recurringAmount is what the items of a subscription cost for a period, but for what is metered.
func recurringAmount(op *resource.Op, s *object.Object) (sum int64, err error) {
	for _, item := range subscriptionItems(s) {
		if isMetered(item) {
			continue
		}
		parts, err := priceParts(op, item.Object("price"), s.String("currency"), quantityOf(item))
		if err != nil {
			return 0, err
		}
		for _, p := range parts {
			sum += p.amount
		}
	}
	return sum, nil
}
