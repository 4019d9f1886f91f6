package access

import (
	"context"
	"errors"
	"fmt"

	"sharesmart/internal/apierr"
	"sharesmart/internal/audit"
	"sharesmart/internal/control"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// The API version of requests and events, where nothing else says which. Whoever is granted something reads it with the
// key, so that a request costs nothing for it.

// accountDoc is what is settled for an account as a whole.
type accountDoc struct {
	Version string `json:"version,omitempty"`
}

func accountID(account string) string { return "account:" + account }

// Version is the API version of an account; empty is the newest. It may be asked for within a transaction, and costs a
// map look-up.
func (r *Registry) Version(account string) (string, error) {
	if known, ok := r.versions.Load(account); ok {
		return known.(string), nil
	}
	var a accountDoc
	_, err := control.Load(r.store, accountID(account), &a)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	known, _ := r.versions.LoadOrStore(account, a.Version)
	return known.(string), nil
}

// SetVersion sets the API version of an account; empty is the newest.
func (r *Registry) SetVersion(ctx context.Context, account, version string) error {
	if version != "" && !spec.KnownVersion(version) {
		return fmt.Errorf("there is no API version %q", version)
	}
	err := r.settle(ctx, func(tx store.Tx) error {
		var a accountDoc
		d, err := control.Load(tx, accountID(account), &a)
		if errors.Is(err, store.ErrNotFound) {
			d, err = store.Doc{ID: accountID(account), Kind: kindAccount}, nil
		}
		if err != nil {
			return err
		}
		a.Version = version
		if err := r.put(tx, &d, a); err != nil {
			return err
		}
		return audit.Append(ctx, tx, r.clock, audit.Entry{Action: "account.version", Account: account, Subject: account, Details: map[string]string{"version": version}})
	})
	if err == nil {
		r.versions.Store(account, version)
	}
	return err
}

// SetKeyVersion sets the API version of a key; empty takes the account's.
func (r *Registry) SetKeyVersion(ctx context.Context, id, version string) error {
	if version != "" && !spec.KnownVersion(version) {
		return fmt.Errorf("there is no API version %q", version)
	}
	return r.settle(ctx, func(tx store.Tx) error {
		var k keyDoc
		d, err := control.Load(tx, id, &k)
		if errors.Is(err, store.ErrNotFound) || err == nil && d.Kind != kindKey {
			return apierr.Missing(kindKey, id, "id")
		}
		if err != nil {
			return err
		}
		k.Version = version
		d.Refs = keyRefs(k.Key, k.Hash)
		if err := r.put(tx, &d, k); err != nil {
			return err
		}
		return r.auditKey(ctx, tx, "key.version", k.Key, "version", version)
	})
}

// settle writes what grants go by.
func (r *Registry) settle(ctx context.Context, write func(store.Tx) error) error {
	if err := r.store.Update(ctx, write); err != nil {
		return err
	}
	r.epoch.Add(1)
	return nil
}
