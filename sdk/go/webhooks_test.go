package sdk

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85"
)

// delivery is what a receiver got.
type delivery struct {
	body      []byte
	signature string
}

// receiver is a server that events are sent to.
func receiver(t *testing.T) (url string, got <-chan delivery) {
	t.Helper()
	all := make(chan delivery, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		all <- delivery{body, r.Header.Get("Stripe-Signature")}
	}))
	t.Cleanup(s.Close)
	return s.URL, all
}

// next is what arrives next.
func next(t *testing.T, got <-chan delivery) delivery {
	t.Helper()
	select {
	case d := <-got:
		return d
	case <-time.After(30 * time.Second):
		t.Fatal("nothing arrived")
		return delivery{}
	}
}

func TestWebhookSignatures(t *testing.T) {
	t.Parallel()
	s, ctx := newSeller(t), t.Context()
	url, got := receiver(t)
	endpoint, err := s.V1WebhookEndpoints.Create(ctx, &stripe.WebhookEndpointCreateParams{
		URL: stripe.String(url), EnabledEvents: stripe.StringSlice([]string{"customer.created"}), APIVersion: stripe.String(stripe.APIVersion),
	})
	must(t, err)
	made, err := s.V1Customers.Create(ctx, &stripe.CustomerCreateParams{Name: stripe.String("Jenny Rosen — ü")})
	must(t, err)
	d := next(t, got)
	event, err := s.ConstructEvent(d.body, d.signature, endpoint.Secret)
	must(t, err)
	if event.Type != "customer.created" || event.Data.Object["id"] != made.ID || event.PendingWebhooks != 1 {
		t.Errorf("it got %s", d.body)
	}
	if _, err := s.ConstructEvent(d.body, d.signature, "whsec_another"); err == nil {
		t.Error("another secret fits as well")
	}
	if _, err := s.ConstructEvent([]byte(strings.Replace(string(d.body), made.ID, "cus_another", 1)), d.signature, endpoint.Secret); err == nil {
		t.Error("another body fits as well")
	}
	var rolled struct{ Secret string }
	raw(t, s.key, "/v1/webhook_endpoints/"+endpoint.ID+"/roll_secret", "", &rolled)
	_, err = s.V1Customers.Create(ctx, nil)
	must(t, err)
	d = next(t, got)
	for _, secret := range []string{endpoint.Secret, rolled.Secret} {
		if _, err := s.ConstructEvent(d.body, d.signature, secret); err != nil {
			t.Errorf("during the roll: %v", err)
		}
	}
}

func TestThinEvents(t *testing.T) {
	t.Parallel()
	s, ctx := newSeller(t), t.Context()
	url, got := receiver(t)
	destination, err := s.V2CoreEventDestinations.Create(ctx, &stripe.V2CoreEventDestinationCreateParams{
		Name: stripe.String("thin"), Type: stripe.String("webhook_endpoint"), EventPayload: stripe.String("thin"),
		EnabledEvents:   stripe.StringSlice([]string{"v1.customer.created", "v1.billing.meter.no_meter_found"}),
		WebhookEndpoint: &stripe.V2CoreEventDestinationCreateWebhookEndpointParams{URL: stripe.String(url)},
		Include:         stripe.StringSlice([]string{"webhook_endpoint.signing_secret", "webhook_endpoint.url"}),
	})
	must(t, err)
	secret := destination.WebhookEndpoint.SigningSecret
	_, err = s.V2CoreEventDestinations.Ping(ctx, destination.ID, nil)
	must(t, err)
	d := next(t, got)
	notification, err := s.ParseEventNotification(d.body, d.signature, secret)
	must(t, err)
	ping, ok := notification.(*stripe.V2CoreEventDestinationPingEventNotification)
	if !ok {
		t.Fatalf("it is a %T", notification)
	}
	related, err := ping.FetchRelatedObject(ctx)
	must(t, err)
	event, err := ping.FetchEvent(ctx)
	must(t, err)
	if related.ID != destination.ID || event.ID != ping.ID {
		t.Errorf("the ping %s is about %s", event.ID, related.ID)
	}
	made, err := s.V1Customers.Create(ctx, nil)
	must(t, err)
	d = next(t, got)
	notification, err = s.ParseEventNotification(d.body, d.signature, secret)
	must(t, err)
	if unknown, ok := notification.(*stripe.UnknownEventNotification); !ok || unknown.Type != "v1.customer.created" || unknown.RelatedObject.ID != made.ID {
		t.Errorf("it got %s", d.body)
	}
	session, err := s.V2BillingMeterEventSessions.Create(ctx, nil)
	must(t, err)
	streamer := client(primary, primary.said["API"], session.AuthenticationToken)
	must(t, streamer.V2BillingMeterEventStreams.Create(ctx, &stripe.V2BillingMeterEventStreamCreateParams{Events: []*stripe.V2BillingMeterEventStreamCreateEventParams{
		{EventName: stripe.String("nothing"), Payload: map[string]string{"stripe_customer_id": made.ID, "value": "1"}},
	}}))
	d = next(t, got)
	notification, err = s.ParseEventNotification(d.body, d.signature, secret)
	must(t, err)
	report, ok := notification.(*stripe.V1BillingMeterNoMeterFoundEventNotification)
	if !ok {
		t.Fatalf("it is a %T", notification)
	}
	full, err := report.FetchEvent(ctx)
	must(t, err)
	if full.Data.Reason.ErrorCount != 1 {
		t.Errorf("the report is %+v", full.Data)
	}
	seen := 0
	for e, err := range s.V2CoreEvents.List(ctx, &stripe.V2CoreEventListParams{Limit: stripe.Int64(1)}).All(ctx) {
		must(t, err)
		if seen++; e == nil {
			t.Error("there is no event")
		}
	}
	if seen < 3 {
		t.Errorf("%d events are listed", seen)
	}
	for d, err := range s.V2CoreEventDestinations.List(ctx, nil).All(ctx) {
		must(t, err)
		_, err := s.V2CoreEventDestinations.Disable(ctx, d.ID, nil)
		must(t, err)
		_, err = s.V2CoreEventDestinations.Update(ctx, d.ID, &stripe.V2CoreEventDestinationUpdateParams{Name: stripe.String("renamed")})
		must(t, err)
		_, err = s.V2CoreEventDestinations.Delete(ctx, d.ID, nil)
		must(t, err)
	}
}
