package version

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
)

// rendering is an answer on its way through the gates.
type rendering struct {
	gates  []Gate
	at     int // the gate that it is at
	fetch  Fetch
	wanted [][]string // what was asked to be expanded of what gates bring back
	path   []string   // the way to the object that is turned, as expand names it
	known  map[string]*object.Object
}

// Render brings a document into the shape of a version: an object, a list, or an event, whose object is rendered and whose
// api_version is set. Without a version, events get the one that they say they are in. Whoever asks for the newest shape
// gets the very bytes back, but for the name of the version.
func Render(version string, document []byte, fetch Fetch) ([]byte, error) {
	own, at := label(document)
	switch {
	case version == "" && at >= 0 && !Changed(own):
		return document, nil
	case version != "" && !Changed(version):
		return relabel(document, version), nil
	}
	v, err := object.ParseValue(document)
	if err != nil {
		return nil, err
	}
	for _, e := range eventsIn(v) {
		if err := renderEvent(version, e, fetch); err != nil {
			return nil, err
		}
	}
	if version != "" {
		if err := (&rendering{gates: pending(version), fetch: fetch}).all(v); err != nil {
			return nil, err
		}
	}
	return printed(v, len(document)), nil
}

// Answer brings the answer to a request into the shape of the version that it asked for.
func (r *Request) Answer(document []byte) ([]byte, error) {
	x := &rendering{gates: r.gates, fetch: r.fetch, wanted: r.wanted}
	v, err := object.ParseValue(document)
	if err != nil {
		return nil, err
	}
	if err := x.all(v); err != nil {
		return nil, err
	}
	if doc, ok := v.(*object.Object); ok && r.whole != nil {
		if v, err = r.whole(r, doc); err != nil {
			return nil, err
		}
	}
	return printed(v, len(document)), nil
}

// eventsIn are the events of a document: itself, or what it lists.
func eventsIn(v any) (events []*object.Object) {
	o, _ := v.(*object.Object)
	for _, part := range slices.Concat(o.Array("data"), []any{v}) {
		if e, ok := part.(*object.Object); ok && e.String("object") == "event" {
			events = append(events, e)
		}
	}
	return events
}

// all takes a value through all gates.
func (r *rendering) all(v any) error { return r.until(v, len(r.gates)) }

// until takes a value through the first gates.
func (r *rendering) until(v any, n int) error {
	before := r.at
	defer func() { r.at = before }()
	for r.at = 0; r.at < n; r.at++ {
		if len(r.gates[r.at].answers) == 0 {
			continue
		}
		if err := r.turn(v); err != nil {
			return err
		}
	}
	return nil
}

// opaque are the fields whose names are not the API's: nothing in them is an object.
var opaque = map[string]bool{"metadata": true, "payload": true, "previous_attributes": true, "custom_fields": true}

// turn takes a value and what is in it through the gate at hand: first the object, then its parts, so that what a gate
// brings back is turned as well.
func (r *rendering) turn(v any) error {
	switch v := v.(type) {
	case []any:
		for _, part := range v {
			if err := r.turn(part); err != nil {
				return err
			}
		}
	case *object.Object:
		return r.object(v)
	}
	return nil
}

func (r *rendering) object(o *object.Object) error {
	kind := o.String("object")
	if kind == "event" || o.Bool("deleted") {
		return nil
	}
	if turn := r.gates[r.at].answers[kind]; turn != nil && kind != "" {
		if err := turn(r, o); err != nil {
			return err
		}
	}
	for name, v := range o.All() {
		if opaque[name] {
			continue
		}
		switch v.(type) {
		case *object.Object, []any:
			if err := r.inside(name, func() error { return r.turn(v) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// inside does something below a field of the object at hand.
func (r *rendering) inside(name string, fn func() error) error {
	r.path = append(r.path, name)
	defer func() { r.path = r.path[:len(r.path)-1] }()
	return fn()
}

// expands reports whether a field of the object at hand was asked to be expanded, and what in it.
func (r *rendering) expands(name string) (below [][]string, asked bool) {
	depth := len(r.path)
	for _, want := range r.wanted {
		if len(want) <= depth || want[depth] != name || !slices.Equal(want[:depth], r.path) {
			continue
		}
		asked = true
		if rest := want[depth+1:]; len(rest) > 0 {
			below = append(below, rest)
		}
	}
	return below, asked
}

// refer sets a field to an id, or to the object in its place if that was asked for.
func (r *rendering) refer(o *object.Object, name, kind, id string) error {
	if id == "" {
		o.Set(name, nil)
		return nil
	}
	o.Set(name, id)
	below, asked := r.expands(name)
	if !asked {
		return nil
	}
	return r.inside(name, func() error {
		found, err := r.get(kind, id, below)
		if found != nil {
			o.Set(name, found)
		}
		return err
	})
}

// include sets a field to an object that an older version always shows in full; null if there is none.
func (r *rendering) include(o *object.Object, name, kind, id string) error {
	o.Set(name, nil)
	if id == "" {
		return nil
	}
	below, _ := r.expands(name)
	return r.inside(name, func() error {
		found, err := r.get(kind, id, below)
		if found != nil {
			o.Set(name, found)
		}
		return err
	})
}

// get reads an object and brings it to where the gate at hand begins; nil if there is none. The path is that of its place.
func (r *rendering) get(kind, id string, below [][]string) (*object.Object, error) {
	path := pathOf(kind)
	if path == "" || id == "" {
		return nil, nil
	}
	return r.read(strings.Replace(path, "{}", id, 1), kind, below)
}

// read is get for whatever is at a path, whose objects are of a kind.
func (r *rendering) read(path, kind string, below [][]string) (*object.Object, error) {
	var expand []string
	for _, names := range below {
		if newer, _ := cut(r.gates, shapesOf(kind), names); len(newer) > 0 {
			expand = append(expand, strings.Join(newer, "."))
		}
	}
	return r.look(path, expand)
}

// look reads what is at a path with expansions in the newest shape.
func (r *rendering) look(path string, expand []string) (*object.Object, error) {
	key := strings.Join(append([]string{path}, expand...), " ")
	found, read := r.known[key]
	if !read {
		body, err := r.fetch(path, expand...)
		if err != nil {
			return nil, err
		}
		if body != nil {
			if found, err = object.Parse(body, nil); err != nil {
				return nil, err
			}
		}
		if r.known == nil {
			r.known = map[string]*object.Object{}
		}
		r.known[key] = found
	}
	if found == nil {
		return nil, nil
	}
	own := found.Clone()
	return own, r.until(own, r.at)
}

// Failure brings the body of an error into the shape of the version that was asked for: with the objects that it holds,
// and with what param and message are there.
func (r *Request) Failure(document []byte, param, message string) ([]byte, error) {
	doc, err := object.Parse(document, nil)
	if err != nil {
		return nil, err
	}
	failed := doc.Object("error")
	if param != "" && failed != nil {
		failed.Set("param", param)
		failed.Set("message", message)
	}
	x := &rendering{gates: r.gates, fetch: r.fetch}
	if err := x.all(doc); err != nil {
		return nil, err
	}
	return append(printed(doc, len(document)), '\n'), nil
}
