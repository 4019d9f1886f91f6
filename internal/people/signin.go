package people

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/store"
)

var (
	// ErrWrong means that the address or the password is wrong, or the passkey; which of them, nobody is told.
	ErrWrong = errors.New("people: the address or the password is wrong")
	// ErrWrongCode means that the second factor is wrong.
	ErrWrongCode = errors.New("people: the code is wrong")
	// ErrTooManyCodes means that so many codes were wrong that not even the right one is taken for a while.
	ErrTooManyCodes = errors.New("people: too many codes were wrong")
)

// step is a sign-in whose password was right and that needs a second factor.
type step struct {
	person string
	tries  int
}

const (
	triesOfACode = 5
	stepLife     = 10 * time.Minute
)

// SignIn takes a password. It begins a session, or, if the person has a second factor, leads to SecondFactor by a token.
func (r *Registry) SignIn(ctx context.Context, email, password string, c Client) (session, second string, err error) {
	p, err := r.byPassword(ctx, email, password, c)
	if err != nil {
		return "", "", err
	}
	if p.TOTP != nil {
		return "", r.steps.put(step{person: p.ID}), nil
	}
	session, err = r.signIn(ctx, p.Person, c, "password")
	return session, "", err
}

// byPassword is the person with an address and a password. A try that is wrong is noted for who has the address.
func (r *Registry) byPassword(ctx context.Context, email, password string, c Client) (*personDoc, error) {
	p, _, err := r.byEmail(r.store, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	kept := ""
	if p != nil {
		kept = p.Password
	}
	right, err := r.isPassword(ctx, password, kept)
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, errors.Join(ErrWrong, r.refused(ctx, p, c))
	}
	return p, nil
}

// refused writes down that somebody did not get in as a person.
func (r *Registry) refused(ctx context.Context, p *personDoc, c Client) error {
	if p == nil {
		return nil
	}
	ctx = audit.By(ctx, audit.Actor{Kind: audit.Guest, IP: c.IP})
	return r.update(ctx, func(tx store.Tx) error {
		return r.audit(ctx, tx, "person.sign_in_refused", p.Home(), p.Person)
	})
}

// SecondFactor takes a code of the app, or a recovery code, and begins the session that SignIn has led to. After five
// wrong codes the password is needed again.
func (r *Registry) SecondFactor(ctx context.Context, token, code string, c Client) (session string, err error) {
	var s step
	found := r.steps.use(token, func(v *step) bool {
		v.tries++
		s = *v
		return v.tries < triesOfACode
	})
	if !found {
		return "", ErrNotFound
	}
	p, _, err := r.load(r.store, s.person)
	if err != nil {
		return "", err
	}
	ctx = audit.By(ctx, p.Actor(c.IP))
	if err := r.checkCode(ctx, p.ID, code); err != nil {
		if errors.Is(err, ErrWrongCode) {
			return "", errors.Join(err, r.refused(ctx, p, c))
		}
		return "", err
	}
	r.steps.take(token)
	return r.signIn(ctx, p.Person, c, "password and code")
}

// SignInByPasskey begins a session for who has answered with a passkey.
func (r *Registry) SignInByPasskey(ctx context.Context, token string, answer []byte, c Client) (session string, err error) {
	p, err := r.ByPasskey(ctx, token, answer)
	if err != nil {
		return "", err
	}
	return r.signIn(ctx, p, c, "passkey")
}

// signIn begins a session of somebody who has proved who they are.
func (r *Registry) signIn(ctx context.Context, p *Person, c Client, by string) (token string, err error) {
	ctx = audit.By(ctx, p.Actor(c.IP))
	err = r.update(ctx, func(tx store.Tx) error {
		s, t, err := r.begin(tx, p, c)
		if err != nil {
			return err
		}
		token = t
		return r.audit(ctx, tx, "person.signed_in", p.Home(), p, "by", by, "browser", s.Browser)
	})
	return token, err
}

// Prove takes the password of who is signed in, and the code if they have an app, for what must be done by nobody else. The
// session gives way to a new one.
func (r *Registry) Prove(ctx context.Context, s *Session, password, code string, c Client) (session string, err error) {
	p, _, err := r.load(r.store, s.Person)
	if err != nil {
		return "", err
	}
	right, err := r.isPassword(ctx, password, p.Password)
	if err != nil {
		return "", err
	}
	if !right {
		return "", errors.Join(ErrWrong, r.refused(ctx, p, c))
	}
	if err := r.checkCode(ctx, p.ID, code); err != nil {
		return "", err
	}
	return r.renew(ctx, p.Person, s, c)
}

// ProveByPasskey is Prove for who has answered with a passkey.
func (r *Registry) ProveByPasskey(ctx context.Context, s *Session, token string, answer []byte, c Client) (session string, err error) {
	p, err := r.ByPasskey(ctx, token, answer)
	if err != nil {
		return "", err
	}
	if p.ID != s.Person {
		return "", ErrWrong
	}
	return r.renew(ctx, p, s, c)
}

// renew puts a session in the place of one.
func (r *Registry) renew(ctx context.Context, p *Person, s *Session, c Client) (token string, err error) {
	err = r.update(ctx, func(tx store.Tx) error {
		if err := r.end(tx, s.ID); err != nil {
			return err
		}
		if _, token, err = r.begin(tx, p, c); err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.proved", p.Home(), p)
	})
	return token, err
}
