package main

import "math"

// pruner takes out of the fixtures what the schemas do not name. Stripe's hold a few fields of older API versions,
// which would otherwise turn up in answers.
type pruner struct{ components tree }

func (p pruner) prune(v, schema any) {
	s := p.shapeFor(v, object(schema))
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			p.prune(e, s["items"])
		}
	case tree:
		props := object(s["properties"])
		for name, e := range v {
			switch inner, known := props[name]; {
			case known:
				p.prune(e, inner)
			case s["additionalProperties"] != nil:
				p.prune(e, s["additionalProperties"])
			case len(props) > 0: // one object, terminal.refund, is described without any
				delete(v, name)
			}
		}
	}
}

// shapeFor follows references and chooses, of several alternatives, the one that v has the most in common with.
func (p pruner) shapeFor(v any, schema tree) tree {
	if name := refName(schema); name != "" {
		return p.shapeFor(v, object(p.components[name]))
	}
	alts, _ := schema["anyOf"].([]any)
	best, fewest := schema, math.MaxInt
	for _, alt := range alts {
		s := p.shapeFor(v, object(alt))
		if n := strangers(v, s); n < fewest {
			best, fewest = s, n
		}
	}
	return best
}

// strangers counts what does not belong if v is an s.
func strangers(v any, s tree) int {
	doc, ok := v.(tree)
	if !ok {
		return 0
	}
	n := 0
	props := object(s["properties"])
	for name := range doc {
		if props[name] == nil {
			n++
		}
	}
	if kind := constant(object(props["object"])); kind != "" && kind != doc["object"] {
		n += len(doc)
	}
	return n
}
