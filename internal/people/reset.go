package people

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/store"
)

// resetLife is how long the link to a new password is good.
const resetLife = time.Hour

// AskReset writes to an address how to choose a new password, if somebody has it. Whoever asks is told the same either way.
func (r *Registry) AskReset(ctx context.Context, email string) error {
	token, p, err := r.reset(ctx, email)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.writeReset(ctx, p, token)
}

// ResetToken makes the token of a link to a new password, for who can reach the server itself.
func (r *Registry) ResetToken(ctx context.Context, email string) (token string, err error) {
	token, _, err = r.reset(ctx, email)
	return token, err
}

func (r *Registry) reset(ctx context.Context, email string) (token string, who *Person, err error) {
	err = r.update(ctx, func(tx store.Tx) error {
		p, _, err := r.byEmail(tx, email)
		if err != nil {
			return err
		}
		who = p.Person
		if err := r.dropPasses(tx, forReset, "person", p.ID); err != nil {
			return err
		}
		if token, err = r.issue(tx, &pass{For: forReset, Person: p.ID}, resetLife); err != nil {
			return err
		}
		return r.audit(ctx, tx, "person.reset_asked", p.Home(), p.Person)
	})
	return token, who, err
}

// CanReset is who may choose a new password with a token.
func (r *Registry) CanReset(token string) (*Person, error) {
	link, _, err := r.pass(r.store, token, forReset)
	if err != nil {
		return nil, err
	}
	return r.Find(link.Person)
}

// Reset sets a new password and signs the person out everywhere. A second factor is still needed to sign in.
func (r *Registry) Reset(ctx context.Context, token, password string, c Client) error {
	p, err := r.CanReset(token)
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
	ctx = audit.By(ctx, p.Actor(c.IP))
	err = r.update(ctx, func(tx store.Tx) error {
		if _, err := r.spend(tx, token, forReset); err != nil {
			return err
		}
		return r.endSessions(tx, p.ID, "")
	})
	if err != nil {
		return err
	}
	return r.change(ctx, p.ID, "person.password_reset", func(p *personDoc) error {
		p.Password = hash
		return nil
	})
}
