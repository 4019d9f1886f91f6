package resource

import (
	"errors"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// tallyWorld has a balance with a private part.
func tallyWorld(t *testing.T) (*aheadWorld, func(tx store.Tx) (*Op, *object.Object)) {
	t.Helper()
	w := newAheadWorld(t, 7)
	w.e.clock = clock.Wall{}
	w.update(func(tx store.Tx) error {
		return tx.Put(1, &store.Doc{ID: "private:balance", Kind: privateKind, Data: []byte(`{"rate": 3, "sum": 10}`)})
	})
	return w, func(tx store.Tx) (*Op, *object.Object) {
		op := &Op{work: &work{}, engine: w.e, tx: tx, ns: &access.Namespace{NS: 1}, now: time.Unix(100, 0)}
		o := object.Of("object", "balance")
		op.order = append(op.order, &record{kind: &kindInfo{name: "balance"}, object: o, doc: store.Doc{ID: "balance", Kind: "balance"}, stored: true})
		return op, o
	}
}

func rate(part *object.Object) int64 { return part.Int("rate") }

func plus(n int64) func(*object.Object, func(string, time.Time)) {
	return func(part *object.Object, timer func(string, time.Time)) {
		part.Set("sum", part.Int("sum")+n)
		timer("balance.check", time.Unix(100+n, 0))
	}
}

// Operations that only add to a document run side by side, and all of it counts.
func TestTally(t *testing.T) {
	t.Parallel()
	w, newOp := tallyWorld(t)
	ahead := make([]*aheadTx, 3)
	for i := range ahead {
		ahead[i] = w.e.newAheadTx(&access.Namespace{NS: 1})
		op, o := newOp(ahead[i])
		if r, err := Consult(op, o, rate); r != 3 || err != nil {
			t.Fatalf("rate %d, %v", r, err)
		}
		if err := op.Tally(o, plus(int64(i+1))); err != nil {
			t.Fatal(err)
		}
		if _, err := op.Private(o); !errors.Is(err, errAttached) {
			t.Errorf("what it comes to is known before the writer adds it: %v", err)
		}
	}
	w.update(func(tx store.Tx) error {
		for i, a := range ahead {
			if !a.holds(w.e.journal, tx) {
				t.Errorf("operation %d does not hold", i)
			}
			if err := a.apply(tx); err != nil {
				return err
			}
		}
		return nil
	})
	d, err := w.s.Get(1, "private:balance")
	if err != nil || string(d.Data) != "{\n  \"rate\": 3,\n  \"sum\": 16\n}" {
		t.Errorf("got %s, %v", d.Data, err)
	}
	due, err := w.s.Due(store.TimerQuery{Until: 1000, Limit: 10})
	if err != nil || len(due) != 1 || due[0].Due != 103 {
		t.Errorf("timers: %+v, %v", due, err)
	}
}

// What an operation went by must still be so.
func TestConsultNotices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now  string
		held bool
	}{
		"something else changed": {`{"rate": 3, "sum": 11}`, true},
		"what was gone by":       {`{"rate": 4, "sum": 10}`, false},
	} {
		w, newOp := tallyWorld(t)
		ahead := w.e.newAheadTx(&access.Namespace{NS: 1})
		op, o := newOp(ahead)
		if _, err := Consult(op, o, rate); err != nil {
			t.Fatal(err)
		}
		w.update(func(tx store.Tx) error {
			d, err := tx.Get(1, "private:balance")
			if err != nil {
				return err
			}
			d.Data = []byte(c.now)
			if err := tx.Put(1, &d); err != nil {
				return err
			}
			if held := ahead.holds(w.e.journal, tx); held != c.held {
				t.Errorf("%s: holds %t, want %t", name, held, c.held)
			}
			return nil
		})
	}
}
