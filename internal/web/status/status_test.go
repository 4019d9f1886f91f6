package status

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

func TestBoard(t *testing.T) {
	t.Parallel()
	b, c := New(), clock.NewFake(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	var broken error
	check := func(path string, status int, want string) {
		t.Helper()
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != status || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	check(LivePath, 200, "ok")
	check(ReadyPath, 503, "starting")
	check(Path, 503, "starting")
	b.Ready(Options{
		Clock: c, Log: slog.New(slog.DiscardHandler), Write: func(context.Context) error { return broken },
		Parts: func() []Part { return []Part{{"Mail", Neutral, "Mail is kept."}} },
	})
	check(ReadyPath, 200, "ready")
	check(Path, 200, "All is well")
	check(styleAsset.Path, 200, ".status")
	broken = errors.New("disk full")
	check(ReadyPath, 200, "ready") // it was asked a moment ago
	c.Advance(2 * time.Second)
	check(ReadyPath, 503, "the store takes no writes")
	check(Path, 503, "The API is disturbed")
	broken = nil
	c.Advance(2 * time.Second)
	check(ReadyPath, 200, "ready")
	for i := range 100 {
		e := store.LogEntry{Time: c.Now().UnixMicro(), Status: 200}
		if i < 2 {
			e.Status = 500
		}
		b.Answered(e)
	}
	check(Path, 200, "Some of it is disturbed")
	c.Advance(6 * time.Minute)
	check(Path, 200, "All is well")
	b.Drain()
	check(ReadyPath, 503, "draining")
	check(LivePath, 200, "ok")
}
