// Package sample writes programs that call an operation, in the languages that the reference has.
package sample

import (
	"strconv"
	"strings"

	"sharesmart/internal/spec"
)

// Value is a parameter, or what is within one.
type Value struct {
	Name    string
	Text    string // of a scalar
	Literal bool   // whether Text is a number or a boolean
	List    bool
	Inner   []*Value
}

// Values makes a tree of a form, names and values in turn: a[b][0]=c. What is a number is known from the spec.
func Values(params *spec.Schema, form []string) *Value {
	root := &Value{}
	for i := 0; i+1 < len(form); i += 2 {
		at, shape := root, params
		for step := range strings.SplitSeq(strings.ReplaceAll(form[i], "]", ""), "[") {
			if _, err := strconv.Atoi(step); err == nil && len(at.Inner) == 0 {
				at.List = true
			}
			at, shape = at.inner(step), within(shape, step)
		}
		at.Text = form[i+1]
		at.Literal = literal(shape, at.Text)
	}
	return root
}

func (v *Value) inner(name string) *Value {
	for _, w := range v.Inner {
		if w.Name == name {
			return w
		}
	}
	w := &Value{Name: name}
	v.Inner = append(v.Inner, w)
	return w
}

// within is the shape of what is in another one; nil if it is not known.
func within(s *spec.Schema, name string) *spec.Schema {
	if s == nil {
		return nil
	}
	if p := s.Prop(name); p != nil {
		return p.Schema()
	}
	for _, alt := range s.AnyOf() {
		if found := within(alt, name); found != nil {
			return found
		}
	}
	if s.Items() != nil {
		return s.Items()
	}
	return s.Additional()
}

// literal reports whether a value is written without quotes.
func literal(s *spec.Schema, text string) bool {
	if s == nil {
		return false
	}
	switch s.Kind {
	case spec.Integer, spec.Number:
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	case spec.Boolean:
		return text == "true" || text == "false"
	}
	for _, alt := range s.AnyOf() {
		if literal(alt, text) {
			return true
		}
	}
	return false
}
