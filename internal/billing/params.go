package billing

import "sharesmart/internal/object"

// newParams makes the parameters of an operation that a rule runs, from names and values in turn. A nil value is left
// out.
func newParams(pairs ...any) *object.Object { return object.Of(pairs...) }
