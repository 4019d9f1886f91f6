package resource

import (
	"unicode/utf8"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/param"
	"sharesmart/internal/spec"
)

// merge puts parameters into an object of the same names: four of five parameters of the API need no more than that.
// A parameter whose name or type the object does not have is left to the kind's rule.
type merge struct {
	op   *Op
	path string // bracket path of the object that is being filled, empty at the top
}

// into merges params into o.
func (m merge) into(o *object.Object, schema *spec.Schema, params *object.Object) error {
	for name, v := range params.All() {
		p := schema.Prop(name)
		if p == nil || (m.path == "" && (name == "expand" || name == "id" || name == "object")) {
			continue
		}
		if err := m.field(o, p, v); err != nil {
			return err
		}
	}
	return nil
}

func (m merge) field(o *object.Object, p *spec.Prop, v any) error {
	s := p.Schema()
	if v == "" {
		unset(o, p)
		return nil
	}
	switch v := v.(type) {
	case *object.Object:
		return m.object(o, p, v)
	case []any:
		return m.array(o, p, v)
	case string:
		if s.CanExpand() {
			id, err := m.op.resolveRef(s, v, m.param(p.Name))
			if err != nil {
				return err
			}
			o.Set(p.Name, id)
			return nil
		}
		if alt := objectAlternative(s); alt != nil && alt.Resource != "" {
			whole, err := m.op.embed(alt.Name, v, m.param(p.Name))
			if err != nil {
				return err
			}
			o.Set(p.Name, whole)
			return nil
		}
	}
	if text, ok := v.(string); ok && s.Kind == spec.String && s.MaxLength > 0 && utf8.RuneCountInString(text) > int(s.MaxLength) {
		return param.TooLong(m.param(p.Name), text, s.MaxLength) // the document bounds some answers and not what is sent for them
	}
	if object.Check(s, v) == nil {
		o.Set(p.Name, v)
	}
	return nil
}

// unset is what the empty string asks for: Stripe's way of saying null in a form.
func unset(o *object.Object, p *spec.Prop) {
	switch s := p.Schema(); {
	case p.Name == "metadata":
		o.Set(p.Name, object.New(nil))
	case s.Nullable:
		o.Set(p.Name, nil)
	case s.Kind == spec.Array:
		o.Set(p.Name, []any{})
	case !p.Required:
		o.Delete(p.Name)
	case s.Kind == spec.String && len(s.Enum) == 0:
		o.Set(p.Name, "")
	}
}

func (m merge) object(o *object.Object, p *spec.Prop, v *object.Object) error {
	alt := objectAlternative(p.Schema())
	switch {
	case alt == nil || p.Schema().CanExpand():
		return nil
	case len(alt.Props) == 0:
		return m.free(o, p.Name, alt.Additional(), v)
	}
	target := o.Object(p.Name)
	fresh := target == nil
	if fresh {
		target = empty(alt)
	}
	if err := (merge{m.op, m.param(p.Name)}).into(target, alt, v); err != nil {
		return err
	}
	if fresh && object.Check(p.Schema(), target) == nil {
		o.Set(p.Name, target)
	}
	return nil
}

// maxMetadata is how many keys an object's metadata may have in all.
const maxMetadata = 50

// free merges a hash of free names, such as metadata: a key is set, an empty value removes it.
func (m merge) free(o *object.Object, name string, shape *spec.Schema, v *object.Object) error {
	target := o.Sub(name)
	inner := merge{m.op, m.param(name)}
	for key, value := range v.All() {
		switch child, isObject := value.(*object.Object); {
		case value == "":
			target.Delete(key)
		case shape == nil:
		case isObject:
			if err := inner.entry(target, key, shape, child); err != nil {
				return err
			}
		case object.Check(shape, value) == nil:
			target.Set(key, value)
		}
	}
	if name == "metadata" && target.Len() > maxMetadata {
		return apierr.Invalid("", inner.path, "Metadata can have up to %d keys; this object would have %d.", maxMetadata, target.Len())
	}
	return nil
}

// entry merges one object of a hash of free names.
func (m merge) entry(target *object.Object, key string, shape *spec.Schema, v *object.Object) error {
	alt := objectAlternative(shape)
	if alt == nil {
		return nil
	}
	o := target.Object(key)
	if o == nil {
		o = empty(alt)
	}
	if err := (merge{m.op, m.param(key)}).into(o, alt, v); err != nil {
		return err
	}
	if object.Check(shape, o) == nil {
		target.Set(key, o)
	}
	return nil
}

func (m merge) array(o *object.Object, p *spec.Prop, v []any) error {
	s := p.Schema()
	items := s.Items()
	if s.Kind != spec.Array || items == nil {
		return nil
	}
	out := make([]any, 0, len(v))
	for i, item := range v {
		value, err := m.item(items, item, m.param(p.Name)+index(i))
		if err != nil {
			return err
		}
		out = append(out, value)
	}
	if object.Check(s, out) == nil {
		o.Set(p.Name, out)
	}
	return nil
}

func (m merge) item(items *spec.Schema, item any, path string) (any, error) {
	switch item := item.(type) {
	case string:
		if items.CanExpand() {
			return m.op.resolveRef(items, item, path)
		}
		if alt := objectAlternative(items); alt != nil && alt.Resource != "" {
			return m.op.embed(alt.Name, item, path)
		}
	case *object.Object:
		if alt := objectAlternative(items); alt != nil && len(alt.Props) > 0 {
			target := empty(alt)
			return target, merge{m.op, path}.into(target, alt, item)
		}
	}
	return item, nil
}

func (m merge) param(name string) string {
	if m.path == "" {
		return name
	}
	return m.path + "[" + name + "]"
}

// empty is a nested object before its parameters: what may be null is null, what must be there has its zero value.
func empty(schema *spec.Schema) *object.Object {
	o := object.New(schema)
	for i := range schema.Props {
		p := &schema.Props[i]
		switch s := p.Schema(); {
		case s.Nullable:
			o.Set(p.Name, nil)
		case p.Required:
			if v, ok := zero(s); ok {
				o.Set(p.Name, v)
			}
		}
	}
	return o
}

// zero is the value of a required field that nothing was said about.
func zero(s *spec.Schema) (any, bool) {
	switch s.Kind {
	case spec.Boolean:
		return false, true
	case spec.Integer:
		return int64(0), true
	case spec.Array:
		return []any{}, true
	case spec.String:
		if len(s.Enum) == 1 {
			return s.Enum[0], true
		}
		return nil, false
	case spec.Object:
		return empty(s), true
	default:
		if alt := objectAlternative(s); alt != nil && !s.CanExpand() {
			return empty(alt), true
		}
		return nil, false
	}
}
