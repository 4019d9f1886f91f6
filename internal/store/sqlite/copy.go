package sqlite

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"sharesmart/internal/store"
)

// Copy makes the empty namespace to hold what from holds. The documents pass through memory as if they were put one by
// one, so a copy costs as much as creating them: some ten microseconds each, their versions included.
func (t *tx) Copy(from, to store.NS, aside bool) error {
	if t.done {
		return errDone
	}
	defer t.view.close()
	source, target := t.space(from), t.space(to)
	if taken, err := t.documents(target); err != nil {
		return fmt.Errorf("store: copy to %d: %w", to, err)
	} else if len(taken) > 0 {
		return fmt.Errorf("store: copy to %d: %w", to, store.ErrExists)
	}
	docs, err := t.documents(source)
	if err != nil {
		return fmt.Errorf("store: copy %d: %w", from, err)
	}
	for _, d := range docs {
		old, err := t.versionsOf(docKey{source, d.ID}, d)
		if err != nil {
			return fmt.Errorf("store: copy versions of %s: %w", d.ID, err)
		}
		copied := *d
		copied.Seq = t.batch.nextSeq()
		k := docKey{target, d.ID}
		t.own.put(k, nil, &copied)
		change, _ := t.own.doc(k)
		for i := range old {
			old[i].Seq = copied.Seq
		}
		change.superseded = old
	}
	return t.copyTimers(source, target, aside)
}

// documents gives all documents of a space, deleted ones included, in the order of creation.
func (t *tx) documents(space int64) ([]*store.Doc, error) {
	seqs, err := t.view.seqsOf(space)
	if err != nil {
		return nil, err
	}
	var docs []*store.Doc
	for _, seq := range seqs {
		if t.shadows(seq) {
			continue
		}
		d, _, err := t.view.docBySeq(seq)
		if errors.Is(err, store.ErrNotFound) {
			continue // it was erased, and its entry is still in the tail
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	docs = append(docs, t.written(func(c *docChange) bool { return c.key.space == space && !c.doc.Erased })...)
	slices.SortFunc(docs, func(a, b *store.Doc) int { return cmp.Compare(a.Seq, b.Seq) })
	return docs, nil
}

// versionsOf gives what a document was before, as far as that is kept.
func (t *tx) versionsOf(k docKey, d *store.Doc) ([]store.Doc, error) {
	if d.Version == 1 {
		return nil, nil
	}
	old, err := t.view.versions(d, 0, false)
	for _, layer := range [...]*changes{&t.batch.changes, &t.own} {
		if c, ok := layer.doc(k); ok {
			old = append(old, c.superseded...)
		}
	}
	return old, err
}

// seqsOf gives the places of all documents of a space that are in the database.
func (v *view) seqsOf(space int64) ([]int64, error) {
	low := appendField(nil, space, fieldID, "", "")
	high := slices.Clone(low)
	high[len(high)-1] = afterSeparator
	positions := v.db.tail.between(low, string(low), string(high))
	positions, _, err := v.readKeys(stEntriesUp, low, high, -1, everything, positions)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(positions, position.compare)
	positions = slices.Compact(positions)
	seqs := make([]int64, len(positions))
	for i, p := range positions {
		seqs[i] = p.seq
	}
	return seqs, nil
}

func (t *tx) copyTimers(source, target int64, aside bool) error {
	timers, err := t.view.timersOf(source)
	if err != nil {
		return fmt.Errorf("store: copy timers: %w", err)
	}
	for _, layer := range [...]*changes{&t.batch.changes, &t.own} {
		for k, when := range layer.timers {
			if k.space == source {
				timers[k] = when
			}
		}
	}
	for k, when := range timers {
		if when.due == 0 {
			continue
		}
		when.clock = store.CopiedClock(when.clock, aside)
		t.own.setTimer(timerKey{target, k.kind, k.id}, when)
	}
	return nil
}
