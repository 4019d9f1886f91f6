package live

import (
	"context"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/version"
	"sharesmart/internal/webhook"
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
func (f *follower) sendEvent(ctx context.Context, ns *access.Namespace, event *object.Object, secret string) error {
	body, fetch := event.JSON(), f.Engine.Fetch(ctx, ns, ns)
	shown, err := version.Render(f.Version, body, fetch)
	if err != nil {
		return err
	}
	newest, err := version.Render(spec.Version, body, fetch) // which names it so
	if err != nil {
		return err
	}
	latest := spec.Version
	for _, m := range []struct {
		version *string
		body    []byte
	}{{nil, shown}, {&latest, newest}} {
		message := eventMessage{Type: "webhook_event", Payload: string(m.body), Headers: headers(m.body, secret, f.Clock.Now().Unix())}
		message.Endpoint.APIVersion = m.version
		message.ConversationID = "wc_" + strings.TrimPrefix(event.ID(), "evt_")
		message.WebhookID = "wh_" + strings.TrimPrefix(event.ID(), "evt_")
		if err := f.send(ctx, message); err != nil {
			return err
		}
	}
	return nil
}

// thinMessage tells of a thin event.
type thinMessage struct {
	Type        string            `json:"type"` // v2_event
	Payload     string            `json:"payload"`
	Headers     map[string]string `json:"http_headers"`
	Destination string            `json:"destination_id"`
}

// sendThin tells of an event as a destination of thin events is told of it.
func (f *follower) sendThin(ctx context.Context, event []byte, secret string) error {
	body, err := webhook.ThinBody(event)
	if err != nil {
		return err
	}
	return f.send(ctx, thinMessage{
		Type: "v2_event", Payload: string(body), Headers: headers(body, secret, f.Clock.Now().Unix()), Destination: f.destination(),
	})
}

// headers are those of a delivery.
func headers(payload []byte, secret string, now int64) map[string]string {
	return map[string]string{
		"Accept":           "*/*; q=0.5, application/xml",
		"Cache-Control":    "no-cache",
		"Content-Type":     "application/json; charset=utf-8",
		"Stripe-Signature": webhook.Signature(now, payload, secret),
		"User-Agent":       "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
	}
}
