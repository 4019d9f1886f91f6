package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// SandboxTimer is the kind of the timer that ends a sandbox; it is set in the Control namespace, for the sandbox's id.
// Whoever runs timers calls ExpireSandbox for it.
const SandboxTimer = "sandbox.expire"

const sandboxPrefix = "sbx_"

// Sandbox is an environment that can be thrown away: it has its own objects and keys, and costs a few rows.
type Sandbox struct {
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	Account string `json:"account"`
	Created int64  `json:"created"`
	Expires int64  `json:"expires,omitempty"` // unix seconds; 0 is never

	Metadata map[string]string `json:"metadata,omitempty"`
}

// NewSandbox is a sandbox with its keys.
type NewSandbox struct {
	*Sandbox
	SecretKey      string `json:"secret_key"`
	PublishableKey string `json:"publishable_key"`
}

// SandboxSpec says what sandbox to make.
type SandboxSpec struct {
	Account string // empty takes the default account
	Name    string
	TTL     time.Duration // 0 is for ever

	Metadata map[string]string
}

// CreateSandbox makes an empty sandbox.
func (r *Registry) CreateSandbox(ctx context.Context, spec SandboxSpec) (*NewSandbox, error) {
	return r.makeSandbox(ctx, spec, func(tx store.Tx, s *Sandbox) error { return r.auditSandbox(ctx, tx, "sandbox.created", s) })
}

// CloneSandbox makes a sandbox that holds what another holds, connected accounts included. Saved answers, logs and old
// versions of objects stay behind.
func (r *Registry) CloneSandbox(ctx context.Context, id string, spec SandboxSpec) (*NewSandbox, error) {
	return r.makeSandbox(ctx, spec, func(tx store.Tx, s *Sandbox) error {
		from, _, err := loadSandbox(tx, id)
		if err != nil {
			return err
		}
		if from.Account != s.Account {
			return apierr.Missing(kindSandbox, id, "sandbox")
		}
		if err := r.auditSandbox(ctx, tx, "sandbox.cloned", s, "from", id); err != nil {
			return err
		}
		return r.eachNamespace(tx, id, func(_ store.Doc, n *Namespace) error {
			to, err := r.sandboxNamespace(tx, place{n.Account, s.ID}, n.Platform)
			if err != nil {
				return err
			}
			return tx.Copy(n.NS, to.NS, false)
		})
	})
}

// sandboxNamespace finds or makes a namespace of a sandbox that is being made.
func (r *Registry) sandboxNamespace(tx store.Tx, p place, platform string) (*Namespace, error) {
	n := &Namespace{}
	_, err := control.Load(tx, p.id(), n)
	if errors.Is(err, store.ErrNotFound) {
		return r.makeNamespace(tx, p, platform)
	}
	return n, err
}

// makeSandbox writes a sandbox, its namespace, keys and timer, and lets fill put objects into it.
func (r *Registry) makeSandbox(ctx context.Context, spec SandboxSpec, fill func(store.Tx, *Sandbox) error) (*NewSandbox, error) {
	if spec.TTL < 0 {
		return nil, errors.New("a sandbox cannot end before it begins")
	}
	s, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	if spec.Account == "" {
		spec.Account = s.DefaultAccount
	}
	if spec.Account == "" {
		return nil, errors.New("there is no account yet")
	}
	made := &NewSandbox{Sandbox: r.newSandbox(spec)}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		if err := r.writeSandbox(tx, s, made); err != nil {
			return err
		}
		return fill(tx, made.Sandbox)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (r *Registry) newSandbox(spec SandboxSpec) *Sandbox {
	now := r.now()
	s := &Sandbox{
		ID: clock.Long(r.clock, sandboxPrefix, spec.Account, now), Name: spec.Name, Account: spec.Account,
		Created: now.Unix(), Metadata: maps.Clone(spec.Metadata),
	}
	if s.Metadata == nil {
		s.Metadata = map[string]string{}
	}
	if spec.TTL > 0 {
		s.Expires = now.Add(spec.TTL).Unix()
	}
	return s
}

func (r *Registry) writeSandbox(tx store.Tx, s *serverDoc, made *NewSandbox) error {
	d := &store.Doc{ID: made.ID, Kind: kindSandbox, Created: made.Created, Refs: made.refs()}
	if err := r.put(tx, d, made.Sandbox); err != nil {
		return err
	}
	p := place{made.Account, made.ID}
	if _, err := r.makeNamespace(tx, p, ""); err != nil {
		return err
	}
	secret, err := r.firstKey(tx, s, p, SecretKey)
	if err != nil {
		return err
	}
	publishable, err := r.firstKey(tx, s, p, PublishableKey)
	if err != nil {
		return err
	}
	made.SecretKey, made.PublishableKey = secret.Secret, publishable.Secret
	if made.Expires == 0 {
		return nil
	}
	return tx.SetTimer(store.Timer{NS: store.Control, Due: made.Expires, Kind: SandboxTimer, ID: made.ID})
}

func (s *Sandbox) refs() []store.Ref { return []store.Ref{{Field: "account", Value: s.Account}} }

// ResetSandbox empties a sandbox. Its id and its keys stay.
func (r *Registry) ResetSandbox(ctx context.Context, id string) (*Sandbox, error) {
	var s *Sandbox
	var fresh []*Namespace
	err := r.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if s, _, err = loadSandbox(tx, id); err != nil {
			return err
		}
		if err := r.auditSandbox(ctx, tx, "sandbox.reset", s); err != nil {
			return err
		}
		return r.eachNamespace(tx, id, func(d store.Doc, n *Namespace) error {
			fresh = append(fresh, n)
			return r.renumber(tx, d, n)
		})
	})
	if err != nil {
		return nil, err
	}
	for _, n := range fresh {
		r.keep(n)
	}
	r.epoch.Add(1)
	return s, nil
}

// renumber gives a namespace a fresh number, under which there is nothing, and drops what was under the old one.
func (r *Registry) renumber(tx store.Tx, d store.Doc, n *Namespace) error {
	old := n.NS
	var err error
	if n.NS, err = r.nextNS(tx); err != nil {
		return err
	}
	d.Refs = n.refs()
	if err := r.put(tx, &d, n); err != nil {
		return err
	}
	return tx.Drop(old)
}

// DeleteSandbox removes a sandbox with its objects and keys.
func (r *Registry) DeleteSandbox(ctx context.Context, id string) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		s, d, err := loadSandbox(tx, id)
		if err != nil {
			return err
		}
		return r.removeSandbox(ctx, tx, s, d)
	})
	if err == nil {
		r.forget(id)
	}
	return err
}

// ExpireSandbox deletes a sandbox whose time is over. It is called when its timer is due, and does nothing when the
// sandbox is gone or was given more time.
func (r *Registry) ExpireSandbox(ctx context.Context, id string) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		s, d, err := loadSandbox(tx, id)
		switch {
		case apierr.As(err) != nil:
			return stopTimer(tx, id)
		case err != nil:
			return err
		case s.Expires > r.now().Unix():
			return nil
		}
		return r.removeSandbox(ctx, tx, s, d)
	})
	if err == nil {
		r.forget(id)
	}
	return err
}

func (r *Registry) removeSandbox(ctx context.Context, tx store.Tx, s *Sandbox, d store.Doc) error {
	id := d.ID
	if err := r.auditSandbox(ctx, tx, "sandbox.deleted", s); err != nil {
		return err
	}
	if err := control.Remove(tx, d); err != nil {
		return err
	}
	err := r.eachNamespace(tx, id, func(d store.Doc, n *Namespace) error {
		if err := control.Remove(tx, d); err != nil {
			return err
		}
		return tx.Drop(n.NS)
	})
	if err != nil {
		return err
	}
	if err := r.removeSnapshots(tx, id); err != nil {
		return err
	}
	keys, err := control.Collect(tx, store.Query{Kind: kindKey, Where: control.Where("env", id)})
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := control.Remove(tx, k); err != nil {
			return err
		}
	}
	return stopTimer(tx, id)
}

func stopTimer(tx store.Tx, id string) error {
	return tx.SetTimer(store.Timer{NS: store.Control, Kind: SandboxTimer, ID: id})
}

// ListSandboxes lists the sandboxes of an account, newest first. An empty account takes all.
func (r *Registry) ListSandboxes(_ context.Context, account string) ([]*Sandbox, error) {
	list := []*Sandbox{}
	err := control.Each(r.store, store.Query{Kind: kindSandbox, Where: control.Where("account", account)}, func(d store.Doc) error {
		s := &Sandbox{Metadata: map[string]string{}}
		if err := json.Unmarshal(d.Data, s); err != nil {
			return fmt.Errorf("access: sandbox %s: %w", d.ID, err)
		}
		list = append(list, s)
		return nil
	})
	return list, err
}

// Sandbox finds a sandbox.
func (r *Registry) Sandbox(id string) (*Sandbox, error) {
	s, _, err := loadSandbox(r.store, id)
	return s, err
}

func loadSandbox(from store.Reader, id string) (*Sandbox, store.Doc, error) {
	s := &Sandbox{Metadata: map[string]string{}}
	d, err := control.Load(from, id, s)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Kind != kindSandbox {
		return nil, d, apierr.Missing(kindSandbox, id, "sandbox")
	}
	return s, d, err
}

// eachNamespace calls fn for the namespaces of a sandbox: of its own account and of those connected to it.
func (r *Registry) eachNamespace(tx store.Tx, id string, fn func(store.Doc, *Namespace) error) error {
	docs, err := control.Collect(tx, store.Query{Kind: kindNamespace, Where: control.Where("env", id)})
	if err != nil {
		return err
	}
	for _, d := range docs {
		n := &Namespace{}
		if err := json.Unmarshal(d.Data, n); err != nil {
			return fmt.Errorf("access: namespace %s: %w", d.ID, err)
		}
		if err := fn(d, n); err != nil {
			return err
		}
	}
	return nil
}

// auditSandbox writes down what was done to a sandbox.
func (r *Registry) auditSandbox(ctx context.Context, tx store.Tx, action string, s *Sandbox, details ...string) error {
	e := audit.Entry{Action: action, Account: s.Account, Env: s.ID, Subject: s.ID, Details: map[string]string{}}
	if s.Name != "" {
		e.Details["name"] = s.Name
	}
	for pair := range slices.Chunk(details, 2) {
		e.Details[pair[0]] = pair[1]
	}
	return audit.Append(ctx, tx, r.clock, e)
}

// forget drops what is cached of a sandbox that was removed.
func (r *Registry) forget(env string) {
	r.mu.Lock()
	for p, n := range r.namespaces {
		if p.env == env {
			delete(r.namespaces, p)
			delete(r.numbers, n.NS)
		}
	}
	r.mu.Unlock()
	r.epoch.Add(1)
}
