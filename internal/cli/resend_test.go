package cli_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/cli"
	"sharesmart/internal/servertest"
)

// Who looks sees how far events have come that are sent again; a script has its answer at once.
func TestResendProgress(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	at := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(at.Close)
	id := s.Post("/v1/webhook_endpoints", "url", at.URL, "enabled_events[]", "customer.created").OK().ID()
	s.Post("/v1/customers").OK()
	run := func() {
		t.Helper()
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	run()
	for _, looks := range []bool{false, true} {
		var out, errs bytes.Buffer
		o := sh.options(&out, &errs)
		o.Stdout.Colour = looks
		over := make(chan int, 1)
		go func() { over <- cli.Run(t.Context(), []string{"webhook_endpoints", "resend", id, "--from", "1"}, o) }()
		code := -1
		for code < 0 {
			select {
			case code = <-over:
			default:
				if looks {
					run()
				}
			}
		}
		if code != cli.ExitOK || !strings.Contains(out.String(), `running`) || strings.Contains(out.String(), "1 of 1 events are on their way") != looks {
			t.Errorf("looked at: %t; it ended with %d, and said %s%s", looks, code, out.String(), errs.String())
		}
		run()
	}
}
