package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection. Reading and writing may take as long as a large file on a slow line does. There is no limit
// of its own for headers: it would cost every request another timer.
const (
	requestTime    = 60 * time.Second
	answerTime     = 2 * time.Minute
	idleTime       = 2 * time.Minute
	maxHeaderBytes = 64 << 10
	// drainTime is how long requests at work may go on after the server was told to stop.
	drainTime = 15 * time.Second
)

// Listeners are where a Server is reached. Any may be nil.
type Listeners struct {
	// HTTPS speaks TLS with TLSConfig; plain HTTP that comes here is refused.
	HTTPS     net.Listener
	TLSConfig *tls.Config
	// Plain refuses all plain HTTP. Challenge is put around that here and on HTTPS, for an authority's challenge, which comes
	// over plain HTTP; nil is nothing.
	Plain     net.Listener
	Challenge func(http.Handler) http.Handler
	// HTTP speaks plain HTTP. Whoever opens it makes sure that it is a loopback address.
	HTTP net.Listener
}

// Run serves until ctx is done, then lets the requests at work finish, and closes the listeners.
func (s *Server) Run(ctx context.Context, l Listeners) error {
	var servers []*http.Server
	failed := make(chan error, 4)
	start := func(h http.Handler, on net.Listener) {
		server := s.httpServer(h)
		servers = append(servers, server)
		go func() {
			if err := server.Serve(on); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve %s: %w", on.Addr(), err)
			}
		}()
	}
	var all http.Handler = s
	if s.Wrap != nil {
		all = s.Wrap(s)
	}
	var refuse http.Handler = http.HandlerFunc(s.refusePlain)
	if l.Challenge != nil {
		refuse = l.Challenge(refuse)
	}
	if l.Plain != nil {
		start(refuse, l.Plain)
	}
	if l.HTTPS != nil {
		encrypted, plain := newConnections(l.HTTPS), newConnections(l.HTTPS)
		start(all, encrypted)
		start(refuse, plain)
		go s.split(l.HTTPS, l.TLSConfig, encrypted, plain)
	}
	if l.HTTP != nil {
		start(all, shapedListener{l.HTTP, s})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, drain(servers))
}

// drain stops servers: no new requests, those at work finish, and what takes too long is cut off.
func drain(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var err error
	for _, server := range servers {
		if stopped := server.Shutdown(ctx); stopped != nil {
			err = errors.Join(err, stopped, server.Close())
		}
	}
	return err
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadTimeout: requestTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeaderBytes, DisableGeneralOptionsHandler: true,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
}

// refusePlain answers plain HTTP on a port that speaks TLS. The key in such a request has crossed the network in clear,
// so the answer says nothing about it.
func (s *Server) refusePlain(w http.ResponseWriter, r *http.Request) {
	x := s.begin(w, r)
	defer x.recoverPanic()
	x.finish(nil, early(http.StatusForbidden, "The Stripe API is only accessible over HTTPS. Please see <https://stripe.com/docs> for more information."))
}
