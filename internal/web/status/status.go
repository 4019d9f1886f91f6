// Package status says how a server is: /healthz to who restarts it, /readyz to who sends it requests, and /status to people.
package status

import (
	"context"
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// Where the answers are.
const (
	LivePath  = "/healthz"
	ReadyPath = "/readyz"
	Path      = "/status"
)

// Options are what a Board shows.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Write proves that the store takes writes.
	Write func(ctx context.Context) error
	// Parts say how the other parts are, in their order on the page.
	Parts func() []Part
}

// Part is how a part of the server is.
type Part struct {
	Name  string
	State State
	Text  string
}

// State is how well a part works.
type State string

// The states, as the look names them.
const (
	Good    State = "good"
	Bad     State = "bad"
	Neutral State = "neutral" // it is not set up
)

// Word is a state as it is shown.
func (s State) Word() string {
	return map[State]string{Good: "Works", Bad: "Disturbed", Neutral: "Not set up"}[s]
}

// phase is how far a server is.
type phase int

const (
	starting phase = iota
	ready
	draining
)

// reasons say why a server in a phase takes no requests.
var reasons = map[phase]string{starting: "starting", draining: "draining"}

// Board knows how a server is. It is safe for concurrent use.
type Board struct {
	mu      sync.Mutex
	options Options
	phase   phase
	proved  time.Time // when Write was last asked
	failed  error
	tally   tally
}

// probeEvery is for how long what Write said counts, as anybody may ask.
const probeEvery = time.Second

// New returns a Board of a server that starts.
func New() *Board { return &Board{} }

// Ready says that the server takes requests.
func (b *Board) Ready(o Options) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.options, b.phase = o, ready
}

// Drain says that it takes no more.
func (b *Board) Drain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.phase = draining
}

// Paths are the patterns at which a Board answers.
var Paths = []string{"GET " + LivePath, "GET " + ReadyPath, "GET " + Path, "GET " + styleAsset.Path}

// ServeHTTP answers.
func (b *Board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case LivePath:
		say(w, http.StatusOK, "ok")
	case ReadyPath:
		if why := b.Unready(r.Context()); why != "" {
			say(w, http.StatusServiceUnavailable, why)
			return
		}
		say(w, http.StatusOK, "ready")
	case styleAsset.Path:
		styleAsset.ServeHTTP(w, r)
	default:
		b.page(w, r)
	}
}

func say(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(text + "\n"))
}

// Unready says why the server takes no requests; empty if it does.
func (b *Board) Unready(ctx context.Context) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.phase != ready {
		return reasons[b.phase]
	}
	if now := b.options.Clock.Now(); now.Sub(b.proved) >= probeEvery {
		// What one client's request ends with must not count for the others.
		probe, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		err := b.options.Write(probe)
		cancel()
		if err != nil && b.failed == nil {
			b.options.Log.Error("the store takes no writes", "error", err)
		}
		b.proved, b.failed = now, err
	}
	if b.failed != nil {
		return "the store takes no writes"
	}
	return ""
}

//go:embed status.html
var pageText string

//go:embed status.css
var pageStyles string

var (
	page       = template.Must(template.New("status").Parse(pageText))
	styleAsset = static.NewAsset(Path+"/static/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+pageStyles)
)

// page shows how all parts are. It names no figure of the business.
func (b *Board) page(w http.ResponseWriter, r *http.Request) {
	why := b.Unready(r.Context())
	b.mu.Lock()
	o, phase := b.options, b.phase
	b.mu.Unlock()
	ui.Secure(w.Header())
	if phase == starting {
		say(w, http.StatusServiceUnavailable, "starting")
		return
	}
	now := o.Clock.Now()
	parts := append([]Part{b.api(why, now)}, o.Parts()...)
	title := "All is well"
	status := http.StatusOK
	for _, p := range parts {
		if p.State == Bad {
			title = "Some of it is disturbed"
		}
	}
	if why != "" {
		title, status = "The API is disturbed", http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	err := page.Execute(w, struct {
		Title, Style string
		Parts        []Part
		Now          time.Time
	}{title, styleAsset.Path, parts, now.UTC()})
	if err != nil {
		o.Log.Debug("status page", "error", err)
	}
}

// api is the part that answers requests.
func (b *Board) api(why string, now time.Time) Part {
	p := Part{Name: "API", State: Good, Text: "Requests are answered."}
	if why != "" {
		p.State, p.Text = Bad, "No requests are taken at the moment: "+why+"."
		return p
	}
	if share := b.tally.failed(now); share >= disturbed {
		p.State, p.Text = Bad, "Of the requests of the last five minutes some ended with an error of the server."
	}
	return p
}
