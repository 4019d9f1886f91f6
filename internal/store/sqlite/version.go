package sqlite

import (
	"fmt"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Old versions are kept backwards: each as a delta against the next one, the last against the document itself. An object
// that changes has a version for each of its events, and most of them differ in a line or two, so this is a tenth of
// what whole documents take, on disk and to write.

// wholeVersions is how many versions go by until one is kept whole, which bounds what it costs to read one.
const wholeVersions = 8

// insertVersion writes an old version, given the next one and when that replaced it, in unix seconds.
func (b *batch) insertVersion(c *conn, d, next *store.Doc, replaced int64) error {
	data, differs, err := b.packVersion(c, d, next)
	if err != nil {
		return err
	}
	s, err := c.stmt(stInsertVersion)
	if err != nil {
		return err
	}
	s.int(1, d.Seq)
	s.int(2, d.Version)
	s.int(3, replaced)
	s.text(4, d.Kind)
	s.text(5, d.Parent)
	s.int(6, d.Created)
	s.bool(7, d.Deleted)
	s.blob(8, data)
	s.bool(9, differs)
	return s.run()
}

// packVersion is how an old version is stored: as what makes it of the next one, or as documents are, where it is whole or has
// little in common with the next, as one that was deleted then.
func (b *batch) packVersion(c *conn, d, next *store.Doc) (data []byte, differs bool, err error) {
	w := b.writer
	if d.Version%wholeVersions != 0 && next.Version == d.Version+1 {
		w.delta = pack.AppendDelta(w.delta[:0], d.Data, next.Data)
		if differs = len(w.delta) < len(d.Data); differs && len(w.delta) < len(d.Data)/2 {
			return w.delta, true, nil
		}
	}
	data, err = b.pack(c, d)
	if differs && len(w.delta) <= len(data) {
		return w.delta, true, err
	}
	return data, false, err
}

// version reads a document as it was before it was replaced. Refs of old versions are not kept.
func (v *view) version(d *store.Doc, version int64) (store.Doc, error) {
	old, err := v.versions(d, version, true)
	if err != nil {
		return store.Doc{}, fmt.Errorf("read version %d of %s: %w", version, d.ID, err)
	}
	if len(old) == 0 || old[0].Version != version {
		return store.Doc{}, store.ErrNotFound
	}
	return old[0], nil
}

// versions reads what a document was before, from a version on, the oldest first; with first only as many as that one
// needs.
func (v *view) versions(d *store.Doc, from int64, first bool) ([]store.Doc, error) {
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stVersionsFrom)
	if err != nil {
		return nil, err
	}
	defer s.reset()
	s.int(1, d.Seq)
	s.int(2, from)
	var old []store.Doc
	var deltas []bool
	for {
		more, err := s.step()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		old = append(old, store.Doc{
			ID: d.ID, Seq: d.Seq, Version: s.columnInt(0), Kind: s.columnText(2), Parent: s.columnText(3), Created: s.columnInt(4), Deleted: s.columnBool(5),
			Data: s.columnBytes(6),
		})
		deltas = append(deltas, s.columnBool(1))
		if first && (!deltas[len(deltas)-1] || old[0].Version != from) {
			break
		}
	}
	return v.resolve(old, deltas)
}

// resolve makes documents of deltas. Versions whose next one is not kept any more, because the time went back between
// them, are left out.
func (v *view) resolve(old []store.Doc, deltas []bool) ([]store.Doc, error) {
	for i := len(old) - 1; i >= 0; i-- {
		var err error
		if !deltas[i] {
			if old[i].Data, err = v.db.models.unpack(v.c, old[i].Data); err != nil {
				return nil, err
			}
			continue
		}
		var next *store.Doc
		if i+1 < len(old) {
			next = &old[i+1]
		} else { // the document, as it is in the same state of the database
			if _, next, err = v.row(old[i].Seq); err != nil {
				return nil, err
			}
		}
		if next.Version != old[i].Version+1 {
			return old[i+1:], nil
		}
		if old[i].Data, err = pack.ApplyDelta(old[i].Data, next.Data); err != nil {
			return nil, err
		}
	}
	return old, nil
}
