package resource

import (
	"encoding/base64"
	"errors"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// A file link makes a file readable for whoever has its address, without a key. As no key says where to look, the
// unguessable token in the address tells the namespace.

// SharedKind is the kind of such a link, and SharedIndex the field that its rule must index: the token.
const (
	SharedKind  = "file_link"
	SharedIndex = "token"
)

// tokenSecret is how much of a token cannot be guessed.
const tokenSecret = 48

// ShareToken makes the token of a link: letters and digits.
func (op *Op) ShareToken() string {
	return base64.RawURLEncoding.EncodeToString([]byte(op.ns.Account + "|" + op.ns.Env + "|" + clock.Secret(op.engine.clock, tokenSecret)))
}

// SharedFile answers the file that a link's token stands for, as long as the link and the file last.
func (e *Engine) SharedFile(token string) (*Answer, error) {
	ns, err := e.sharedIn(token)
	if err != nil {
		return nil, err
	}
	if ns == nil {
		return nil, noLink()
	}
	page, err := e.store.List(store.Query{NS: ns.NS, Kind: SharedKind, Limit: 1, Where: []store.Cond{{Field: SharedIndex, Values: []string{token}}}})
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, noLink()
	}
	link, err := object.Parse(page.Docs[0].Data, e.kind(SharedKind).schema)
	if err != nil {
		return nil, err
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
	a, err := e.content(ns, d)
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
	e := apierr.Missing(SharedKind, "", "")
	e.Message = "There is no file at this address, or its link has expired."
	return e
}
