package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// The environments that every account has. Any other is the id of a sandbox.
const (
	Test = "test"
	Live = "live"
)

// Namespace is one account in one environment. It must not be changed.
type Namespace struct {
	NS      store.NS `json:"ns"`
	Account string   `json:"account"`
	Env     string   `json:"env"` // Test, Live or the id of a sandbox
	Live    bool     `json:"live"`
	// Platform is the account that this one is connected to; empty for an account of its own.
	Platform string `json:"platform,omitempty"`
}

// IsSandbox reports whether the namespace belongs to a sandbox.
func (n *Namespace) IsSandbox() bool { return isSandbox(n.Env) }

func isSandbox(env string) bool { return strings.HasPrefix(env, sandboxPrefix) }

// place is what a namespace is found by.
type place struct{ account, env string }

func (p place) id() string { return "ns:" + p.account + "/" + p.env }

// Namespace finds the namespace of an account in an environment and makes it on first use.
func (r *Registry) Namespace(account, env string) (*Namespace, error) {
	return r.namespace(context.Background(), account, env, "")
}

func (r *Registry) namespace(ctx context.Context, account, env, platform string) (*Namespace, error) {
	p := place{account, env}
	n, err := r.find(p)
	if !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		n, err = r.NamespaceIn(tx, account, env, platform)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.keep(n), nil
}

// Known is Namespace for one that was made before; else it is store.ErrNotFound.
func (r *Registry) Known(account, env string) (*Namespace, error) { return r.find(place{account, env}) }

// NamespaceIn is Namespace from within a transaction. What it makes is cached once it was committed and asked for again.
// platform is the account that a new namespace is connected to, if any.
func (r *Registry) NamespaceIn(tx store.Tx, account, env, platform string) (*Namespace, error) {
	p := place{account, env}
	r.mu.RLock()
	n := r.namespaces[p]
	r.mu.RUnlock()
	if n != nil {
		return n, nil
	}
	n = &Namespace{}
	if _, err := control.Load(tx, p.id(), n); !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	if err := checkPlace(tx, p); err != nil {
		return nil, err
	}
	return r.makeNamespace(tx, p, platform)
}

// find looks a namespace up, in the cache first.
func (r *Registry) find(p place) (*Namespace, error) {
	r.mu.RLock()
	n := r.namespaces[p]
	r.mu.RUnlock()
	if n != nil {
		return n, nil
	}
	return r.reread(p)
}

// reread reads a namespace from the store.
func (r *Registry) reread(p place) (*Namespace, error) {
	n := &Namespace{}
	if _, err := control.Load(r.store, p.id(), n); err != nil {
		return nil, err
	}
	return r.keep(n), nil
}

// keep caches a namespace and returns the cached one, so that equal namespaces are one pointer. A number that is lower
// than the cached one was read before a reset.
func (r *Registry) keep(n *Namespace) *Namespace {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := place{n.Account, n.Env}
	known := r.namespaces[p]
	if known != nil && known.NS >= n.NS {
		return known
	}
	if known != nil {
		delete(r.numbers, known.NS)
	}
	r.namespaces[p], r.numbers[n.NS] = n, n
	return n
}

// ByNS finds a namespace by its number: whose timer is due? It is store.ErrNotFound when there is none any more.
func (r *Registry) ByNS(number store.NS) (*Namespace, error) {
	r.mu.RLock()
	n := r.numbers[number]
	r.mu.RUnlock()
	if n != nil {
		return n, nil
	}
	page, err := r.store.List(store.Query{NS: store.Control, Kind: kindNamespace, Where: control.Where("ns", store.Number(int64(number))), Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		return nil, fmt.Errorf("access: namespace %d: %w", number, store.ErrNotFound)
	}
	n = &Namespace{}
	if err := json.Unmarshal(page.Docs[0].Data, n); err != nil {
		return nil, fmt.Errorf("access: namespace %d: %w", number, err)
	}
	return r.keep(n), nil
}

// checkPlace refuses namespaces that must not come to be by being asked for.
func checkPlace(tx store.Tx, p place) error {
	if p.account == "" {
		return errors.New("access: a namespace needs an account")
	}
	switch {
	case p.env == Test || p.env == Live:
		return nil
	case isSandbox(p.env):
		_, _, err := loadSandbox(tx, p.env)
		return err
	}
	return apierr.Invalid("", "env", "%q is not an environment: use test, live or the id of a sandbox.", p.env)
}

// makeNamespace writes a namespace with a number of its own.
func (r *Registry) makeNamespace(tx store.Tx, p place, platform string) (*Namespace, error) {
	number, err := r.nextNS(tx)
	if err != nil {
		return nil, err
	}
	n := &Namespace{NS: number, Account: p.account, Env: p.env, Live: p.env == Live, Platform: platform}
	d := &store.Doc{ID: p.id(), Kind: kindNamespace, Refs: n.refs()}
	return n, r.put(tx, d, n)
}

func (n *Namespace) refs() []store.Ref {
	return []store.Ref{{Field: "account", Value: n.Account}, {Field: "env", Value: n.Env}, {Field: "ns", Value: store.Number(int64(n.NS))}}
}

// nextNS takes the next number for a namespace. Numbers are never used twice.
func (r *Registry) nextNS(tx store.Tx) (store.NS, error) {
	var counter struct {
		Last store.NS `json:"last"`
	}
	d, err := control.Load(tx, counterID, &counter)
	if errors.Is(err, store.ErrNotFound) {
		d, err = store.Doc{ID: counterID, Kind: kindServer}, nil
	}
	if err != nil {
		return 0, err
	}
	counter.Last++
	return counter.Last, r.put(tx, &d, counter)
}

// Sibling is the other mode of an account: live for test and the reverse. It is nil for a sandbox, and when the other
// mode was never used.
func (r *Registry) Sibling(n *Namespace) *Namespace {
	other := Live
	switch {
	case n.IsSandbox():
		return nil
	case n.Live:
		other = Test
	}
	sibling, err := r.find(place{n.Account, other})
	if err != nil {
		return nil
	}
	return sibling
}

// Connected finds the namespace of a connected account in the environment of the grant. The account must be known to
// the platform: an object of kind account in the platform's own namespace.
func (r *Registry) Connected(g *Grant, account string) (*Namespace, error) {
	platform := g.Namespace
	if account == platform.Account {
		return platform, nil
	}
	d, err := r.store.Get(platform.NS, account)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (d.Deleted || d.Kind != "account"):
		return nil, NoAccess(g.Key, account)
	case err != nil:
		return nil, fmt.Errorf("access: read account %s: %w", account, err)
	}
	return r.namespace(context.Background(), account, platform.Env, platform.Account)
}

// NoAccess is the error for an account that a key may not act for, or that there is not.
func NoAccess(k *Key, account string) error {
	return &apierr.Error{
		Status: http.StatusForbidden, Type: apierr.TypeInvalid, Code: "account_invalid", Early: true,
		Message: "The provided key '" + k.Masked + "' does not have access to account '" + account +
			"' (or that account does not exist). Application access may have been revoked.",
	}
}

// Namespaces are all namespaces of all accounts.
func (r *Registry) Namespaces() ([]*Namespace, error) {
	var all []*Namespace
	err := control.Each(r.store, store.Query{Kind: kindNamespace}, func(d store.Doc) error {
		n := &Namespace{}
		if err := json.Unmarshal(d.Data, n); err != nil {
			return fmt.Errorf("access: namespace %s: %w", d.ID, err)
		}
		all = append(all, n)
		return nil
	})
	return all, err
}
