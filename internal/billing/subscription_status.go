package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a subscription stands by its invoices: the newest one that is final counts.

// invoiceSubscription is the subscription that an invoice is for, or nil.
func invoiceSubscription(op *resource.Op, in *object.Object) (*object.Object, error) {
	id, _ := in.At("parent", "subscription_details", "subscription").(string)
	if id == "" {
		return nil, nil
	}
	return op.Find("subscription", id)
}

// followInvoice lets the subscription of an invoice, if it has one, stand as its newest final invoice does: paid, waiting
// for its bank, given up or void is active; a payment that failed is past due, and ended once no try is left.
//
// Emits customer.subscription.updated or .deleted, customer.updated.
func followInvoice(op *resource.Op, in *object.Object) error {
	s, err := invoiceSubscription(op, in)
	if s == nil || err != nil || hasEnded(s) {
		return err
	}
	if s.String("status") == "paused" {
		return followResumption(op, s, in)
	}
	if proposed, err := isProposal(op, s, in); err != nil {
		return err
	} else if proposed {
		if over, err := settleUpdate(op, s, in); !over || err != nil {
			return err
		}
	}
	newest, err := newestFinal(op, s)
	if newest == nil || err != nil {
		return err
	}
	fine, err := isSettled(op, newest)
	if err != nil {
		return err
	}
	switch {
	case fine:
		err = activateSubscription(op, s, newest)
	case newest == in:
		err = failSubscription(op, s, in)
	}
	if err != nil {
		return err
	}
	return markDelinquent(op, s, newest, fine)
}

// failSubscription lets a subscription follow a payment of its newest final invoice that failed.
func failSubscription(op *resource.Op, s, in *object.Object) error {
	switch {
	case s.String("status") == "incomplete":
		return nil
	case isGivenUp(in):
		return cancelSubscription(op, s, cancellation{reason: "payment_failed"})
	case s.String("status") == "active", s.String("status") == "trialing":
		if err := op.Move(s, "past_due"); err != nil {
			return err
		}
		return op.EmitUpdated(s)
	}
	return nil
}

// newestFinal is the newest invoice of a subscription that is neither a draft nor void, or nil. Most often it is the
// latest one, and nothing has to be looked up.
func newestFinal(op *resource.Op, s *object.Object) (*object.Object, error) {
	counts := func(in *object.Object) bool { return in.String("status") != "draft" && in.String("status") != "void" }
	if id := s.Ref("latest_invoice"); id != "" {
		latest, err := op.Find("invoice", id)
		if err != nil {
			return nil, err
		}
		proposed, err := isProposal(op, s, latest)
		if err != nil || latest != nil && counts(latest) && !proposed {
			return latest, err
		}
	}
	all, err := op.Lookup("invoice", "subscription", s.ID())
	if err != nil {
		return nil, err
	}
	for _, in := range all {
		if proposed, err := isProposal(op, s, in); !proposed && counts(in) || err != nil {
			return in, err
		}
	}
	return nil, nil
}

// isSettled reports whether nothing is to be feared of an invoice.
func isSettled(op *resource.Op, in *object.Object) (bool, error) {
	if in.String("status") != "open" {
		return true, nil
	}
	_, pi, err := defaultPayment(op, in)
	return pi.String("status") == processing, err
}

// isGivenUp reports whether the last try by itself to pay an invoice has failed.
func isGivenUp(in *object.Object) bool {
	return in.String("status") == "open" && in.String("collection_method") == "charge_automatically" && in.Bool("auto_advance") &&
		in.Get("next_payment_attempt") == nil && int(in.Int("attempt_count")) > len(retryAfter)
}

// activateSubscription lets a subscription be active whose invoice is paid, or in its trial as long as that lasts.
func activateSubscription(op *resource.Op, s, in *object.Object) error {
	to := "active"
	if s.Int("trial_end") > op.Now().Unix() {
		to = "trialing"
	}
	if s.String("status") == to {
		return nil
	}
	if s.String("status") == "incomplete" {
		if err := op.SetTimer(subscriptionExpiry, s, time.Time{}); err != nil {
			return err
		}
	}
	if err := keepMethod(op, s, in); err != nil {
		return err
	}
	entitled := entitlingProducts(s)
	if err := op.Move(s, to); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	return followEntitled(op, s, entitled)
}

// keepMethod makes what an invoice was paid with the subscription's default, if that was asked for.
func keepMethod(op *resource.Op, s, in *object.Object) error {
	if s.Object("payment_settings").String("save_default_payment_method") != "on_subscription" {
		return nil
	}
	charge, err := invoiceCharge(op, in)
	if err != nil {
		return err
	}
	if id := charge.Ref("payment_method"); id != "" {
		s.Set("default_payment_method", id)
	}
	return nil
}

// markDelinquent notes whether the newest payment by itself of a customer failed.
// Emits customer.updated.
func markDelinquent(op *resource.Op, s, in *object.Object, fine bool) error {
	failed := !fine && in.Bool("attempted") && s.String("status") != "incomplete"
	customer, err := op.Get("customer", s.Ref("customer"), "")
	if err != nil || customer.Bool("delinquent") == failed || !fine && !failed {
		return err
	}
	customer.Set("delinquent", failed)
	return op.EmitUpdated(customer)
}

// subscriptionMethod is what a subscription is paid with: its own default, or the customer's; nil if there is nothing.
func subscriptionMethod(op *resource.Op, s *object.Object) (*object.Object, error) {
	customer, err := op.Get("customer", s.Ref("customer"), "")
	if err != nil {
		return nil, err
	}
	for _, id := range []string{
		s.Ref("default_payment_method"), s.Ref("default_source"),
		customer.Object("invoice_settings").Ref("default_payment_method"), customer.Ref("default_source"),
	} {
		if id != "" {
			return getMethod(op, id, "")
		}
	}
	return nil, nil
}
