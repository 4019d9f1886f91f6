package resource

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Some objects are shown to whoever has their address, although hardly anybody ever looks: the receipts of charges. Their
// tokens say which object it is, and carry the server's mark, so that nothing is stored or indexed for them.

// MarkedToken makes the token of an address at which an object is shown without a key.
func (op *Op) MarkedToken(id string) (string, error) {
	text := op.ns.Account + "|" + op.ns.Env + "|" + id
	mark, err := op.engine.registry.Mark(text)
	return base64.RawURLEncoding.EncodeToString([]byte(text + "|" + mark)), err
}

// Marked finds the object of a kind by such a token, and where it is; nil if there is none.
func (e *Engine) Marked(kind, token string) (*access.Namespace, *object.Object, error) {
	decoded, err := base64.RawURLEncoding.DecodeString(token)
	parts := strings.Split(string(decoded), "|")
	if err != nil || len(parts) != 4 {
		return nil, nil, nil
	}
	mark, err := e.registry.Mark(strings.Join(parts[:3], "|"))
	if err != nil || subtle.ConstantTimeCompare([]byte(mark), []byte(parts[3])) != 1 {
		return nil, nil, err
	}
	ns, err := e.registry.Known(parts[0], parts[1])
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	k := e.kind(kind)
	d, err := e.getDoc(e.store, ns, k, k.docID(parts[2]))
	if isMissing(err) || err == nil && (d.Deleted || d.Kind != k.name) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	o, err := object.Parse(d.Data, k.schema)
	return ns, o, err
}
