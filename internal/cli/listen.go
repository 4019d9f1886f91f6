package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"sharesmart/internal/spec"
	"sharesmart/internal/webhook"
)

// listenFlags say what is listened to, and where it is forwarded.
type listenFlags struct {
	forward, forwardConnect         string
	forwardThin, forwardThinConnect string
	types, thin, headers            []string
	skipVerify, latest              bool
	printSecret                     bool
}

// listen follows events, and forwards them to an endpoint as the server would send them.
func (a *app) listen() *cobra.Command {
	c := &cobra.Command{
		Use: "listen", Short: "Follow events as they happen, and forward them to your endpoint", Args: cobra.NoArgs,
		Example: "  sharesmart listen --forward-to localhost:3000/webhook\n  sharesmart listen --events customer.created,invoice.paid --json\n" +
			"  sharesmart listen --thin-events '*' --forward-thin-to localhost:3000/thin",
	}
	l := &listenFlags{}
	f := c.Flags()
	f.StringVarP(&l.forward, "forward-to", "f", "", "`url` that events are sent to, signed")
	f.StringVarP(&l.forwardConnect, "forward-connect-to", "c", "", "`url` for the events of connected accounts (that of --forward-to)")
	f.StringVar(&l.forwardThin, "forward-thin-to", "", "`url` that thin events are sent to, signed")
	f.StringVar(&l.forwardThinConnect, "forward-thin-connect-to", "", "`url` for the thin events of connected accounts (that of --forward-thin-to)")
	f.StringSliceVar(&l.thin, "thin-events", nil, "`types` of thin events to follow as well, as v1.billing.meter.no_meter_found or * (none)")
	f.StringSliceVarP(&l.types, "events", "e", nil, "`types` to follow, with commas between them (all)")
	f.StringSliceVarP(&l.headers, "headers", "H", nil, "`headers` to send along, as Name:Value, with commas between them")
	f.BoolVar(&l.skipVerify, "skip-verify", false, "take any certificate of your endpoint")
	f.BoolVarP(&l.latest, "latest", "l", false, "in the newest version of the API, not in that of the account")
	f.BoolVar(&l.printSecret, "print-secret", false, "print the signing secret and end")
	_ = c.RegisterFlagCompletionFunc("events", cobra.FixedCompletions(spec.EventTypes(), cobra.ShellCompDirectiveNoFileComp))
	c.RunE = func(c *cobra.Command, _ []string) error { return a.runListen(c.Context(), l) }
	return c
}

func (a *app) runListen(ctx context.Context, l *listenFlags) error {
	l.forwardConnect = cmp.Or(l.forwardConnect, l.forward)
	l.forwardThinConnect = cmp.Or(l.forwardThinConnect, l.forwardThin)
	if l.forwardThin != "" && len(l.thin) == 0 {
		return usage("--forward-thin-to needs --thin-events: name their types, or write *")
	}
	a.doubt(l.types)
	params := []pair{{"websocket_features[]", "webhooks"}}
	if len(l.thin) > 0 {
		params = append(params, pair{"websocket_features[]", "v2_events"})
	}
	for _, p := range []pair{
		{"forward_to_url", l.forward}, {"forward_connect_to_url", l.forwardConnect},
		{"forward_thin_to_url", l.forwardThin}, {"forward_thin_connect_to_url", l.forwardThinConnect},
	} {
		if p.value != "" {
			params = append(params, p)
		}
	}
	if l.printSecret {
		return a.printSecret(ctx, params)
	}
	fw, err := newForwarder(a, l)
	if err != nil {
		return err
	}
	defer fw.close()
	s := &listener{app: a, flags: l, forwarder: fw}
	return a.follow(ctx, params, s.ready, func(m *told) error { return s.hear(m) }, func() error { return s.catchUp(ctx) })
}

// doubt tells of types that no event has, as far as is known: a server may be newer than this program.
func (a *app) doubt(types []string) {
	known := spec.EventTypes()
	for _, t := range types {
		if !slices.ContainsFunc(known, func(k string) bool { return matches(t, k) }) {
			_, _ = fmt.Fprintf(a.Stderr, "sharesmart: no event is known that is called %q%s\n", t, didYouMean("", t, known))
		}
	}
}

func (a *app) printSecret(ctx context.Context, params []pair) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	if device, _, err := a.value("device-name"); err == nil && device != "" {
		params = append(params, pair{"device_name", device})
	}
	got, err := c.do(ctx, &call{method: http.MethodPost, path: "/v1/stripecli/sessions", params: params})
	if err != nil {
		return err
	}
	var s following
	if err := json.Unmarshal(got.body, &s); err != nil {
		return err
	}
	a.Stdout.Line("%s", s.Secret)
	return nil
}

// listener hears events.
type listener struct {
	*app
	flags     *listenFlags
	forwarder *forwarder
	secret    string
	last      string // id of the newest event of the account itself
}

func (s *listener) ready(f *following) {
	s.secret = f.Secret
	if !s.settings.json {
		s.Stdout.Line("Ready. The signing secret is %s (Ctrl-C ends this)", s.Stdout.Bold(f.Secret))
	}
}

// hear takes an event in the version that the user wants.
func (s *listener) hear(m *told) error {
	switch {
	case m.Type == "v2_event":
		return s.takeThin(m.Thin, m.Headers)
	case m.Type != "webhook_event" || (m.Endpoint.APIVersion != nil) != s.flags.latest:
		return nil
	}
	return s.take(m.Payload, m.Headers)
}

// take shows an event and forwards it.
func (s *listener) take(payload string, headers map[string]string) error {
	var e event
	if err := json.Unmarshal([]byte(payload), &e); err != nil {
		return fmt.Errorf("read an event: %w", err)
	}
	if e.Account == "" {
		s.last = e.ID
	}
	if len(s.flags.types) > 0 && !matchesAny(s.flags.types, e.Type) {
		return nil
	}
	target := s.flags.forward
	if e.Account != "" {
		target = s.flags.forwardConnect
	}
	return s.pass(&e, &delivery{id: e.ID, object: e.Data.Object.ID, target: target, payload: payload, headers: headers})
}

// thinEvent is what is told of a thin one.
type thinEvent struct {
	ID, Type string
	Created  time.Time
	Context  string // the connected account that it happened in
	Related  struct {
		ID string
	} `json:"related_object"`
}

// takeThin shows a thin event and forwards it.
func (s *listener) takeThin(payload string, headers map[string]string) error {
	var e thinEvent
	if err := json.Unmarshal([]byte(payload), &e); err != nil {
		return fmt.Errorf("read a thin event: %w", err)
	}
	if !matchesAny(s.flags.thin, e.Type) {
		return nil
	}
	target := s.flags.forwardThin
	if e.Context != "" {
		target = s.flags.forwardThinConnect
	}
	return s.pass(&event{ID: e.ID, Type: e.Type, Created: e.Created.Unix(), Account: e.Context},
		&delivery{id: e.ID, object: e.Related.ID, target: target, payload: payload, headers: headers})
}

// pass shows an event and forwards it.
func (s *listener) pass(e *event, d *delivery) error {
	if s.settings.json {
		if err := s.line([]byte(d.payload)); err != nil {
			return err
		}
	} else {
		s.forwarder.print("%s  %s %s %s %s", s.Stdout.Dim(local(e.Created)), s.Stdout.Name("-->"), s.Stdout.Bold(e.Type), e.ID, s.Stdout.Dim(e.Account))
	}
	s.forwarder.forward(d)
	return nil
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// matches reports whether a type is one of a pattern: itself, all, or a family as invoice.*.
func matches(pattern, name string) bool {
	family, star := strings.CutSuffix(pattern, "*")
	return pattern == name || star && strings.HasPrefix(name, family)
}

// catchUp takes what happened in the account while there was no connection, oldest first. What happened in accounts
// that are connected to it, or is thin alone, is not made up for.
func (s *listener) catchUp(ctx context.Context) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	for s.last != "" {
		var missed []json.RawMessage
		params := []pair{{"limit", "100"}, {"ending_before", s.last}}
		if err := c.list(ctx, "/v1/events", params, func(item json.RawMessage) error {
			missed = append(missed, item)
			return nil
		}); err != nil {
			return err
		}
		if len(missed) == 0 {
			return nil
		}
		for _, item := range slices.Backward(missed) {
			if err := s.makeUpFor(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeUpFor takes an event as it would have been told, in both forms.
func (s *listener) makeUpFor(item []byte) error {
	now := s.Clock.Now().Unix()
	if err := s.take(string(item), signed(string(item), s.secret, now)); err != nil || len(s.flags.thin) == 0 {
		return err
	}
	thin, err := webhook.ThinBody(item)
	if err != nil {
		return err
	}
	return s.takeThin(string(thin), signed(string(thin), s.secret, now))
}

// printer prints lines of several goroutines, each whole.
type printer struct {
	*app
	mu sync.Mutex
}

func (p *printer) print(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Stdout.Line(format, args...)
}
