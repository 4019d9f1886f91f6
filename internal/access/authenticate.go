package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/store"
)

// Grant is what a key opens.
type Grant struct {
	Key       *Key
	Namespace *Namespace
	// Version is the API version of requests that name none: the key's, else the account's; empty is the newest.
	Version string
}

// trust is how long a grant is used without looking whether its key still stands: another process may have ended it.
const trust = time.Second

// maxGrants bounds the cache; a full one starts over.
const maxGrants = 10_000

type cachedGrant struct {
	*Grant
	epoch int64
	until time.Time
}

// Authenticate finds what a key opens. Errors are *apierr.Error, or a fault of ours.
//
// A cached key costs a map look-up and the clock; it is read again after a second.
func (r *Registry) Authenticate(secret string) (*Grant, error) {
	now, epoch := r.now(), r.epoch.Load()
	r.mu.RLock()
	c := r.grants[secret]
	r.mu.RUnlock()
	if c == nil || c.epoch != epoch || !now.Before(c.until) {
		g, err := r.look(secret)
		if err != nil {
			return nil, err
		}
		if !g.Key.Expired(now) {
			r.used(g.Key.ID, now)
		}
		c = &cachedGrant{Grant: g, epoch: epoch, until: now.Add(trust)}
		r.remember(secret, c)
	}
	if c.Key.Expired(now) {
		return nil, unauthorized("api_key_expired", "Expired API Key provided: "+Mask(secret))
	}
	return c.Grant, nil
}

func (r *Registry) remember(secret string, c *cachedGrant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.grants) >= maxGrants {
		clear(r.grants)
	}
	r.grants[secret] = c
}

// look finds a key in the store.
func (r *Registry) look(secret string) (*Grant, error) {
	_, _, ok := parseSecret(secret)
	if !ok && !r.options.AnyKey {
		return nil, invalidKey(secret)
	}
	s, err := r.settings(context.Background())
	if err != nil {
		return nil, err
	}
	page, err := r.store.List(store.Query{
		NS: store.Control, Kind: kindKey, Limit: 1,
		Where: []store.Cond{{Field: "hash", Values: []string{hashSecret(s.key, secret)}}},
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("access: look for a key: %w", err)
	case len(page.Docs) > 0:
		return r.grant(secret, page.Docs[0])
	case r.options.AnyKey:
		return r.anyGrant(s)
	}
	return nil, invalidKey(secret)
}

// grant makes what a key document grants. The namespace is read anew, as a reset gives it another number.
func (r *Registry) grant(secret string, d store.Doc) (*Grant, error) {
	k, err := keyFrom(d)
	if err != nil {
		return nil, err
	}
	n, err := r.reread(place{k.Account, k.Env})
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalidKey(secret)
	}
	if err != nil {
		return nil, err
	}
	v := k.Version
	if v == "" {
		if v, err = r.Version(k.Account); err != nil {
			return nil, err
		}
	}
	return &Grant{Key: k.Key, Namespace: n, Version: v}, nil
}

// anyGrant is what a mock grants to a key that nobody made.
func (r *Registry) anyGrant(s *serverDoc) (*Grant, error) {
	n, err := r.Namespace(s.DefaultAccount, Test)
	if err != nil {
		return nil, err
	}
	k := &Key{ID: "key_any", Kind: SecretKey, Prefix: "sk_test_", Masked: "sk_test_****", Account: n.Account, Env: n.Env}
	return &Grant{Key: k, Namespace: n}, nil
}

func keyFrom(d store.Doc) (keyDoc, error) {
	var k keyDoc
	if err := json.Unmarshal(d.Data, &k); err != nil {
		return k, fmt.Errorf("access: key %s: %w", d.ID, err)
	}
	if k.Kind == RestrictedKey && k.Rights == nil {
		k.Rights = Rights{} // no rights are not written, and none at all would be every right
	}
	return k, nil
}

func invalidKey(secret string) error {
	return unauthorized("", "Invalid API Key provided: "+Mask(secret))
}

// NoKey is the error for a request that brings no key.
func NoKey() error {
	return unauthorized("", "You did not provide an API key. You need to provide your API key in the Authorization header, "+
		"using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.")
}

func unauthorized(code, message string) error {
	return &apierr.Error{Status: http.StatusUnauthorized, Type: apierr.TypeInvalid, Code: code, Message: message, Early: true}
}
