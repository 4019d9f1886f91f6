package resource

import (
	"errors"

	"sharesmart/internal/store"
)

// aheadCall is a request whose operation was run ahead. Without a transaction it failed, and would fail in its place
// too.
type aheadCall struct {
	op     *Op
	tx     *aheadTx
	failed error
}

// runCallAhead runs a request's operation beside the writer; nil means that it must be run in its place.
func (e *Engine) runCallAhead(c *call, h handler) (a *aheadCall) {
	if h.ahead == nil || !h.ahead.worth() {
		return nil
	}
	defer func() { // as for steps of clocks
		if recover() != nil {
			a = nil
		}
	}()
	tx := e.newAheadTx(c.Namespace)
	op := e.newOp(tx, c)
	op.Params = c.in.Params.Clone() // a rule may change them, and may have to run again
	err := e.run(op, h.write)
	switch {
	case err == nil || isKept(err):
		return &aheadCall{op, tx, err}
	case errors.Is(err, errAttached):
		h.ahead.learn(false)
	case len(tx.read)+len(tx.lists)+len(tx.changes) == 0: // nothing that is stored can change it
		return &aheadCall{op: op, failed: err}
	}
	return nil
}

// perform writes what a request's operation wrote ahead, or runs it. An error that is not the operation's own is
// errStale.
func (e *Engine) perform(tx store.Tx, c *call, h handler, a *aheadCall) (op *Op, failed, err error) {
	if a != nil {
		held := a.tx.holds(e.journal, tx)
		h.ahead.learn(held)
		if held {
			switch err := a.tx.apply(tx); {
			case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrConflict):
				return nil, nil, errStale
			case err != nil:
				return a.op, translate(err, a.op), nil
			}
			a.op.tx = tx
			e.wishes.Add(a.tx.wishes)
			return a.op, a.failed, nil
		}
	}
	op = e.newOp(tx, c)
	op.preview = h.preview
	return op, e.run(op, h.write), nil
}

// errStale says that the namespace was dropped after an operation was run ahead there.
var errStale = errors.New("resource: what was read is gone")
