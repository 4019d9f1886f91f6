package store

import (
	"context"
	"errors"
)

// What is here is for engines of which several processes have one database. Those of a single process may leave it all
// aside.

// ErrBusy means that another process kept a namespace for too long. Nothing was written, and the same may be tried again.
var ErrBusy = errors.New("store: busy, another process is at work on the same data")

// ErrOutcome means that the database was lost while a transaction was being committed, so that nobody knows whether it was.
var ErrOutcome = errors.New("store: the database was lost during a commit, and whether it was made is not known")

// Key names a document or an answer.
type Key struct {
	NS NS
	ID string
}

// Plan is what a transaction will probably touch. An engine for which that is far away fetches it for all transactions
// of a batch at once. What is missing in a plan costs time and nothing else.
type Plan struct {
	Spaces  []NS
	Docs    []Key
	Answers []Key
	Timers  []Timer
}

// TimerReader is a Tx that can say whether a timer is set: with its time and clock, or ErrNotFound.
type TimerReader interface {
	Timer(ns NS, kind, id string) (Timer, error)
}

type planKey struct{}

// WithPlan tells Update what its function will probably touch.
func WithPlan(ctx context.Context, p *Plan) context.Context {
	return context.WithValue(ctx, planKey{}, p)
}

// PlanOf is what WithPlan told; nil if nothing.
func PlanOf(ctx context.Context) *Plan {
	p, _ := ctx.Value(planKey{}).(*Plan)
	return p
}

// Foreign is something that another process changed: a document as it is now, without its Data, or, with no Doc, all that is
// in the namespace.
type Foreign struct {
	NS  NS
	Doc *Doc
	New bool // there was no such document before
	// Emptied says, where there is no Doc, that the namespace was dropped.
	Emptied bool
}

// Lease is an exclusive role that a process has until it gives it back or ends. Done is closed when it was lost, because
// the database was; then another process may have it.
type Lease interface {
	Done() <-chan struct{}
	Release()
}

// Shared is an engine of which several processes may have one database.
type Shared interface {
	Store
	// Stale reads like the store itself, but may give what was true some moments ago: Options.Foreign tells of what
	// came after it in time for whoever checks in a transaction what was read here.
	Stale() Reader
	// Lease takes an exclusive role; nil if another process has it.
	Lease(ctx context.Context, role string) (Lease, error)
}
