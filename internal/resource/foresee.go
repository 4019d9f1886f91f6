package resource

import (
	"errors"

	"sharesmart/internal/object"
)

// Foresee runs fn as a trial: it finds all as this operation has it, and what it writes is seen by itself alone and then
// thrown away. It reports whether that was possible: not if fn acts in another account, too.
func (op *Op) Foresee(fn func(trial *Op) error) (possible bool, err error) {
	if err := op.flush(); err != nil { // the trial reads what is written
		return false, err
	}
	trial := op.nested(object.New(nil))
	trial.work, trial.soonest = &work{preview: true}, nil
	trial.tx = &aheadTx{store: op.tx, ns: op.ns.NS, own: map[string]ownPut{}}
	err = fn(trial)
	if errors.Is(err, errAttached) && !outside(op.tx) {
		return false, nil
	}
	return err == nil, err
}
