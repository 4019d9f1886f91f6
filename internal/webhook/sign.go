package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Signature is the Stripe-Signature header of a body that is sent at a time (unix seconds): the HMAC-SHA256 of the time, a
// point and the body, with each of the secrets.
func Signature(now int64, body []byte, secrets ...string) string {
	stamp := strconv.FormatInt(now, 10)
	header := "t=" + stamp
	for _, s := range secrets {
		mac := hmac.New(sha256.New, []byte(s))
		_, _ = mac.Write([]byte(stamp + "."))
		_, _ = mac.Write(body)
		header += ",v1=" + hex.EncodeToString(mac.Sum(nil))
	}
	return header
}
