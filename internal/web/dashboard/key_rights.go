package dashboard

import (
	"net/url"
	"strings"
	"sync"

	"sharesmart/internal/access"
	"sharesmart/internal/spec"
)

// matrix is all kinds of objects with what a key may do to each.
type matrix struct {
	Groups []rightGroup
	Chosen int // how many are not none
}

// rightGroup is a part of the API.
type rightGroup struct {
	Name string
	Rows []rightRow
}

// rightRow is one kind of object.
type rightRow struct {
	spec.Right
	Name  string
	Level string
}

var allRights = sync.OnceValue(spec.Rights)

// newMatrix shows rights in the matrix of all.
func newMatrix(rights access.Rights) *matrix {
	m := &matrix{}
	groups := map[string]int{}
	for _, r := range allRights() {
		group, name := rightName(r.Kind)
		i, known := groups[group]
		if !known {
			i = len(m.Groups)
			groups[group], m.Groups = i, append(m.Groups, rightGroup{Name: group})
		}
		if rights[r.Kind] != access.None {
			m.Chosen++
		}
		m.Groups[i].Rows = append(m.Groups[i].Rows, rightRow{r, name, rights[r.Kind].String()})
	}
	return m
}

// rightName is what a kind is called, and the part of the API that it belongs to: "billing.credit_grant" is a Credit grant
// of Billing.
func rightName(kind string) (group, name string) {
	group, name, family := strings.Cut(kind, ".")
	if !family {
		group, name = "core", kind
	}
	return words(group), words(name)
}

// words writes a name of the API as words.
func words(name string) string { return sentence(strings.ReplaceAll(name, "_", " ")) }

// rightsFrom reads the matrix of a form. What there is no right for is left out.
func rightsFrom(form url.Values) access.Rights {
	rights := access.Rights{}
	for _, r := range allRights() {
		var level access.Level
		if err := level.UnmarshalText([]byte(form.Get("right." + r.Kind))); err == nil && level != access.None {
			rights[r.Kind] = level
		}
	}
	return rights
}
