package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// An account with a Dashboard of its own that is removed ends the platform's right to act in it, which its endpoints for
// connected accounts hear of; the platform's other endpoints do not, and accounts that the platform answers for have none.
func TestDeauthorizedByRemoval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		told bool
	}{{"standard", true}, {"express", false}, {"custom", false}} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			connect := s.Post("/v1/webhook_endpoints", "url", "https://example.com/connect", "enabled_events[]", "*", "connect", "true").OK().ID()
			s.Post("/v1/webhook_endpoints", "url", "https://example.com/own", "enabled_events[]", "*").OK()
			account := s.Post("/v1/accounts", "type", c.kind, "country", "US").OK().ID()
			var want []string
			if c.told {
				want = []string{"account.application.deauthorized"}
			}
			events := wantEvents(t, s, want, func() { s.Delete("/v1/accounts/" + account).OK() })
			if !c.told {
				return
			}
			wantFields(t, events[0], map[string]any{"account": account, "data.object.object": "application", "data.object.name": "ShareSmart"})
			if id := events[0].Object("data").Object("object").ID(); len(id) != 35 || id[:3] != "ca_" {
				t.Errorf("the application is %q", id)
			}
			made := s.Get("/v1/webhook_deliveries", "event", events[0].ID()).OK().Array("data")
			if len(made) != 1 {
				t.Fatalf("there are %d deliveries", len(made))
			}
			wantFields(t, made[0].(*object.Object), map[string]any{"webhook_endpoint": connect, "account": account})
		})
	}
}
