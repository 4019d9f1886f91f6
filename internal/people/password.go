package people

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// A password is kept as argon2id (RFC 9106) in the form that its reference implementation writes, with the parameters in
// it, so that they can be raised without anybody choosing a new password.
type cost struct {
	memory, time uint32 // KiB, passes
	threads      uint8
}

// now costs what OWASP's Password Storage Cheat Sheet asks for at the least: 19 MiB and two passes.
var passwordCost = cost{memory: 19 << 10, time: 2, threads: 1}

const (
	saltSize    = 16
	hashSize    = 32
	minPassword = 10 // characters
	maxPassword = 256
)

var b64 = base64.RawStdEncoding

// checkPassword says what is wrong with a password that somebody chooses. There are no rules about kinds of characters, as
// they make passwords worse (NIST SP 800-63B).
func checkPassword(password, email, name string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	user, _, _ := strings.Cut(email, "@")
	switch {
	case n < minPassword:
		return &Invalid{"password", fmt.Sprintf("Choose a password of %d characters or more; a few words will do", minPassword)}
	case n > maxPassword:
		return &Invalid{"password", fmt.Sprintf("Choose a password of at most %d characters", maxPassword)}
	case strings.Trim(password, password[:1]) == "", isSequence(low), isCommon(password):
		return &Invalid{"password", "This is the first that somebody would try: choose another"}
	case low == email, low == user, name != "" && low == strings.ToLower(name):
		return &Invalid{"password", "Choose a password that is not your name or address"}
	}
	return nil
}

// isSequence reports whether each character follows the one before it: 1234567890, abcdefghij.
func isSequence(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != s[i-1]+1 && (s[i-1] != '9' || s[i] != '0') {
			return false
		}
	}
	return true
}

// hashPassword makes what is kept of a password.
func (r *Registry) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	r.clock.Random(salt)
	c := passwordCost
	sum, err := r.derive(ctx, password, salt, c)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// isPassword reports whether a password is the one that was kept. It takes as long when none was: nobody can tell by the
// time whether an address is known.
func (r *Registry) isPassword(ctx context.Context, password, kept string) (bool, error) {
	c, salt, want, known := readHash(kept)
	if !known {
		c, salt, want = passwordCost, make([]byte, saltSize), make([]byte, hashSize)
	}
	if len(password) > 4*maxPassword {
		password = ""
	}
	got, err := r.derive(ctx, password, salt, c)
	return known && subtle.ConstantTimeCompare(got, want) == 1, err
}

func readHash(kept string) (c cost, salt, sum []byte, ok bool) {
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, false
	}
	salt, err := b64.DecodeString(parts[4])
	if err != nil {
		return c, nil, nil, false
	}
	sum, err = b64.DecodeString(parts[5])
	return c, salt, sum, err == nil && len(sum) == hashSize
}

// derive waits for its turn, or until whoever asks is gone.
func (r *Registry) derive(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case r.hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-r.hashing }()
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, hashSize), nil
}
