package postgres

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// Copy makes the empty namespace to hold what from holds. The documents pass through memory as if they were put one by
// one, so a copy costs as much as creating them, their versions included.
func (t *tx) Copy(from, to store.NS, aside bool) error {
	for _, ns := range []store.NS{from, to} {
		if err := t.enter(ns); err != nil {
			return err
		}
	}
	if taken, err := t.documents(to, 1); err != nil {
		return err
	} else if len(taken) > 0 {
		return fmt.Errorf("store: copy to %d: %w", to, store.ErrExists)
	}
	docs, err := t.documents(from, maxLimit)
	if err != nil {
		return err
	}
	for _, d := range docs {
		old, err := t.versionsOf(store.Key{NS: from, ID: d.ID}, d)
		if err != nil {
			return err
		}
		copied := *d
		copied.Seq = t.batch.nextSeq(to)
		change := t.own.put(store.Key{NS: to, ID: d.ID}, nil, &copied)
		for i := range old {
			old[i].Seq = copied.Seq
		}
		change.superseded = old
	}
	return t.copyTimers(from, to, aside)
}

// documents gives the documents of a namespace, deleted ones included, in the order of creation; with a limit, at least one
// if there are any.
func (t *tx) documents(ns store.NS, limit int) ([]*store.Doc, error) {
	docs := t.written(func(c *docChange) bool { return c.key.NS == ns && !c.doc.Erased })
	if !t.emptied(ns) {
		stored, err := readDocs(t.batch.context, t.batch.conn(), `SELECT `+docColumns+` FROM objects o WHERE o.ns = $1 ORDER BY o.seq LIMIT $2`, int64(ns), limit)
		if err != nil {
			return nil, t.batch.lost(err)
		}
		for _, d := range stored {
			if !t.shadows(ns, d.Seq) {
				docs = append(docs, d)
			}
		}
	}
	slices.SortFunc(docs, func(a, b *store.Doc) int { return cmp.Compare(a.Seq, b.Seq) })
	return docs, nil
}

// versionsOf gives what a document was before, as far as that is kept.
func (t *tx) versionsOf(k store.Key, d *store.Doc) (old []store.Doc, err error) {
	if d.Version == 1 {
		return nil, nil
	}
	if !t.emptied(k.NS) {
		if old, err = readVersions(t.batch.context, t.batch.conn(), k.NS, d, 0, false); err != nil {
			return nil, t.batch.lost(err)
		}
	}
	for _, c := range t.stages(k) {
		old = append(old, c.superseded...)
	}
	return old, nil
}

func (t *tx) copyTimers(from, to store.NS, aside bool) error {
	timers := map[timerKey]timing{}
	if !t.emptied(from) {
		found, err := t.batch.conn().Query(t.batch.context, `SELECT ns, due, kind, id, clock FROM timers WHERE ns = $1`, int64(from))
		if err != nil {
			return t.batch.lost(err)
		}
		stored, err := pgx.CollectRows(found, scanTimer)
		if err != nil {
			return t.batch.lost(err)
		}
		for _, s := range stored {
			timers[timerKey{from, s.Kind, s.ID}] = timing{s.Due, s.Clock}
		}
	}
	layers := []*changes{&t.batch.changes, &t.own}
	if t.own.emptied[from] {
		layers = layers[1:]
	}
	for _, layer := range layers {
		for k, when := range layer.timers {
			if k.ns == from {
				timers[k] = when
			}
		}
	}
	for k, when := range timers {
		if when.due == 0 {
			continue
		}
		when.clock = store.CopiedClock(when.clock, aside)
		t.own.setTimer(timerKey{to, k.kind, k.id}, when)
	}
	return nil
}
