package resource

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// write runs an operation that changes something: one transaction holds the objects, their refs, the events, the
// timers and the answer that is kept for the idempotency key.
func (e *Engine) write(ctx context.Context, c *call, h handler) (*Answer, error) {
	x, err := e.expansion(c, isList(c.Op))
	if err != nil {
		return nil, err
	}
	key, done, err := e.enterKey(c)
	if err != nil {
		return nil, err
	}
	defer done()
	if e.Processor(c.Namespace) != nil {
		return e.carryOutKnowing(ctx, c, h, key, x)
	}
	ahead := e.runCallAhead(c, h)
	if ahead != nil && ahead.tx == nil {
		if key == nil {
			if e.mocks(c, ahead.op, ahead.failed) {
				return e.mockReply(c)
			}
			return nil, ahead.failed
		}
		ahead = nil
	}
	a, err := e.carryOut(ctx, c, h, key, x, ahead)
	if errors.Is(err, errStale) || ahead != nil && errors.Is(err, store.ErrBusy) {
		a, err = e.carryOut(ctx, c, h, key, x, nil)
	}
	return a, busy(err)
}

// plan is what the transaction of a request will probably touch, for a store that is shared with other processes.
func (e *Engine) plan(ctx context.Context, c *call, key *idempotencyKey, ahead *aheadCall) context.Context {
	if e.shared == nil {
		return ctx
	}
	p := &store.Plan{Spaces: []store.NS{c.Namespace.NS}}
	if ahead != nil {
		p = ahead.tx.plan()
	}
	if key != nil {
		p.Answers = append(p.Answers, store.Key{NS: c.Namespace.NS, ID: key.key})
	}
	return store.WithPlan(ctx, p)
}

// carryOutKnowing is carryOut for live mode, where an operation may have to ask for something first.
func (e *Engine) carryOutKnowing(ctx context.Context, c *call, h handler, key *idempotencyKey, x *expansion) (a *Answer, err error) {
	sent := c.in.Params
	err = e.learning(ctx, c.Namespace, func() (err error) {
		again := *c.in // a rule may change the parameters
		again.Params = sent.Clone()
		a, err = e.carryOut(ctx, &call{c.Request, &again}, h, key, x, nil)
		return err
	})
	return a, err
}

// carryOut is the transaction of a write, in which its operation runs unless it was run ahead.
func (e *Engine) carryOut(ctx context.Context, c *call, h handler, key *idempotencyKey, x *expansion, ahead *aheadCall) (*Answer, error) {
	var a *Answer
	var op *Op
	var failed error
	err := e.commit(e.plan(ctx, c, key, ahead), func(tx store.Tx) (err error) {
		if err := e.left(c.Namespace); err != nil {
			return err
		}
		if key != nil {
			if a, err = e.replay(tx, c, key); a != nil || err != nil {
				return err
			}
		}
		if op, failed, err = e.perform(tx, c, h, ahead); err != nil {
			return err
		}
		if isKept(failed) {
			a, err = e.keepError(tx, c, key, failed)
			return err
		}
		if failed != nil {
			return failed
		}
		if len(op.jobs) > 0 && !h.preview {
			_, err = e.keepError(tx, c, key, unknownOutcome())
			return err
		}
		if a, err = e.answer(op, x, key != nil || h.preview); err != nil {
			return err
		}
		if h.preview {
			a.Events, a.ObjectID = nil, ""
			return errPreview
		}
		if key == nil {
			return nil
		}
		return key.keep(tx, c, a)
	})
	switch {
	case errors.Is(err, errPreview):
		return a, nil
	case e.mocks(c, op, failed):
		return e.mockReply(c)
	case errors.As(failed, new(Elsewhere)):
		return nil, failed
	case failed != nil && !isKept(failed):
		return e.fail(ctx, c, key, failed)
	case err == nil && failed != nil:
		return a, failed
	case err != nil:
		return key.original(), err
	case a == nil:
		return e.answerAsked(ctx, c, key, x, op)
	case a.Body == nil:
		a.Body, err = e.body(c, a, x)
	}
	return a, err
}

// errPreview undoes what a preview wrote.
var errPreview = errors.New("resource: nothing of a preview is kept")

func (e *Engine) newOp(tx store.Tx, c *call) *Op {
	return &Op{work: &work{asking: asking{waits: true}}, Operation: c.Op, Path: c.Path, Params: c.in.Params, Files: c.in.Files, engine: e, tx: tx, ns: c.Namespace, grant: c.Grant,
		request: c.Request, now: e.clock.Now().Truncate(time.Second)}
}

// fail ends an operation whose writes are gone. The error is kept for the key all the same, so that a retry hears it
// again.
func (e *Engine) fail(ctx context.Context, c *call, key *idempotencyKey, failed error) (*Answer, error) {
	if key == nil {
		return nil, failed
	}
	var a *Answer
	err := e.store.Update(ctx, func(tx store.Tx) (err error) {
		a, err = e.keepError(tx, c, key, failed)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a, failed
}

// run is the operation itself: the rule or the generic handler, then whatever it left unwritten.
func (e *Engine) run(op *Op, h Hook) error {
	var err error
	if op.request != nil {
		err = op.findClock()
	}
	if err == nil {
		err = h(op)
	}
	if err != nil && !isKept(err) {
		return translate(err, op)
	}
	if flushErr := op.flush(); flushErr != nil {
		return translate(flushErr, op)
	}
	return err
}

// translate gives Stripe's error for what the store refuses.
func translate(err error, op *Op) error {
	if errors.Is(err, store.ErrExists) && op.Operation != nil {
		return apierr.Invalid("resource_already_exists", "id", "%s already exists.", apierr.Title(op.Operation.Kind))
	}
	return err
}

// answer is what an operation answers. The body of a plain object is made after the commit, outside the writer, except
// when it must be kept for a key and is not just the stored object.
func (e *Engine) answer(op *Op, x *expansion, keep bool) (*Answer, error) {
	a := &Answer{Status: 200, Events: op.events}
	switch {
	case op.List != nil:
		if err := op.fillList(); err != nil {
			return nil, err
		}
		err := op.expandList(x)
		a.Body = op.List.JSON()
		return a, err
	case op.Result != nil:
		err := op.expandResult(x)
		a.Body = op.Result.JSON()
		return a, err
	}
	r := op.of(op.Object)
	if !r.standsIn() {
		a.ObjectID, a.ObjectVersion = r.doc.ID, r.doc.Version
	}
	if x == nil {
		a.Body = r.doc.Data
		return a, nil
	}
	if !keep && a.ObjectID != "" {
		return a, nil
	}
	var err error
	a.Body, err = x.apply(e, op.tx, op.ns, r.kind, r.doc.Data)
	a.ObjectID = ""
	return a, err
}

// body renders the stored object that an operation answers, as it was committed.
func (e *Engine) body(c *call, a *Answer, x *expansion) ([]byte, error) {
	d, err := e.stale.Version(c.Namespace.NS, a.ObjectID, a.ObjectVersion)
	if err != nil {
		return nil, err
	}
	if x != nil {
		a.ObjectID = ""
	}
	return e.renderDoc(e.store, c.Namespace, d, x)
}

// Call runs an operation from inside: the site, the command line, the demo's seed. Its parameters are typed already.
func (e *Engine) Call(ctx context.Context, ns namespace, rule func(op *Op) error) (result *object.Object, err error) {
	grant, err := e.selfGrant(ns)
	if err != nil {
		return nil, err
	}
	var op *Op
	run := func(waits bool, rule Hook) error {
		return e.commit(ctx, func(tx store.Tx) error {
			op = e.ownOp(tx, ns, grant)
			op.waits = waits
			err := e.run(op, rule)
			if result = op.Result; result == nil {
				result = op.Object
			}
			return err
		})
	}
	err = e.learning(ctx, ns, func() error { return run(true, rule) })
	if asked := op; err == nil && len(asked.jobs) > 0 {
		failed := e.awaitAsked(ctx, asked.jobs)
		err = run(false, func(op *Op) error { return op.answerWith(asked, failed) })
	}
	return result, err
}

// selfGrant is what work of the server itself runs with: all rights in the namespace, as its platform has them in a
// connected account. It must be asked for outside of transactions.
func (e *Engine) selfGrant(ns namespace) (*access.Grant, error) {
	if ns.Platform == "" {
		return &access.Grant{Namespace: ns}, nil
	}
	platform, err := e.registry.Namespace(ns.Platform, ns.Env)
	return &access.Grant{Namespace: platform}, err
}
