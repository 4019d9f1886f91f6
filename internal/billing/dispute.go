package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// openDispute lets the bank of a charge dispute it.
func openDispute(*resource.Op, *object.Object, processor.DisputeCase) error { return nil }

// warnOfFraud records that the network takes a charge for fraud.
func warnOfFraud(*resource.Op, *object.Object, string) error { return nil }

// openReview asks somebody to look at a charge.
func openReview(*resource.Op, *object.Object) error { return nil }
