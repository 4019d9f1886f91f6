package docs

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/try"
)

// tryField is a field of the form.
type tryField struct {
	Name, Value string
	ID          string // of the field, and of its list of suggestions
	Required    bool
	Kind        string   // of the value, in a word
	Values      []string // of an enumeration
	Suggested   []suggestion
	About       string // where the reference explains it
}

// fieldIn is a field, and what the names of its kind begin with, as one thing for its template.
type fieldIn struct {
	In    string
	Field *tryField
}

func pairField(in string, f *tryField) fieldIn { return fieldIn{in, f} }

// suggestion is an id that was made in the sandbox before.
type suggestion struct{ ID, Text string }

// The names of fields: those of parameters begin so, as a parameter may have the name of any other field.
const (
	inPath = "path:"
	inForm = "p:"
	adding = "add"
)

// most of the names that are proposed to be added: those deeper within others can be typed.
const deepestProposed = 1

// fill makes the fields of what was typed: all of the path, those that are required, and those that somebody added.
func (t *trial) fill(typed map[string][]string) {
	first := func(name string) string {
		if len(typed[name]) == 0 {
			return ""
		}
		return typed[name][0]
	}
	for _, name := range t.PathParams {
		t.Path = append(t.Path, &tryField{Name: name, ID: "try-path-" + name, Value: first(inPath + name), Required: true, About: t.Resource.FieldAddress(t.Slug, []string{name}, 1)})
	}
	names := map[string]bool{}
	for _, p := range reference.Members(t.Params()) {
		if p.Required {
			names[p.Name] = true
		}
	}
	for name := range typed {
		if param, is := strings.CutPrefix(name, inForm); is {
			names[param] = true
		}
	}
	if added := strings.TrimSpace(first(adding)); added != "" {
		names[added] = true
	}
	for name := range names {
		t.Fields = append(t.Fields, t.field(name, first(inForm+name)))
	}
	slices.SortFunc(t.Fields, func(a, b *tryField) int {
		if a.Required != b.Required {
			return map[bool]int{true: -1, false: 1}[a.Required]
		}
		return strings.Compare(a.Name, b.Name)
	})
	t.Names = t.proposed(t.Params(), nil)
}

// field makes a field of a parameter, by the name that it is sent with.
func (t *trial) field(name, value string) *tryField {
	f := &tryField{Name: name, ID: "try-" + strings.NewReplacer("[", "-", "]", "").Replace(name), Value: value}
	shape, path := t.Params(), []string{}
	for step := range strings.SplitSeq(strings.ReplaceAll(name, "]", ""), "[") {
		members := reference.Members(shape)
		at := slices.IndexFunc(members, func(p spec.Prop) bool { return p.Name == step })
		if at < 0 {
			break // the place in a list, the key of a map, or a name that the API will tell is none
		}
		path = append(path, step)
		shape = members[at].Schema()
		f.Required = members[at].Required && len(path) == 1
		f.Kind, f.Values = kindOf(shape), valuesOf(shape)
		f.About = t.Resource.FieldAddress(t.Slug, path, len(members))
	}
	return f
}

// proposed are the names of parameters, those within others included, that are not in the form.
func (t *trial) proposed(shape *spec.Schema, path []string) (out []string) {
	if len(path) > deepestProposed {
		return nil
	}
	for _, p := range reference.Members(shape) {
		name := reference.Bracketed(append(slices.Clone(path), p.Name))
		inner := t.proposed(p.Schema(), append(slices.Clone(path), p.Name))
		if len(inner) == 0 && !slices.ContainsFunc(t.Fields, func(f *tryField) bool { return f.Name == name }) {
			out = append(out, name+ending(p.Schema()))
		}
		out = append(out, inner...)
	}
	return out
}

// ending is what follows the name of a parameter that takes several values.
func ending(shape *spec.Schema) string {
	if shape.Kind == spec.Array {
		return "[0]"
	}
	return ""
}

// kindOf is what kind of value a parameter takes, in a word.
func kindOf(shape *spec.Schema) string {
	switch {
	case shape.Format == spec.UnixTime:
		return "timestamp"
	case shape.Kind == spec.Integer:
		return "integer"
	case shape.Kind == spec.Number || shape.Format == spec.Decimal:
		return "number"
	case shape.Kind == spec.Boolean:
		return "boolean"
	case shape.Format == spec.Currency:
		return "currency"
	}
	return ""
}

func valuesOf(shape *spec.Schema) []string {
	if shape.Kind == spec.Boolean {
		return []string{"true", "false"}
	}
	return slices.DeleteFunc(slices.Clone(shape.Enum), func(v string) bool { return v == "" })
}

// form are the names and values that are sent. What is empty is not.
func (t *trial) form() (out []string) {
	for _, f := range t.Fields {
		if f.Value != "" {
			out = append(out, f.Name, f.Value)
		}
	}
	return out
}

// call is what the form sends, or what is missing for it. A required parameter may be left out on purpose: the API has an
// error for it that is worth seeing. A path without an id is no path.
func (t *trial) call(typed map[string][]string) (c *try.Call, missing []string) {
	c = &try.Call{Operation: t.Operation.Operation, Form: t.form()}
	if keys := typed["retry"]; len(keys) > 0 {
		c.IdempotencyKey = keys[0]
	}
	for _, f := range t.Path {
		value := strings.TrimSpace(f.Value)
		if value == "" || value == "." || value == ".." {
			missing = append(missing, faultNoID)
		}
		c.Path = append(c.Path, value)
	}
	return c, missing
}

const faultNoID = "The address needs an ID. Take one of those that were made before, or make an object first."

// proposal is what is in the form of somebody who brings nothing: what the recorded call of the reference sends. The
// objects that it names are not in the reader's sandbox, so their ids are left for the reader to choose.
func (v *visit) proposal(op *reference.Operation) map[string][]string {
	calls, err := op.Resource.Calls()
	if err != nil || calls[op.ID] == nil {
		return nil
	}
	form, typed := calls[op.ID].Run.Form, map[string][]string{}
	for i := 0; i+1 < len(form); i += 2 {
		value := form[i+1]
		if identifier.MatchString(value) && v.Engine.KindOf(value) != "" {
			value = ""
		}
		typed[inForm+form[i]] = []string{value}
	}
	return typed
}

// suggest puts the ids that were made in the sandbox before beside the fields that take one.
func (v *visit) suggest(t *trial) error {
	for i, f := range t.Path {
		kind := t.Target
		if i == 0 && len(t.Path) > 1 && t.Parent != "" {
			kind = t.Parent
		}
		if err := v.suggestKind(t, f, kind); err != nil {
			return err
		}
	}
	for _, f := range t.Fields {
		name := f.Name[strings.LastIndexByte(f.Name, '[')+1:]
		if r := v.catalog().ByKind(strings.TrimSuffix(name, "]")); r != nil {
			if err := v.suggestKind(t, f, r.Kind); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *visit) suggestKind(t *trial, f *tryField, kind string) error {
	r := v.catalog().ByKind(kind)
	if t.Sandbox == nil || r == nil {
		return nil
	}
	at := slices.IndexFunc(r.Operations, func(op *reference.Operation) bool {
		return op.Form == spec.List && op.Method == http.MethodGet && len(op.PathParams) == 0
	})
	if at < 0 {
		return nil
	}
	var list struct {
		Data []struct{ ID, Name, Email, Description string }
	}
	if err := v.read(t.Sandbox, r.Operations[at].Operation, "limit=20", &list); err != nil {
		return err
	}
	for _, o := range list.Data {
		text := o.Name
		for _, other := range []string{o.Email, o.Description} {
			if text == "" {
				text = other
			}
		}
		f.Suggested = append(f.Suggested, suggestion{o.ID, text})
	}
	return nil
}

// read reads a list in the reader's sandbox without a log entry, as the page and not the reader asks. What the list does not
// answer is left out: it is only a help.
func (v *visit) read(sandbox *try.Sandbox, op *spec.Operation, query string, into any) error {
	a, err := v.Engine.Serve(v.r.Context(), &resource.Request{Op: op, Query: query, RawPath: op.Path, Grant: sandbox.Grant, Namespace: sandbox.Namespace, Version: spec.Version})
	if err != nil {
		return nil //nolint:nilerr // it wants parameters that the page does not know
	}
	return json.Unmarshal(a.Body, into)
}
