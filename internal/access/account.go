package access

import (
	"context"
	"errors"
	"fmt"

	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// Account is a new account with its first keys.
type Account struct {
	ID              string
	TestSecret      *Issued
	TestPublishable *Issued
	LiveSecret      *Issued
	LivePublishable *Issued
}

// ErrAccountExists says that an account cannot be made again.
var ErrAccountExists = errors.New("the account exists already")

// CreateAccount makes an account with its test and live namespaces and a secret and a publishable key for each. The
// first account becomes the default. An empty id makes one.
func (r *Registry) CreateAccount(ctx context.Context, id string) (*Account, error) {
	s, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	if id == "" {
		id = clock.Account(r.clock, r.now())
	}
	a, updated := &Account{ID: id}, *s
	err = r.store.Update(ctx, func(tx store.Tx) error {
		if err := r.fill(tx, &updated, a); err != nil {
			return err
		}
		if err := audit.Append(ctx, tx, r.clock, audit.Entry{Action: "account.created", Account: id, Subject: id}); err != nil {
			return err
		}
		d, err := control.Load(tx, serverID, &updated)
		if err != nil || updated.DefaultAccount != "" {
			return err
		}
		updated.DefaultAccount = id
		return r.put(tx, &d, updated)
	})
	if err != nil {
		return nil, fmt.Errorf("access: create account: %w", err)
	}
	return a, r.useSettings(&updated)
}

// fill makes the account's namespaces and keys.
func (r *Registry) fill(tx store.Tx, s *serverDoc, a *Account) error {
	for _, env := range []string{Test, Live} {
		if _, err := r.makeNamespace(tx, place{a.ID, env}, ""); errors.Is(err, store.ErrExists) {
			return fmt.Errorf("%s: %w", a.ID, ErrAccountExists)
		} else if err != nil {
			return err
		}
	}
	for _, k := range []struct {
		kind, env string
		issued    **Issued
	}{
		{SecretKey, Test, &a.TestSecret}, {PublishableKey, Test, &a.TestPublishable},
		{SecretKey, Live, &a.LiveSecret}, {PublishableKey, Live, &a.LivePublishable},
	} {
		issued, err := r.firstKey(tx, s, place{a.ID, k.env}, k.kind)
		if err != nil {
			return err
		}
		*k.issued = issued
	}
	return nil
}

// firstKey makes one of the keys that a new account or sandbox comes with.
func (r *Registry) firstKey(tx store.Tx, s *serverDoc, p place, kind string) (*Issued, error) {
	name := "Secret key"
	if kind == PublishableKey {
		name = "Publishable key"
	}
	k := r.newKey(KeySpec{Account: p.account, Env: p.env, Kind: kind, Name: name}, newSecret(r.clock, kind, p.account, p.env == Live))
	return k, r.putKey(tx, s, k)
}
