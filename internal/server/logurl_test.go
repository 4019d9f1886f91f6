package server_test

import (
	"net/http"
	"strconv"
	"testing"

	"sharesmart/internal/servertest"
)

// TestLogURL follows where an error says that its request is shown.
func TestLogURL(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sandbox := s.Post("/v1/sandboxes").OK()
	connected := s.Post("/v1/accounts", "type", "custom").OK().ID()
	for name, test := range map[string]struct {
		request servertest.Request
		place   string
	}{
		"test":      {servertest.Request{}, "test/"},
		"live":      {servertest.Request{Key: s.Account.LiveSecret.Secret}, ""},
		"sandbox":   {servertest.Request{Key: sandbox.String("secret_key")}, sandbox.ID() + "/"},
		"connected": {servertest.Request{Header: http.Header{"Stripe-Account": {connected}}}, connected + "/test/"},
	} {
		test.request.Method, test.request.Path = http.MethodGet, "/v1/charges/ch_none"
		a := s.Do(test.request)
		want := s.URL + "/dashboard/" + test.place + "logs/" + a.Header.Get("Request-Id") + "?t=" + strconv.FormatInt(servertest.Start.Unix(), 10)
		if got := a.Fails(http.StatusNotFound, "resource_missing").String("request_log_url"); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
