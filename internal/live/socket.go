package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/webhook"
)

const (
	// maxReply is the longest message that a client may send: what its endpoint answered.
	maxReply = 256 << 10
	// writeTime is how long a client may take to take a message.
	writeTime = 10 * time.Second
	// standsTick is how often to look whether the key of a session was revoked.
	standsTick = 10 * time.Second
)

// Handler serves the websocket until ctx is done.
func (s *Service) Handler(ctx context.Context) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(ctx, w, r) })
}

func (s *Service) serve(server context.Context, w http.ResponseWriter, r *http.Request) {
	b, err := s.open(r.Context(), r.Header.Get("Websocket-Id"))
	switch {
	case err != nil:
		s.Log.Error("open a session", "error", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	case b == nil:
		refuse(w)
		return
	}
	// It follows before the client hears that it is connected, which so misses nothing from then on.
	f := &follower{Service: s, session: b, watch: s.Engine.Watch("event", nil), thin: s.Engine.Watch(webhook.KindThin, nil)}
	defer f.watch.Close()
	defer f.thin.Close()
	f.requested = s.requests.follow(f.wants)
	defer s.requests.leave(f.requested)
	if f.conn, err = websocket.Accept(w, r, nil); err != nil {
		return // the client has been told
	}
	f.conn.SetReadLimit(maxReply)
	ctx, end := context.WithCancel(r.Context())
	defer end()
	defer context.AfterFunc(server, end)()
	go func() {
		defer end()
		ignore(r.Context(), f.conn)
	}()
	_ = f.conn.Close(f.follow(ctx))
}

// refuse tells a client that its token is of no use. Stripe's begins another session when it reads just this.
func refuse(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"type": apierr.TypeInvalid, "message": "Unknown WebSocket ID."}})
}

// ignore reads what a client says, which is what its endpoint answered: pings are answered while it reads.
func ignore(ctx context.Context, conn *websocket.Conn) {
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return
		}
	}
}

// follower is one connection of a session.
type follower struct {
	*Service
	*session
	conn      *websocket.Conn
	watch     *resource.Watch
	thin      *resource.Watch // of events that are thin alone
	requested chan *store.LogEntry
}

// errBehind says that somebody was too slow.
var errBehind = errors.New("live: the client fell behind")

// errEnded says that a session or its key has ended.
var errEnded = errors.New("live: the session has ended")

// follow tells what happens, and returns how the connection ends.
func (f *follower) follow(ctx context.Context) (websocket.StatusCode, string) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go f.watchKey(ctx, end)
	var work sync.WaitGroup
	if f.follows(Webhooks) || f.follows(ThinEvents) {
		work.Go(func() { end(f.events(ctx, f.watch, f.tellEvent)) })
	}
	if f.follows(ThinEvents) {
		work.Go(func() { end(f.events(ctx, f.thin, f.tellThin)) })
	}
	if f.follows(RequestLogs) {
		work.Go(func() { end(f.tail(ctx)) })
	}
	<-ctx.Done()
	work.Wait()
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errEnded):
		return websocket.StatusPolicyViolation, "The session has ended."
	case errors.Is(cause, errBehind):
		return websocket.StatusTryAgainLater, "The client fell behind."
	}
	return websocket.StatusGoingAway, ""
}

// watchKey ends a session whose key was revoked.
func (f *follower) watchKey(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(standsTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if !f.stands(f.session) {
				end(errEnded)
				return
			}
		}
	}
}

// events tells of events as they are committed.
func (f *follower) events(ctx context.Context, watch *resource.Watch, tell func(context.Context, resource.Change, string) error) error {
	secret, err := f.secret(ctx, f.Registry)
	if err != nil {
		return err
	}
	for {
		changes, missed, err := watch.Next(ctx)
		if err != nil {
			return err
		}
		if missed {
			return errBehind
		}
		for _, c := range changes {
			if !f.wants(c.NS) {
				continue
			}
			if err := tell(ctx, c, secret); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err // else its namespace was reset meanwhile
			}
		}
	}
}

// tellEvent tells of an event, in the forms that the client follows.
func (f *follower) tellEvent(ctx context.Context, c resource.Change, secret string) error {
	ns, event, err := f.Engine.EventOf(c)
	if event == nil || err != nil {
		return err
	}
	if f.follows(Webhooks) {
		if err := f.sendEvent(ctx, ns, event, secret); err != nil {
			return err
		}
	}
	if f.follows(ThinEvents) {
		return f.sendThin(ctx, event.JSON(), secret)
	}
	return nil
}

// tellThin tells of an event that is thin alone.
func (f *follower) tellThin(ctx context.Context, c resource.Change, secret string) error {
	ns, err := f.Registry.ByNS(c.NS)
	if err != nil {
		return err
	}
	told, err := f.Engine.Tell(ns, c.ID)
	if told == nil || err != nil {
		return err
	}
	return f.sendThin(ctx, told.Body, secret)
}

// tail tells of requests as they are answered.
func (f *follower) tail(ctx context.Context) error {
	filters, err := parseFilters(f.Filters)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-f.requested:
			ns, err := f.Registry.ByNS(e.NS)
			if err != nil || !filters.take(e, ns) {
				continue
			}
			if err := f.sendRequest(ctx, e, ns); err != nil {
				return err
			}
		}
	}
}

// wants reports whether what happens in a namespace is told.
func (f *follower) wants(number store.NS) bool {
	var ns *access.Namespace
	ns, err := f.Registry.ByNS(number)
	return err == nil && f.concerns(ns)
}

// send writes a message.
func (f *follower) send(ctx context.Context, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return f.conn.Write(ctx, websocket.MessageText, body)
}
