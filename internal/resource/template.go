package resource

import (
	"fmt"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// fillerInt is the least number that fixtures use as filler where they have nothing to show; no count or small
// setting is as large, and amounts come from parameters.
const fillerInt = 1_000_000

// load makes the kind's template and keeps its fixture.
func (k *kindInfo) load() error {
	k.once.Do(func() {
		if k.template, k.err = k.start(); k.err != nil || k.schema == nil {
			return
		}
		for i := range k.schema.Props {
			if p := &k.schema.Props[i]; isOwn(p, k.template.Get(p.Name)) {
				k.own = append(k.own, p)
			}
		}
	})
	return k.err
}

// start keeps the kind's fixture and makes a template of it.
func (k *kindInfo) start() (template *object.Object, err error) {
	raw := spec.Fixture(k.name)
	if raw == "" || k.schema == nil {
		return object.New(k.schema), nil
	}
	if k.fixture, err = object.Parse([]byte(raw), k.schema); err != nil {
		return nil, fmt.Errorf("fixture of %s: %w", k.name, err)
	}
	return blank(k.fixture, k.schema, true), nil
}

// isOwn reports whether instantiate gives each new object a value of its own in a field, given the template's.
func isOwn(p *spec.Prop, v any) bool {
	switch p.Name {
	case "livemode", "created", "client_secret", "secret":
		return true
	}
	switch v := v.(type) {
	case string:
		return strings.HasPrefix(v, "https://")
	case *object.Object:
		return v.String("object") == "list"
	}
	return p.Schema().Format == spec.UnixTime && p.Required
}

// blank makes what a new object starts from: the fixture without its ids, references and sample data. What may be
// null is null until a parameter or a rule says otherwise; what may be absent is absent unless it has a plain default.
func blank(o *object.Object, schema *spec.Schema, root bool) *object.Object {
	out := object.New(schema)
	for _, first := range []string{"id", "object"} {
		if root && schema.Prop(first) != nil && o.Has(first) {
			out.Set(first, o.Get(first))
		}
	}
	for name, v := range o.All() {
		p := schema.Prop(name)
		if p == nil || out.Has(name) || isTypeHash(schema, name) && !p.Schema().Nullable {
			continue
		}
		if value, keep := blankValue(name, v, p); keep {
			out.Set(name, value)
		}
	}
	for i := range schema.Props {
		if p := &schema.Props[i]; p.Schema().Nullable && !out.Has(p.Name) {
			out.Set(p.Name, nil)
		}
	}
	return out
}

// isTypeHash reports whether a property is the part of a union that only one value of "type" has: "card" beside
// "type": "card". It is there, or not null, only when its parameters are.
func isTypeHash(schema *spec.Schema, name string) bool {
	if name == "type" {
		return false
	}
	t := schema.Prop("type")
	if t == nil {
		return false
	}
	for _, value := range t.Schema().Enum {
		if value == name {
			return true
		}
	}
	return false
}

// blankValue is what stays of one value of a fixture.
func blankValue(name string, v any, p *spec.Prop) (value any, keep bool) {
	s := p.Schema()
	if name == "metadata" {
		return object.New(nil), true
	}
	if s.Nullable && s.Kind != spec.Boolean {
		return nil, true
	}
	if s.CanExpand() {
		return "", p.Required // an id that a parameter or a rule gives
	}
	switch v := v.(type) {
	case *object.Object:
		return blankObject(v, s, p.Required)
	case []any:
		if items := s.Items(); items != nil && len(items.Enum) > 0 {
			return v, true
		}
		return []any{}, true
	case int64:
		if s.Format == spec.UnixTime && !p.Required {
			return nil, false
		}
		if v >= fillerInt || isAmount(name) {
			return int64(0), true
		}
		return v, true
	case string:
		return blankString(name, v, s, p.Required)
	case nil:
		return nil, s.Nullable
	default:
		return v, true
	}
}

func blankObject(v *object.Object, s *spec.Schema, required bool) (any, bool) {
	if v.String("object") == "list" {
		list := object.New(s)
		for name, part := range v.All() {
			list.Set(name, part)
		}
		list.Set("data", []any{})
		list.Set("has_more", false)
		return list, true
	}
	if alt := objectAlternative(s); alt != nil && len(alt.Props) > 0 {
		if v.Len() == 0 && !required {
			return nil, false
		}
		return blank(v, alt, false), true
	}
	return object.New(nil), required
}

func blankString(name, v string, s *spec.Schema, required bool) (any, bool) {
	switch {
	case len(s.Enum) > 0:
		return v, true
	case !required:
		return nil, false
	case v == name, strings.ContainsAny(v, " @"), isSampleID(v):
		return "", true
	default:
		return v, true
	}
}

// isAmount reports whether a number is money, which only parameters and rules can tell.
func isAmount(name string) bool {
	return strings.HasPrefix(name, "amount") || strings.HasSuffix(name, "_amount") || strings.HasPrefix(name, "total") || strings.HasPrefix(name, "subtotal")
}

// isSampleID reports whether a text is the id of an object that nobody has.
func isSampleID(text string) bool {
	for _, form := range idForms {
		if form.prefix != "" && strings.HasPrefix(text, form.prefix) && len(text) >= len(form.prefix)+14 {
			return true
		}
	}
	return false
}

// objectAlternative is the one shape that an object in this place has, or nil if there are several or none.
func objectAlternative(s *spec.Schema) *spec.Schema {
	if s.Kind == spec.Object {
		return s
	}
	var found *spec.Schema
	for _, alt := range s.AnyOf() {
		if alt.Kind != spec.Object || strings.HasSuffix(alt.Name, "_client") { // what a publishable key would see
			continue
		}
		if found != nil {
			return nil
		}
		found = alt
	}
	return found
}

// instantiate makes a new object of a kind: the template with its own id, times and secrets.
func (e *Engine) instantiate(k *kindInfo, ns *access.Namespace, id string, now time.Time) (*object.Object, error) {
	if err := k.load(); err != nil {
		return nil, err
	}
	o := k.template.Clone()
	if k.schema == nil { // no operation answers it, but an event may show it: billing.alert_triggered
		o.Set("object", k.name)
		return o, nil
	}
	fixtureID := o.ID()
	if k.schema.Prop("id") != nil {
		o.Set("id", id)
	}
	for _, p := range k.own {
		switch s := p.Schema(); {
		case p.Name == "livemode":
			o.Set("livemode", ns.Live)
		case (s.Format == spec.UnixTime || p.Name == "created") && p.Required && !s.Nullable:
			o.Set(p.Name, timeFor(s, now))
		case p.Name == "client_secret" && !isOptional(p):
			o.Set(p.Name, id+"_secret_"+clock.Secret(e.clock, 25))
		case p.Name == "secret" && p.Required:
			prefix := o.String("secret")
			o.Set("secret", prefix[:strings.LastIndexByte(prefix, '_')+1]+clock.Secret(e.clock, 32))
		default:
			e.localise(o, p.Name, fixtureID, id, k.name)
		}
	}
	return o, nil
}

// timeFor is a time as a field of that shape has it: version 2 of the API writes texts.
func timeFor(s *spec.Schema, now time.Time) any {
	if s.Kind == spec.String {
		return now.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return now.Unix()
}

func isOptional(p *spec.Prop) bool { return !p.Required && !p.Schema().Nullable }

// localise puts an object's own id and this server's address where the fixture had another's.
func (e *Engine) localise(o *object.Object, name, fixtureID, id, kind string) {
	switch v := o.Get(name).(type) {
	case string:
		if strings.HasPrefix(v, "https://") {
			o.Set(name, e.options.BaseURL+"/"+strings.ReplaceAll(kind, ".", "/")+"/"+id)
		}
	case *object.Object:
		if url := v.String("url"); v.String("object") == "list" && fixtureID != "" {
			v.Set("url", strings.Replace(url, fixtureID, id, 1))
		}
	}
}
