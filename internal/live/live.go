// Package live lets a command line follow what happens in an account: the events as they are committed, the requests as
// they are answered. It speaks the protocol of Stripe's command line: POST /v1/stripecli/sessions gives a token and the
// address of a websocket, which tells of one thing after the other.
//
// Nothing is stored of a session. Its token says all there is to know and is signed by the server, so that it outlives a
// restart, and its signing secret is derived from the account and the name of the device, so that it stays the same.
package live

import (
	"log/slog"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

// SocketPath is where the websocket is.
const SocketPath = "/stripecli/socket"

// Service tells those who follow.
type Service struct {
	// SocketURL is the websocket as clients reach it: "ws://127.0.0.1:12111/stripecli/socket".
	SocketURL string
	Engine    *resource.Engine
	Registry  *access.Registry
	Clock     clock.Clock
	Log       *slog.Logger

	requests tailers
}

// Rules serve the operations of sessions.
func (s *Service) Rules() resource.Rules {
	return resource.Rules{Object: "stripecli_session", Direct: map[string]resource.DirectFunc{"POST /v1/stripecli/sessions": s.create}}
}

// Answered tells those who follow requests of one. It costs a look when there are none.
func (s *Service) Answered(e store.LogEntry) { s.requests.tell(e) }
