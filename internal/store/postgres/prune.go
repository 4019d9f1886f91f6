package postgres

import (
	"context"
	"fmt"
	"time"

	"sharesmart/internal/store/pack"
)

const (
	// pruneChunk is how many rows are removed in one transaction.
	pruneChunk = 5000
	// changesKept is for how long a process may look away and still learn what others changed. After that it forgets all
	// that it has in memory of a namespace.
	changesKept = 5 * time.Minute
	tidyEvery   = time.Minute
)

// Prune forgets versions that were replaced, answers that were saved and log blocks that ended before the time.
func (db *DB) Prune(before int64) error {
	if db.closed.Load() {
		return db.failed("prune", errDone)
	}
	const micro = 1_000_000
	for _, p := range []struct {
		table, column string
		before        int64
	}{
		{"versions", "replaced", before},
		{"answers", "created", before},
		{"log_counts", "day", pack.DayOf(before*micro) + 1}, // before the blocks: no day is counted of which something is gone
		{"log_blocks", "ended", before * micro},
	} {
		if err := db.remove(db.context, p.table, p.column+" < $1", p.before); err != nil {
			return db.failed("prune "+p.table, err)
		}
	}
	return nil
}

// remove removes the rows of a table to which a condition applies, some at a time.
func (db *DB) remove(ctx context.Context, table, condition string, arg any) error {
	for {
		done, err := db.pool.Exec(ctx, removeSome(table, condition), arg)
		if err != nil || done.RowsAffected() < pruneChunk {
			return err
		}
	}
}

// removeSome is a statement that removes some rows to which a condition applies.
func removeSome(table, condition string) string {
	return fmt.Sprintf(`DELETE FROM %[1]s WHERE ctid = ANY (ARRAY (SELECT ctid FROM %[1]s WHERE %s LIMIT %d))`, table, condition, pruneChunk)
}

// tidy removes what no process needs any more to learn of, and what is left of dropped namespaces.
func (db *DB) tidy() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = db.remove(db.context, "changes", "at < now() - $1::interval", changesKept.String()) // else a minute later
			_ = db.reclaim(db.context, garbageAge.String())
		case <-db.context.Done():
			return
		}
	}
}
