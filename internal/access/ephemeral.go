package access

import (
	"errors"
	"time"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// An ephemeral key lets an app act for one object, most often a customer, for a short time. It is made and removed
// inside the transaction of the object that stands for it.

// IssueIn makes an ephemeral key for a namespace from within a transaction.
func (r *Registry) IssueIn(tx store.Tx, n *Namespace, subject string, expires time.Time) (*Issued, error) {
	s, err := r.settingsIn(tx)
	if err != nil {
		return nil, err
	}
	k := r.newKey(KeySpec{Account: n.Account, Env: n.Env, Kind: EphemeralKey}, newSecret(r.clock, EphemeralKey, n.Account, n.Live))
	k.Subject, k.Expires = subject, expires.Unix()
	return k, r.putKey(tx, s, k)
}

// RevokeIn removes an ephemeral key from within a transaction. One that is gone already is no error. What is cached
// elsewhere ends within a second.
func (r *Registry) RevokeIn(tx store.Tx, id string) error {
	var k keyDoc
	d, err := control.Load(tx, id, &k)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r.epoch.Add(1)
	return control.Remove(tx, d)
}

// settingsIn is settings from within a transaction, where there are some.
func (r *Registry) settingsIn(tx store.Tx) (*serverDoc, error) {
	r.mu.RLock()
	s := r.server
	r.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s = &serverDoc{}
	if _, err := control.Load(tx, serverID, s); err != nil {
		return nil, err
	}
	return s, r.useSettings(s)
}
