package resource

import (
	"context"
	"errors"
	"strings"
	"sync"

	"sharesmart/internal/store"
)

// Reference data (countries, tax codes, exchange rates) is the same for every account and nobody can create it. It is
// stored once, in a namespace of its own, when it is first asked for; a new sandbox costs nothing for it.

// referenceNS holds it: a number that the count of accounts does not reach.
const referenceNS store.NS = 1 << 31

func (e *Engine) isReference(kind string) bool {
	k := e.kinds[kind]
	return k != nil && k.rules != nil && k.rules.Reference != nil
}

// nsOf is where documents of a kind live for an account.
func (e *Engine) nsOf(ns namespace, k *kindInfo) store.NS {
	if k.rules != nil && k.rules.Reference != nil {
		return referenceNS
	}
	return ns.NS
}

// seedReference stores the objects of a reference kind on first use. Later calls cost one map look-up.
func (e *Engine) seedReference(k *kindInfo) error {
	if k.rules == nil || k.rules.Reference == nil {
		return nil
	}
	once, _ := e.reference.LoadOrStore(k.name, sync.OnceValue(func() error { return e.storeReference(k) }))
	return once.(func() error)()
}

// everyonesDoc is a reference object as a document: what the store holds for lists, without asking it.
func (k *kindInfo) everyonesDoc(docID string) (store.Doc, error) {
	o := k.everyones()[strings.TrimPrefix(docID, k.name+":")]
	if o == nil {
		return store.Doc{}, store.ErrNotFound
	}
	return store.Doc{ID: docID, Kind: k.name, Created: created(o, 1), Data: o.JSON()}, nil
}

func (e *Engine) storeReference(k *kindInfo) error {
	return e.store.Update(context.Background(), func(tx store.Tx) error {
		objects := k.rules.Reference()
		for i := range objects {
			o := objects[len(objects)-1-i] // the first is listed first, and lists are newest first
			d := store.Doc{ID: k.docID(o.ID()), Kind: k.name, Created: created(o, 1), Refs: e.refs(k, o), Data: o.JSON()}
			if old, err := tx.Get(referenceNS, d.ID); err == nil {
				if string(old.Data) == string(d.Data) {
					continue
				}
				d.Version, d.Seq, d.Created = old.Version, old.Seq, old.Created
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err := tx.Put(referenceNS, &d); err != nil {
				return err
			}
		}
		return nil
	})
}
