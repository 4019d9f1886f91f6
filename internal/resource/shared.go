package resource

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Objects of a kind with Rules.Shared are shown to whoever has their address, without a key: the file of a link, the
// page of an invoice. As no key says where to look, the unguessable token in the address tells the namespace.

// tokenSecret is how much of a token cannot be guessed.
const tokenSecret = 48

// ShareToken makes the token of a link: letters and digits.
func (op *Op) ShareToken() string {
	return base64.RawURLEncoding.EncodeToString([]byte(op.ns.Account + "|" + op.ns.Env + "|" + clock.Secret(op.engine.clock, tokenSecret)))
}

// Shared finds the object of a kind by the token of its address, and where it is; nil if there is none.
func (e *Engine) Shared(kind, token string) (*access.Namespace, *object.Object, error) {
	ns, err := e.sharedIn(token)
	if ns == nil || err != nil {
		return nil, nil, err
	}
	k := e.kind(kind)
	page, err := e.store.List(store.Query{NS: ns.NS, Kind: k.name, Limit: 1, Where: []store.Cond{{Field: k.rules.Shared, Values: []string{token}}}})
	if len(page.Docs) == 0 || err != nil {
		return nil, nil, err
	}
	o, err := object.Parse(page.Docs[0].Data, k.schema)
	return ns, o, err
}

// SharedFile answers the file that a link's token stands for, as long as the link and the file last.
func (e *Engine) SharedFile(token string) (*Answer, error) {
	ns, link, err := e.Shared(e.sharesFiles, token)
	if err != nil {
		return nil, err
	}
	if link == nil {
		return nil, noLink()
	}
	if at := link.Int("expires_at"); link.Bool("expired") || at > 0 && at <= e.clock.Now().Unix() {
		return nil, noLink()
	}
	d, err := e.store.Get(ns.NS, link.Ref("file"))
	if isMissing(err) || err == nil && d.Deleted {
		return nil, noLink()
	}
	if err != nil {
		return nil, err
	}
	a, err := e.content(e.store, ns, d)
	if a == nil && err == nil {
		err = noLink()
	}
	return a, err
}

// sharedIn is the namespace that a token tells; nil if there is none.
func (e *Engine) sharedIn(token string) (namespace, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, nil
	}
	parts := strings.Split(string(text), "|")
	if len(parts) != 3 {
		return nil, nil
	}
	ns, err := e.registry.Known(parts[0], parts[1])
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return ns, err
}

// noLink does not tell a link that is over from one that never was.
func noLink() *apierr.Error {
	return &apierr.Error{Status: http.StatusNotFound, Type: apierr.TypeInvalid, Code: "resource_missing",
		Message: "There is no file at this address, or its link has expired."}
}
