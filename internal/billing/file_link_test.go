package billing_test

import (
	"regexp"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestFileLink(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	body, contentType := multipartBody([]string{"purpose", "business_logo", "file", "bytes"})
	file := s.Do(servertest.Request{Method: "POST", Path: "/v1/files", Body: body, ContentType: contentType}).OK().ID()
	link := s.Post("/v1/file_links", "file", file, "expires_at", in(s, time.Hour)).OK()
	wantFields(t, link, map[string]any{"expired": false, "file": file, "livemode": false})
	if !regexp.MustCompile(`^` + regexp.QuoteMeta(s.URL) + `/links/[0-9A-Za-z]{40,}$`).MatchString(link.String("url")) {
		t.Errorf("the address is %q", link.String("url"))
	}
	endless := s.Post("/v1/file_links", "file", file).OK().ID()
	count := func(expired string) int { return len(s.Get("/v1/file_links", "file", file, "expired", expired).IDs()) }
	if count("true") != 0 || count("false") != 2 {
		t.Errorf("%d links are expired and %d not, want 0 and 2", count("true"), count("false"))
	}
	later(t, s, time.Hour)
	wantFields(t, s.Get("/v1/file_links/"+link.ID()).OK(), map[string]any{"expired": true})
	wantFields(t, s.Post("/v1/file_links/"+link.ID(), "expires_at", in(s, time.Hour)).OK(), map[string]any{"expired": false})
	wantFields(t, s.Post("/v1/file_links/"+link.ID(), "expires_at", "").OK(), map[string]any{"expired": false, "expires_at": nil})
	later(t, s, 2*time.Hour)
	wantFields(t, s.Get("/v1/file_links/"+link.ID()).OK(), map[string]any{"expired": false})
	wantFields(t, s.Post("/v1/file_links/"+endless, "expires_at", "now").OK(), map[string]any{"expired": true})
	if count("true") != 1 || count("false") != 1 {
		t.Errorf("%d links are expired and %d not, want 1 and 1", count("true"), count("false"))
	}
	refuse(t, s, []refusal{
		{"unknown file", "/v1/file_links", "file=file_none", "resource_missing", "file", "No such file"},
		{"over already", "/v1/file_links", "expires_at=1 file=" + file, "", "expires_at", "future"},
	})
}

func TestTestClock(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	frozen := in(s, 240*time.Hour)
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", frozen, "name", "Autumn").OK()
	wantFields(t, clock, map[string]any{
		"status": "ready", "name": "Autumn", "frozen_time": int(s.Clock.Now().Unix()) + 240*3600, "deletes_after": int(s.Clock.Now().Unix()) + 7*86400, "livemode": false,
	})
	on := s.Post("/v1/customers", "test_clock", clock.ID()).OK().ID()
	off := s.Post("/v1/customers").OK().ID()
	for query, want := range map[string]string{"": off, "test_clock=" + clock.ID(): on} {
		if got := s.Get("/v1/customers", form(query)...).IDs(); len(got) != 1 || got[0] != want {
			t.Errorf("%q lists %q, want %q", query, got, want)
		}
	}
	wantEvents(t, s, []string{"customer.deleted", "test_helpers.test_clock.deleted"}, func() { s.Delete("/v1/test_helpers/test_clocks/" + clock.ID()).OK() })
	wantFields(t, s.Get("/v1/customers/"+on).OK(), map[string]any{"deleted": true})
	s.Get("/v1/test_helpers/test_clocks/"+clock.ID()).Fails(404, "resource_missing")

	forgotten := s.Post("/v1/test_helpers/test_clocks", "frozen_time", frozen).OK().ID()
	wantEvents(t, s, []string{"test_helpers.test_clock.deleted"}, func() { later(t, s, 7*24*time.Hour) })
	if got := s.Get("/v1/test_helpers/test_clocks").IDs(); len(got) != 0 {
		t.Errorf("the clocks %q are left, and %s is too old", got, forgotten)
	}
}
