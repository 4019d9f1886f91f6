package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A review asks a person to look at a payment that succeeded.
//
//	(new) open --approve--> closed: approved
//	           --the charge is refunded whole, or disputed--> closed: refunded, refunded_as_fraud, disputed
//
// Lists show open reviews only.
//
// Emits review.opened, review.closed.
func init() {
	register(resource.Rules{
		Object: "review", Actions: resource.Actions{"POST /v1/reviews/{review}/approve": approveReview},
		Index: map[string]func(*object.Object) []string{"open": flag("open")}, Listed: map[string][]string{"open": {"true"}},
	})
}

// openReview asks somebody to look at a charge.
func openReview(op *resource.Op, charge *object.Object) error {
	review, err := op.Make("review", "", newParams("charge", charge.ID()), func(op *resource.Op) error {
		r := op.Object
		r.Set("billing_zip", charge.Object("billing_details").Object("address").Get("postal_code"))
		r.Set("open", true)
		r.Set("opened_reason", "rule")
		r.Set("reason", "rule")
		if intent := charge.Ref("payment_intent"); intent != "" {
			r.Set("payment_intent", intent)
		}
		return nil
	})
	if err != nil {
		return err
	}
	charge.Set("review", review.ID())
	op.Save(charge)
	if id := charge.Ref("payment_intent"); id != "" {
		intent, err := op.Get("payment_intent", id, "payment_intent")
		if err != nil {
			return err
		}
		intent.Set("review", review.ID())
		op.Save(intent)
	}
	return op.Emit("review.opened", review)
}

func approveReview(op *resource.Op) error {
	if !op.Object.Bool("open") {
		return apierr.Invalid("", "", "Review %s is already closed: it was %s.", op.Object.ID(), op.Object.String("closed_reason"))
	}
	return closeReview(op, op.Object, "approved")
}

// closeReviewOf closes the review of a charge, if one is open.
func closeReviewOf(op *resource.Op, charge *object.Object, reason string) error {
	id := charge.Ref("review")
	if id == "" {
		return nil
	}
	review, err := op.Find("review", id)
	if err != nil || review == nil || !review.Bool("open") {
		return err
	}
	return closeReview(op, review, reason)
}

func closeReview(op *resource.Op, review *object.Object, reason string) error {
	review.Set("open", false)
	review.Set("closed_reason", reason)
	review.Set("reason", reason)
	op.Save(review)
	return op.Emit("review.closed", review)
}
