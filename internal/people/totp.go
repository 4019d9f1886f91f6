package people

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

// A second factor is a code that changes every half minute (RFC 6238), made by an app from a secret that it shares with the
// server. Recovery codes stand in for a lost phone, each once.

// totpDoc is the secret of somebody's app.
type totpDoc struct {
	Secret string `json:"secret"` // base32
	Since  int64  `json:"since"`
	Last   int64  `json:"last"` // the half minute of the code that was used last: none is good twice
}

const (
	totpStep       = 30 // seconds
	totpSkew       = 1  // steps that a clock may be wrong
	totpSecretSize = 20 // bytes, as RFC 4226 wants it
	recoveryCodes  = 10
	recoverySize   = 20 // characters of base 62: 119 bits, so that a plain hash of them is enough
)

var totpForm = totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// TOTPSecret is a new secret, and the address that an app reads it from as a picture.
func (r *Registry) TOTPSecret(p *Person) (secret, address string, err error) {
	raw := make([]byte, totpSecretSize)
	r.clock.Random(raw)
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "ShareSmart", AccountName: p.Email, Secret: raw})
	if err != nil {
		return "", "", err
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw), key.URL(), nil
}

// StartTOTP makes a code of somebody's app needed to sign in, once they have shown that the app has the secret. The recovery
// codes are shown once.
func (r *Registry) StartTOTP(ctx context.Context, id, secret, code string) (recovery []string, err error) {
	step, right := matchTOTP(secret, code, 0, r.now())
	if !right {
		return nil, &Invalid{"code", "This is not the code that the app shows now. Is the time of the phone right?"}
	}
	err = r.change(ctx, id, "person.totp_started", func(p *personDoc) error {
		p.TOTP = &totpDoc{Secret: secret, Since: r.now().Unix(), Last: step}
		recovery = r.newRecovery(p)
		return nil
	})
	return recovery, err
}

// StopTOTP lets the password alone sign somebody in.
func (r *Registry) StopTOTP(ctx context.Context, id string) error {
	return r.change(ctx, id, "person.totp_stopped", func(p *personDoc) error {
		p.TOTP, p.Recovery = nil, nil
		return nil
	})
}

// NewRecoveryCodes makes recovery codes in place of those that there were.
func (r *Registry) NewRecoveryCodes(ctx context.Context, id string) (codes []string, err error) {
	err = r.change(ctx, id, "person.recovery_codes_made", func(p *personDoc) error {
		if p.TOTP == nil {
			return &Invalid{"code", "Recovery codes stand in for an authenticator app, and there is none"}
		}
		codes = r.newRecovery(p)
		return nil
	})
	return codes, err
}

func (r *Registry) newRecovery(p *personDoc) []string {
	codes := make([]string, recoveryCodes)
	p.Recovery = make([]string, recoveryCodes)
	for i := range codes {
		code := clock.Secret(r.clock, recoverySize)
		codes[i], p.Recovery[i] = code[:5]+"-"+code[5:10]+"-"+code[10:15]+"-"+code[15:], hashed(code)
	}
	return codes
}

// matchTOTP finds the step that a code is of, after the one that was used last.
func matchTOTP(secret, code string, last int64, now time.Time) (step int64, right bool) {
	code = compact(code)
	for skew := int64(-totpSkew); skew <= totpSkew; skew++ {
		step := now.Unix()/totpStep + skew
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpStep, 0), totpForm)
		if err == nil && step > last && subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// useCode takes a code of the app, or a recovery code, which is used up then.
func (p *personDoc) useCode(code string, now time.Time) (right, recovery bool) {
	if p.TOTP == nil {
		return false, false
	}
	if step, right := matchTOTP(p.TOTP.Secret, code, p.TOTP.Last, now); right {
		p.TOTP.Last = step
		return true, false
	}
	i := slices.IndexFunc(p.Recovery, func(hash string) bool { return isSecret(compact(code), hash) })
	if i < 0 {
		return false, false
	}
	p.Recovery = slices.Delete(p.Recovery, i, i+1)
	return true, true
}

// compact drops what people put between characters.
func compact(code string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(code))
}

// wrongCodesAnHour is how many wrong codes a person may bring: who knows the password would find the code in a month with
// as many as the sign-in alone lets them try. A passkey lets the person in meanwhile.
const wrongCodesAnHour = 20

// checkCode takes a second factor in a transaction of its own. A person who needs none is let through.
func (r *Registry) checkCode(ctx context.Context, id, code string) error {
	if r.barred.Full(id) {
		return ErrTooManyCodes
	}
	err := r.takeCode(ctx, id, code)
	if errors.Is(err, ErrWrongCode) {
		r.barred.AllowKey(id)
	}
	return err
}

func (r *Registry) takeCode(ctx context.Context, id, code string) error {
	return r.update(ctx, func(tx store.Tx) error {
		p, d, err := r.load(tx, id)
		if err != nil || p.TOTP == nil {
			return err
		}
		right, recovery := p.useCode(code, r.now())
		if !right {
			return ErrWrongCode
		}
		if recovery {
			if err := r.audit(ctx, tx, "person.recovery_code_used", p.Home(), p.Person); err != nil {
				return err
			}
		}
		return r.save(tx, d, p)
	})
}
