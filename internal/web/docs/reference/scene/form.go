package scene

import (
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/spec"
)

// Later is a time that samples name: it is after any server's now.
var Later = time.Date(2031, 9, 1, 12, 0, 0, 0, time.UTC)

// form is what an operation is sent: what its recipe says, and what else it requires.
func (s *Stage) form(op *spec.Operation, recipe []string) ([]string, error) {
	form, err := s.pairs(recipe)
	if err != nil {
		return nil, err
	}
	b := &filler{stage: s, form: form}
	for _, p := range op.Params().Props {
		if p.Required && !b.has(p.Name) && b.err == nil {
			b.value(p.Name, p.Name, p.Schema(), 0)
		}
	}
	if b.err == nil && len(recipe) == 0 {
		s.usual(op, b)
	}
	return withoutEmpty(b.form), b.err
}

// withoutEmpty leaves out what a recipe says is not to be sent, by name=-.
func withoutEmpty(form []string) (out []string) {
	for i := 0; i+1 < len(form); i += 2 {
		if form[i+1] != "-" {
			out = append(out, form[i], form[i+1])
		}
	}
	return out
}

// usual adds what one sends to see something of an operation that requires little.
func (s *Stage) usual(op *spec.Operation, b *filler) {
	switch op.Form {
	case spec.List, spec.SubList:
		if op.Params().Prop("limit") != nil {
			b.form = append(b.form, "limit", "3")
		}
	case spec.Update, spec.SubUpdate:
		if op.Params().Prop("metadata") != nil && len(b.form) == 0 {
			b.form = append(b.form, "metadata[order_id]", "6735")
		}
	}
}

// pairs are names and values of words like name=value. In a value, _ stands for a space.
func (s *Stage) pairs(words []string) (form []string, err error) {
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		if verbatim, is := strings.CutPrefix(value, "'"); is {
			value = verbatim
		} else if value, err = s.expand(value); err != nil {
			return nil, err
		}
		form = append(form, name, value)
	}
	return form, nil
}

// filler makes values of parameters.
type filler struct {
	stage *Stage
	form  []string
	err   error
}

func (b *filler) has(name string) bool {
	for i := 0; i < len(b.form); i += 2 {
		if b.form[i] == name || strings.HasPrefix(b.form[i], name+"[") {
			return true
		}
	}
	return false
}

func (b *filler) value(path, name string, s *spec.Schema, depth int) {
	if depth > 5 || b.err != nil {
		return
	}
	switch s = s.Concrete(); {
	case s.Kind == spec.String && len(s.Enum) == 0 && book.References[name] != "":
		var id string
		id, b.err = b.stage.thing(book.References[name])
		b.form = append(b.form, path, id)
	case len(s.Props) > 0:
		b.object(path, s, depth)
	case s.Additional() != nil:
		b.value(path+"[key]", "value", s.Additional(), depth+1)
	case s.Kind == spec.Object:
	case s.Kind == spec.Array:
		b.value(path+"[0]", name, s.Items(), depth+1)
	default:
		b.form = append(b.form, path, b.stage.scalar(name, s))
	}
}

func (b *filler) object(path string, s *spec.Schema, depth int) {
	before := len(b.form)
	for _, p := range s.Props {
		if p.Required && !b.has(path+"["+p.Name+"]") {
			b.value(path+"["+p.Name+"]", p.Name, p.Schema(), depth+1)
		}
	}
	if first := s.Props[0]; len(b.form) == before {
		b.value(path+"["+first.Name+"]", first.Name, first.Schema(), depth+1)
	}
}

// scalar is a plausible value.
func (s *Stage) scalar(name string, schema *spec.Schema) string {
	if value := book.Values[name]; value != "" && len(schema.Enum) == 0 {
		value, _ = s.expand(value)
		return value
	}
	for _, value := range schema.Enum {
		if value != "" {
			return value
		}
	}
	switch {
	case strings.HasSuffix(name, "url"):
		return "https://example.com/done"
	case strings.HasSuffix(name, "email"):
		return "jenny.rosen@example.com"
	case schema.Format == spec.UnixTime:
		return strconv.FormatInt(Later.Unix(), 10)
	case schema.Format == spec.Currency:
		return "usd"
	case schema.Format == spec.Decimal:
		return "2.5"
	case schema.Kind == spec.Integer:
		return "3"
	case schema.Kind == spec.Number:
		return "7.25"
	case schema.Kind == spec.Boolean:
		return "true"
	}
	text := "Sample " + strings.ReplaceAll(name, "_", " ")
	if most := int(schema.MaxLength); most > 0 && most < len(text) {
		text = text[:most]
	}
	return text
}
