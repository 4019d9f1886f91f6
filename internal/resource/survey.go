package resource

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Survey reads what an account has without an operation, and so without waiting for those that write: for Rules.Audit,
// which reads all of it, for what is asked with every request, and for what is printed. It sees what is committed at the
// moment of each read, so what changes meanwhile may look like a contradiction; but for audits, which are given one moment.
type Survey struct {
	ctx    context.Context
	engine *Engine
	from   store.Reader
	ns     namespace
}

// surveyPage is how many objects are read at once.
const surveyPage = 1000

// Survey returns one of a namespace.
func (e *Engine) Survey(ctx context.Context, ns *access.Namespace) *Survey {
	return &Survey{ctx: ctx, engine: e, from: e.store, ns: ns}
}

// Account is the id of the account.
func (s *Survey) Account() string { return s.ns.Account }

// Each calls fn for every object of a kind, oldest first.
func (s *Survey) Each(kind string, fn func(o *object.Object) error) error {
	return s.each(s.engine.kind(kind), store.Query{}, fn)
}

// Lookup calls fn for the objects of a kind that have a value in an indexed field, oldest first.
func (s *Survey) Lookup(kind, field, value string, fn func(o *object.Object) error) error {
	return s.LookupAll(kind, map[string]string{field: value}, fn)
}

// LookupAll calls fn for the objects of a kind that have a value in each of some indexed fields, oldest first.
func (s *Survey) LookupAll(kind string, values map[string]string, fn func(o *object.Object) error) error {
	k := s.engine.kind(kind)
	return s.each(k, store.Query{Where: k.having(values)}, fn)
}

// having asks for a value in each of some indexed fields.
func (k *kindInfo) having(values map[string]string) (where []store.Cond) {
	for field, value := range values {
		if k.filters[field] == nil {
			panic("resource: " + k.name + " is not indexed by " + field)
		}
		where = append(where, store.Cond{Field: field, Values: []string{value}})
	}
	return where
}

// Within calls fn for the objects of a kind that have a value in each of some indexed fields and their place in lists within a
// time, which it is told too; oldest first. Of an event it gets all but the object that it announces.
func (s *Survey) Within(kind string, values map[string]string, from, to int64, fn func(o *object.Object, at int64) error) error {
	k := s.engine.kind(kind)
	q := store.Query{Where: k.having(values), CreatedMin: from, CreatedMax: to}
	return s.eachDoc(k, q, func(d *store.Doc) error {
		data := d.Data
		if k.name == eventKind {
			_, _, body, err := readEvent(*d)
			if data = body; err != nil {
				return err
			}
		}
		o, err := object.Parse(data, k.schema)
		if err != nil {
			return err
		}
		return fn(o, d.Created)
	})
}

// Below lists the objects of a kind that were created below the one with an id, oldest first.
func (s *Survey) Below(kind, parent string) (all []*object.Object, err error) {
	err = s.each(s.engine.kind(kind), store.Query{Parent: parent}, func(o *object.Object) error {
		all = append(all, o)
		return nil
	})
	return all, err
}

// Newest lists objects of a kind that fit, newest first, from beyond the one with an id if that is not empty. It looks at
// no more than a page of a thousand; more says that there are others beyond what it looked at.
func (s *Survey) Newest(kind, after string, limit int, fits func(o *object.Object) bool) (found []*object.Object, more bool, err error) {
	k := s.engine.kind(kind)
	q := store.Query{NS: s.ns.NS, Kind: k.name, Limit: surveyPage}
	if after != "" {
		d, err := s.from.Get(s.ns.NS, k.docID(after))
		if err != nil {
			return nil, false, err
		}
		q.After = &store.Position{Created: d.Created, Seq: d.Seq}
	}
	page, err := s.from.List(q)
	for _, d := range page.Docs {
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return nil, false, err
		}
		if !fits(o) {
			continue
		}
		if len(found) == limit {
			return found, true, nil
		}
		found = append(found, o)
	}
	return found, page.More, err
}

func (s *Survey) each(k *kindInfo, q store.Query, fn func(o *object.Object) error) error {
	return s.eachDoc(k, q, func(d *store.Doc) error {
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return err
		}
		return fn(o)
	})
}

func (s *Survey) eachDoc(k *kindInfo, q store.Query, fn func(d *store.Doc) error) error {
	q.NS, q.Kind, q.Limit, q.Ascending = s.ns.NS, k.name, surveyPage, true
	for {
		page, err := s.from.List(q)
		if err != nil {
			return err
		}
		for i := range page.Docs {
			if err := fn(&page.Docs[i]); err != nil {
				return err
			}
		}
		if err := s.ctx.Err(); err != nil || !page.More {
			return err
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}

// Find reads an object; nil if there is none of that kind and id.
func (s *Survey) Find(kind, id string) (*object.Object, error) {
	k := s.engine.kind(kind)
	d, err := s.engine.getDoc(s.from, s.ns, k, k.docID(id))
	if isMissing(err) || err == nil && (d.Deleted || d.Kind != k.name) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if k.name == eventKind {
		return s.engine.eventAt(s.from, s.ns, id)
	}
	return object.Parse(d.Data, k.schema)
}

// Self reads the account itself; nil if there is none. A connected account's object lives with its platform.
func (s *Survey) Self() (*object.Object, error) {
	home, err := s.home()
	if err != nil {
		return nil, err
	}
	return home.Find("account", s.ns.Account)
}

// SelfPrivate is the private part of the account itself; empty if there is none.
func (s *Survey) SelfPrivate() (*object.Object, error) {
	home, err := s.home()
	if err != nil {
		return nil, err
	}
	return home.Private("account", s.ns.Account)
}

// home is where the account's object is.
func (s *Survey) home() (*Survey, error) {
	if s.ns.Platform == "" {
		return s, nil
	}
	ns, err := s.engine.registry.Known(s.ns.Platform, s.ns.Env)
	return &Survey{ctx: s.ctx, engine: s.engine, from: s.from, ns: ns}, err
}

// Content is the bytes of a file with their type; nil if there are none any more.
func (s *Survey) Content(file string) (contentType string, data []byte, err error) {
	d, err := s.from.Get(s.ns.NS, file)
	if isMissing(err) || err == nil && d.Deleted {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	a, err := s.engine.content(s.from, s.ns, d)
	if a == nil || err != nil {
		return "", nil, err
	}
	return a.ContentType, a.Body, nil
}

// BaseURL is where this server is reached.
func (s *Survey) BaseURL() string { return s.engine.options.BaseURL }

// Live reports whether the account's money is real.
func (s *Survey) Live() bool { return s.ns.Live }

// Private is the private part of the object of a kind with an id, or of the account's singleton when id is empty; empty
// if there is none.
func (s *Survey) Private(kind, id string) (*object.Object, error) {
	k := s.engine.kind(kind)
	docID := k.docID(id)
	if id == "" {
		docID = singletonID(k, s.ns, nil)
	}
	return privateOf(s.from, s.ns, docID)
}
