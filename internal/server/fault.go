package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/fault"
	"sharesmart/internal/store"
)

// Faults are what namespaces want to go wrong with their requests.
type Faults interface {
	// Standing are the rules of a namespace that may strike still, in the order in which they are tried.
	Standing(ctx context.Context, ns *access.Namespace) ([]fault.Rule, error)
	// Strike counts a request for the rules that fit it, until one strikes, and returns what is to go wrong; empty if
	// the request passes. Last says that a rule has struck for the last time.
	Strike(ctx context.Context, ns *access.Namespace, ids []string) (text string, last bool, err error)
}

// faultHeader asks for a fault of one request, and tells in an answer that it is one. In its canonical form.
const faultHeader = "Sharesmart-Fault"

// faultKind is the kind of the rules. Operations on them are never struck by one, so that each can be taken back.
const faultKind = "fault"

// chooseFault finds what shall go wrong with the request: what its header says, else what a rule does. It costs a
// request without either a look into two maps.
func (x *exchange) chooseFault() error {
	if sent := x.r.Header[faultHeader]; len(sent) > 0 {
		return x.useFault(sent[0])
	}
	if x.Faults == nil || x.ns.Live || x.op.Kind == faultKind {
		return nil
	}
	rules, err := x.faultRules.of(x.r.Context(), x.Faults, x.ns, x.start)
	if err != nil || len(rules) == 0 {
		return err
	}
	var ids []string
	for i := range rules {
		if rules[i].Fits(x.method(), x.path) {
			ids = append(ids, rules[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	text, last, err := x.Faults.Strike(x.r.Context(), x.ns, ids)
	if last {
		x.faultRules.forget(x.ns.NS)
	}
	if err != nil || text == "" {
		return err
	}
	return x.useFault(text)
}

func (x *exchange) useFault(text string) error {
	if x.ns.Live {
		return forbidden("", "The header ShareSmart-Fault works in test mode and in sandboxes, and this key is for live mode.")
	}
	f, err := fault.Parse(text)
	if err != nil {
		return apierr.Validation("", "", "Invalid ShareSmart-Fault: %s.", err)
	}
	x.fault = f
	return nil
}

// suffer lets happen what goes wrong before the operation.
func (x *exchange) suffer() error {
	f := x.fault
	if f == nil {
		return nil
	}
	if f.Delay > 0 {
		if err := wait(x.r.Context(), f.Delay); err != nil {
			return err
		}
	}
	if f.Cut {
		return errCut
	}
	if f.Err != nil {
		x.limited = f.Limited
		return f.Err
	}
	return nil
}

// errCut is logged for a connection that is closed instead of an answer.
var errCut = &apierr.Error{Status: statusClosed, Type: "connection_cut", Message: "The connection was cut, as ShareSmart-Fault asked.", Early: true}

// cutsAnswer reports whether the operation is done and its answer must not arrive.
func (x *exchange) cutsAnswer() bool { return x.fault != nil && x.fault.CutAfter }

// cut closes the connection: the whole of HTTP/1, the stream of HTTP/2.
func (x *exchange) cut() { panic(http.ErrAbortHandler) }

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait as ShareSmart-Fault asked: %w", ctx.Err())
	}
}

const (
	// maxFaultRules bounds for how many namespaces it is remembered which rules they have; past it, all are read anew.
	maxFaultRules = 10_000
	// trustFaults is how long rules are remembered: another process may have made or taken back some.
	trustFaults = time.Second
)

// faultRules remembers the rules of each namespace, so that most requests read none.
type faultRules struct {
	epoch atomic.Int64 // counts what was forgotten: rules that were read before are out of date
	mu    sync.RWMutex
	known map[store.NS]knownRules
}

type knownRules struct {
	rules []fault.Rule
	until time.Time
}

func (c *faultRules) of(ctx context.Context, f Faults, ns *access.Namespace, now time.Time) ([]fault.Rule, error) {
	c.mu.RLock()
	known := c.known[ns.NS]
	c.mu.RUnlock()
	if now.Before(known.until) {
		return known.rules, nil
	}
	epoch := c.epoch.Load()
	rules, err := f.Standing(ctx, ns)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch == c.epoch.Load() {
		if c.known == nil || len(c.known) >= maxFaultRules {
			c.known = map[store.NS]knownRules{}
		}
		c.known[ns.NS] = knownRules{rules, now.Add(trustFaults)}
	}
	return rules, nil
}

// forget makes the next request of a namespace read its rules.
func (c *faultRules) forget(ns store.NS) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	delete(c.known, ns)
}
