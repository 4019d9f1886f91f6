package people

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// inviteLife is how long an invitation is good.
const inviteLife = 7 * 24 * time.Hour

// Invitation asks somebody to join an account.
type Invitation struct {
	ID      string
	Email   string
	Role    Role
	Account string
	Created int64
	Expires int64
}

func (p *pass) invitation() *Invitation {
	return &Invitation{p.ID, p.Email, p.Role, p.Account, p.Created, p.Expires}
}

// Invite writes to an address whose reader may join an account with a role; an earlier invitation is of no use any more. The
// token is good for the same, for who hands the link over by themselves.
func (r *Registry) Invite(ctx context.Context, account, email string, role Role) (token string, err error) {
	if email = normalEmail(email); !isEmail(email) {
		return "", &Invalid{"email", "Enter an address such as jenny@example.com"}
	}
	if role == Nobody {
		return "", &Invalid{"role", "Choose what they may do"}
	}
	err = r.update(ctx, func(tx store.Tx) error {
		p, _, err := r.byEmail(tx, email)
		if err == nil && p.Roles[account] != Nobody {
			return &Invalid{"email", "Somebody with this address is here already"}
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := r.dropPasses(tx, forJoining, "account", account, "email", email); err != nil {
			return err
		}
		link := &pass{For: forJoining, Account: account, Email: email, Role: role}
		if token, err = r.issue(tx, link, inviteLife); err != nil {
			return err
		}
		return audit.Append(ctx, tx, r.clock, audit.Entry{Action: "person.invited", Account: account, Subject: link.ID, Details: map[string]string{"email": email, "role": role.String()}})
	})
	if err != nil {
		return "", err
	}
	return token, r.writeInvitation(ctx, account, email, role, token)
}

// Invitations are those of an account that wait for an answer, newest first.
func (r *Registry) Invitations(account string) ([]*Invitation, error) {
	var all []*Invitation
	err := control.Each(r.store, store.Query{Kind: kindPass, Where: control.Where("for", forJoining, "account", account)}, func(d store.Doc) error {
		p := &pass{}
		if err := control.Decode(d, p); err != nil {
			return err
		}
		if p.Expires > r.now().Unix() {
			all = append(all, p.invitation())
		}
		return nil
	})
	return all, err
}

// Withdraw takes an invitation back.
func (r *Registry) Withdraw(ctx context.Context, account, id string) error {
	return r.update(ctx, func(tx store.Tx) error {
		p := &pass{}
		d, err := control.Load(tx, id, p)
		if errors.Is(err, store.ErrNotFound) || err == nil && (d.Kind != kindPass || p.For != forJoining || p.Account != account) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := control.Remove(tx, d); err != nil {
			return err
		}
		return audit.Append(ctx, tx, r.clock, audit.Entry{Action: "person.invitation_withdrawn", Account: account, Subject: id, Details: map[string]string{"email": p.Email}})
	})
}

// Invitation is the one of a token, and who is here already with its address; nil for nobody.
func (r *Registry) Invitation(token string) (*Invitation, *Person, error) {
	link, _, err := r.pass(r.store, token, forJoining)
	if err != nil {
		return nil, nil, err
	}
	p, _, err := r.byEmail(r.store, link.Email)
	if errors.Is(err, ErrNotFound) {
		return link.invitation(), nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return link.invitation(), p.Person, nil
}

// Join makes a person of who was invited, and signs them in.
func (r *Registry) Join(ctx context.Context, token, name, password string, c Client) (session string, err error) {
	link, _, err := r.pass(r.store, token, forJoining)
	if err != nil {
		return "", err
	}
	n := NewPerson{Email: link.Email, Name: name, Password: password}
	if err := n.check(); err != nil {
		return "", err
	}
	hash, err := r.hashPassword(ctx, n.Password)
	if err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx store.Tx) error {
		link, err := r.spend(tx, token, forJoining)
		if err != nil {
			return err
		}
		p, err := r.create(tx, n, hash, link.Account, link.Role)
		if err != nil {
			return err
		}
		if _, session, err = r.begin(tx, p.Person, c); err != nil {
			return err
		}
		return r.audit(audit.By(ctx, p.Actor(c.IP)), tx, "person.joined", link.Account, p.Person, "role", link.Role.String())
	})
	return session, err
}

// Accept lets somebody who is here already join another account. The invitation must be to their address.
func (r *Registry) Accept(ctx context.Context, token string, who *Person) (account string, err error) {
	err = r.update(ctx, func(tx store.Tx) error {
		link, d, err := r.pass(tx, token, forJoining)
		if err != nil {
			return err
		}
		p, pd, err := r.load(tx, who.ID)
		if err != nil {
			return err
		}
		if p.Email != link.Email {
			return ErrNotFound
		}
		if err := control.Remove(tx, d); err != nil {
			return err
		}
		account, p.Roles[link.Account] = link.Account, link.Role
		if err := r.save(tx, pd, p); err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.joined", link.Account, p.Person, "role", link.Role.String())
	})
	return account, err
}
