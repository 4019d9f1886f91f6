package resource

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Objects of a kind with Rules.Shared make the file that their field "file" names readable for whoever has their
// address, without a key. As no key says where to look, the unguessable token in the address tells the namespace.

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
	k := e.kind(e.shared)
	page, err := e.store.List(store.Query{NS: ns.NS, Kind: k.name, Limit: 1, Where: []store.Cond{{Field: k.rules.Shared, Values: []string{token}}}})
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, noLink()
	}
	link, err := object.Parse(page.Docs[0].Data, k.schema)
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
	if err != nil || e.shared == "" {
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
