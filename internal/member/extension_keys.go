package member

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The keys of an extension are in its private part: the seed of an Ed25519 key, the scalar of a P-256 one, for browsers
// that lack the first, and the key that its own links are authenticated with.
const (
	edSeed     = "ed25519"
	ecScalar   = "p256"
	linkKey    = "links"
	secretSize = 32
)

var b64 = base64.RawURLEncoding

// makeKeys gives a new extension its keys, and shows their public halves.
func makeKeys(op *resource.Op, e *object.Object) error {
	private, err := op.Private(e)
	if err != nil {
		return err
	}
	for _, name := range []string{edSeed, linkKey} {
		private.Set(name, b64.EncodeToString(random(op)))
	}
	scalar := random(op)
	for !isScalar(scalar) { // one in four thousand million is none
		scalar = random(op)
	}
	private.Set(ecScalar, b64.EncodeToString(scalar))
	k, err := keysOf(private)
	if err != nil {
		return err
	}
	public, err := k.ec.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return err
	}
	edPublic := k.ed.Public().(ed25519.PublicKey)
	ed := object.Of("alg", "EdDSA", "crv", "Ed25519", "kid", keyID(edPublic), "kty", "OKP", "use", "sig", "x", b64.EncodeToString(edPublic))
	ec := object.Of("alg", "ES256", "crv", "P-256", "kid", keyID(public), "kty", "EC", "use", "sig",
		"x", b64.EncodeToString(public[1:1+secretSize]), "y", b64.EncodeToString(public[1+secretSize:]))
	e.Set("keys", []any{ed, ec})
	return op.SetPrivate(e, private)
}

func random(op *resource.Op) []byte {
	p := make([]byte, secretSize)
	op.Random(p)
	return p
}

func isScalar(p []byte) bool {
	_, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), p)
	return err == nil
}

// keyID names a key by what it is.
func keyID(public []byte) string {
	sum := sha256.Sum256(public)
	return b64.EncodeToString(sum[:9])
}

// keys are what an extension signs with.
type keys struct {
	ed ed25519.PrivateKey
	ec *ecdsa.PrivateKey
}

func keysOf(private *object.Object) (*keys, error) {
	seed, err := b64.DecodeString(private.String(edSeed))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.Join(errors.New("member: an extension's key is damaged"), err)
	}
	scalar, err := b64.DecodeString(private.String(ecScalar))
	if err != nil {
		return nil, err
	}
	ec, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		return nil, err
	}
	return &keys{ed: ed25519.NewKeyFromSeed(seed), ec: ec}, nil
}
