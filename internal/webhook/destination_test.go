package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/webhook"
)

// v2 sends a JSON body.
func v2(s *servertest.Server, method, path, body string) *servertest.Answer {
	return s.Do(servertest.Request{Method: method, Path: path, Body: strings.NewReader(body), ContentType: "application/json"})
}

func TestDestination(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, nil)
	made := v2(s, "POST", "/v2/core/event_destinations", `{"name": "Customers", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["v1.customer.created"],
		"metadata": {"team": "a"}, "webhook_endpoint": {"url": "`+r.URL+`"}, "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"]}`).OK()
	secret := made.Object("webhook_endpoint").String("signing_secret")
	if !strings.HasPrefix(secret, "whsec_") || made.Object("webhook_endpoint").String("url") != r.URL || made.String("created") != "2026-09-01T12:00:00.000Z" {
		t.Fatalf("it is %s", made.JSON())
	}
	one := "/v2/core/event_destinations/" + made.ID()
	if got := s.Get(one).OK(); got.Get("webhook_endpoint") != nil || got.Object("metadata").String("team") != "a" {
		t.Errorf("it is %s", got.JSON())
	}
	if got := s.Get(one + "?include[0]=webhook_endpoint.url").OK().Object("webhook_endpoint"); got.String("url") != r.URL || got.Get("signing_secret") != nil {
		t.Errorf("its address is %s", got.JSON())
	}
	c := s.Post("/v1/customers", "name", "Jenny").OK()
	s.Post("/v1/products", "name", "Notebook").OK()
	run(t, s)
	all := r.take()
	if len(all) != 1 {
		t.Fatalf("it got %d events", len(all))
	}
	event := all[0].event
	related := event.Object("related_object")
	if event.String("object") != "v2.core.event" || event.String("type") != "v1.customer.created" || related.ID() != c.ID() || related.String("url") != "/v1/customers/"+c.ID() ||
		event.Object("reason").Object("request").String("id") == "" || event.Has("data") {
		t.Errorf("it got %s", all[0].body)
	}
	if want := webhook.Signature(servertest.Start.Unix(), all[0].body, secret); all[0].header.Get("Stripe-Signature") != want {
		t.Error("the signature is wrong")
	}
	if got := s.Get("/v2/core/events/" + event.ID()).OK(); got.String("type") != "v1.customer.created" {
		t.Errorf("the event is %s", got.JSON())
	}
	v2(s, "POST", one+"/disable", "").OK()
	s.Post("/v1/customers").OK()
	if got := v2(s, "POST", one+"/enable", "").OK(); got.String("status") != "enabled" {
		t.Errorf("it is %s", got.JSON())
	}
	ping := v2(s, "POST", one+"/ping", "").OK()
	run(t, s)
	if all := r.take(); len(all) != 1 || all[0].event.ID() != ping.ID() || all[0].event.String("type") != "v2.core.event_destination.ping" {
		t.Errorf("after a ping it got %d events", len(all))
	}
	if got := v2(s, "POST", one, `{"name": "Others", "enabled_events": ["*"]}`).OK(); got.String("name") != "Others" {
		t.Errorf("it is %s", got.JSON())
	}
	if got := s.Do(servertest.Request{Method: http.MethodDelete, Path: one}).OK(); got.ID() != made.ID() {
		t.Errorf("it answers %s", got.JSON())
	}
	s.Get(one).Fails(404, "resource_missing")
}

func TestDestinationRefusals(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for name, c := range map[string]struct{ body, param string }{
		"another type":   {`{"name": "x", "type": "amazon_eventbridge", "event_payload": "thin", "enabled_events": ["*"]}`, "type"},
		"no address":     {`{"name": "x", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["*"]}`, "webhook_endpoint"},
		"a bad address":  {`{"name": "x", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["*"], "webhook_endpoint": {"url": "here"}}`, "webhook_endpoint[url]"},
		"another event":  {`{"name": "x", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["customer.created"], "webhook_endpoint": {"url": "https://example.com"}}`, "enabled_events"},
		"no thin events": {`{"name": "x", "type": "webhook_endpoint", "event_payload": "snapshot", "enabled_events": ["v1.customer.created"], "webhook_endpoint": {"url": "https://example.com"}}`, "enabled_events"},
		"no name":        {`{"type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["*"]}`, "name"},
	} {
		if got := v2(s, "POST", "/v2/core/event_destinations", c.body); got.Status != 400 || got.Object.Object("error").String("param") != c.param {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestThinList(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var last string
	for range 5 {
		last = s.Post("/v1/customers").OK().ID()
	}
	s.Post("/v1/products", "name", "Notebook").OK()
	page := s.Get("/v2/core/events", "limit", "2", "types[0]", "v1.customer.created").OK()
	seen := map[string]bool{}
	for n := 0; ; n++ {
		for _, v := range page.Array("data") {
			seen[v.(*object.Object).ID()] = true
		}
		next := page.String("next_page_url")
		if next == "" {
			break
		}
		if n > 5 {
			t.Fatal("there is no end")
		}
		page = s.Get(next).OK()
	}
	if len(seen) != 5 {
		t.Errorf("%d events are listed", len(seen))
	}
	if data := s.Get("/v2/core/events", "object_id", last).OK().Array("data"); len(data) != 1 {
		t.Errorf("%d events tell of %s", len(data), last)
	}
}
