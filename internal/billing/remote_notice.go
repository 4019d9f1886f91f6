package billing

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What the processor tells of its own accord, and what it told nobody. A notice only says that something has become of a
// payment; the payment's job looks what. So notices may come twice, late and in the wrong order.

// Noticed lets the payment or setup be looked at that a notice is about, if it is one of ours.
func Noticed(ctx context.Context, e *resource.Engine, ns *access.Namespace, n processor.Notice) error {
	remote := e.Processor(ns)
	if n.ID == "" || remote == nil {
		return nil
	}
	about := n.Ours != "" // the payment itself, and not what has followed
	if !about {
		got, err := remote.Payment(ctx, n.ID, n.Setup)
		if errors.Is(err, processor.ErrNotThere) {
			return nil
		}
		if err != nil {
			return err
		}
		n.Ours = cmp.Or(got.Ours, n.ID) // what was imported has the same id here and there
	}
	kind := "payment_intent"
	if n.Setup {
		kind = "setup_intent"
	}
	return e.Note(ctx, ns, func(op *resource.Op) error {
		intent, err := op.Find(kind, n.Ours)
		if intent == nil || err != nil {
			return err
		}
		private, err := op.Private(intent)
		if about && isOver(intent) {
			return nil // it says what is known
		}
		if err != nil || private.Object("asking") != nil || private.Object("processor").String("id") != n.ID {
			return err // it is being asked about, or has another try by now
		}
		return op.Ask(askJob(intent), intent)
	})
}

// isOver reports whether an intent has come to its end.
func isOver(intent *object.Object) bool {
	status := intent.String("status")
	return status == succeeded || status == canceled
}

// Reconciler looks for what webhooks have missed. It looks a month back when it starts, as far as events are kept, and an
// hour from then on.
type Reconciler struct {
	Engine *resource.Engine
	mu     sync.Mutex
	seen   map[*access.Namespace]time.Time
}

const (
	// ReconcileEvery is how often the processor is asked what has happened.
	ReconcileEvery = 10 * time.Minute
	firstLook      = 30 * 24 * time.Hour
	laterLook      = time.Hour
)

// Reconcile looks once, in one account.
func (r *Reconciler) Reconcile(ctx context.Context, ns *access.Namespace, now time.Time) error {
	remote := r.Engine.Processor(ns)
	if remote == nil {
		return nil
	}
	r.mu.Lock()
	since, known := r.seen[ns]
	r.mu.Unlock()
	if !known {
		since = now.Add(laterLook - firstLook)
	}
	notices, err := remote.Notices(ctx, since.Add(-laterLook))
	if err != nil {
		return err
	}
	for _, n := range notices {
		if err := Noticed(ctx, r.Engine, ns, n); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = map[*access.Namespace]time.Time{}
	}
	r.seen[ns] = now
	return nil
}
