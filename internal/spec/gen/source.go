package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// tree is a JSON object as it stands in a document.
type tree = map[string]any

// source is all documents as one, before any of it is understood.
type source struct {
	version    string
	components tree            // name -> schema
	paths      tree            // template -> method -> operation
	fixtures   tree            // resource -> document
	events     []string        // sorted, without "*"
	versions   []string        // in the document's order, which is by date
	ours       map[string]bool // path templates that the overlay brought
}

func readSources(spec, fixtures []byte, overlays ...[]byte) (*source, error) {
	doc, err := parseJSON(spec)
	if err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	fix, err := parseJSON(fixtures)
	if err != nil {
		return nil, fmt.Errorf("fixtures: %w", err)
	}
	if err := onlyKeys("spec", doc, "components", "info", "openapi", "paths", "security", "servers"); err != nil {
		return nil, err
	}
	s := &source{ours: map[string]bool{}}
	s.version, _ = object(doc["info"])["version"].(string)
	s.components = object(object(doc["components"])["schemas"])
	s.paths = object(doc["paths"])
	s.fixtures = object(fix["resources"])
	if len(s.components) == 0 || len(s.paths) == 0 || len(s.fixtures) == 0 || s.version == "" {
		return nil, errors.New("spec: components, paths, fixtures or version missing")
	}
	if err := s.readEnums(); err != nil {
		return nil, err
	}
	for _, overlay := range overlays {
		over, err := parseYAML(overlay)
		if err != nil {
			return nil, fmt.Errorf("overlay: %w", err)
		}
		if err := s.lay(over); err != nil {
			return nil, err
		}
	}
	for name, doc := range s.fixtures {
		if schema := s.components[name]; schema != nil {
			pruner{s.components}.prune(doc, schema)
		}
	}
	return s, nil
}

// readEnums takes the event types and the API versions from the parameters of webhook endpoints, the one place where
// the document lists them.
func (s *source) readEnums() error {
	op := object(object(s.paths["/v1/webhook_endpoints"])["post"])
	body, err := bodySchema("POST /v1/webhook_endpoints", op)
	if err != nil {
		return err
	}
	props := object(body.schema["properties"])
	events, _ := object(object(props["enabled_events"])["items"])["enum"].([]any)
	versions, _ := object(props["api_version"])["enum"].([]any)
	if len(events) == 0 || len(versions) == 0 {
		return errors.New("POST /v1/webhook_endpoints: no list of event types or of API versions")
	}
	for _, e := range events {
		if name := fmt.Sprint(e); name != "*" {
			s.events = append(s.events, name)
		}
	}
	for _, v := range versions {
		s.versions = append(s.versions, fmt.Sprint(v))
	}
	return nil
}

// lay puts an overlay on top. It may add, and extend where x-extends says so; it never replaces.
func (s *source) lay(over tree) error {
	err := onlyKeys("overlay", over, "openapi", "info", "components", "paths", "x-extends", "x-event-types", "x-fixtures")
	if err != nil {
		return err
	}
	if err := onlyKeys("overlay components", object(over["components"]), "schemas"); err != nil {
		return err
	}
	for path := range object(over["paths"]) {
		s.ours[path] = true
	}
	return errors.Join(
		add("component", s.components, object(object(over["components"])["schemas"])),
		add("path", s.paths, object(over["paths"])),
		add("fixture", s.fixtures, object(over["x-fixtures"])),
		s.extend(object(over["x-extends"])),
		s.borrow(object(over["paths"])),
		s.addEvents(over["x-event-types"]),
	)
}

func (s *source) addEvents(list any) error {
	names, ok := list.([]any)
	if !ok {
		return errors.New("overlay: x-event-types is no list")
	}
	for _, n := range names {
		s.events = append(s.events, fmt.Sprint(n))
	}
	slices.Sort(s.events)
	if n := len(s.events); n != len(slices.Compact(slices.Clone(s.events))) {
		return errors.New("overlay: x-event-types names a type of Stripe's or names one twice")
	}
	return nil
}

// extend adds to what Stripe's document has: properties of a component, parameters of an operation.
func (s *source) extend(ext tree) error {
	if err := onlyKeys("x-extends", ext, "schemas", "operations"); err != nil {
		return err
	}
	for name, v := range object(ext["schemas"]) {
		if err := extendObject("x-extends "+name, object(s.components[name]), object(v)); err != nil {
			return err
		}
	}
	ids := s.operations()
	for id, v := range object(ext["operations"]) {
		if err := extendOperation("x-extends "+id, ids[id], object(v)); err != nil {
			return err
		}
	}
	return nil
}

// operations are all operations by their ids.
func (s *source) operations() map[string]tree {
	ids := map[string]tree{}
	for _, item := range s.paths {
		for _, op := range object(item) {
			ids[fmt.Sprint(object(op)["operationId"])] = object(op)
		}
	}
	return ids
}

// borrow gives operations of the overlay the body and the answer of the one that x-like names, as it was extended.
func (s *source) borrow(paths tree) error {
	ids := s.operations()
	for path, item := range paths {
		for method, v := range object(item) {
			op := object(v)
			if op["x-like"] == nil {
				continue
			}
			like := ids[fmt.Sprint(op["x-like"])]
			if like == nil || op["requestBody"] != nil || op["responses"] != nil {
				return fmt.Errorf("%s %s: x-like names no operation, or there is a body or an answer beside it", method, path)
			}
			delete(op, "x-like")
			op["requestBody"], op["responses"] = like["requestBody"], like["responses"]
		}
	}
	return nil
}

func extendOperation(where string, op, ext tree) error {
	if op == nil {
		return fmt.Errorf("%s: no such operation", where)
	}
	if err := onlyKeys(where, ext, "parameters", "properties"); err != nil {
		return err
	}
	if more, ok := ext["parameters"].([]any); ok {
		old, _ := op["parameters"].([]any)
		op["parameters"] = append(slices.Clone(old), more...)
	}
	if ext["properties"] == nil {
		return nil
	}
	body, err := bodySchema(where, op)
	if err != nil {
		return err
	}
	return extendObject(where, body.schema, tree{"properties": ext["properties"]})
}

func extendObject(where string, to, ext tree) error {
	if to["properties"] == nil {
		return fmt.Errorf("%s: no object of that name", where)
	}
	if err := onlyKeys(where, ext, "properties", "x-expandableFields"); err != nil {
		return err
	}
	return extendParts(where, to, ext)
}

// extendParts adds properties and expandable fields. A property that is there already is extended in turn where it says
// x-extends: by properties, or by values of an enum.
func extendParts(where string, to, ext tree) error {
	if more, ok := ext["x-expandableFields"].([]any); ok {
		old, _ := to["x-expandableFields"].([]any)
		to["x-expandableFields"] = append(slices.Clone(old), more...)
	}
	properties, more := object(to["properties"]), tree{}
	for name, v := range object(ext["properties"]) {
		within := object(object(v)["x-extends"])
		if within == nil {
			more[name] = v
			continue
		}
		if err := extendProperty(where+" "+name, object(properties[name]), within); err != nil {
			return err
		}
	}
	return add(where, properties, more)
}

func extendProperty(where string, to, ext tree) error {
	if to == nil {
		return fmt.Errorf("%s: no property of that name", where)
	}
	if err := onlyKeys(where, ext, "properties", "enum"); err != nil {
		return err
	}
	to = hashIn(to)
	if values, ok := ext["enum"].([]any); ok {
		old, _ := to["enum"].([]any)
		to["enum"] = append(slices.Clone(old), values...)
	}
	return extendParts(where, to, ext)
}

// hashIn is the alternative of a property that is a hash, where it is that or empty; else the property itself.
func hashIn(property tree) tree {
	alternatives, _ := property["anyOf"].([]any)
	for _, v := range alternatives {
		if a := object(v); a["properties"] != nil {
			return a
		}
	}
	return property
}

// add puts all of from into to, where none of it may be yet.
func add(what string, to, from tree) error {
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if _, taken := to[name]; taken {
			return fmt.Errorf("overlay: %s %s exists already", what, name)
		}
		to[name] = from[name]
	}
	return nil
}

// object is v as a JSON object, or nil.
func object(v any) tree {
	t, _ := v.(tree)
	return t
}

func onlyKeys(where string, t tree, known ...string) error {
	for _, k := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(known, k) {
			return fmt.Errorf("%s: unknown keyword %q", where, k)
		}
	}
	return nil
}

func parseJSON(data []byte) (tree, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var t tree
	return t, dec.Decode(&t)
}

// parseYAML goes through JSON, so that both documents have the same Go types.
func parseYAML(data []byte) (tree, error) {
	var t tree
	if err := yaml.Unmarshal(data, &t); err != nil {
		return nil, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return parseJSON(text)
}
