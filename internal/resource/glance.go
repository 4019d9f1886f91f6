package resource

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Glance is what a rule that makes a field for an answer (Rules.Include) may see beside the object. It only reads.
type Glance struct{ ex *expander }

// Now is the time of the answer.
func (g Glance) Now() time.Time { return g.ex.engine.clock.Now() }

// Lookup lists the objects of a kind that have a value in a field, newest first, as Op.Lookup does.
func (g Glance) Lookup(kind, field, value string) ([]*object.Object, error) {
	k := g.ex.engine.kind(kind)
	if k.filters[field] == nil {
		panic("resource: " + kind + " is not indexed by " + field)
	}
	docs, err := allDocs(g.ex.reader, store.Query{NS: g.ex.engine.nsOf(g.ex.ns, k), Kind: k.name, Where: []store.Cond{{Field: field, Values: []string{value}}}})
	if err != nil {
		return nil, err
	}
	out := make([]*object.Object, 0, len(docs))
	for _, d := range docs {
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// Find reads an object, or returns nil if there is none of that kind and id.
func (g Glance) Find(kind, id string) (*object.Object, error) {
	k := g.ex.engine.kind(kind)
	d, err := g.ex.engine.getDoc(g.ex.reader, g.ex.ns, k, k.docID(id))
	if isMissing(err) || (err == nil && (d.Deleted || d.Kind != k.name)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return object.Parse(d.Data, k.schema)
}
