package resource

import (
	"bytes"
	"cmp"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// namespace is where an operation works.
type namespace = *access.Namespace

// retrieve answers the object that the path's last parameter names. Unless it is to be expanded, its stored bytes are
// the answer.
func retrieve(e *Engine, c *call) (*Answer, error) {
	d, err := e.pathDoc(c)
	if err != nil {
		return nil, err
	}
	if (d.Deleted && !c.Op.AnswersDeleted) || (d.Version > 0 && d.Created < e.oldest(e.kind(d.Kind))) {
		return nil, e.missingInPath(c)
	}
	x, err := e.expansion(c, false)
	if err != nil {
		return nil, err
	}
	body, err := e.renderDoc(e.store, c.Namespace, d, x)
	if err != nil {
		return nil, err
	}
	a := &Answer{Status: 200, Body: body}
	if x == nil {
		a.ObjectID, a.ObjectVersion = d.ID, d.Version
	}
	return a, nil
}

// pathDoc finds the document that the path's last parameter names, deleted ones included, below the one that the
// first parameter names.
func (e *Engine) pathDoc(c *call) (store.Doc, error) {
	last := len(c.Path) - 1
	parentID := ""
	if c.Op.Parent != "" && last > 0 {
		parent, err := e.liveDoc(c, e.kind(c.Op.Parent), 0)
		if err != nil && !e.options.Mock {
			return store.Doc{}, err
		}
		parentID = parent.ID
	}
	for _, name := range c.Op.Targets {
		k := e.kind(name)
		d, err := e.getDoc(e.store, c.Namespace, k, k.docID(belowID(k, c.Path)))
		if err != nil && !isMissing(err) {
			return d, err
		}
		if err != nil {
			if o, err := e.inborn(k, c.Namespace, c.Path, parentID); o != nil || err != nil {
				return store.Doc{Kind: k.name, Data: o.JSON()}, err
			}
			continue
		}
		if d.Kind != k.name {
			continue
		}
		if parentID == "" || d.Parent == parentID || e.linked(d, k, c.Op.Parent, parentID) {
			return d, nil
		}
	}
	if e.options.Mock {
		return e.mockDoc(c)
	}
	return store.Doc{}, e.missingInPath(c)
}

func (e *Engine) missingInPath(c *call) error {
	last := len(c.Path) - 1
	k := e.kind(targetKind(c.Op, c.Path[last]))
	return e.missing(c.Namespace, k, c.Path[last], pathParam(c.Op, last), false)
}

// liveDoc finds the document of a kind that the path's i-th parameter names.
func (e *Engine) liveDoc(c *call, k *kindInfo, i int) (store.Doc, error) {
	d, err := e.getDoc(e.store, c.Namespace, k, k.docID(c.Path[i]))
	if isMissing(err) || (err == nil && (d.Deleted || d.Kind != k.name)) {
		return d, e.missing(c.Namespace, k, c.Path[i], pathParam(c.Op, i), false)
	}
	return d, err
}

// getDoc reads a document where its kind lives: reference data is the same for every account, unless an account has
// changed it for itself.
func (e *Engine) getDoc(r store.Reader, ns namespace, k *kindInfo, docID string) (store.Doc, error) {
	if k.everyones == nil {
		d, err := r.Get(ns.NS, docID)
		if isMissing(err) && k.isSelf(ns, docID) {
			return e.selfDoc(k, ns)
		}
		return d, err
	}
	if k.changeable {
		if d, err := r.Get(ns.NS, docID); !isMissing(err) {
			return d, err
		}
	}
	return k.everyonesDoc(docID)
}

// selfDoc stands for the caller's own account until something changes it. A connected account's is with its platform. It is
// made once: each invoice asks for it several times.
func (e *Engine) selfDoc(k *kindInfo, ns namespace) (store.Doc, error) {
	if ns.Platform != "" {
		return store.Doc{}, store.ErrNotFound
	}
	if d, ok := e.selves.Load(ns.NS); ok {
		return d.(store.Doc), nil
	}
	o, err := e.newSingleton(k, ns, nil, nil)
	if err != nil {
		return store.Doc{}, err
	}
	d, _ := e.selves.LoadOrStore(ns.NS, store.Doc{ID: ns.Account, Kind: k.name, Created: o.Int("created"), Data: o.JSON()})
	return d.(store.Doc), nil
}

// inborn is an object below another one that nobody created; see Rules.Inborn.
func (e *Engine) inborn(k *kindInfo, ns namespace, path []string, parentID string) (*object.Object, error) {
	if k.rules == nil || k.rules.Inborn == nil || parentID == "" {
		return nil, nil
	}
	id := path[len(path)-1]
	o, err := e.instantiate(k, ns, id, e.clock.Now())
	if err != nil || !k.rules.Inborn(o, parentID, id) {
		return nil, err
	}
	return o, nil
}

// renderDoc makes the bytes that are sent for a document.
func (e *Engine) renderDoc(r store.Reader, ns namespace, d store.Doc, x *expansion) ([]byte, error) {
	body := d.Data
	if d.Kind == eventKind && d.Version > 0 { // a fixture has no version
		var err error
		if body, err = e.renderEvent(r, ns.NS, d); err != nil {
			return nil, err
		}
	}
	if ns.Live && e.isReference(d.Kind) {
		body = bytes.Replace(body, []byte(`"livemode": false`), []byte(`"livemode": true`), 1)
	}
	if x == nil {
		return body, nil
	}
	return x.apply(e, r, ns, e.kind(d.Kind), body)
}

// oldest is when an object of a kind must have been made to be found still.
func (e *Engine) oldest(k *kindInfo) int64 {
	if k.rules == nil || k.rules.Retention == 0 {
		return 0
	}
	keep := k.rules.Retention
	if keep == Retention { // it goes with what it points to
		keep = e.retention()
	}
	return e.clock.Now().Add(-keep).Unix()
}

// retention is for how long this server keeps what it keeps for a time.
func (e *Engine) retention() time.Duration { return cmp.Or(e.options.Retention, Retention) }
