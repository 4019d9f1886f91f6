package billing

import "sharesmart/internal/object"

// newParams makes the parameters of an operation that a rule runs, from names and values in turn. A nil value is left
// out.
func newParams(pairs ...any) *object.Object {
	p := object.New(nil)
	p.Grow(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		if v := pairs[i+1]; v != nil && v != "" {
			p.Set(pairs[i].(string), v)
		}
	}
	return p
}
