// Package people owns those who run the business: who may sign in to the Dashboard, how they prove who they are, in which
// browsers they are signed in, and what their role lets them do.
//
//	person      somebody with an address, a password, and a role in an account or several
//	session     a browser that a person is signed in with
//	pass        a link that is good for one thing, once: to set the server up, to join, to choose a new password
//
// Everything is kept as documents in the store's Control namespace, beside keys and sandboxes (package access). Secrets
// are kept as hashes, those of people as argon2id; what a person does is written to the audit log in the same transaction.
//
// It does not know what pages there are. Members, who use what is sold, are package member's.
package people

import (
	"context"
	"errors"
	"fmt"
	"maps"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/mail"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

// Kinds of the documents in the Control namespace.
const (
	kindPerson  = "dashboard_person" // a "person" is one of the API
	kindSession = "person_session"
	kindPass    = "person_pass"
)

// Unversioned are the kinds of which nobody asks for old versions (store.Options): what was a secret is gone with it.
var Unversioned = []string{kindPerson, kindSession, kindPass}

// Person is somebody who may sign in.
type Person struct {
	ID      string          `json:"id"`
	Email   string          `json:"email"` // in small letters; no two people have the same
	Name    string          `json:"name"`
	Created int64           `json:"created"` // unix seconds
	Seen    int64           `json:"seen,omitempty"`
	Roles   map[string]Role `json:"roles"` // by account
}

// personDoc is a person as it is stored.
type personDoc struct {
	*Person
	Password string       `json:"password,omitempty"` // as hashPassword makes it
	TOTP     *totpDoc     `json:"totp,omitempty"`
	Recovery []string     `json:"recovery,omitempty"` // hashes of recovery codes
	Passkeys []passkeyDoc `json:"passkeys,omitempty"`
}

// Options are what a Registry is made of.
type Options struct {
	Store store.Store
	Clock clock.Clock
	// Access, Engine and Mail write to people; without Mail nothing is written.
	Access *access.Registry
	Engine *resource.Engine
	Mail   *mail.Mailer
	// BaseURL is where the Dashboard is reached, without a slash at its end.
	BaseURL string
}

// Registry finds people and their sessions, and makes them. It is safe for concurrent use.
//
// Its methods run transactions of their own, so they must not be called from within one.
type Registry struct {
	o     Options
	store store.Store
	clock clock.Clock

	steps      *pending[step]
	ceremonies *pending[ceremony]
	// hashing bounds how many passwords are hashed at once: each takes 19 MiB and a core for some 20 ms.
	hashing chan struct{}
	barred  *ratelimit.Limiter // wrong codes by person
}

// New returns a Registry over a store. It reads nothing yet.
func New(o Options) *Registry {
	return &Registry{
		o: o, store: o.Store, clock: o.Clock, hashing: make(chan struct{}, 2),
		steps: newPending[step](o.Clock, stepLife), ceremonies: newPending[ceremony](o.Clock, ceremonyLife), barred: ratelimit.New(o.Clock, wrongCodesAnHour, time.Hour),
	}
}

// Invalid says what is wrong with what a person entered, in words for that person.
type Invalid struct{ Field, Text string }

func (e *Invalid) Error() string { return e.Text }

// What else may be said.
var (
	// ErrNotFound means that there is no such person, session or pass, or not any more.
	ErrNotFound = errors.New("people: not found")
	// ErrLastOwner means that an account would be left without an owner.
	ErrLastOwner = errors.New("people: an account needs an owner")
)

// NewPerson is what somebody enters who is to be a person.
type NewPerson struct{ Email, Name, Password string }

const (
	maxName  = 100
	maxEmail = 254
)

// check puts what was entered into its form, and says what is wrong with it.
func (n *NewPerson) check() error {
	n.Email, n.Name = normalEmail(n.Email), strings.TrimSpace(n.Name)
	if !isEmail(n.Email) {
		return &Invalid{"email", "Enter an address such as jenny@example.com"}
	}
	if n.Name == "" || len(n.Name) > maxName {
		return &Invalid{"name", "Enter the name that others know you by"}
	}
	return checkPassword(n.Password, n.Email, n.Name)
}

func normalEmail(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

func isEmail(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= maxEmail
}

// create writes a new person with a role in an account.
func (r *Registry) create(tx store.Tx, n NewPerson, hash, account string, role Role) (*personDoc, error) {
	_, err := control.First(tx, store.Query{Kind: kindPerson, Where: control.Where("email", n.Email)})
	if err == nil {
		return nil, &Invalid{"email", "Somebody with this address is here already"}
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	now := r.clock.Now()
	p := &personDoc{
		Person:   &Person{ID: clock.Long(r.clock, "usr_", account, now), Email: n.Email, Name: n.Name, Created: now.Unix(), Roles: map[string]Role{account: role}},
		Password: hash,
	}
	return p, control.Put(tx, &store.Doc{ID: p.ID, Kind: kindPerson, Refs: p.refs()}, p, now.Unix())
}

func (p *personDoc) refs() []store.Ref {
	refs := []store.Ref{{Field: "email", Value: p.Email}}
	for account, role := range p.Roles {
		refs = append(refs, store.Ref{Field: "account", Value: account}, store.Ref{Field: "role", Value: account + " " + role.String()})
	}
	return refs
}

func (r *Registry) load(from store.Reader, id string) (*personDoc, store.Doc, error) {
	p := &personDoc{}
	d, err := control.Load(from, id, p)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Kind != kindPerson {
		return nil, d, ErrNotFound
	}
	return p, d, err
}

// save writes a person who was read.
func (r *Registry) save(tx store.Tx, d store.Doc, p *personDoc) error {
	d.Refs = p.refs()
	return control.Put(tx, &d, p, p.Created)
}

// byEmail finds a person by their address.
func (r *Registry) byEmail(from store.Reader, email string) (*personDoc, store.Doc, error) {
	d, err := control.First(from, store.Query{Kind: kindPerson, Where: control.Where("email", normalEmail(email))})
	if errors.Is(err, store.ErrNotFound) {
		return nil, d, ErrNotFound
	}
	if err != nil {
		return nil, d, err
	}
	p := &personDoc{}
	return p, d, control.Decode(d, p)
}

// Find is the person with an id.
func (r *Registry) Find(id string) (*Person, error) {
	p, _, err := r.load(r.store, id)
	if err != nil {
		return nil, err
	}
	return p.Person, nil
}

// All are the people of all accounts, newest first.
func (r *Registry) All() ([]*Person, error) { return r.Of("") }

// Of are the people of an account, newest first.
func (r *Registry) Of(account string) ([]*Person, error) {
	all := []*Person{}
	err := control.Each(r.store, store.Query{Kind: kindPerson, Where: control.Where("account", account)}, func(d store.Doc) error {
		p := &personDoc{}
		if err := control.Decode(d, p); err != nil {
			return err
		}
		all = append(all, p.Person)
		return nil
	})
	return all, err
}

// HasOwner reports whether an account has an owner.
func (r *Registry) HasOwner(account string) (bool, error) { return hasOwner(r.store, account) }

func hasOwner(from store.Reader, account string) (bool, error) {
	_, err := control.First(from, store.Query{Kind: kindPerson, Where: control.Where("role", account+" "+Owner.String())})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// audit writes down what a person did, or had done to them.
func (r *Registry) audit(ctx context.Context, tx store.Tx, action, account string, p *Person, details ...string) error {
	e := audit.Entry{Action: action, Account: account, Subject: p.ID, Details: map[string]string{"email": p.Email}}
	for i := 0; i+1 < len(details); i += 2 {
		e.Details[details[i]] = details[i+1]
	}
	return audit.Append(ctx, tx, r.clock, e)
}

// Home is the account that a person sees first: the only one, for most.
func (p *Person) Home() string {
	accounts := slices.Sorted(maps.Keys(p.Roles))
	if len(accounts) == 0 {
		return ""
	}
	return accounts[0]
}

// Actor is a person as one who acts.
func (p *Person) Actor(ip string) audit.Actor {
	return audit.Actor{Kind: audit.Person, ID: p.ID, Name: p.Email, IP: ip}
}

func (r *Registry) now() time.Time { return r.clock.Now() }

// update runs a transaction.
func (r *Registry) update(ctx context.Context, fn func(tx store.Tx) error) error {
	var invalid *Invalid
	err := r.store.Update(ctx, fn)
	if err == nil || errors.As(err, &invalid) {
		return err
	}
	for _, said := range []error{ErrNotFound, ErrLastOwner, ErrWrong, ErrWrongCode} {
		if errors.Is(err, said) {
			return err
		}
	}
	return fmt.Errorf("people: %w", err)
}
