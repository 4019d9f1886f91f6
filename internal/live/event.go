package live

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// eventMessage tells of an event: the body and the headers that an endpoint would be sent.
type eventMessage struct {
	Type     string `json:"type"` // webhook_event
	Endpoint struct {
		APIVersion *string `json:"api_version"`
	} `json:"endpoint"`
	Payload        string            `json:"event_payload"`
	Headers        map[string]string `json:"http_headers"`
	ConversationID string            `json:"webhook_conversation_id"`
	WebhookID      string            `json:"webhook_id"`
}

// sendEvent tells of an event twice, as Stripe does: in the account's version and in the newest. A client takes the one
// that its user asked for.
func (f *follower) sendEvent(ctx context.Context, event *object.Object, secret string) error {
	latest := spec.Version
	for _, version := range []*string{nil, &latest} {
		payload := string(event.JSON())
		m := eventMessage{Type: "webhook_event", Payload: payload, Headers: headers(payload, secret, f.Clock.Now().Unix())}
		m.Endpoint.APIVersion = version
		m.ConversationID = "wc_" + strings.TrimPrefix(event.ID(), "evt_")
		m.WebhookID = "wh_" + strings.TrimPrefix(event.ID(), "evt_")
		if err := f.send(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// headers are those of a delivery.
func headers(payload, secret string, now int64) map[string]string {
	at := strconv.FormatInt(now, 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(at + "." + payload))
	return map[string]string{
		"Accept":           "*/*; q=0.5, application/xml",
		"Cache-Control":    "no-cache",
		"Content-Type":     "application/json; charset=utf-8",
		"Stripe-Signature": "t=" + at + ",v1=" + hex.EncodeToString(h.Sum(nil)),
		"User-Agent":       "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
	}
}
