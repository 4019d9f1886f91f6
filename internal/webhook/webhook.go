// Package webhook delivers events to webhook endpoints: signed as Stripe signs, at least once, those of one object in
// their order, and again and again until the endpoint has answered 2xx.
//
//	event, in its own transaction --> delivery: pending --2xx--> delivered
//	                                  pending --no 2xx--> pending, later
//	                                  pending --no attempts left--> failed
//	                                  pending --endpoint or event gone--> canceled
//	                                  delivered, failed --resent--> pending
//
// A delivery is an object of the endpoint's account, which its event owes until it is sent or asked for (owed.go). A job of the account sends what is pending; it keeps the queues of
// all endpoints in memory, and is told of new deliveries as they are committed. What came of attempts is written many at
// a time. The next event of an object is sent once that is on disk, so that even a crash brings no older event after a
// newer one; it may bring one twice.
package webhook

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/outbound"
	"sharesmart/internal/resource"
)

const (
	kindDelivery = "webhook_delivery"
	kindEndpoint = "webhook_endpoint"
	kindEvent    = "event"

	// jobDeliver sends what is pending in an account.
	jobDeliver = "webhook_delivery.send"

	// timeout is how long an endpoint has to answer.
	timeout = 10 * time.Second
	// connections is how many requests an endpoint gets at once.
	connections = 16
)

// Options are what a Sender is made with.
type Options struct {
	Clock clock.Clock
	// Live and Test say which addresses may be reached.
	Live, Test outbound.Policy
	Log        *slog.Logger // nil for none
	// Wrap is put around what sends; nil is nothing.
	Wrap func(http.RoundTripper) http.RoundTripper
	// Timeout is how long an endpoint has to answer; zero takes the default of ten seconds.
	Timeout time.Duration
	// Warn tells the account's owner of an endpoint that fails for days, or was disabled for that; nil tells nobody.
	Warn func(op *resource.Op, w Warning) error
}

// Sender delivers events. It is safe for concurrent use.
type Sender struct {
	Options
	live, test *http.Client

	// What endpoints there are, by namespace. generation counts the changes that make all of that old.
	known      sync.Map
	generation atomic.Int64
	alone      bool // no other process writes

	mu     sync.Mutex
	queues map[namespace]*queue // of accounts in which something is pending
}

// New returns one. It works once its Rules are an engine's, and Follow was called with that.
func New(o Options) *Sender {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = timeout
	}
	s := &Sender{Options: o, live: o.Live.Pool(o.Timeout, connections), test: o.Test.Pool(o.Timeout, connections), queues: map[namespace]*queue{}}
	if o.Wrap != nil {
		s.live.Transport, s.test.Transport = o.Wrap(s.live.Transport), o.Wrap(s.test.Transport)
	}
	return s
}

// Follow lets the sender hear of changes of endpoints.
func (s *Sender) Follow(e *resource.Engine) {
	s.alone = e.Alone()
	for _, kind := range []string{kindEndpoint, kindDestination} {
		e.Observe(kind, func([]resource.Change) { s.generation.Add(1) })
	}
}

// Rules are the rules of endpoints and deliveries, for the engine.
func (s *Sender) Rules() []resource.Rules {
	return []resource.Rules{
		s.endpointRules(), destinationRules(), thinRules(),
		{
			Object: kindDelivery, Unversioned: true, Retention: resource.Retention,
			Listener: &resource.Listener{Record: s.record, Settle: s.settle, Who: "webhook_endpoint", Pending: pending, Failed: failed},
			Jobs:     map[string]resource.Job{jobDeliver: s.deliver},
			Actions:  resource.Actions{"POST /v1/events/{event}/retry": retryEvent},
		},
	}
}
