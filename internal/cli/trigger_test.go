package cli_test

import (
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// TestTriggers causes every event there is a trigger for. The command fails unless the event is there afterwards.
func TestTriggers(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.WallClock(), servertest.Timers())
	names := strings.Fields(newShell(t, s).must("trigger"))
	if len(names) < 150 {
		t.Errorf("there are %d triggers", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := newShell(t, s)
			sh.env["SHARESMART_API_KEY"] = s.Post("/v1/sandboxes", "name", name).OK().String("secret_key")
			sh.must("trigger", name)
		})
	}
}
