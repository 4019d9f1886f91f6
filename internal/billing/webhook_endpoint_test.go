package billing_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestWebhookEndpoint(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Post("/v1/webhook_endpoints", form("url=https://example.com/hook enabled_events[]=charge.failed enabled_events[]=charge.succeeded connect=true")...).OK()
	secret := made.String("secret")
	if !regexp.MustCompile(`^whsec_[0-9A-Za-z]{32}$`).MatchString(secret) {
		t.Errorf("the secret is %q", secret)
	}
	wantFields(t, made, map[string]any{"status": "enabled", "api_version": nil, "enabled_events.1": "charge.succeeded", "description": nil})
	path := "/v1/webhook_endpoints/" + made.ID()
	if got := s.Get(path).OK(); got.Has("secret") {
		t.Error("the secret is shown again")
	}
	wantFields(t, s.Post(path, "disabled", "true").OK(), map[string]any{"status": "disabled", "secret": nil})
	wantFields(t, s.Post(path, "disabled", "false", "url", "https://example.com/other").OK(), map[string]any{"status": "enabled", "url": "https://example.com/other"})
	if got := keptSecret(t, s, made.ID()); got != secret {
		t.Errorf("the secret that is kept is %q, want %q", got, secret)
	}
	refuse(t, s, []refusal{
		{"an address of too many characters", "/v1/webhook_endpoints", "url=https://example.com/" + strings.Repeat("a", 5000) + " enabled_events[]=*", "", "url", "Invalid string: https://ex...aaaaaaaaaa; must be at most 5000 characters"},
		{"a port that is none", "/v1/webhook_endpoints", "url=https://example.com:99999 enabled_events[]=*", "url_invalid", "url", "Not a valid URL"},
		{"no address", "/v1/webhook_endpoints", "url=here enabled_events[]=*", "url_invalid", "url", "Not a valid URL"},
		{"no events", "/v1/webhook_endpoints", "url=https://example.com/hook", "parameter_missing", "enabled_events", "enabled_events"},
	})
	for i := range 15 {
		s.Post("/v1/webhook_endpoints", "url", "https://example.com/"+strconv.Itoa(i), "enabled_events[]", "*").OK()
	}
	refuse(t, s, []refusal{{"too many", "/v1/webhook_endpoints", "url=https://example.com/hook enabled_events[]=*", "", "", "maximum of 16 test"}})
	s.Delete(path).OK()
	s.Get(path).Fails(404, "resource_missing")
}

// keptSecret is the secret as whoever delivers events reads it.
func keptSecret(t *testing.T, s *servertest.Server, id string) string {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	secret := ""
	_, err = s.Engine.Call(context.Background(), ns, func(op *resource.Op) error {
		endpoint, err := op.Get("webhook_endpoint", id, "")
		if err != nil {
			return err
		}
		private, err := op.Private(endpoint)
		secret = private.String("secret")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestWebhookEndpointInLiveMode(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	live := s.Account.LiveSecret.Secret
	plain := servertest.Request{Method: "POST", Path: "/v1/webhook_endpoints", Key: live, Form: form("url=http://example.com/hook enabled_events[]=*")}
	wantFields(t, s.Do(plain).Fails(400, "url_invalid"), map[string]any{"param": "url"})
	plain.Form[1] = "https://example.com/hook"
	wantFields(t, s.Do(plain).OK(), map[string]any{"livemode": true})
}
