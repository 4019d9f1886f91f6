package resource

import (
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// write stores a record's object as its next version, if it changed.
func (op *Op) write(r *record) error {
	r.awaited = false
	if !r.dirty {
		return nil
	}
	before := r.doc.Data
	if r.doc.Version == 0 {
		before = nil
	}
	if r.doc.Data = r.printed; r.printed == nil {
		r.doc.Data = r.object.JSON()
	}
	r.printed = nil
	r.doc.Refs = op.engine.refs(r.kind, r.object)
	r.dirty = false
	if r.standsIn() {
		return nil
	}
	if err := op.count(r, before, r.object); err != nil {
		return err
	}
	r.doc.SameTerms = before != nil && !r.doc.Deleted && r.kind.sameTerms(before, r.object)
	return op.tx.Put(op.ns.NS, &r.doc)
}

// writeAwaited writes what was created of a kind and is not written yet, before the kind is listed.
func (op *Op) writeAwaited(k *kindInfo) error {
	for _, r := range op.order {
		if r.awaited && r.kind == k {
			if err := op.write(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes everything that is still unwritten, in the order of first use, in all accounts that were acted in.
func (op *Op) flush() error {
	if err := op.flushAccount(); err != nil || op.accounts == nil {
		return err
	}
	for _, account := range slices.Sorted(maps.Keys(op.accounts)) {
		if account == op.ns.Account {
			continue
		}
		other := op.accounts[account]
		if err := other.flushAccount(); err != nil {
			return err
		}
		op.events = append(op.events, other.events...)
	}
	return nil
}

func (op *Op) flushAccount() error {
	for _, r := range op.order {
		if err := op.write(r); err != nil {
			return err
		}
		if err := op.writePrivate(r); err != nil {
			return err
		}
	}
	return op.writeFigures()
}

// refs are the values that the kind's list filters find the object by.
func (e *Engine) refs(k *kindInfo, o objectValue) []store.Ref {
	if len(k.filters) == 0 {
		return nil
	}
	out := make([]store.Ref, 0, len(k.filters))
	var room [4]string
	for _, f := range k.indexed {
		for _, v := range f.append(room[:0], o) {
			out = append(out, store.Ref{Field: f.field, Value: v})
		}
	}
	return out
}
