package people

import (
	"context"
	"errors"
	"net/url"

	"sharesmart/internal/access"
	"sharesmart/internal/mail"
	"sharesmart/internal/resource"
)

// Letters are written as those to customers are, in the account's live mode: they are about real people.

// CanWrite reports whether what is written to people leaves.
func (r *Registry) CanWrite() bool { return r.o.Mail != nil && r.o.Mail.Server != nil }

// letter is one that package mail can write.
type letter interface {
	Send(m *mail.Mailer, op *resource.Op) error
}

// send writes a letter for an account.
func (r *Registry) send(ctx context.Context, account string, l letter) error {
	if r.o.Mail == nil {
		return nil
	}
	ns, err := r.o.Access.Namespace(account, access.Live)
	if err != nil {
		return err
	}
	_, err = r.o.Engine.Call(ctx, ns, func(op *resource.Op) error { return l.Send(r.o.Mail, op) })
	if errors.Is(err, mail.ErrNoAddress) {
		return nil
	}
	return err
}

// link is the address of a page of the Dashboard with a token.
func (r *Registry) link(page, token string) string {
	return r.o.BaseURL + "/dashboard/" + page + "?" + url.Values{"token": {token}}.Encode()
}

// JoinLink and ResetLink are where tokens are used.
func (r *Registry) JoinLink(token string) string  { return r.link("join", token) }
func (r *Registry) ResetLink(token string) string { return r.link("reset/new", token) }
func (r *Registry) SetUpLink(token string) string { return r.link("set-up", token) }

func (r *Registry) writeInvitation(ctx context.Context, account, email string, role Role, token string) error {
	return r.send(ctx, account, mail.Invitation{To: email, Role: role.String(), Link: r.JoinLink(token), Valid: inviteLife})
}

func (r *Registry) writeReset(ctx context.Context, p *Person, token string) error {
	return r.send(ctx, p.Home(), mail.PasswordReset{To: p.Email, Link: r.ResetLink(token), Valid: resetLife})
}

// notices are what people are told of, as it may have been somebody else who did it.
var notices = map[string]string{
	"person.password_changed":    mail.PasswordChanged,
	"person.password_reset":      mail.PasswordChanged,
	"person.totp_started":        mail.CodesOn,
	"person.totp_stopped":        mail.CodesOff,
	"person.passkey_added":       mail.PasskeyAdded,
	"person.passkey_removed":     mail.PasskeyRemoved,
	"person.recovery_codes_made": mail.RecoveryCodesMade,
}

// tell tells a person what was done about their security.
func (r *Registry) tell(ctx context.Context, p *Person, action string) error {
	what := notices[action]
	if what == "" {
		return nil
	}
	return r.send(ctx, p.Home(), mail.SecurityNotice{To: p.Email, What: what, Link: r.o.BaseURL + "/dashboard/profile"})
}
