package people

import (
	"context"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// SetRole changes what a person may do in an account. It counts with their next request.
func (r *Registry) SetRole(ctx context.Context, account, id string, role Role) error {
	return r.update(ctx, func(tx store.Tx) error {
		p, d, err := r.inAccount(tx, account, id)
		if err != nil {
			return err
		}
		if role == Nobody {
			return &Invalid{"role", "Choose what they may do"}
		}
		if err := r.keepOwner(tx, account, p, role); err != nil {
			return err
		}
		was := p.Roles[account]
		p.Roles[account] = role
		if err := r.save(tx, d, p); err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.role_changed", account, p.Person, "from", was.String(), "to", role.String())
	})
}

// Remove takes a person out of an account. Who is in no other is forgotten, and signed out everywhere.
func (r *Registry) Remove(ctx context.Context, account, id string) error {
	return r.update(ctx, func(tx store.Tx) error {
		p, d, err := r.inAccount(tx, account, id)
		if err != nil {
			return err
		}
		if err := r.keepOwner(tx, account, p, Nobody); err != nil {
			return err
		}
		if err := r.audit(ctx, tx, "person.removed", account, p.Person); err != nil {
			return err
		}
		delete(p.Roles, account)
		if len(p.Roles) > 0 {
			return r.save(tx, d, p)
		}
		if err := r.endSessions(tx, p.ID, ""); err != nil {
			return err
		}
		if err := r.dropPasses(tx, forReset, "person", p.ID); err != nil {
			return err
		}
		return control.Remove(tx, d)
	})
}

// SignOutPerson ends all sessions of a person of an account.
func (r *Registry) SignOutPerson(ctx context.Context, account, id string) error {
	return r.update(ctx, func(tx store.Tx) error {
		p, _, err := r.inAccount(tx, account, id)
		if err != nil {
			return err
		}
		if err := r.endSessions(tx, p.ID, ""); err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.signed_out", account, p.Person)
	})
}

// Refused writes down that somebody asked for what their role does not include.
func (r *Registry) Refused(ctx context.Context, account string, p *Person, asked string) error {
	return r.update(ctx, func(tx store.Tx) error { return r.audit(ctx, tx, "person.refused", account, p, "asked", asked) })
}

// inAccount finds a person of an account.
func (r *Registry) inAccount(tx store.Tx, account, id string) (*personDoc, store.Doc, error) {
	p, d, err := r.load(tx, id)
	if err == nil && p.Roles[account] == Nobody {
		return nil, d, ErrNotFound
	}
	return p, d, err
}

// keepOwner refuses to take the last owner from an account.
func (r *Registry) keepOwner(tx store.Tx, account string, p *personDoc, role Role) error {
	if p.Roles[account] != Owner || role == Owner {
		return nil
	}
	owners, err := control.Collect(tx, store.Query{Kind: kindPerson, Where: control.Where("role", account+" "+Owner.String())})
	if err == nil && len(owners) < 2 {
		return ErrLastOwner
	}
	return err
}
