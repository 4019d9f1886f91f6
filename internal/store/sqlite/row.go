package sqlite

import (
	"encoding/binary"
	"errors"

	"sharesmart/internal/store"
)

// encodeRefs packs refs into one column; no refs are NULL.
func encodeRefs(refs []store.Ref) []byte {
	if len(refs) == 0 {
		return nil
	}
	n := 0
	for _, r := range refs {
		n += len(r.Field) + len(r.Value) + 2*binary.MaxVarintLen32
	}
	b := make([]byte, 0, n)
	for _, r := range refs {
		b = binary.AppendUvarint(b, uint64(len(r.Field)))
		b = append(b, r.Field...)
		b = binary.AppendUvarint(b, uint64(len(r.Value)))
		b = append(b, r.Value...)
	}
	return b
}

var errRefs = errors.New("refs column is damaged")

// decodeRefs unpacks what encodeRefs packed. All strings share one allocation.
func decodeRefs(packed []byte) ([]store.Ref, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	count, err := countStrings(packed)
	if err != nil || count%2 != 0 {
		return nil, errRefs
	}
	text := string(packed)
	refs := make([]store.Ref, 0, count/2)
	for at := 0; at < len(packed); {
		var r store.Ref
		r.Field, at = cutString(text, packed, at)
		r.Value, at = cutString(text, packed, at)
		refs = append(refs, r)
	}
	return refs, nil
}

// countStrings walks over the packed strings and proves that all lengths fit.
func countStrings(packed []byte) (int, error) {
	count := 0
	for len(packed) > 0 {
		n, w := binary.Uvarint(packed)
		if w <= 0 || n > uint64(len(packed)-w) {
			return 0, errRefs
		}
		packed = packed[w+int(n):]
		count++
	}
	return count, nil
}

func cutString(text string, packed []byte, at int) (string, int) {
	n, w := binary.Uvarint(packed[at:])
	at += w
	return text[at : at+int(n)], at + int(n)
}

// docColumns are what scanDoc reads, in its order.
const docColumns = "o.seq, o.ns, o.id, o.kind, o.parent, o.version, o.created, o.deleted, o.refs, o.doc"

// scanDoc reads a row of docColumns. It copies what it keeps.
func (db *DB) scanDoc(s *stmt) (space int64, d store.Doc, err error) {
	d = store.Doc{
		Seq: s.columnInt(0), ID: s.columnText(2), Kind: s.columnText(3), Parent: s.columnText(4),
		Version: s.columnInt(5), Created: s.columnInt(6), Deleted: s.columnBool(7),
	}
	if d.Refs, err = decodeRefs(s.columnView(8)); err == nil {
		d.Data, err = db.models.unpack(s.c, s.columnView(9))
	}
	return s.columnInt(1), d, err
}
