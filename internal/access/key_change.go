package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/audit"
	"sharesmart/internal/control"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// KeyChange is what may be changed of a key.
type KeyChange struct {
	Name     string
	Rights   Rights // of a restricted key; nil of others
	Networks []netip.Prefix
	Version  string // of the API, where a request names none; empty takes the account's
}

// FindKey finds a key by its id.
func (r *Registry) FindKey(id string) (*Key, error) {
	k, _, err := loadKey(r.store, id)
	if err != nil {
		return nil, err
	}
	k.LastUsed, err = r.lastUse(k.ID)
	return k.Key, err
}

func loadKey(from store.Reader, id string) (keyDoc, store.Doc, error) {
	d, err := from.Get(store.Control, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.Deleted || d.Kind != kindKey) {
		return keyDoc{}, d, apierr.Missing(kindKey, id, "id")
	}
	if err != nil {
		return keyDoc{}, d, err
	}
	k, err := keyFrom(d)
	if err == nil && k.Kind == EphemeralKey {
		err = apierr.Missing(kindKey, id, "id")
	}
	return k, d, err
}

// UpdateKey changes what a key is called, what it may do and from where. It counts at once.
func (r *Registry) UpdateKey(ctx context.Context, id string, c KeyChange) (*Key, error) {
	if c.Version != "" && !spec.KnownVersion(c.Version) {
		return nil, fmt.Errorf("there is no API version %q", c.Version)
	}
	var changed *Key
	err := r.store.Update(ctx, func(tx store.Tx) error {
		k, d, err := loadKey(tx, id)
		if err != nil {
			return err
		}
		if k.Expired(r.now()) {
			return apierr.Invalid("", "", "The key %s has expired already.", k.Masked)
		}
		if (k.Kind == RestrictedKey) != (c.Rights != nil) {
			return errors.New("a restricted key has rights of its own, and no other")
		}
		k.Name, k.Rights, k.Networks, k.Version = c.Name, maps.Clone(c.Rights), slices.Clone(c.Networks), c.Version
		d.Refs = keyRefs(k.Key, k.Hash)
		changed = k.Key
		if err := r.put(tx, &d, k); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.changed", k.Key)
	})
	if err != nil {
		return nil, err
	}
	r.epoch.Add(1)
	return changed, nil
}

// DeleteKey removes a key. Requests with it are refused as if it had never been; the log keeps what it did.
func (r *Registry) DeleteKey(ctx context.Context, id string) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		k, d, err := loadKey(tx, id)
		if err != nil {
			return err
		}
		if err := control.Remove(tx, d); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.deleted", k.Key)
	})
	if err == nil {
		r.epoch.Add(1)
	}
	return err
}

// auditKey writes down what was done to a key.
func (r *Registry) auditKey(ctx context.Context, tx store.Tx, action string, k *Key, details ...string) error {
	e := audit.Entry{Action: action, Account: k.Account, Env: k.Env, Subject: k.ID, Details: map[string]string{"key": k.Masked}}
	if k.Name != "" {
		e.Details["name"] = k.Name
	}
	for pair := range slices.Chunk(details, 2) {
		e.Details[pair[0]] = pair[1]
	}
	return audit.Append(ctx, tx, r.clock, e)
}
