package reference

import (
	"strings"

	"sharesmart/internal/spec"
)

// describedDepth is how many levels of parameters Describe goes down.
const describedDepth = 3

// Describe gives the texts of an operation without markup: what it does, and what its parameters mean, by their names
// with dots: "address.city". Those that have no text are not in it.
func Describe(op *spec.Operation) (text string, params map[string]string) {
	r := newReader()
	o := operation(op.ID)
	params = map[string]string{}
	_, members := r.params(o)
	r.describe(members, "", 1, params)
	if text = unmarked(o.String("description")); text == "" {
		text = o.String("summary")
	}
	return text, params
}

func (r *reader) describe(members []member, above string, depth int, into map[string]string) {
	for _, m := range members {
		name := above + m.name
		if text := unmarked(r.textOf(m)); text != "" {
			into[name] = text
		}
		if depth < describedDepth {
			r.describe(r.membersOf(m.schema), name+".", depth+1, into)
		}
	}
}

// unmarked is a description as plain text.
func unmarked(text string) string { return strings.TrimSpace(plain(prose(&Catalog{}, text))) }
