package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// settleConnect gives others their part of what a charge brought.
func settleConnect(op *resource.Op, charge *object.Object) error { return nil }
