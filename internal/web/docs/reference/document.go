// Package reference is the reference of the API: every operation that is served, its parameters, what it answers, and
// samples of it that were run.
//
// Stripe's texts are in a module of their own, as one document of eight megabytes that the linker puts into the binary.
// Nothing of it is read before a page asks, and then only the operations and shapes on that page: index_gen.go says
// where they stand. So the reference costs the server neither time at its start nor memory.
package reference

//go:generate go run ./gen

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/stripe/stripe-mock/embedded"

	"sharesmart/internal/object"
)

// tree is a JSON object as it stands in the document.
type tree = *object.Object

// span is where a value stands in Stripe's document.
type span struct {
	name          string
	first, length int64
}

//go:embed overlay.json
var overlayText []byte

// overlay is what is ours: operations and components, and what is added to Stripe's.
type overlay struct {
	Operations, Components         map[string]json.RawMessage
	MoreOperations, MoreComponents map[string]json.RawMessage
}

var ours = sync.OnceValue(func() *overlay {
	o := &overlay{}
	if err := json.Unmarshal(overlayText, o); err != nil {
		panic("the overlay: " + err.Error()) // gen wrote it, and a test reads it
	}
	return o
})

// reader reads the document for one page, each shape once. It is safe for concurrent use.
type reader struct {
	mu     sync.Mutex
	shapes map[string]func() tree
}

func newReader() *reader { return &reader{shapes: map[string]func() tree{}} }

// component is a named shape; nil if there is none of that name. It must not be changed.
func (r *reader) component(name string) tree {
	r.mu.Lock()
	shape := r.shapes[name]
	if shape == nil {
		shape = sync.OnceValue(func() tree { return component(name) })
		r.shapes[name] = shape
	}
	r.mu.Unlock()
	return shape()
}

// resolve follows a reference to a component.
func (r *reader) resolve(schema tree) tree {
	if name := refName(schema); name != "" {
		return r.component(name)
	}
	return schema
}

// operation is the document's text of an operation, with what the overlay adds; nil if there is none of that id.
func operation(id string) tree {
	if text := ours().Operations[id]; text != nil {
		op := decode(text)
		if like := op.String("x-like"); like != "" {
			model := operation(like)
			op.Set("requestBody", model.Get("requestBody"))
			op.Set("responses", model.Get("responses"))
			op.Delete("x-like")
		}
		return op
	}
	op := decode(find(operationSpans[:], id))
	if more := decode(ours().MoreOperations[id]); more != nil {
		op.Set("parameters", slices.Concat(op.Array("parameters"), more.Array("parameters")))
		extend(bodyOf(op), more)
	}
	return op
}

// component is the document's text of a named shape, with what the overlay adds; nil if there is none of that name.
func component(name string) tree {
	if text := ours().Components[name]; text != nil {
		return decode(text)
	}
	shape := decode(find(componentSpans[:], name))
	extend(shape, decode(ours().MoreComponents[name]))
	return shape
}

// extend adds what x-extends says: properties, expandable fields, values of an enum. That it fits was checked when the
// tables of package spec were compiled.
func extend(to, more tree) {
	if to == nil || more == nil {
		return
	}
	for _, list := range []string{"x-expandableFields", "enum"} {
		if more.Has(list) {
			to.Set(list, slices.Concat(to.Array(list), more.Array(list)))
		}
	}
	properties := to.Object("properties")
	for name, v := range more.Object("properties").All() {
		if within := asTree(v).Object("x-extends"); within != nil {
			extend(properties.Object(name), within)
		} else {
			properties.Set(name, v)
		}
	}
}

// bodyOf is the shape of an operation's body, or nil.
func bodyOf(op tree) tree {
	for _, media := range op.Object("requestBody").Object("content").All() {
		return asTree(media).Object("schema")
	}
	return nil
}

func find(table []span, name string) []byte {
	i, found := slices.BinarySearchFunc(table, name, func(s span, name string) int { return strings.Compare(s.name, name) })
	if !found {
		return nil
	}
	s := table[i]
	return embedded.OpenAPISpec[s.first : s.first+s.length]
}

// decode reads an object; nil if there is none.
func decode(text []byte) tree {
	if len(text) == 0 {
		return nil
	}
	t, err := object.Parse(text, nil)
	if err != nil {
		panic("the document: " + err.Error()) // a test reads all of it
	}
	return t
}

// asTree is v as a JSON object, or nil.
func asTree(v any) tree {
	t, _ := v.(tree)
	return t
}

const refPrefix = "#/components/schemas/"

// refName is the component that a shape refers to, or empty.
func refName(shape tree) string { return strings.TrimPrefix(shape.String("$ref"), refPrefix) }
