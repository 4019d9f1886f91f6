package people

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"sharesmart/internal/store"
)

// A passkey is a key pair that a person's device keeps for this server (Web Authentication). It proves two things at once:
// that the device is there and that its owner is, so it needs neither password nor code. It is bound to the name that the
// server has in the address bar, so no other site can ask for it.

// Passkey is what is known of one.
type Passkey struct {
	ID      string // as pages name it
	Name    string `json:"name"`
	Host    string `json:"host"` // the name of the server that it is for
	Created int64  `json:"created"`
	Used    int64  `json:"used,omitempty"`
}

type passkeyDoc struct {
	Passkey
	Credential webauthn.Credential `json:"credential"`
}

const (
	maxPasskeys  = 20
	ceremonyLife = 5 * time.Minute
)

// ceremony is a passkey that was asked for.
type ceremony struct {
	person string // whose is made; empty to sign in
	data   webauthn.SessionData
	host   string
}

// CanPasskey reports whether passkeys work for a server of that name: browsers have none for addresses of numbers.
func CanPasskey(host string) bool {
	name := hostname(host)
	return name != "" && net.ParseIP(strings.Trim(name, "[]")) == nil
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// relyingParty is the server under a name that browsers know it by. A browser tells in what it signs under which name it
// was asked, and has no passkey for any other, so the name may come from the request.
func relyingParty(host string) (*webauthn.WebAuthn, error) {
	if !CanPasskey(host) {
		return nil, &Invalid{"passkey", "Passkeys need a server with a name, as localhost, not an address of numbers"}
	}
	return webauthn.New(&webauthn.Config{RPID: hostname(host), RPDisplayName: "ShareSmart", RPOrigins: []string{"https://" + host}})
}

// WebAuthnID and the others are what package webauthn asks of a person.
func (p *personDoc) WebAuthnID() []byte          { return []byte(p.ID) }
func (p *personDoc) WebAuthnName() string        { return p.Email }
func (p *personDoc) WebAuthnDisplayName() string { return p.Name }
func (p *personDoc) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(p.Passkeys))
	for i, k := range p.Passkeys {
		all[i] = k.Credential
	}
	return all
}

// BeginPasskey asks a person's browser to make a passkey: options for it as JSON, and what the answer is to be sent with.
func (r *Registry) BeginPasskey(id, host string) (options []byte, token string, err error) {
	p, _, err := r.load(r.store, id)
	if err != nil {
		return nil, "", err
	}
	rp, err := relyingParty(host)
	if err != nil {
		return nil, "", err
	}
	if len(p.Passkeys) >= maxPasskeys {
		return nil, "", &Invalid{"passkey", "You have many passkeys already. Remove one first"}
	}
	known := webauthn.Credentials(p.WebAuthnCredentials()).CredentialDescriptors()
	creation, data, err := rp.BeginRegistration(p, webauthn.WithExclusions(known), webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
		ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
	}))
	if err != nil {
		return nil, "", err
	}
	options, err = json.Marshal(creation.Response)
	return options, r.ceremonies.put(ceremony{person: id, data: *data, host: host}), err
}

// FinishPasskey keeps the passkey that a browser has made.
func (r *Registry) FinishPasskey(ctx context.Context, id, token, name string, answer []byte) error {
	c, found := r.ceremonies.take(token)
	if !found || c.person != id {
		return ErrWrong
	}
	rp, err := relyingParty(c.host)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return ErrWrong
	}
	return r.change(ctx, id, "person.passkey_added", func(p *personDoc) error {
		made, err := rp.CreateCredential(p, c.data, parsed)
		if err != nil {
			return ErrWrong
		}
		name := clip(strings.TrimSpace(name), maxName)
		if name == "" {
			name = "Passkey"
		}
		p.Passkeys = append(p.Passkeys, passkeyDoc{Passkey{Name: name, Host: hostname(c.host), Created: r.now().Unix()}, *made})
		return nil
	})
}

// RemovePasskey forgets one.
func (r *Registry) RemovePasskey(ctx context.Context, id, passkey string) error {
	return r.change(ctx, id, "person.passkey_removed", func(p *personDoc) error {
		i := slices.IndexFunc(p.Passkeys, func(k passkeyDoc) bool { return k.id() == passkey })
		if i < 0 {
			return ErrNotFound
		}
		p.Passkeys = slices.Delete(p.Passkeys, i, i+1)
		return nil
	})
}

// id names a passkey, without giving away what browsers find it by.
func (k *passkeyDoc) id() string { return hashed(string(k.Credential.ID))[:16] }

// AskPasskey asks a browser for a passkey of whoever has one.
func (r *Registry) AskPasskey(host string) (options []byte, token string, err error) {
	rp, err := relyingParty(host)
	if err != nil {
		return nil, "", err
	}
	assertion, data, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	options, err = json.Marshal(assertion.Response)
	return options, r.ceremonies.put(ceremony{data: *data, host: host}), err
}

// ByPasskey is the person who has answered with a passkey.
func (r *Registry) ByPasskey(ctx context.Context, token string, answer []byte) (*Person, error) {
	c, found := r.ceremonies.take(token)
	if !found || c.person != "" {
		return nil, ErrWrong
	}
	rp, err := relyingParty(c.host)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, ErrWrong
	}
	var who *Person
	err = r.update(ctx, func(tx store.Tx) error {
		p, d, err := r.load(tx, string(parsed.Response.UserHandle))
		if errors.Is(err, ErrNotFound) {
			return ErrWrong
		}
		if err != nil {
			return err
		}
		_, used, err := rp.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return p, nil }, c.data, parsed)
		if err != nil || used.Authenticator.CloneWarning {
			return ErrWrong
		}
		for i := range p.Passkeys {
			if k := &p.Passkeys[i]; bytes.Equal(k.Credential.ID, used.ID) {
				k.Credential, k.Used = *used, r.now().Unix()
			}
		}
		who = p.Person
		return r.save(tx, d, p)
	})
	return who, err
}
