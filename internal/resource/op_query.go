package resource

import (
	"net/url"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// What rules read beyond single objects. All that is found is read and belongs to the operation, so these are for
// fields that few objects share: the returns of an order, the credit notes of an invoice.

// Lookup lists the objects of a kind that have a value in a field, newest first. The field must be indexed: by a list
// filter of the spec, or by Rules.Index.
func (op *Op) Lookup(kind, field, value string) ([]*object.Object, error) {
	k := op.engine.kind(kind)
	if k.filters[field] == nil {
		panic("resource: " + kind + " is not indexed by " + field)
	}
	return op.query(k, store.Query{Where: []store.Cond{{Field: field, Values: []string{value}}}})
}

// Selection narrows down what Oldest finds.
type Selection struct {
	Below  string   // the id of what they live below, if not empty
	Field  string   // indexed, as for Lookup
	Values []string // one of which they have in the field
	After  string   // the id of the one that was reached before, if not empty; it may be deleted by now
	Limit  int
}

// Oldest lists objects of a kind, oldest first, and reads no more than the limit: for work that is done in batches.
func (op *Op) Oldest(kind string, s Selection) ([]*object.Object, error) {
	k := op.engine.kind(kind)
	if k.filters[s.Field] == nil {
		panic("resource: " + kind + " is not indexed by " + s.Field)
	}
	q := store.Query{
		NS: op.engine.nsOf(op.ns, k), Kind: k.name, Parent: s.Below, Where: []store.Cond{{Field: s.Field, Values: s.Values}}, Ascending: true, Limit: s.Limit,
	}
	if s.After != "" {
		d, err := op.engine.getDoc(op.tx, op.ns, k, k.docID(s.After))
		if err != nil {
			return nil, err
		}
		q.After = &store.Position{Created: d.Created, Seq: d.Seq}
	}
	if err := op.writeAwaited(k); err != nil {
		return nil, err
	}
	page, err := op.tx.List(q)
	if err != nil {
		return nil, err
	}
	return op.adopt(k, page.Docs)
}

// DocID names the document of an object, which is what CreateBelow and Make take for what an object lives below.
func (op *Op) DocID(o *object.Object) string { return op.of(o).doc.ID }

// PlaceBelow lets an object live below another one from now on.
func (op *Op) PlaceBelow(o, parent *object.Object) {
	r := op.of(o)
	r.doc.Parent, r.dirty = op.of(parent).doc.ID, true
}

// MadeBelow is the id of the object below which a create makes op.Object; empty at the top.
func (op *Op) MadeBelow() string { return ownID(op.under) }

// Parent is the id of the object below which an object lives; empty at the top.
func (op *Op) Parent(o *object.Object) string { return ownID(op.of(o).doc.Parent) }

// ownID is the id of an object whose document has an id.
func ownID(docID string) string {
	_, id, kindLeads := strings.Cut(docID, ":")
	if kindLeads {
		return id
	}
	return docID
}

// Below lists the objects of a kind that were created below another one, newest first.
func (op *Op) Below(kind string, parent *object.Object) ([]*object.Object, error) {
	return op.query(op.engine.kind(kind), store.Query{Parent: op.of(parent).doc.ID})
}

func (op *Op) query(k *kindInfo, q store.Query) ([]*object.Object, error) {
	q.NS, q.Kind = op.engine.nsOf(op.ns, k), k.name
	if err := op.writeAwaited(k); err != nil {
		return nil, err
	}
	docs, err := allDocs(op.tx, q)
	if err != nil {
		return nil, err
	}
	return op.adopt(k, docs)
}

// adopt makes documents the operation's, as far as it does not know them yet.
func (op *Op) adopt(k *kindInfo, docs []store.Doc) ([]*object.Object, error) {
	out := make([]*object.Object, 0, len(docs))
	for _, d := range docs {
		r := op.loaded[d.ID]
		if r == nil {
			o, err := object.Open(d.Data, k.schema)
			if err != nil {
				return nil, err
			}
			r = op.track(&record{kind: k, object: o, doc: d})
		}
		if !r.doc.Deleted {
			out = append(out, r.object)
		}
	}
	return out, nil
}

// Target is the object that the request's path names.
func (op *Op) Target() (*object.Object, error) {
	r, err := op.target()
	if err != nil {
		return nil, err
	}
	return r.object, nil
}

// NewestEvents lists the account's newest events, newest first, each with the object that it announces. It reads no more
// than the limit.
func (op *Op) NewestEvents(limit int) ([]*object.Object, error) {
	k := op.engine.kind(eventKind)
	page, err := op.tx.List(store.Query{NS: op.ns.NS, Kind: eventKind, Limit: limit, CreatedMin: op.engine.oldest(k)})
	if err != nil {
		return nil, err
	}
	all := make([]*object.Object, 0, len(page.Docs))
	for _, d := range page.Docs {
		event, err := op.findEvent(k, d.ID)
		if err != nil {
			return nil, err
		}
		if event != nil {
			all = append(all, event)
		}
	}
	return all, nil
}

// Namespace is where the operation works.
func (op *Op) Namespace() *access.Namespace { return op.ns }

// Query is the query of the request as it was sent.
func (op *Op) Query() url.Values {
	if op.request == nil {
		return url.Values{}
	}
	query, _ := url.ParseQuery(op.request.Query) // it was decoded already
	return query
}
