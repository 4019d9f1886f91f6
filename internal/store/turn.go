package store

import (
	"context"
	"errors"
)

// ErrTurn means that a transaction was not run because one before it in its turn failed.
var ErrTurn = errors.New("store: a transaction that this one was to follow has failed")

// Turn is of transactions that follow each other. Whoever has many to make need not wait until one is on disk: the next may
// be given to Update once the function of the one before has run. When one fails, none of those that follow is run.
type Turn struct {
	failed bool // only whoever runs the functions looks
}

// Fail is called by the engine when a transaction of the turn failed.
func (t *Turn) Fail() {
	if t != nil {
		t.failed = true
	}
}

// Err is what the engine says to a transaction that it does not run; nil if it is to be run.
func (t *Turn) Err() error {
	if t != nil && t.failed {
		return ErrTurn
	}
	return nil
}

type turnKey struct{}

// InTurn tells Update of which turn a transaction is.
func InTurn(ctx context.Context, t *Turn) context.Context {
	return context.WithValue(ctx, turnKey{}, t)
}

// TurnOf is what InTurn told; nil if nothing.
func TurnOf(ctx context.Context) *Turn {
	t, _ := ctx.Value(turnKey{}).(*Turn)
	return t
}
