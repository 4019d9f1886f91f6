package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Key is what is known of an API key; its secret is not.
type Key struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // SecretKey, PublishableKey, RestrictedKey, EphemeralKey
	Name    string `json:"name,omitempty"`
	Prefix  string `json:"prefix"` // sk_test_
	Last4   string `json:"last4"`
	Masked  string `json:"masked"`          // as error messages show it
	Value   string `json:"value,omitempty"` // a publishable key is no secret and is kept whole
	Account string `json:"account"`
	Env     string `json:"env"`
	Rights  Rights `json:"rights,omitempty"`
	Subject string `json:"subject,omitempty"` // the id of the one object that an ephemeral key is for
	Version string `json:"version,omitempty"` // of the API, where a request names none; empty takes the account's
	Created int64  `json:"created"`
	Expires int64  `json:"expires,omitempty"` // unix seconds; 0 is never
	// Networks are where requests may come from, as CIDR; none is everywhere.
	Networks []netip.Prefix `json:"networks,omitempty"`
	// LastUsed is known to a minute after a crash, else to a second. It is filled in where keys are listed or found.
	LastUsed int64 `json:"last_used,omitempty"`
}

// Expired reports whether the key is of no use any more.
func (k *Key) Expired(now time.Time) bool { return k.Expires != 0 && now.Unix() >= k.Expires }

// Issued is a new key with its secret, which is not kept and so is shown just once.
type Issued struct {
	*Key
	Secret string `json:"secret"`
}

// KeySpec says what kind of key to make.
type KeySpec struct {
	Account string // empty takes the default account
	Env     string // "test", "live" or a sandbox; empty takes "test"
	Kind    string // empty takes SecretKey
	Name    string
	Rights  Rights // of a restricted key
	Version string // of the API, where a request names none
	// Expires is when the key ends; zero is never. Networks are as in Key.
	Expires  time.Time
	Networks []netip.Prefix
}

// MaxOverlap is how long the old key may live on when a key is rolled.
const MaxOverlap = 7 * 24 * time.Hour

// keyDoc is a key as it is stored.
type keyDoc struct {
	*Key
	Hash string `json:"hash"`
}

// CreateKey makes a key.
func (r *Registry) CreateKey(ctx context.Context, k KeySpec) (*Issued, error) {
	ns, err := r.checkSpec(ctx, &k)
	if err != nil {
		return nil, err
	}
	return r.issue(ctx, k, newSecret(r.clock, k.Kind, k.Account, ns.Live))
}

// ImportKey makes a key with a given secret, in the legacy form: prefix_mode_ and 24 letters and digits.
func (r *Registry) ImportKey(ctx context.Context, secret string, k KeySpec) (*Key, error) {
	kind, live, ok := parseSecret(secret)
	if !ok {
		return nil, errors.New("this cannot be a key: write sk_test_ or sk_live_ and 24 letters and digits")
	}
	k.Kind = kind
	ns, err := r.checkSpec(ctx, &k)
	if err != nil {
		return nil, err
	}
	if ns.Live != live {
		return nil, fmt.Errorf("a key that begins with %s cannot open the environment %q", keyPrefix(kind, live), k.Env)
	}
	issued, err := r.issue(ctx, k, secret)
	if err != nil {
		return nil, err
	}
	return issued.Key, nil
}

// checkSpec fills in what was left empty and finds the namespace the key will open.
func (r *Registry) checkSpec(ctx context.Context, k *KeySpec) (*Namespace, error) {
	if k.Account == "" {
		var err error
		if k.Account, err = r.DefaultAccount(ctx); err != nil {
			return nil, err
		}
	}
	if k.Account == "" {
		return nil, errors.New("there is no account yet")
	}
	if k.Env == "" {
		k.Env = Test
	}
	switch k.Kind {
	case "":
		k.Kind = SecretKey
	case SecretKey, PublishableKey, RestrictedKey:
	default:
		return nil, fmt.Errorf("%q is not a kind of key: use sk, pk or rk", k.Kind)
	}
	if k.Version != "" && !spec.KnownVersion(k.Version) {
		return nil, fmt.Errorf("there is no API version %q", k.Version)
	}
	if k.Kind == RestrictedKey && k.Rights == nil {
		k.Rights = Rights{}
	}
	if k.Kind != RestrictedKey && k.Rights != nil {
		return nil, errors.New("only a restricted key has rights of its own")
	}
	if !k.Expires.IsZero() && !k.Expires.After(r.now()) {
		return nil, errors.New("a key cannot end before it begins")
	}
	return r.namespace(ctx, k.Account, k.Env, "")
}

// issue writes a key.
func (r *Registry) issue(ctx context.Context, k KeySpec, secret string) (*Issued, error) {
	s, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	issued := r.newKey(k, secret)
	err = r.store.Update(ctx, func(tx store.Tx) error {
		if err := r.putKey(tx, s, issued); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.created", issued.Key)
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

func (r *Registry) newKey(k KeySpec, secret string) *Issued {
	now := r.now()
	key := &Key{
		ID: clock.Long(r.clock, "key_", k.Account, now), Kind: k.Kind, Name: k.Name,
		Prefix: secret[:len("sk_test_")], Last4: secret[len(secret)-4:], Masked: Mask(secret),
		Account: k.Account, Env: k.Env, Rights: maps.Clone(k.Rights), Version: k.Version, Created: now.Unix(), Networks: slices.Clone(k.Networks),
	}
	if !k.Expires.IsZero() {
		key.Expires = k.Expires.Unix()
	}
	if k.Kind == PublishableKey {
		key.Value = secret
	}
	return &Issued{Key: key, Secret: secret}
}

// putKey writes a new key, if no other has its secret.
func (r *Registry) putKey(tx store.Tx, s *serverDoc, k *Issued) error {
	hash := hashSecret(s.key, k.Secret)
	page, err := tx.List(store.Query{NS: store.Control, Kind: kindKey, Where: []store.Cond{{Field: "hash", Values: []string{hash}}}, Limit: 1})
	if err != nil {
		return err
	}
	if len(page.Docs) > 0 {
		return fmt.Errorf("the key %s is known already", k.Masked)
	}
	return r.put(tx, &store.Doc{ID: k.ID, Kind: kindKey, Created: k.Created, Refs: keyRefs(k.Key, hash)}, keyDoc{Key: k.Key, Hash: hash})
}

func keyRefs(k *Key, hash string) []store.Ref {
	return []store.Ref{{Field: "hash", Value: hash}, {Field: "account", Value: k.Account}, {Field: "env", Value: k.Env}}
}

// ListKeys lists keys, newest first, those that expired included and ephemeral ones not. Empty arguments take all accounts, all environments.
func (r *Registry) ListKeys(_ context.Context, account, env string) ([]*Key, error) {
	q := store.Query{Kind: kindKey, Where: control.Where("account", account, "env", env)}
	keys := []*Key{}
	err := control.Each(r.store, q, func(d store.Doc) error {
		k, err := keyFrom(d)
		if err != nil || k.Kind == EphemeralKey {
			return err
		}
		keys = append(keys, k.Key)
		k.LastUsed, err = r.lastUse(k.ID)
		return err
	})
	return keys, err
}

// RollKey makes a key that can do what the key with this id can. The old one stays valid for the time of overlap.
func (r *Registry) RollKey(ctx context.Context, id string, overlap time.Duration) (*Issued, error) {
	if overlap < 0 || overlap > MaxOverlap {
		return nil, errors.New("the overlap can last from 0 to 7 days")
	}
	s, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	var issued *Issued
	err = r.store.Update(ctx, func(tx store.Tx) error {
		old, err := r.expire(tx, id, r.now().Add(overlap))
		if err != nil {
			return err
		}
		k := KeySpec{Account: old.Account, Env: old.Env, Kind: old.Kind, Name: old.Name, Rights: old.Rights, Version: old.Version, Networks: old.Networks}
		issued = r.newKey(k, newSecret(r.clock, old.Kind, old.Account, old.Env == Live))
		if err := r.putKey(tx, s, issued); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.rolled", old, "to", issued.ID, "overlap", overlap.String())
	})
	if err != nil {
		return nil, err
	}
	r.epoch.Add(1)
	return issued, nil
}

// ExpireKey makes a key useless at once.
func (r *Registry) ExpireKey(ctx context.Context, id string) (*Key, error) {
	var key *Key
	err := r.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if key, err = r.expire(tx, id, r.now()); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.expired", key)
	})
	if err != nil {
		return nil, err
	}
	r.epoch.Add(1)
	return key, nil
}

// expire sets when a key ends. A key that ends sooner keeps its end; one that has ended cannot be rolled or expired.
func (r *Registry) expire(tx store.Tx, id string, at time.Time) (*Key, error) {
	k, d, err := loadKey(tx, id)
	if err != nil {
		return nil, err
	}
	if k.Expired(r.now()) {
		return nil, apierr.Invalid("", "", "The key %s has expired already.", k.Masked)
	}
	if k.Expires == 0 || at.Unix() < k.Expires {
		k.Expires = at.Unix()
	}
	d.Refs = keyRefs(k.Key, k.Hash)
	return k.Key, r.put(tx, &d, k)
}
