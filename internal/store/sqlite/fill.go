package sqlite

import (
	"context"
	"errors"
	"fmt"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/pack"
	"sharesmart/internal/store/reqlog"
)

// loadChunk is how many rows are written in one transaction.
const loadChunk = 2000

// loading fills an empty file, in many transactions: the file must be one that nobody looks at before it is whole. Numbers
// are given anew, in the order in which documents come, as here they are those of all namespaces.
type loading struct {
	db      *DB
	context context.Context
	seq     int64
	pending []func(t *tx) error
	blocks  []reqlog.Block
}

// Load begins to fill the file, if it is empty.
func (db *DB) Load(ctx context.Context) (carry.Load, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	l := &loading{db: db, context: ctx}
	err := db.alone(func(w *writer) error {
		if w.seq > 0 {
			return fmt.Errorf("store: the file is not empty: %w", store.ErrExists)
		}
		return nil
	})
	return l, err
}

// add writes all that waits when it is much.
func (l *loading) add(write func(t *tx) error) error {
	if l.pending = append(l.pending, write); len(l.pending) < loadChunk {
		return nil
	}
	return l.flush()
}

func (l *loading) flush() error {
	if err := l.db.writeBlocks(l.blocks); err != nil {
		return fmt.Errorf("store: load: %w", err)
	}
	l.blocks = l.blocks[:0]
	err := l.db.Update(l.context, func(t store.Tx) error {
		for _, write := range l.pending {
			if err := write(t.(*tx)); err != nil {
				return err
			}
		}
		return nil
	})
	clear(l.pending)
	l.pending = l.pending[:0]
	return err
}

var errNumbered = errors.New("store: somebody else writes to what is being loaded")

// next is the number that a document or answer gets when it is written.
func (l *loading) next() int64 {
	l.seq++
	return l.seq
}

// Document gives the document a Seq.
func (l *loading) Document(ns store.NS, d *store.Doc, past []carry.Past) error {
	if err := checkDoc(ns, d); err != nil {
		return err
	}
	d.Seq = l.next()
	return l.add(func(t *tx) error {
		if t.batch.nextSeq() != d.Seq {
			return errNumbered
		}
		k := docKey{t.space(ns), d.ID}
		t.own.put(k, nil, d)
		change, _ := t.own.doc(k)
		for _, p := range past {
			p.Seq = d.Seq
			change.superseded, change.replaced = append(change.superseded, p.Doc), append(change.replaced, p.Replaced)
		}
		return nil
	})
}

// Answer adds what a key was answered.
func (l *loading) Answer(ns store.NS, a *store.Answer) error {
	seq := l.next()
	return l.add(func(t *tx) error {
		if t.batch.nextSeq() != seq {
			return errNumbered
		}
		t.own.saveAnswer(docKey{t.space(ns), a.Key}, *a, seq, 0)
		return nil
	})
}

// Timer adds a timer.
func (l *loading) Timer(timer *store.Timer) error {
	return l.add(func(t *tx) error { return t.SetTimer(*timer) })
}

// LogBlock adds a block of the log.
func (l *loading) LogBlock(ns store.NS, b *pack.Block) error {
	counts, err := pack.CountsOf(b.Data, l.db.options.LogCounts)
	if err != nil {
		return fmt.Errorf("store: load: %w", err)
	}
	block := reqlog.Block{Space: int64(ns), Block: *b}
	block.Counts = counts
	l.blocks = append(l.blocks, block)
	return l.add(func(*tx) error { return nil })
}

// Namespace has nothing to note: numbers go on after those that were given here.
func (l *loading) Namespace(store.NS, int64) error { return nil }

// LogPlaces notes which place in the log was given out last.
func (l *loading) LogPlaces(last int64) error {
	return l.db.alone(func(w *writer) error {
		last = max(last, l.db.places.reserved.Load())
		return w.transact(w.newBatch(), func(c *conn) error { return setMeta(c, metaLogSeq, last) })
	})
}

// Commit writes what waits, and all of the index.
func (l *loading) Commit(context.Context) error { return errors.Join(l.flush(), l.db.Settle()) }

// Abort leaves the file to who named it.
func (l *loading) Abort() error { return nil }
