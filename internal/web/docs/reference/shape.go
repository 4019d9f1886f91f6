package reference

import (
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Bracketed is the name as it is sent: card[exp_month].
func Bracketed(path []string) string {
	if len(path) == 1 {
		return path[0]
	}
	return path[0] + "[" + strings.Join(path[1:], "][") + "]"
}

// Members are the parts of a shape: of the objects that it may be, of its elements, of the values of a map.
func Members(shape *spec.Schema) (out []spec.Prop) {
	if shape == nil {
		return nil
	}
	out = slices.Clone(shape.Props)
	for _, alt := range append(slices.Clone(shape.AnyOf()), shape.Items(), shape.Additional()) {
		for _, p := range Members(alt) {
			if !slices.ContainsFunc(out, func(have spec.Prop) bool { return have.Name == p.Name }) {
				out = append(out, p)
			}
		}
	}
	return out
}
