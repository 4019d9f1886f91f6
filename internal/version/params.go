package version

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

// route is an address that has changed. whole makes of the answer there what the older address answered, if that is
// another thing.
type route struct {
	method, path, newMethod, newPath string
	whole                            func(r *Request, doc *object.Object) (*object.Object, error)
}

// flatten notes the parameters of a JSON body as a form would have them.
func (r *Request) flatten(at []string, v any) {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			r.flatten(append(slices.Clone(at), name), v[name])
		}
	case []any:
		for i := range v {
			r.flatten(append(slices.Clone(at), strconv.Itoa(i)), v[i])
		}
	case nil:
		r.params = append(r.params, param{at, ""})
	case json.Number, bool, string:
		r.params = append(r.params, param{at, fmt.Sprint(v)})
	}
}

// goes reports whether the request is for one of some operations: "POST /v1/customers/*".
func (r *Request) goes(operations ...string) bool {
	for _, operation := range operations {
		method, path, _ := strings.Cut(operation, " ")
		if method == r.Method && fits(path, r.Path) {
			return true
		}
	}
	return false
}

func fits(pattern, path string) bool {
	want, is := strings.Split(pattern, "/"), strings.Split(path, "/")
	return len(want) == len(is) && begins(is, want)
}

// has reports whether a parameter was sent, itself or parts of it.
func (r *Request) has(name string) bool {
	return slices.ContainsFunc(r.params, func(p param) bool { return begins(p.name, split(name)) })
}

// value is what was sent for a parameter.
func (r *Request) value(name string) string {
	for _, p := range r.params {
		if join(p.name) == name {
			return p.value
		}
	}
	return ""
}

// set adds a parameter.
func (r *Request) set(name, value string) {
	r.changed = true
	r.params = append(r.params, param{split(name), value})
}

// drop takes a parameter away, with its parts.
func (r *Request) drop(name string) {
	at := split(name)
	n := len(r.params)
	r.params = slices.DeleteFunc(r.params, func(p param) bool { return begins(p.name, at) })
	r.changed = r.changed || len(r.params) != n
}

// rename calls a parameter otherwise, with its parts. A "*" in the old name is any part, and in the new one what the old
// one had there: "phases[*][plans]" to "phases[*][items]".
func (r *Request) rename(from, to string) {
	old, now := split(from), split(to)
	for i := range r.params {
		p := &r.params[i]
		if !begins(p.name, old) {
			continue
		}
		name, stars := slices.Clone(now), 0
		for j, part := range old {
			if part == "*" {
				if k := nth(now, "*", stars); k >= 0 {
					name[k] = p.name[j]
				}
				stars++
			}
		}
		name = append(name, p.name[len(old):]...)
		r.renamed = append(r.renamed, [2]string{join(name), join(p.name)})
		p.name, r.changed = name, true
	}
}

// revalue gives a parameter another value.
func (r *Request) revalue(name string, values map[string]string) {
	at := split(name)
	for i := range r.params {
		p := &r.params[i]
		if v, ok := values[p.value]; ok && len(p.name) == len(at) && begins(p.name, at) {
			p.value, r.changed = v, true
		}
	}
}

// begins reports whether a name begins with a pattern.
func begins(name, pattern []string) bool {
	if len(name) < len(pattern) {
		return false
	}
	for i, part := range pattern {
		if part != "*" && part != name[i] {
			return false
		}
	}
	return true
}

// nth is where a text stands for the nth time, counted from 0; -1 if it does not.
func nth(parts []string, text string, n int) int {
	for i, part := range parts {
		if part == text {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return -1
}

// get reads an object for a request; nil if there is none.
func (r *Request) get(kind, id string) (*object.Object, error) {
	path := pathOf(kind)
	if path == "" || id == "" || strings.ContainsAny(id, "/?#%") {
		return nil, nil
	}
	body, err := r.fetch(strings.Replace(path, "{}", id, 1))
	if body == nil || err != nil {
		return nil, err
	}
	return object.Parse(body, nil)
}
