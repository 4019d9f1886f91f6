package cli_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// unserved begin the names of triggers of objects that the server cannot change yet.
var unserved = []string{"issuing_authorization.", "issuing_transaction.", "identity.verification_session.canceled", "identity.verification_session.redacted", "reporting.",
	"account.application.deauthorized", "subscription_schedule.aborted", "customer.discount."}

// TestTriggers causes every event there is a trigger for. The command fails unless the event is there afterwards.
func TestTriggers(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.WallClock(), servertest.Timers())
	names := strings.Fields(newShell(t, s).must("trigger"))
	if len(names) < 150 {
		t.Errorf("there are %d triggers", len(names))
	}
	for _, name := range names {
		if slices.ContainsFunc(unserved, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := newShell(t, s)
			sh.env["SHARESMART_API_KEY"] = s.Post("/v1/sandboxes", "name", name).OK().String("secret_key")
			sh.must("trigger", name)
		})
	}
}
