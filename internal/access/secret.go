package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
)

// Kinds of key.
const (
	SecretKey      = "sk" // everything, from servers
	PublishableKey = "pk" // what a browser may do
	RestrictedKey  = "rk" // what its Rights say
	EphemeralKey   = "ek" // what an app may do for its Subject
)

// A key is prefix_mode_body. The modern form has 107 characters:
//
//	sk_test_ 5 <16 of the account's id> <70 random> 00 <4 random> <6 checksum>
//
// The checksum lets a typing error fail without a look-up. The legacy form has a body of 24 characters and none.
const (
	modernLength   = 107
	legacyBody     = 24
	checksumLength = 6
)

// newSecret makes a key in the modern form.
func newSecret(c clock.Clock, kind, account string, live bool) string {
	var b strings.Builder
	b.Grow(modernLength)
	b.WriteString(keyPrefix(kind, live))
	b.WriteByte('5')
	b.WriteString(strings.TrimPrefix(account, "acct_"))
	b.WriteString(clock.Secret(c, modernLength-10-2-b.Len()))
	b.WriteString("00")
	b.WriteString(clock.Secret(c, 10-checksumLength))
	return b.String() + checksum(b.String())
}

func keyPrefix(kind string, live bool) string {
	if live {
		return kind + "_live_"
	}
	return kind + "_test_"
}

// checksum is the CRC-32 of s in six digits.
func checksum(s string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var b [checksumLength]byte
	sum := crc32.ChecksumIEEE([]byte(s))
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = digits[sum%62]
		sum /= 62
	}
	return string(b[:])
}

// parseSecret splits a key into its kind and mode. It reports false for what cannot be a key of this server.
func parseSecret(secret string) (kind string, live, ok bool) {
	if len(secret) < len("sk_test_") {
		return "", false, false
	}
	kind, mode, body := secret[:2], secret[2:8], secret[8:]
	switch kind {
	case SecretKey, PublishableKey, RestrictedKey, EphemeralKey:
	default:
		return "", false, false
	}
	if mode != "_test_" && mode != "_live_" || !isAlnum(body) {
		return "", false, false
	}
	if len(secret) == modernLength {
		head := secret[:modernLength-checksumLength]
		return kind, mode == "_live_", checksum(head) == secret[len(head):]
	}
	return kind, mode == "_live_", kind != EphemeralKey && len(body) == legacyBody
}

func isAlnum(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// hashSecret is what is stored of a key.
func hashSecret(hashKey []byte, secret string) string {
	h := hmac.New(sha256.New, hashKey)
	h.Write([]byte(secret))
	return hex.EncodeToString(h.Sum(nil))
}

// Sign makes a code of data that nobody but this server can make: for tokens, and for secrets that need not be kept. A code
// for one purpose is of no use for another.
func (r *Registry) Sign(ctx context.Context, purpose, data string) ([]byte, error) {
	s, err := r.settings(ctx)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(purpose + "\x00" + data))
	return h.Sum(nil), nil
}

// Mask hides a key but for its prefix and its last four characters (six of a restricted key):
// sk_test_********************p7dc.
func Mask(secret string) string {
	head := strings.LastIndexByte(secret[:min(8, len(secret))], '_') + 1
	tail := 4
	if strings.HasPrefix(secret, RestrictedKey) {
		tail = 6
	}
	hidden := len(secret) - head - tail
	if hidden < tail {
		return secret[:head] + strings.Repeat("*", len(secret)-head)
	}
	last := secret[len(secret)-tail:]
	if !isAlnum(last) {
		last = strings.Repeat("*", tail)
	}
	return secret[:head] + strings.Repeat("*", min(hidden, modernLength)) + last
}

// markBytes is how much of a mark is kept: nobody guesses 128 bits.
const markBytes = 16

// Mark proves that a text was written by this server. It is the same each time, so nothing is stored for it. It may be
// asked for within a transaction.
func (r *Registry) Mark(text string) (string, error) {
	r.mu.RLock()
	s := r.server
	r.mu.RUnlock()
	if s == nil {
		s = &serverDoc{}
		if _, err := control.Load(r.store, serverID, s); err != nil {
			return "", fmt.Errorf("access: read the server's settings: %w", err)
		}
		if err := r.useSettings(s); err != nil {
			return "", err
		}
	}
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte("mark:" + text)) // no secret of a key begins so
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:markBytes]), nil
}
