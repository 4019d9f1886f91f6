package explorer

import (
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Input is how somebody says a value.
type Input uint8

// The inputs.
const (
	Line    Input = iota
	Choice        // one of Values
	Range         // of times: from and to
	Whole         // a whole number
	Instant       // a time
	Lines         // several values, or whole objects: written as name=value
)

// Filter is a parameter of a list.
type Filter struct {
	Name     string
	Label    string
	Input    Input
	Values   []string // of a Choice
	Required bool
}

// paging are parameters of lists that are no filters. The accounts of customers are Stripe's next version's.
var paging = []string{"limit", "starting_after", "ending_before", "expand"}

// filtersOf are what a list can be asked for, what it must be asked for first. A filter that is a hash is left out.
func filtersOf(list *spec.Operation) []Filter {
	var out []Filter
	for i := range list.Params().Props {
		p := &list.Params().Props[i]
		if slices.Contains(paging, p.Name) || strings.HasSuffix(p.Name, "customer_account") {
			continue
		}
		f := Filter{Name: p.Name, Label: Label(p.Name), Required: p.Required}
		f.Input, f.Values = inputOf(p.Schema())
		if f.Input != Lines {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Filter) int { return rankOf(a) - rankOf(b) })
	return out
}

// rankOf puts what must be said first, then what is asked most.
func rankOf(f Filter) int {
	switch {
	case f.Required:
		return 0
	case f.Name == "status":
		return 1
	case f.Name == "created":
		return 2
	case f.Input == Choice:
		return 3
	}
	return 4
}

// inputOf chooses how a parameter is said.
func inputOf(s *spec.Schema) (Input, []string) {
	if isRange(s) {
		return Range, nil
	}
	s = s.Concrete()
	switch {
	case s.Kind == spec.Object && s.Prop("gte") != nil:
		return Range, nil
	case s.Kind == spec.Object || s.Kind == spec.Array:
		return Lines, nil
	case s.Kind == spec.Boolean:
		return Choice, []string{"true", "false"}
	case len(s.Enum) > 0:
		return Choice, s.Enum
	case s.Format == spec.UnixTime:
		return Instant, nil
	case s.Kind == spec.Integer:
		return Whole, nil
	}
	return Line, nil
}

func isRange(s *spec.Schema) bool {
	return s.Prop("gte") != nil || slices.ContainsFunc(s.AnyOf(), func(alt *spec.Schema) bool { return alt.Prop("gte") != nil })
}
