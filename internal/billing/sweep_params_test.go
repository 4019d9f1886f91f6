package billing_test

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// fullness says which parameters a sweep sends.
type fullness uint8

const (
	required fullness = iota
	mergeable
)

// params makes the form of an operation: the parameters that it requires, or also all that the answer has a field for.
func (w *world) params(op *spec.Operation, f fullness) []string {
	b := &formBuilder{w: w, full: f == mergeable, without: exclusive[op.ID]}
	var target *spec.Schema
	if op.Kind != "" {
		target = spec.Component(op.Kind)
	}
	for _, p := range op.Params().Props {
		if p.Name == "expand" || p.Name == "customer_account" || slices.Contains(b.without, p.Name) {
			continue
		}
		if value, ok := needed[op.ID+" "+p.Name]; ok {
			b.set(p.Name, w.expandTable(value))
			continue
		}
		field := fieldOf(target, p.Name)
		if p.Required || b.full && field != nil {
			b.value(p.Name, p.Name, p.Schema(), field, 0)
		}
	}
	if op.Class == spec.Search {
		b.set("query", `-metadata["none"]:"here"`)
	}
	for name, value := range extra[op.ID] {
		b.set(name, w.expandTable(value))
	}
	return b.form
}

func (w *world) expanded(form []string) []string {
	out := make([]string, len(form))
	for i, text := range form {
		out[i] = w.expandTable(text)
	}
	return out
}

// expandTable puts an id in the place of {kind} in a value of the tables, that of a new object in the place of
// {new kind}, and a text that is used nowhere else in the place of {unique}.
func (w *world) expandTable(value string) string {
	name, ok := strings.CutPrefix(strings.TrimSuffix(value, "}"), "{")
	if !ok {
		return value
	}
	if name == "unique" {
		return w.unique()
	}
	if kind, fresh := strings.CutPrefix(name, "new "); fresh {
		delete(w.ids, kind)
		return w.id(kind)
	}
	return w.id(name)
}

func (w *world) unique() string {
	w.names++
	return "unique_" + strconv.Itoa(w.names)
}

// formBuilder collects names and values in turn.
type formBuilder struct {
	w       *world
	full    bool
	without []string
	form    []string
}

func (b *formBuilder) set(name, value string) {
	for i := 0; i < len(b.form); i += 2 {
		if b.form[i] == name || strings.HasPrefix(b.form[i], name+"[") {
			b.form = slices.Delete(b.form, i, i+2)
			i -= 2
		}
	}
	b.form = append(b.form, name, value)
}

// deepest is how far down a sweep fills nested parameters.
const deepest = 5

// value adds a parameter. field is the shape of the answer's field of that name, or nil.
func (b *formBuilder) value(path, name string, s, field *spec.Schema, depth int) {
	if depth > deepest {
		return
	}
	if id, isRef := b.reference(path, name, s, field); isRef {
		if id != "" {
			b.form = append(b.form, path, id)
		}
		return
	}
	switch s = s.Concrete(); {
	case len(s.Props) > 0:
		b.object(path, s, field, depth)
	case s.Additional() != nil:
		b.value(path+"["+mapKey(name)+"]", "value", s.Additional(), itemField(field), depth+1)
	case s.Kind == spec.Object: // a hash without names can only be there or not, and an empty one is not
	case s.Kind == spec.Array:
		b.value(path+"[0]", name, s.Items(), itemField(field), depth+1)
	default:
		b.form = append(b.form, path, b.w.scalar(name, s))
	}
}

func (b *formBuilder) object(path string, s, field *spec.Schema, depth int) {
	chosen, before := "", len(b.form)
	for _, p := range s.Props {
		if p.Name == "type" && len(p.Schema().Enum) > 0 {
			chosen = p.Schema().Enum[0]
		}
	}
	for _, p := range s.Props {
		below := fieldOf(field, p.Name)
		typeHash := s.Prop("type") != nil && slices.Contains(s.Prop("type").Schema().Enum, p.Name) && p.Name != chosen
		if (p.Required || b.full && below != nil) && !typeHash && !slices.Contains(b.without, path+"["+p.Name+"]") {
			b.value(path+"["+p.Name+"]", p.Name, p.Schema(), below, depth+1)
		}
	}
	if first := s.Props[0]; len(b.form) == before {
		b.value(path+"["+first.Name+"]", first.Name, first.Schema(), fieldOf(field, first.Name), depth+1)
	}
}

// reference finds what a text parameter refers to: by the answer's field, or by its name.
func (b *formBuilder) reference(path, name string, s, field *spec.Schema) (id string, isRef bool) {
	if s = s.Concrete(); s.Kind != spec.String || len(s.Enum) > 0 {
		return "", false
	}
	var kinds []string
	if field != nil {
		for _, target := range field.Expansion() {
			kinds = append(kinds, target.Name)
		}
		for _, alt := range append(field.AnyOf(), field) {
			if alt.Resource != "" {
				kinds = append(kinds, alt.Name)
			}
		}
	}
	if kind, ok := namedReferences[name]; ok {
		kinds = append(kinds, kind)
		if special[kind] != nil {
			kinds = []string{kind}
		}
	}
	for _, kind := range kinds {
		if strings.HasPrefix(kind, "deleted_") {
			continue
		}
		if id := b.w.id(kind); id != "" {
			return id, true
		}
	}
	return "", len(kinds) > 0
}

// fieldOf is the shape of a field in any of the shapes that a place may have, or nil.
func fieldOf(s *spec.Schema, name string) *spec.Schema {
	if s == nil {
		return nil
	}
	if p := s.Prop(name); p != nil {
		return p.Schema()
	}
	for _, alt := range s.AnyOf() {
		if found := fieldOf(alt, name); found != nil {
			return found
		}
	}
	return nil
}

func itemField(s *spec.Schema) *spec.Schema {
	switch {
	case s == nil:
		return nil
	case s.Items() != nil:
		return s.Items()
	case s.Additional() != nil:
		return s.Additional()
	}
	for _, alt := range s.AnyOf() {
		if found := itemField(alt); found != nil {
			return found
		}
	}
	return nil
}

func mapKey(name string) string {
	if strings.Contains(name, "currency") {
		return "eur"
	}
	return "key"
}

// scalar is a plausible value.
func (w *world) scalar(name string, s *spec.Schema) string {
	if name == "lookup_key" || name == "id" {
		return w.unique()
	}
	if value, ok := plausible[name]; ok && len(s.Enum) == 0 {
		return value
	}
	if strings.HasSuffix(name, "email") {
		return plausible["email"]
	}
	for _, value := range s.Enum {
		if value != "" {
			return value
		}
	}
	switch {
	case s.Format == spec.UnixTime:
		return strconv.FormatInt(servertest.Start.AddDate(0, 0, 7).Unix(), 10)
	case s.Format == spec.Currency:
		return "usd"
	case s.Format == spec.Decimal:
		return "2.5"
	case s.Kind == spec.Integer:
		return "3"
	case s.Kind == spec.Number:
		return "7.25"
	case s.Kind == spec.Boolean:
		return "true"
	}
	text := "text"
	if most := int(s.MaxLength); most > 0 && most < len(text) {
		text = text[:most]
	}
	return text
}
