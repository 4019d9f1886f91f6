package postgres

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// A drop removes answers, timers and the log of a namespace at once, which are few rows. Its documents are left behind as
// garbage, which is removed in pieces, so that a drop takes no longer however much there is. Each process remembers which
// namespaces are garbage and shows nothing of them: those that it dropped from the commit on, those of others from when it
// learns of that. That is some moments later, in which it shows what was there before, whole: nothing is removed for longer
// than any read takes. Who writes to such a namespace, which nearly never happens, removes all that is left first.

// garbageTables have the documents of a namespace.
var garbageTables = []string{"objects", "versions", "refs", "search"}

// droppedTables are all others that have rows of a namespace, but for its counters.
var droppedTables = []string{"answers", "timers", "log_blocks", "log_counts"}

// garbageAge is how old a drop is before something of it is removed: longer than a read may take.
const garbageAge = 2 * readTimeout

// garbage is what this process knows to be dropped. It costs some ten bytes for each such namespace, also when nothing is
// left of it.
type garbage struct {
	mu     sync.RWMutex
	spaces map[store.NS]bool
}

func newGarbage() *garbage { return &garbage{spaces: map[store.NS]bool{}} }

func (g *garbage) has(ns store.NS) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.spaces[ns]
}

func (g *garbage) set(ns store.NS, dropped bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if dropped {
		g.spaces[ns] = true
	} else {
		delete(g.spaces, ns)
	}
}

// load notes what is garbage when the store is opened.
func (g *garbage) load(ctx context.Context, from querier) error {
	rows, err := from.Query(ctx, `SELECT ns FROM garbage`)
	if err != nil {
		return err
	}
	var ns store.NS
	_, err = pgx.ForEachRow(rows, []any{&ns}, func() error { g.set(ns, true); return nil })
	return err
}

// relook asks the database whether a namespace is garbage, of which this process does not know what happened to it.
func (g *garbage) relook(ctx context.Context, from querier, ns store.NS) error {
	var dropped bool
	err := from.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM garbage WHERE ns = $1)`, int64(ns)).Scan(&dropped)
	if err == nil {
		g.set(ns, dropped)
	}
	return err
}

// clean removes what is left of a dropped namespace that is locked, before something is written to it.
func (b *batch) clean(ns store.NS) error {
	done, err := b.conn().Exec(b.context, `DELETE FROM garbage WHERE ns = $1`, int64(ns))
	if err == nil && done.RowsAffected() > 0 {
		for _, table := range garbageTables {
			if _, err = b.conn().Exec(b.context, `DELETE FROM `+table+` WHERE ns = $1`, int64(ns)); err != nil {
				break
			}
		}
	}
	if err != nil {
		return b.lost(err)
	}
	b.cleaned = append(b.cleaned, ns)
	return nil
}

// empty drops namespaces. Those to which something is written in the same batch are emptied at once.
func (w *writing) empty() {
	var all, again []int64
	for ns := range w.batch.changes.emptied {
		all = append(all, int64(ns))
		if w.batch.refilled(ns) {
			again = append(again, int64(ns))
		}
	}
	if len(all) == 0 {
		return
	}
	w.do(lockLogs("pg_advisory_xact_lock"), all)
	for _, table := range droppedTables {
		w.do("DELETE FROM "+table+" WHERE ns = ANY($1)", all)
	}
	w.do(`INSERT INTO garbage (ns) SELECT u.ns FROM unnest($1::bigint[]) AS u(ns) WHERE u.ns <> ALL ($2::bigint[])
		AND EXISTS (SELECT 1 FROM objects o WHERE o.ns = u.ns) ON CONFLICT DO NOTHING`, all, append([]int64{}, again...))
	if len(again) > 0 {
		for _, table := range garbageTables {
			w.do("DELETE FROM "+table+" WHERE ns = ANY($1)", again)
		}
	}
}

// refilled says whether documents are written to a namespace that is dropped in the same batch.
func (b *batch) refilled(ns store.NS) bool {
	for _, c := range b.changes.docs {
		if c.key.NS == ns {
			return true
		}
	}
	return false
}

// noteGarbage notes what the batch dropped and what it filled again.
func (b *batch) noteGarbage() {
	for _, ns := range b.cleaned {
		b.writer.db.garbage.set(ns, false)
	}
	for ns := range b.changes.emptied {
		b.writer.db.garbage.set(ns, !b.refilled(ns))
	}
}

// reclaim removes what is left of namespaces that were dropped a while ago, some at a time. It holds the lock of one meanwhile,
// so that nobody fills it again whose documents would go with the rest.
func (db *DB) reclaim(ctx context.Context, age string) error {
	for {
		worked, err := db.reclaimPiece(ctx, age)
		if err != nil || !worked {
			return err
		}
	}
}

func (db *DB) reclaimPiece(ctx context.Context, age string) (worked bool, err error) {
	tx, err := db.pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		if rolled := tx.Rollback(context.WithoutCancel(ctx)); !errors.Is(rolled, pgx.ErrTxClosed) {
			err = errors.Join(err, rolled)
		}
	}()
	var ns int64
	err = tx.QueryRow(ctx, `SELECT n.ns FROM garbage g JOIN namespaces n ON n.ns = g.ns WHERE g.at < now() - $1::interval
		LIMIT 1 FOR UPDATE SKIP LOCKED`, age).Scan(&ns)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, table := range garbageTables {
		done, err := tx.Exec(ctx, removeSome(table, "ns = $1"), ns)
		if err != nil {
			return false, err
		}
		if done.RowsAffected() == pruneChunk {
			return true, tx.Commit(ctx)
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM garbage WHERE ns = $1`, ns); err != nil {
		return false, err
	}
	return true, tx.Commit(ctx)
}
