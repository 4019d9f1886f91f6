package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// pass is a link that is good for one thing, once.
type pass struct {
	ID      string `json:"id"`
	For     string `json:"for"`
	Account string `json:"account,omitempty"`
	Person  string `json:"person,omitempty"` // who chooses a new password
	Email   string `json:"email,omitempty"`  // who is invited, with what role
	Role    Role   `json:"role,omitempty"`
	Created int64  `json:"created"`
	Expires int64  `json:"expires"`
	Hash    string `json:"hash"`
}

// What passes are for.
const (
	forSetUp   = "set_up"
	forJoining = "join"
	forReset   = "reset"
)

// setUpLife is how long the link that a start prints is good. The next start prints another.
const setUpLife = 24 * time.Hour

func (p *pass) refs() []store.Ref {
	var refs []store.Ref
	for _, ref := range []store.Ref{{Field: "for", Value: p.For}, {Field: "account", Value: p.Account}, {Field: "email", Value: p.Email}, {Field: "person", Value: p.Person}} {
		if ref.Value != "" {
			refs = append(refs, ref)
		}
	}
	return refs
}

// issue writes a pass and makes its token.
func (r *Registry) issue(tx store.Tx, p *pass, life time.Duration) (token string, err error) {
	now, secret := r.now(), clock.Secret(r.clock, secretSize)
	p.ID, p.Created, p.Expires, p.Hash = clock.Long(r.clock, "pass_", p.Account, now), now.Unix(), now.Add(life).Unix(), hashed(secret)
	return p.ID + "." + secret, control.Put(tx, &store.Doc{ID: p.ID, Kind: kindPass, Refs: p.refs()}, p, now.Unix())
}

// pass finds a pass by its token. It is ErrNotFound if it was used, or is too old.
func (r *Registry) pass(from store.Reader, token, what string) (*pass, store.Doc, error) {
	id, secret, _ := strings.Cut(token, ".")
	p := &pass{}
	d, err := control.Load(from, id, p)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.Kind != kindPass || p.For != what || !isSecret(secret, p.Hash) || p.Expires <= r.now().Unix()) {
		return nil, d, ErrNotFound
	}
	return p, d, err
}

// spend finds a pass as pass does, and removes it: it is good for one thing, once.
func (r *Registry) spend(tx store.Tx, token, what string) (*pass, error) {
	p, d, err := r.pass(tx, token, what)
	if err != nil {
		return nil, err
	}
	return p, control.Remove(tx, d)
}

// dropPasses removes the passes that are for one thing and have some values in fields.
func (r *Registry) dropPasses(tx store.Tx, what string, pairs ...string) error {
	docs, err := control.Collect(tx, store.Query{Kind: kindPass, Where: control.Where(append([]string{"for", what}, pairs...)...)})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := control.Remove(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// SetUpToken makes the token by which the first owner of an account sets it up; those made before are of no use any more.
// It is empty if there is an owner.
func (r *Registry) SetUpToken(ctx context.Context, account string) (token string, err error) {
	owned, err := r.HasOwner(account)
	if owned || err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx store.Tx) error {
		if err := r.dropPasses(tx, forSetUp, "account", account); err != nil {
			return err
		}
		token, err = r.issue(tx, &pass{For: forSetUp, Account: account}, setUpLife)
		return err
	})
	return token, err
}

// CanSetUp reports whether a token is one that sets up, still.
func (r *Registry) CanSetUp(token string) (bool, error) {
	_, _, err := r.pass(r.store, token, forSetUp)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// SetUp makes the first owner of an account, who is signed in then.
func (r *Registry) SetUp(ctx context.Context, token string, n NewPerson, c Client) (session string, err error) {
	if err := n.check(); err != nil {
		return "", err
	}
	hash, err := r.hashPassword(ctx, n.Password)
	if err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx store.Tx) error {
		link, err := r.spend(tx, token, forSetUp)
		if err != nil {
			return err
		}
		if owned, err := hasOwner(tx, link.Account); owned || err != nil {
			return errors.Join(ErrNotFound, err)
		}
		p, err := r.create(tx, n, hash, link.Account, Owner)
		if err != nil {
			return err
		}
		if _, session, err = r.begin(tx, p.Person, c); err != nil {
			return err
		}
		return r.audit(audit.By(ctx, p.Actor(c.IP)), tx, "account.set_up", link.Account, p.Person)
	})
	return session, err
}
