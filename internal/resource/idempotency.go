package resource

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/param"
	"sharesmart/internal/store"
)

// maxKey is the length that Stripe allows an idempotency key.
const maxKey = 255

// idempotencyKey is the key of a request at work: behaviour.md 3.
type idempotencyKey struct {
	key         string
	fingerprint string
	first       string // request id of the first execution, once known
}

type inFlightKey struct {
	ns  store.NS
	key string
}

// enterKey claims the request's idempotency key, or returns nil if it has none that counts. Of two requests at the
// same time with the same key, the second is refused with 409; SDKs then ask again. done gives the key back.
func (e *Engine) enterKey(c *call) (k *idempotencyKey, done func(), err error) {
	if c.IdempotencyKey == "" || c.Op.Method != http.MethodPost {
		return nil, func() {}, nil
	}
	if len(c.IdempotencyKey) > maxKey {
		return nil, nil, apierr.Validation("", "", "Idempotency-Key must be at most %d characters long; yours has %d.", maxKey, len(c.IdempotencyKey))
	}
	claim := inFlightKey{c.Namespace.NS, c.IdempotencyKey}
	if _, taken := e.inFlight.LoadOrStore(claim, struct{}{}); taken {
		return nil, nil, keyInUse(c.IdempotencyKey)
	}
	k = &idempotencyKey{key: c.IdempotencyKey, fingerprint: fingerprint(c)}
	return k, func() { e.inFlight.Delete(claim) }, nil
}

func keyInUse(key string) error {
	return &apierr.Error{Status: http.StatusConflict, Type: apierr.TypeIdempotency, Code: "idempotency_key_in_use", Early: true, Retry: true,
		Message: "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): " + key + ". Please try again later."}
}

func fingerprint(c *call) string {
	sum := sha256.Sum256([]byte(c.RawPath + "?" + param.Encode(c.in.Params)))
	return base64.RawStdEncoding.EncodeToString(sum[:16])
}

// replay finds what the key was answered before; nil if this is the first time.
func (e *Engine) replay(r store.Reader, c *call, k *idempotencyKey) (*Answer, error) {
	saved, err := r.Answer(c.Namespace.NS, k.key)
	if isMissing(err) {
		k.first = c.ID
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k.first = saved.RequestID
	if saved.Path != c.RawPath {
		return nil, mismatch("Keys for idempotent requests can only be used for the same endpoint they were first used for ('" + c.RawPath + "' vs '" + saved.Path + "'). Try using a key other than '" + k.key + "' if you meant to execute a different request.")
	}
	if saved.Fingerprint != k.fingerprint {
		return nil, mismatch("Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '" + k.key + "' if you meant to execute a different request.")
	}
	a := &Answer{Status: saved.Status, Body: saved.Body, Replayed: true, Original: saved.RequestID}
	if a.Body == nil {
		d, err := r.Version(c.Namespace.NS, saved.ObjectID, saved.ObjectVersion)
		if err != nil {
			return nil, err
		}
		a.Body, a.ObjectID, a.ObjectVersion = d.Data, d.ID, d.Version
	}
	return a, nil
}

func mismatch(message string) error {
	return &apierr.Error{Status: http.StatusBadRequest, Type: apierr.TypeIdempotency, Message: message, Early: true}
}

// keep saves an answer for the key, by reference when it is just the stored object.
func (k *idempotencyKey) keep(tx store.Tx, c *call, a *Answer) error {
	a.Original = c.ID
	saved := store.Answer{Key: k.key, Fingerprint: k.fingerprint, Path: c.RawPath, RequestID: c.ID, Status: a.Status}
	if a.ObjectID != "" {
		saved.ObjectID, saved.ObjectVersion = a.ObjectID, a.ObjectVersion
	} else {
		saved.Body = a.Body
	}
	return tx.SaveAnswer(c.Namespace.NS, saved)
}

// keepError saves an error for the key, once the operation had begun: a retry is told the same, to the byte. Errors of
// decoding, validation and authentication are not kept.
func (e *Engine) keepError(tx store.Tx, c *call, k *idempotencyKey, failed error) (*Answer, error) {
	api := apierr.As(failed)
	if k == nil {
		return nil, nil
	}
	a := k.original()
	if api == nil || api.Early {
		return a, nil
	}
	a.Status, a.Body = api.Status, api.Body(apierr.Links{Doc: e.options.DocURL(api.Code), Log: e.options.LogURL(c.Namespace, c.ID, e.clock.Now())})
	return a, tx.SaveAnswer(c.Namespace.NS, store.Answer{Key: k.key, Fingerprint: k.fingerprint, Path: c.RawPath, RequestID: c.ID, Status: a.Status, Body: a.Body})
}

// original is an answer that carries only the replay headers, for an operation that ended with an error.
func (k *idempotencyKey) original() *Answer {
	if k == nil {
		return nil
	}
	return &Answer{Original: k.first}
}

// DocURL is the page of the documentation about an error code. A stand-in for stripe-mock has no pages and names Stripe's.
func (o Options) DocURL(code string) string {
	switch {
	case code == "", o.Mock && !apierr.Documented(code):
		return ""
	case o.Mock:
		return "https://stripe.com/docs/error-codes/" + strings.ReplaceAll(code, "_", "-")
	}
	return o.BaseURL + "/docs/errors/" + code
}

// LogURL is where the Dashboard shows a request: its id is in the URL, behind the connected account and the mode or sandbox.
func (o Options) LogURL(ns namespace, requestID string, now time.Time) string {
	mode := ns.Env + "/"
	if ns.Live {
		mode = ""
	}
	if ns.Platform != "" {
		mode = ns.Account + "/" + mode
	}
	return o.BaseURL + "/dashboard/" + mode + "logs/" + requestID + "?t=" + strconv.FormatInt(now.Unix(), 10)
}
