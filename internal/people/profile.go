package people

import (
	"context"
	"errors"
	"strings"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// Security is how a person proves who they are.
type Security struct {
	TOTP     int64 // since when a code is needed; 0 if none is
	Recovery int   // recovery codes that are left
	Passkeys []Passkey
}

// SecurityOf is how a person proves who they are.
func (r *Registry) SecurityOf(id string) (*Security, error) {
	p, _, err := r.load(r.store, id)
	if err != nil {
		return nil, err
	}
	s := &Security{Recovery: len(p.Recovery)}
	if p.TOTP != nil {
		s.TOTP = p.TOTP.Since
	}
	for i := range p.Passkeys {
		k := p.Passkeys[i].Passkey
		k.ID = p.Passkeys[i].id()
		s.Passkeys = append(s.Passkeys, k)
	}
	return s, nil
}

// change changes a person, writes down that it was done, and tells them if it is about their security.
func (r *Registry) change(ctx context.Context, id, action string, fn func(p *personDoc) error, details ...string) error {
	var changed *Person
	err := r.update(ctx, func(tx store.Tx) error {
		p, d, err := r.load(tx, id)
		if err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
		changed = p.Person
		if err := r.save(tx, d, p); err != nil {
			return err
		}
		return r.audit(ctx, tx, action, p.Home(), p.Person, details...)
	})
	if err != nil {
		return err
	}
	return r.tell(ctx, changed, action)
}

// Rename changes what a person is called.
func (r *Registry) Rename(ctx context.Context, id, name string) error {
	if name = strings.TrimSpace(name); name == "" || len(name) > maxName {
		return &Invalid{"name", "Enter the name that others know you by"}
	}
	return r.change(ctx, id, "person.renamed", func(p *personDoc) error {
		p.Name = name
		return nil
	})
}

// ChangePassword sets a password and signs the person out everywhere else.
func (r *Registry) ChangePassword(ctx context.Context, s *Session, password string) error {
	p, err := r.Find(s.Person)
	if err != nil {
		return err
	}
	if err := checkPassword(password, p.Email, p.Name); err != nil {
		return err
	}
	hash, err := r.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	if err := r.EndOtherSessions(ctx, s); err != nil {
		return err
	}
	return r.change(ctx, p.ID, "person.password_changed", func(p *personDoc) error {
		p.Password = hash
		return nil
	})
}

// SessionsOf are the browsers in which a person is signed in, newest first.
func (r *Registry) SessionsOf(person string) ([]*Session, error) {
	var all []*Session
	err := control.Each(r.store, store.Query{Kind: kindSession, Where: control.Where("person", person)}, func(d store.Doc) error {
		s := &sessionDoc{}
		if err := control.Decode(d, s); err != nil {
			return err
		}
		if s.Expires > r.now().Unix() {
			all = append(all, s.Session)
		}
		return nil
	})
	return all, err
}

// EndSession signs a person out in one of their browsers.
func (r *Registry) EndSession(ctx context.Context, person, id string) error {
	return r.update(ctx, func(tx store.Tx) error {
		s, d, err := r.session(tx, id)
		if err != nil {
			return err
		}
		if s.Person != person {
			return ErrNotFound
		}
		if err := control.Remove(tx, d); err != nil {
			return err
		}
		p, _, err := r.load(tx, person)
		if err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.signed_out", p.Home(), p.Person, "browser", s.Browser)
	})
}

// EndOtherSessions signs a person out everywhere but in this browser.
func (r *Registry) EndOtherSessions(ctx context.Context, keep *Session) error {
	return r.update(ctx, func(tx store.Tx) error { return r.endSessions(tx, keep.Person, keep.ID) })
}

// endSessions ends the sessions of a person but for one.
func (r *Registry) endSessions(tx store.Tx, person, keep string) error {
	docs, err := control.Collect(tx, store.Query{Kind: kindSession, Where: control.Where("person", person)})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.ID == keep {
			continue
		}
		if err := control.Remove(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// end ends a session. One that has ended already is no error.
func (r *Registry) end(tx store.Tx, id string) error {
	_, d, err := r.session(tx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return control.Remove(tx, d)
}
