package billing

import (
	"errors"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a subscription that was paused goes on. What is due for the period that begins is billed first, and until that is
// paid the subscription stays paused:
//
//	paused --resume, nothing to bill--> active
//	       --resume--> paused, its invoice open --paid, uncollectible--> active
//	                                            --void, 23 hours--> paused
//
// Source: Stripe, Resume a subscription.

// resumeAction lets a paused subscription go on. Its periods begin anew unless they are to go on as if it had never been
// paused.
//
// Emits customer.subscription.updated and what the invoice does; customer.subscription.resumed.
func resumeAction(op *resource.Op) error { return resumeSubscription(op, op.Object, op.Params) }

func resumeSubscription(op *resource.Op, s, params *object.Object) error {
	if s.String("status") != "paused" {
		return apierr.Invalid("", "", "You can only resume a subscription if it is `paused`.")
	}
	if s.String("collection_method") != "charge_automatically" {
		return apierr.Invalid("", "", "Only subscriptions whose `collection_method` is `charge_automatically` can be resumed.")
	}
	waits, err := resumesWith(op, s)
	if err != nil {
		return err
	}
	if waits != "" {
		return apierr.Invalid("", "", "The subscription `%s` goes on when its invoice %s is paid.", s.ID(), waits)
	}
	if params.String("billing_cycle_anchor") != "unchanged" {
		s.Set("billing_cycle_anchor", op.Now().Unix())
	}
	b, err := resumeBill(op, s, params.String("proration_behavior") == "none")
	if err != nil {
		return err
	}
	in, err := b.write(op, func(in *object.Object) error {
		if in == nil {
			return nil
		}
		return op.EmitUpdated(s)
	})
	switch {
	case err != nil:
		return err
	case in == nil:
		return goOn(op, s)
	}
	return awaitResumption(op, s, in)
}

// resumesWith is the invoice that a paused subscription waits for, if it waits for one.
func resumesWith(op *resource.Op, s *object.Object) (string, error) {
	private, err := op.Private(s)
	return private.String("resumes_with"), err
}

// awaitResumption lets a subscription go on when an invoice is paid, and tries to pay it once.
func awaitResumption(op *resource.Op, s, in *object.Object) error {
	if err := waitFor(op, s, in.ID(), op.Now().Add(incompleteTime)); err != nil || op.Preview() {
		return err
	}
	in.Set("auto_advance", false) // only requests try again
	if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" {
		return err
	}
	err := collectInvoice(op, in, collectParams(op), false)
	var kept resource.ErrKept
	if errors.As(err, &kept) || apierr.As(err) != nil { // declined, or there is nothing to pay with
		return nil
	}
	return err
}

// waitFor notes the invoice that a paused subscription waits for, and until when; an empty id takes that back.
func waitFor(op *resource.Op, s *object.Object, id string, until time.Time) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	private.Delete("resumes_with")
	if id != "" {
		private.Set("resumes_with", id)
	}
	if err := op.SetTimer(subscriptionExpiry, s, until); err != nil {
		return err
	}
	return op.SetPrivate(s, private)
}

// followResumption lets a paused subscription go on whose invoice is settled, and stay paused if that is void.
func followResumption(op *resource.Op, s, in *object.Object) error {
	id, err := resumesWith(op, s)
	if id != in.ID() || err != nil {
		return err
	}
	switch in.String("status") {
	case "paid", "uncollectible":
		return goOn(op, s)
	case "void":
		return waitFor(op, s, "", time.Time{})
	}
	return nil
}

// goOn ends the pause.
// Emits customer.subscription.updated, customer.subscription.resumed.
func goOn(op *resource.Op, s *object.Object) error {
	if err := op.Move(s, "active"); err != nil {
		return err
	}
	if err := waitFor(op, s, "", time.Time{}); err != nil {
		return err
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	if err := op.Emit("customer.subscription.resumed", s); err != nil {
		return err
	}
	return followEntitlements(op, s.Ref("customer"))
}

// expireResumption voids the invoice that a paused subscription waited for in vain.
// Emits payment_intent.canceled, invoice.updated, invoice.voided.
func expireResumption(op *resource.Op, s *object.Object) error {
	id, err := resumesWith(op, s)
	if id == "" || err != nil {
		return err
	}
	in, err := op.Find("invoice", id)
	if err != nil || in.String("status") != "open" {
		return err
	}
	return voidInvoice(op, in)
}
