package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// refPrefix is how one schema names another. Nothing else is referred to in these documents.
const refPrefix = "#/components/schemas/"

// shape is a Schema before it is written; indexes are those of the schemas table.
type shape struct {
	name, resource   string
	kind, format     string
	nullable, open   bool
	maxLength        int64
	pattern          string
	enum, expandable []string
	props            []prop
	items            int
	additional       int
	anyOf, expansion []int
}

type prop struct {
	name     string
	required bool
	schema   int
}

// table numbers the schemas. A component has its own number, because it has a name; inline shapes that are written
// alike share one.
type table struct {
	index   map[string]int // component name -> number
	rows    []string       // Go literals; row 0 is unused
	inlined map[string]int // literal -> number
	spans   map[string]string
	links   []int // what anyOf and expansion spans point into
}

// newTable takes in all components. They are numbered by name first, since they refer to each other in circles.
func newTable(components tree) (*table, error) {
	names := slices.Sorted(maps.Keys(components))
	t := &table{index: map[string]int{}, inlined: map[string]int{}, spans: map[string]string{}, rows: make([]string, len(names)+1)}
	for i, name := range names {
		t.index[name] = i + 1
	}
	for i, name := range names {
		s, err := t.read(name, object(components[name]))
		if err != nil {
			return nil, err
		}
		s.name = name
		t.rows[i+1] = t.literal(s)
	}
	return t, nil
}

// add numbers the schema at where, reading it if it is inline.
func (t *table) add(where string, v any) (int, error) {
	src := object(v)
	if src == nil {
		return 0, fmt.Errorf("%s: no schema", where)
	}
	if ref, ok := src["$ref"].(string); ok {
		return t.ref(where, ref, len(src))
	}
	s, err := t.read(where, src)
	if err != nil {
		return 0, err
	}
	return t.intern(s), nil
}

func (t *table) ref(where, ref string, keys int) (int, error) {
	name, ok := strings.CutPrefix(ref, refPrefix)
	if !ok || t.index[name] == 0 {
		return 0, fmt.Errorf("%s: %s is no component", where, ref)
	}
	if keys > 1 {
		return 0, fmt.Errorf("%s: keywords beside $ref", where)
	}
	return t.index[name], nil
}

func (t *table) intern(s *shape) int {
	text := t.literal(s)
	n := t.inlined[text]
	if n == 0 {
		n = len(t.rows)
		t.rows = append(t.rows, text)
		t.inlined[text] = n
	}
	return n
}

// read understands one schema. A keyword that it does not know is an error: it might change what the others mean.
func (t *table) read(where string, src tree) (*shape, error) {
	s := &shape{}
	for _, key := range slices.Sorted(maps.Keys(src)) {
		if err := t.keyword(s, where, key, src[key], src); err != nil {
			return nil, err
		}
	}
	if s.kind == "Object" && src["properties"] == nil && src["additionalProperties"] == nil {
		return nil, fmt.Errorf("%s: object without properties or additionalProperties", where)
	}
	if s.kind == "" {
		s.kind = "Any"
	}
	return s, nil
}

func (t *table) keyword(s *shape, where, key string, v any, src tree) (err error) {
	ok := true
	switch key {
	case "description", "title", "deprecated", "required": // required is read with properties
	case "type":
		s.kind, ok = kinds[v]
	case "format":
		s.format, ok = formats[v]
	case "nullable":
		s.nullable, ok = v.(bool)
	case "x-stripeBypassValidation":
		s.open, ok = v.(bool)
	case "maxLength":
		s.maxLength, err = number(v)
	case "pattern":
		s.pattern, ok = v.(string)
	case "x-resourceId":
		s.resource, ok = v.(string)
	case "enum":
		s.enum, err = texts(v)
	case "x-expandableFields":
		s.expandable, err = texts(v)
		slices.Sort(s.expandable)
	case "properties":
		err = t.properties(s, where, object(v), src["required"])
	case "items":
		s.items, err = t.add(where+"[]", v)
	case "additionalProperties":
		s.additional, err = t.unnamed(where, v)
	case "anyOf":
		s.anyOf, err = t.list(where, v)
	case "x-expansionResources":
		if err = onlyKeys(where+" "+key, object(v), "oneOf"); err == nil {
			s.expansion, err = t.list(where, object(v)["oneOf"])
		}
	default:
		return fmt.Errorf("%s: unknown keyword %q", where, key)
	}
	if err == nil && !ok {
		err = fmt.Errorf("unknown value %v", v)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", where, key, err)
	}
	return nil
}

var kinds = map[any]string{"object": "Object", "array": "Array", "string": "String", "integer": "Integer", "number": "Number", "boolean": "Boolean"}

var formats = map[any]string{"unix-time": "UnixTime", "currency": "Currency", "decimal": "Decimal", "binary": "Binary"}

func (t *table) properties(s *shape, where string, props tree, required any) error {
	var must []string
	if required != nil {
		var err error
		if must, err = texts(required); err != nil {
			return err
		}
	}
	for _, name := range must {
		if _, ok := props[name]; !ok {
			return fmt.Errorf("required %s is no property", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(props)) {
		n, err := t.add(where+"."+name, props[name])
		if err != nil {
			return err
		}
		s.props = append(s.props, prop{name, slices.Contains(must, name), n})
	}
	return nil
}

// unnamed is the shape of a map's values: false is none, true is anything.
func (t *table) unnamed(where string, v any) (int, error) {
	switch v {
	case false:
		return 0, nil
	case true:
		return t.intern(&shape{kind: "Any"}), nil
	}
	return t.add(where+"{}", v)
}

func (t *table) list(where string, v any) ([]int, error) {
	alts, _ := v.([]any)
	if len(alts) == 0 {
		return nil, fmt.Errorf("empty list")
	}
	var out []int
	for i, alt := range alts {
		n, err := t.add(where+"|"+strconv.Itoa(i), alt)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// texts are the elements of a list as text: the enum of a boolean is written "true".
func texts(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%v is no list", v)
	}
	out := make([]string, len(list))
	for i, e := range list {
		switch e := e.(type) {
		case string:
			out[i] = e
		case bool:
			out[i] = strconv.FormatBool(e)
		default:
			return nil, fmt.Errorf("unknown value %v", e)
		}
	}
	return out, nil
}

func number(v any) (int64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%v is no number", v)
	}
	return n.Int64()
}
