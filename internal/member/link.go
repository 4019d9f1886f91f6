package member

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What pages and installs hand to each other by way of a browser is authenticated and kept nowhere: a few values and a
// sum over them that only the server can make. Whether it was used is for those to remember who take it.

// sealed writes values so that they can be given out. purpose keeps one kind from being taken for another.
func sealed(op *resource.Op, ext *object.Object, purpose string, o *object.Object) (string, error) {
	text := b64.EncodeToString(o.AppendJSON(nil, 0))
	sum, err := linkSum(op, ext, purpose, text)
	return text + "." + b64.EncodeToString(sum), err
}

// unsealed reads what sealed wrote; nil if it did not, or its time ("e") is over.
func unsealed(op *resource.Op, ext *object.Object, purpose, sent string) (*object.Object, error) {
	text, sum, _ := strings.Cut(sent, ".")
	want, err := linkSum(op, ext, purpose, text)
	if err != nil {
		return nil, err
	}
	got, err := b64.DecodeString(sum)
	if err != nil || !hmac.Equal(got, want) {
		return nil, nil
	}
	data, err := b64.DecodeString(text)
	if err != nil {
		return nil, nil
	}
	o, err := object.Parse(data, nil)
	if err != nil || o.Int("e") <= op.WallNow().Unix() {
		return nil, nil
	}
	return o, nil
}

func linkSum(op *resource.Op, ext *object.Object, purpose, text string) ([]byte, error) {
	private, err := op.Private(ext)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(private.String(linkKey)))
	mac.Write([]byte(purpose + "|" + text))
	return mac.Sum(nil)[:16], nil
}

// hashed is how secrets are kept: nobody can guess them, so a plain sum is enough.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return b64.EncodeToString(sum[:])
}

// isSecret compares a secret with the hash of the right one, in a time that tells nothing.
func isSecret(sent, hash string) bool {
	return hash != "" && subtle.ConstantTimeCompare([]byte(hashed(sent)), []byte(hash)) == 1
}
