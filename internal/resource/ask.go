package resource

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/store"
)

// A rule does no I/O. What it wants of somebody else, such as a processor that moves real money, it asks for in one of two
// ways:
//
//   - Ask, where the asking changes something elsewhere. The rule records what is to be asked, in the transaction that it is
//     part of, and a job asks it after the commit. A crash in between loses nothing: the job is still due. The request waits
//     for the job and is answered with what came of it.
//   - Elsewhere, where something has only to be known. The operation is thrown away, asks, and begins again.

// askLimit is how long a request waits for what it asked for. The job goes on without it.
const askLimit = 40 * time.Second

// asking is what the operations in one namespace ask for.
type asking struct {
	waits bool          // somebody waits for what comes of it
	jobs  []store.Timer // in the order in which they were asked for
	then  Then
}

// Then makes the answer of an operation when all is known that it asked for. failed is what its caller would have been told
// if it had been known at once, or nil.
type Then func(op *Op, failed *apierr.Error) error

// Ask lets a job of an object's kind ask somebody else, at once: before the request is answered, if there is one. A job that
// ends with an ErrKept lets the request end with that error.
func (op *Op) Ask(kind string, o *object.Object) error {
	t := store.Timer{NS: op.ns.NS, Kind: kind, ID: op.of(o).doc.ID, Due: op.engine.clock.Now().Unix()}
	if !op.waits {
		op.wish()
		return op.tx.SetTimer(t)
	}
	t.Due += int64(jobLease / time.Second) // until then it is the request's; after that, whoever finds it
	op.jobs = append(op.jobs, t)
	return op.tx.SetTimer(t)
}

// Then replaces what the request is answered with once everything is known: usually the object that it acted on, as it is
// then, or the error.
func (op *Op) Then(then Then) { op.then = then }

// Processor moves the real money of the account; nil in test mode, or if none is set up.
func (op *Op) Processor() processor.Remote { return op.engine.Processor(op.ns) }

// Processor moves the real money of an account; nil in test mode, or if none is set up.
func (e *Engine) Processor(ns namespace) processor.Remote {
	if !ns.Live || e.options.Processor == nil {
		return nil
	}
	account := ns.Account
	if ns.Platform != "" {
		account = ns.Platform
	}
	return e.options.Processor(account)
}

// Elsewhere is the error of an operation that cannot go on without something that somebody else knows. Ask finds it out and
// returns what writes it down; then the operation begins again.
type Elsewhere struct {
	Ask func(ctx context.Context) (Hook, error)
}

func (Elsewhere) Error() string { return "resource: something has to be asked for first" }

// mostElsewhere is how many things an operation may have to ask for first.
const mostElsewhere = 4

// learning runs something as often as it takes to know all that it needs.
func (e *Engine) learning(ctx context.Context, ns namespace, run func() error) error {
	for range mostElsewhere {
		err := run()
		var first Elsewhere
		if !errors.As(err, &first) {
			return err
		}
		learned, err := first.Ask(ctx)
		if err != nil {
			return err
		}
		if err := e.Note(ctx, ns, learned); err != nil {
			return err
		}
	}
	return errors.New("resource: an operation asks for ever more")
}

// awaitAsked runs what an operation asked for, after its commit, and returns the first error that its caller is to hear.
// Faults are left to the timers, which try again and report them.
func (e *Engine) awaitAsked(ctx context.Context, jobs []store.Timer) (failed *apierr.Error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
	defer stop()
	for _, t := range jobs {
		if err := e.runJob(ctx, t); isKept(err) && failed == nil {
			failed = apierr.As(err)
		}
	}
	return failed
}

// answerAsked makes the answer of a request that has asked, and keeps it for its key.
func (e *Engine) answerAsked(ctx context.Context, c *call, key *idempotencyKey, x *expansion, asked *Op) (*Answer, error) {
	failed := e.awaitAsked(ctx, asked.jobs)
	var a *Answer
	var told error
	err := e.commit(context.WithoutCancel(ctx), func(tx store.Tx) (err error) {
		op := e.newOp(tx, c)
		op.waits = false
		if told = e.run(op, func(op *Op) error { return op.answerWith(asked, failed) }); told != nil {
			a, err = e.keepError(tx, c, key, told)
			return err
		}
		if a, err = e.answer(op, x, key != nil); err != nil || key == nil {
			return err
		}
		return key.keep(tx, c, a)
	})
	switch {
	case err != nil:
		return key.original(), err
	case told != nil:
		return a, told
	case a.Body == nil:
		a.Body, err = e.body(c, a, x)
	}
	return a, err
}

// answerWith makes the answer of an operation that has asked: by its own way, or with its object as it is now.
func (op *Op) answerWith(asked *Op, failed *apierr.Error) error {
	switch {
	case asked.then != nil:
		return asked.then(op, failed)
	case failed != nil:
		return failed
	case asked.Object == nil:
		op.Result, op.List = asked.Result, asked.List
		return nil
	}
	before := asked.of(asked.Object)
	r, err := op.recordAt(before.kind, before.doc.ID)
	if err != nil {
		return err
	}
	if r == nil {
		return apierr.Missing(before.kind.name, asked.Object.ID(), "id")
	}
	op.Object, op.Result, op.List = r.object, asked.Result, asked.List
	return nil
}

// Note runs an operation for a job: what it asks for in turn is left to the timers.
func (e *Engine) Note(ctx context.Context, ns namespace, rule Hook) error {
	grant, err := e.selfGrant(ns)
	if err != nil {
		return err
	}
	return e.commit(ctx, func(tx store.Tx) error { return e.run(e.ownOp(tx, ns, grant), rule) })
}

// ownOp is an operation of the server itself.
func (e *Engine) ownOp(tx store.Tx, ns namespace, grant *access.Grant) *Op {
	return &Op{work: &work{}, engine: e, tx: tx, ns: ns, grant: grant, Params: object.New(nil), now: e.clock.Now().Truncate(time.Second)}
}

// Load makes a stored object the one that the operation answers.
func (op *Op) Load(kind, id string) (err error) {
	op.Object, err = op.Get(kind, id, "id")
	return err
}
