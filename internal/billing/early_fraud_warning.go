package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// An early fraud warning says that a card's bank takes a charge for fraud. It can be acted on until the charge is
// refunded whole or disputed.
//
// Emits radar.early_fraud_warning.created, .updated.

// reportFraud notes on a charge that was not even sent to the bank what it was taken for.
func reportFraud(charge *object.Object, o processor.Outcome) {
	if o.Type == "blocked" {
		charge.Sub("fraud_details").Set("stripe_report", "fraudulent")
	}
}

// warnOfFraud records that the network takes a charge for fraud.
func warnOfFraud(op *resource.Op, charge *object.Object, fraudType string) error {
	_, err := op.Make("radar.early_fraud_warning", "", newParams("charge", charge.ID()), func(op *resource.Op) error {
		op.Object.Set("actionable", isActionable(charge))
		op.Object.Set("fraud_type", fraudType)
		if intent := charge.Ref("payment_intent"); intent != "" {
			op.Object.Set("payment_intent", intent)
		}
		return nil
	})
	return err
}

// isActionable reports whether giving a charge back would still spare a dispute.
func isActionable(charge *object.Object) bool {
	return !charge.Bool("refunded") && !charge.Bool("disputed")
}

// showActionable says on the warnings about a charge whether they can still be acted on.
func showActionable(op *resource.Op, charge *object.Object) error {
	all, err := op.Lookup("radar.early_fraud_warning", "charge", charge.ID())
	if err != nil {
		return err
	}
	for _, warning := range all {
		warning.Set("actionable", isActionable(charge))
		if err := op.EmitUpdated(warning); err != nil {
			return err
		}
	}
	return nil
}
