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
	return r.issueIn(tx, n, KeySpec{Kind: EphemeralKey}, func(k *Key) { k.Subject, k.Expires = subject, expires.Unix() })
}

// IssueAccountIn makes a key of another kind for a namespace from within a transaction: what a connected account's seller
// lets its platform have.
func (r *Registry) IssueAccountIn(tx store.Tx, n *Namespace, kind string, rights Rights) (*Issued, error) {
	return r.issueIn(tx, n, KeySpec{Kind: kind, Rights: rights, Name: "OAuth"}, func(*Key) {})
}

func (r *Registry) issueIn(tx store.Tx, n *Namespace, spec KeySpec, fill func(*Key)) (*Issued, error) {
	s, err := r.settingsIn(tx)
	if err != nil {
		return nil, err
	}
	spec.Account, spec.Env = n.Account, n.Env
	k := r.newKey(spec, newSecret(r.clock, spec.Kind, n.Account, n.Live))
	fill(k.Key)
	return k, r.putKey(tx, s, k)
}

// RevokeIn removes a key from within a transaction. One that is gone already is no error. What is cached
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
