package member

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A token says what a member says, signed, so that an install believes it without asking: a JSON Web Signature (RFC 7515)
// whose claims have the names of RFC 7519 and those of a member. Its times are those of the world, also for members on a
// test clock, as browsers know no other.

// claims are what a token takes over from a member.
var claims = []string{"cancel_at", "email", "features", "paid", "past_due", "plan", "status", "trial_end"}

// signMember makes the tokens of a member, one for each key.
func signMember(op *resource.Op, ext, m *object.Object, valid time.Duration) (*object.Object, error) {
	private, err := op.Private(ext)
	if err != nil {
		return nil, err
	}
	k, err := keysOf(private)
	if err != nil {
		return nil, err
	}
	now := op.WallNow()
	body := object.Of("iss", op.BaseURL(), "aud", ext.ID(), "sub", m.String("customer"), "ins", m.String("install"), "iat", now.Unix(), "exp", now.Add(valid).Unix())
	for _, name := range claims {
		body.Set(name, m.Get(name))
	}
	payload, tokens := b64.EncodeToString(body.AppendJSON(nil, 0)), object.New(nil)
	for _, v := range ext.Array("keys") {
		public := v.(*object.Object)
		alg := public.String("alg")
		head := object.Of("alg", alg, "kid", public.String("kid"), "typ", "JWT")
		signed := b64.EncodeToString(head.AppendJSON(nil, 0)) + "." + payload
		sum, err := k.sign(randomness{op}, alg, []byte(signed))
		if err != nil {
			return nil, fmt.Errorf("sign a token: %w", err)
		}
		tokens.Set(alg, signed+"."+b64.EncodeToString(sum))
	}
	return tokens, nil
}

// randomness reads what nobody can guess.
type randomness struct{ op *resource.Op }

func (r randomness) Read(p []byte) (int, error) {
	r.op.Random(p)
	return len(p), nil
}

// sign makes a signature as RFC 7518 and RFC 8037 want them.
func (k *keys) sign(random io.Reader, alg string, text []byte) ([]byte, error) {
	if alg == "EdDSA" {
		return ed25519.Sign(k.ed, text), nil
	}
	sum := sha256.Sum256(text)
	r, s, err := ecdsa.Sign(random, k.ec, sum[:])
	if err != nil {
		return nil, err
	}
	out := make([]byte, 2*secretSize)
	r.FillBytes(out[:secretSize])
	s.FillBytes(out[secretSize:])
	return out, nil
}
