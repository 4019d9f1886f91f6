package resource

import (
	"context"
	"fmt"
	"net/http"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// An errand is an operation that asks somebody else. That takes time, so it happens between two transactions: one that
// records what will be asked, one that records what came of it. With an idempotency key it is asked at most once, even
// when the server stops in the middle: the first transaction keeps for the key that the outcome is not known, until the
// second one knows better.

// Errand is the first part of such an operation. It leaves what it records in op.Object and returns the asking, which
// in turn returns what the second transaction does; there op.Object is that object again. Without an asking, the errand
// is over with its first transaction.
type Errand func(op *Op) (Asking, error)

// Asking runs outside of any transaction. The clock is for telling how long it took.
type Asking func(ctx context.Context, c clock.Clock) Hook

func (e *Engine) errand(ctx context.Context, c *call, h handler) (*Answer, error) {
	if e.options.Mock && h.abroad {
		return e.mockReply(c)
	}
	x, err := e.expansion(c, false)
	if err != nil {
		return nil, err
	}
	key, done, err := e.enterKey(c)
	if err != nil {
		return nil, err
	}
	defer done()
	if key != nil && e.shared != nil { // what is asked takes time, in which another process must not hear of an outcome
		held, release, ok, err := e.hold(ctx, fmt.Sprintf("key %d %s", c.Namespace.NS, key.key))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, keyInUse(key.key)
		}
		ctx = held
		defer release()
	}
	s := &errandState{engine: e, call: c, key: key, x: x}
	if a, err := s.begin(ctx, h.errand); a != nil || err != nil {
		return a, err
	}
	finish := s.ask(ctx, e.clock)
	return s.finish(context.WithoutCancel(ctx), finish) // what came of it is recorded though the caller may be gone
}

// errandState is an errand on its way.
type errandState struct {
	engine *Engine
	call   *call
	key    *idempotencyKey
	x      *expansion
	ask    Asking
	kind   *kindInfo
	id     string
}

// begin runs the first transaction. An answer or an error ends the errand here.
func (s *errandState) begin(ctx context.Context, begin Errand) (a *Answer, err error) {
	e, c := s.engine, s.call
	var failed error
	var op *Op
	err = e.commit(ctx, func(tx store.Tx) (err error) {
		if s.key != nil {
			if a, err = e.replay(tx, c, s.key); a != nil || err != nil {
				return err
			}
		}
		op = e.newOp(tx, c)
		failed = e.run(op, func(op *Op) (err error) {
			s.ask, err = begin(op)
			return err
		})
		if failed != nil {
			return failed
		}
		if s.ask == nil {
			a, err = s.answer(tx, op)
			return err
		}
		r := op.of(op.Object)
		s.kind, s.id = r.kind, r.object.ID()
		_, err = e.keepError(tx, c, s.key, unknownOutcome())
		return err
	})
	switch {
	case e.mocks(c, op, failed):
		return e.mockReply(c)
	case failed != nil:
		return e.fail(ctx, c, s.key, failed)
	case err != nil:
		return s.key.original(), err
	case a != nil && a.Body == nil:
		a.Body, err = e.body(c, a, s.x)
	}
	return a, err
}

// answer makes the answer and keeps it for the key.
func (s *errandState) answer(tx store.Tx, op *Op) (*Answer, error) {
	a, err := s.engine.answer(op, s.x, s.key != nil)
	if err != nil || s.key == nil {
		return a, err
	}
	return a, s.key.keep(tx, s.call, a)
}

// finish runs the second transaction.
func (s *errandState) finish(ctx context.Context, finish Hook) (*Answer, error) {
	e, c := s.engine, s.call
	var a *Answer
	var failed error
	err := e.commit(ctx, func(tx store.Tx) error {
		op := e.newOp(tx, c)
		failed = e.run(op, func(op *Op) (err error) {
			if op.Object, err = s.again(op); err != nil {
				return err
			}
			return finish(op)
		})
		if failed != nil {
			return failed
		}
		var err error
		a, err = s.answer(tx, op)
		return err
	})
	switch {
	case failed != nil:
		return e.fail(ctx, c, s.key, failed)
	case err != nil:
		return s.key.original(), err
	case a.Body == nil:
		a.Body, err = e.body(c, a, s.x)
	}
	return a, err
}

// again is the object of the first transaction, unless it has gone meanwhile, as in a reset.
func (s *errandState) again(op *Op) (*object.Object, error) {
	r, err := op.record(s.kind, s.id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, apierr.Missing(s.kind.name, s.id, "id")
	}
	return r.object, nil
}

func unknownOutcome() *apierr.Error {
	return &apierr.Error{Status: http.StatusInternalServerError, Type: apierr.TypeAPI,
		Message: "The server stopped before it knew the outcome of this request. To run it again, use another idempotency key."}
}
