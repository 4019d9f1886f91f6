package people

import (
	"context"
	"errors"

	"sharesmart/internal/audit"
	"sharesmart/internal/store"
)

// ErrWrong means that the address or the password is wrong; which of them, nobody is told.
var ErrWrong = errors.New("people: the address or the password is wrong")

// SignIn begins a session for who knows a person's password.
func (r *Registry) SignIn(ctx context.Context, email, password string, c Client) (*Session, string, error) {
	p, _, err := r.byEmail(r.store, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, "", err
	}
	kept := ""
	if p != nil {
		kept = p.Password
	}
	right, err := r.isPassword(ctx, password, kept)
	if err != nil {
		return nil, "", err
	}
	if !right {
		return nil, "", ErrWrong
	}
	return r.signIn(ctx, p.Person, c, "person.signed_in")
}

// signIn begins a session of somebody who has proved who they are.
func (r *Registry) signIn(ctx context.Context, p *Person, c Client, action string) (s *Session, token string, err error) {
	ctx = audit.By(ctx, p.Actor(c.IP))
	err = r.update(ctx, func(tx store.Tx) error {
		if s, token, err = r.begin(tx, p, c); err != nil {
			return err
		}
		return r.audit(ctx, tx, action, p.Home(), p, "browser", s.Browser)
	})
	return s, token, err
}
