package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription is what a customer pays for again and again: one or more prices, each an item of its own
// (subscription_item.go).
//
//	(new) --> active --DELETE--> canceled
//	(new, with a trial) --> trialing --DELETE--> canceled
//
// It is canceled and not deleted: it can be retrieved, and listed with status=canceled. Nothing is billed yet.
//
// Emits customer.subscription.created, customer.subscription.updated, customer.subscription.deleted.
func init() {
	register(resource.Rules{
		Object: "subscription",
		States: resource.States{
			"incomplete": {"active", "incomplete_expired", "canceled"},
			"trialing":   {"active", "past_due", "paused", "canceled"},
			"active":     {"past_due", "unpaid", "canceled"},
			"past_due":   {"active", "unpaid", "canceled"},
			"unpaid":     {"active", "canceled"},
			"paused":     {"active", "canceled"},
		},
		Create: createSubscription, Update: updateSubscription,
		Actions: resource.Actions{
			"DELETE /v1/subscriptions/{subscription_exposed_id}":                      cancelSubscription,
			"DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}": cancelSubscription,
		},
	})
}

// maxItems is how many prices a subscription may have.
const maxItems = 20

func createSubscription(op *resource.Op) error {
	s, params := op.Object, op.Params
	customer, err := subscriber(op, s)
	if err != nil {
		return err
	}
	if len(params.Array("items")) == 0 {
		return missingParam("items")
	}
	for _, name := range []string{"billing_cycle_anchor", "start_date"} {
		if !params.Has(name) {
			s.Set(name, op.Now().Unix())
		}
	}
	if start := params.Int("backdate_start_date"); start > 0 {
		s.Set("start_date", start)
	}
	if s.String("collection_method") == "send_invoice" && s.Get("days_until_due") == nil {
		return missingParam("days_until_due")
	}
	s.Set("status", "active")
	s.Set("cancel_at_period_end", params.Bool("cancel_at_period_end"))
	s.Set("billing_schedules", []any{})
	s.Set("discounts", []any{})
	s.Set("test_clock", customer.Get("test_clock"))
	s.Sub("items").Set("url", "/v1/subscription_items?subscription="+s.ID())
	if err := startTrial(op, s); err != nil {
		return err
	}
	if err := subscriptionCurrency(op, s, customer); err != nil {
		return err
	}
	if err := changeItems(op, s); err != nil {
		return err
	}
	return endAtPeriod(op, s)
}

// subscriber is the customer of a new subscription.
func subscriber(op *resource.Op, s *object.Object) (*object.Object, error) {
	if s.Ref("customer") == "" {
		return nil, missingParam("customer")
	}
	return op.Get("customer", s.Ref("customer"), "customer")
}

// startTrial gives the subscription its free time, if it is to have one.
func startTrial(op *resource.Op, s *object.Object) error {
	params, end := op.Params, int64(0)
	if days := params.Int("trial_period_days"); days > 0 {
		end = op.Now().AddDate(0, 0, int(days)).Unix()
	}
	if params.Has("trial_end") && params.Has("trial_period_days") {
		return onlyOne("trial_end", "trial_period_days")
	}
	if at, ok := params.Get("trial_end").(int64); ok {
		if at <= op.Now().Unix() {
			return apierr.Invalid("", "trial_end", "`trial_end` must be in the future, or `now`.")
		}
		end = at
	}
	if end == 0 {
		s.Set("trial_start", nil)
		s.Set("trial_end", nil)
		return nil
	}
	s.Set("trial_start", op.Now().Unix())
	s.Set("trial_end", end)
	s.Set("billing_cycle_anchor", end)
	s.Set("status", "trialing")
	return nil
}

// subscriptionCurrency settles in what the subscription is billed: the currency of its first price. A customer pays in
// one currency only.
func subscriptionCurrency(op *resource.Op, s, customer *object.Object) error {
	currency := op.Params.String("currency")
	if currency == "" {
		first, _ := op.Params.Array("items")[0].(*object.Object)
		currency = first.Object("price_data").String("currency")
		if id := first.String("price"); id != "" {
			price, err := op.Get("price", id, "items[0][price]")
			if err != nil {
				return err
			}
			currency = price.String("currency")
		}
	}
	s.Set("currency", currency)
	switch known := customer.String("currency"); {
	case known == "":
		customer.Set("currency", currency)
		return op.EmitUpdated(customer)
	case known != currency:
		return apierr.Invalid("", "customer", "You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency %s", known)
	}
	return nil
}

func updateSubscription(op *resource.Op) error {
	s := op.Object
	if s.String("status") == "canceled" || s.String("status") == "incomplete_expired" {
		for _, name := range op.Params.Keys() {
			if !slices.Contains([]string{"metadata", "cancellation_details", "expand"}, name) {
				return apierr.Invalid("", name, "A canceled subscription can only update its cancellation_details and metadata.")
			}
		}
		return nil
	}
	if err := changeItems(op, s); err != nil {
		return err
	}
	return endAtPeriod(op, s)
}

// endAtPeriod settles when a subscription ends that is to end with its period.
func endAtPeriod(op *resource.Op, s *object.Object) error {
	if !op.Params.Has("cancel_at_period_end") {
		return nil
	}
	s.Set("cancel_at_period_end", op.Params.Bool("cancel_at_period_end"))
	if !op.Params.Bool("cancel_at_period_end") {
		s.Set("cancel_at", nil)
		s.Set("canceled_at", nil)
		return nil
	}
	var end int64
	for _, item := range subscriptionItems(s) {
		end = max(end, item.Int("current_period_end"))
	}
	s.Set("cancel_at", end)
	s.Set("canceled_at", op.Now().Unix())
	return nil
}

// cancelSubscription ends a subscription at once.
func cancelSubscription(op *resource.Op) error {
	s := op.Object
	if err := op.Move(s, "canceled"); err != nil {
		return apierr.Missing("subscription", s.ID(), "id") // it has ended: there is nothing to cancel
	}
	s.Set("canceled_at", op.Now().Unix())
	s.Set("ended_at", op.Now().Unix())
	details := s.Sub("cancellation_details")
	for _, name := range []string{"comment", "feedback", "feedback_option"} {
		if !details.Has(name) {
			details.Set(name, nil)
		}
		if v := op.Params.At("cancellation_details", name); v != nil && v != "" {
			details.Set(name, v)
		}
	}
	details.Set("reason", "cancellation_requested")
	return op.Emit("customer.subscription.deleted", s)
}
