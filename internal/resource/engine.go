package resource

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/money"
	"sharesmart/internal/param"
	"sharesmart/internal/processor"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Request is one call of one operation: authenticated, routed, not yet decoded.
type Request struct {
	Op             *spec.Operation
	Path           []string // values of the path's {params}, unescaped, in order
	Query          string   // raw
	ContentType    string
	Body           []byte
	ID             string // req_...
	IdempotencyKey string
	Version        string // API version in force
	VersionSent    bool   // the request named it
	Grant          *access.Grant
	Namespace      *access.Namespace // the grant's, or the connected account's
	RawPath        string            // the URL path as it was sent
}

// Answer is what the edge sends.
type Answer struct {
	Status      int
	ContentType string // empty means application/json
	Body        []byte
	Replayed    bool
	Original    string // request id of the first execution, for a POST with an idempotency key
	// ObjectID and ObjectVersion name the stored document that Body is exactly, if it is one.
	ObjectID      string
	ObjectVersion int64
	Events        []string // ids of the events that the operation caused
	// Input is what was decoded, for the request log.
	Input *param.Input
}

// Options change how an Engine behaves.
type Options struct {
	// Mock answers from fixtures where there is nothing stored, as stripe-mock does: an id that was never
	// created, an empty list, an action without a rule.
	Mock bool
	// BaseURL is where this server is reached: "https://localhost:8443".
	BaseURL string
	// Fees are kept of payments; nil stands for Stripe's standard.
	Fees *money.Fees
	// Processor moves the real money of an account, or is nil; nil if there is none at all.
	Processor func(account string) processor.Remote
	// Retention is for how long events, old versions, saved answers and the request log are kept; zero takes the package's.
	Retention time.Duration
}

// Engine serves operations. It is safe for concurrent use.
type Engine struct {
	store    store.Store
	stale    store.Reader // for what is checked later
	shared   store.Shared // the store, if other processes may have it too; else nil
	registry *access.Registry
	clock    clock.Clock
	order    *clock.Order // of ids that are made on test clocks
	options  Options

	rules     map[string]*Rules
	ruled     map[*spec.Operation]handler // operations that a rule serves
	timers    map[string]timerRule
	handlers  map[*spec.Operation]handler
	kinds     map[string]*kindInfo
	reference sync.Map // kind -> *sync.Once, see reference.go
	inFlight  sync.Map // idempotency keys at work
	selves    sync.Map // the account's own object where nothing has changed it, as store.Doc by store.NS
	clocks    sync.Map // whether there are test clocks, by store.NS
	emptied   sync.Map // namespaces that another process dropped, as store.NS
	jobs      jobs
	listeners []listener
	bearers   map[*spec.Operation]string // the kind whose keys alone may call an operation
	wishes    atomic.Int64               // counts what was made due at once, see commit
	busy      busyness
	journal   *journal
	due       sync.Mutex // held by who runs what is due, so that no timer runs twice
	unserved  []string   // list filters that nothing serves
	// sharesFiles is the kind with Rules.Shared whose objects name a file.
	sharesFiles string
}

// handler serves one operation. Reads are served without a transaction, straight from the store.
type handler struct {
	read   func(e *Engine, c *call) (*Answer, error)
	write  Hook
	direct DirectFunc
	errand Errand
	abroad bool // the errand asks another server
	// preview says that nothing of what it writes is kept.
	preview bool
	// ahead is set for operations that may be run ahead of the writer; see ahead_call.go.
	ahead *luck
	// origin says what serves the operation, for the ledger: "generic", "rule" or "unsupported".
	origin string
}

// call is a request with its decoded parameters.
type call struct {
	*Request
	in *param.Input
}

// New builds an engine. It fails when a rule does not fit the spec.
func New(s store.Store, reg *access.Registry, c clock.Clock, rules []Rules, o Options) (*Engine, error) {
	byKind, ruled, timers, err := rulesOf(rules)
	if err != nil {
		return nil, err
	}
	j := newJournal()
	e := &Engine{jobs: jobs{soon: make(chan struct{}, 1)}, store: &journaled{s, j}, journal: j, registry: reg, clock: c, order: clock.NewOrder(c), options: o, rules: byKind, ruled: ruled, timers: timers}
	for _, kind := range slices.Sorted(maps.Keys(timers)) {
		if l := timers[kind].listener; l != nil {
			e.listeners = append(e.listeners, listener{l, kind, timers[kind].object})
		}
	}
	e.stale = e.store
	if shared, ok := s.(store.Shared); ok {
		e.shared, e.stale = shared, shared.Stale()
	}
	e.bearers = bearersOf(rules)
	e.kinds = make(map[string]*kindInfo, len(spec.Resources()))
	for _, name := range spec.Resources() {
		e.kinds[name] = e.newKind(name)
		if r := byKind[name]; r != nil && r.Shared != "" && e.kinds[name].schema.Prop("file") != nil {
			e.sharesFiles = name
		}
	}
	e.linkClocks()
	e.handlers = make(map[*spec.Operation]handler, len(spec.Operations()))
	for _, op := range spec.Operations() {
		e.addFilters(op)
		e.handlers[op] = e.handlerFor(op)
	}
	if err := e.checkFilterRules(); err != nil {
		return nil, err
	}
	return e, nil
}

// Serve runs one operation. An error is an *apierr.Error, or a fault of ours.
// Where an error was kept for its idempotency key, the answer is there as well, for its replay headers.
func (e *Engine) Serve(ctx context.Context, r *Request) (*Answer, error) {
	h := e.handlers[r.Op]
	r = e.atHome(r)
	if h.read != nil || h.write != nil && e.Processor(r.Namespace) == nil { // others wait for somebody else
		e.busy.begin()
		defer e.busy.end()
	}
	if h.read != nil && r.Query == "" && r.Op.Form == spec.Retrieve && r.subject() == "" && !e.isReference(r.Op.Kind) {
		// The hot path: nothing to decode, the stored bytes are the answer.
		return h.read(e, &call{Request: r})
	}
	in, err := param.Decode(r.Op, r.Query, r.ContentType, r.Body)
	switch {
	case err != nil && e.options.Mock && isLoose(err):
		return e.mockReply(&call{Request: r})
	case err != nil:
		return nil, err
	}
	c := &call{Request: r, in: in}
	if err := e.checkCustomerAccount(c); err != nil {
		return &Answer{Input: in}, err
	}
	if r.subject() != "" {
		if err := e.checkSubject(c); err != nil {
			return nil, err
		}
	}
	var a *Answer
	switch {
	case h.read != nil:
		a, err = h.read(e, c)
	case h.direct != nil:
		a, err = e.direct(ctx, c, h.direct)
	case h.errand != nil:
		a, err = e.errand(ctx, c, h)
	case h.write != nil:
		a, err = e.write(ctx, c, h)
	default:
		err = apierr.NotImplemented(r.Op.Method + " " + r.Op.Path)
	}
	if a != nil {
		a.Input = in
	} else if err != nil {
		a = &Answer{Input: in}
	}
	return a, err
}

// atHome sends what a connected account asks about itself to its platform, where its own object lives with all that is
// below it.
func (e *Engine) atHome(r *Request) *Request {
	if r.Namespace == r.Grant.Namespace || len(r.Path) == 0 {
		return r
	}
	first := r.Op.Parent
	if first == "" {
		first = r.Op.Target
	}
	if first == "" || !e.kind(first).isSelf(r.Namespace, r.Path[0]) && !e.isBelowSelf(r) {
		return r
	}
	home := *r
	home.Namespace = r.Grant.Namespace
	return &home
}

// isBelowSelf reports whether a connected account changes what lives below its own object by a path that does not name
// that: an external account. It costs one read for each update that a platform makes in a connected account.
func (e *Engine) isBelowSelf(r *Request) bool {
	if r.Op.Form != spec.Update {
		return false
	}
	for _, name := range r.Op.Targets {
		d, err := e.store.Get(r.Grant.Namespace.NS, e.kind(name).docID(r.Path[0]))
		if err == nil && !d.Deleted && d.Kind == name && d.Parent == r.Namespace.Account {
			return true
		}
	}
	return false
}

// isMissing reports whether err says that a document is not there.
func isMissing(err error) bool { return errors.Is(err, store.ErrNotFound) }
