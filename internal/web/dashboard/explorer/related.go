package explorer

import (
	"net/http"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Related is a list of objects that belong to one.
type Related struct {
	Title     string
	Kind      string // of those listed
	Operation *spec.Operation
	// Filter is the parameter that names the object; empty where its id is in the path.
	Filter string
}

// Related are the lists that an object of a kind can be asked for: those below it, and those that can be filtered by it.
func (c *Catalog) Related(kind string) []Related {
	var out []Related
	seen := map[string]bool{}
	add := func(r Related) {
		if !seen[r.Kind] {
			seen[r.Kind] = true
			out = append(out, r)
		}
	}
	for _, f := range c.Families {
		for _, r := range f.Resources {
			if name := filterFor(kind, r.List); name != "" && r.Kind != kind {
				add(Related{Title: r.Title, Kind: r.Kind, Operation: r.List, Filter: name})
			}
		}
	}
	for _, op := range spec.Operations() {
		if op.Method != http.MethodGet || op.Form != spec.SubList || op.Class != spec.SubList || len(op.PathParams) != 1 || op.Parent != kind || op.Deprecated || !c.served(op) {
			continue
		}
		if title := op.Path[strings.LastIndexByte(op.Path, '/')+1:]; !strings.HasPrefix(title, "{") {
			add(Related{Title: Label(title), Kind: op.Kind, Operation: op})
		}
	}
	return out
}

// filterFor is the parameter of a list that takes the id of a kind; empty if there is none, or if the list needs more.
func filterFor(kind string, list *spec.Operation) string {
	name := kind[strings.LastIndexByte(kind, '.')+1:]
	p := list.Params().Prop(name)
	if p == nil || namedBy(name, list.Kind) != kind || p.Schema().Concrete().Kind != spec.String || len(p.Schema().Concrete().Enum) > 0 {
		return ""
	}
	others := slices.ContainsFunc(list.Params().Props, func(o spec.Prop) bool { return o.Required && o.Name != name })
	if others {
		return ""
	}
	return name
}

// namedBy is the kind that a parameter of a name is an id of, where objects of another kind are made or listed: the one of
// that name in the same family, or else the plain one.
func namedBy(name, of string) string {
	family, _, _ := strings.Cut(of, ".")
	for _, kind := range []string{family + "." + name, name, "test_helpers." + name} {
		if s := spec.Component(kind); s != nil && s.Resource != "" {
			return kind
		}
	}
	return name
}

// Link is a reference from one object to another.
type Link struct{ Field, ID string }

// Links are the ids of other objects that an object names, in the order of its fields: in fields that can be expanded, and in
// those that are called like a kind. kindOf tells what an id is of, from how it begins.
func Links(o *object.Object, kindOf func(id string) string) []Link {
	var out []Link
	seen := map[string]bool{o.ID(): true}
	var walk func(path string, o *object.Object, depth int)
	walk = func(path string, o *object.Object, depth int) {
		for name, value := range o.All() {
			field := strings.TrimPrefix(path+"."+name, ".")
			switch v := value.(type) {
			case string:
				if !seen[v] && strings.Contains(v, "_") && len(v) < 80 && kindOf(v) != "" && !strings.Contains(v, "_secret_") {
					seen[v] = true
					out = append(out, Link{field, v})
				}
			case *object.Object:
				if depth > 0 && v != nil && name != "metadata" {
					walk(field, v, depth-1)
				}
			}
		}
	}
	walk("", o, 2)
	return out
}
