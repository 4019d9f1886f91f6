package sqlite

import (
	"fmt"
)

// pruneChunk is how many rows are removed in one transaction, so that others get in between.
const pruneChunk = 256

// Prune forgets versions that were replaced, answers that were saved and log blocks that ended before the time.
func (db *DB) Prune(before int64) error {
	err := db.pruneRows(stOldVersions, before, func(_ *batch, c *conn, row oldRow) error {
		return c.runInts(stDeleteVersion, row.id, row.version)
	})
	if err != nil {
		return fmt.Errorf("store: prune versions: %w", err)
	}
	err = db.pruneRows(stOldAnswers, before, func(b *batch, c *conn, row oldRow) error {
		return b.removeAnswer(c, row.key, row.id)
	})
	if err != nil {
		return fmt.Errorf("store: prune answers: %w", err)
	}
	const micro = 1_000_000
	if err := db.pruneLogCounts(before * micro); err != nil {
		return fmt.Errorf("store: prune log: %w", err)
	}
	err = db.pruneRows(stOldBlocks, before*micro, func(_ *batch, c *conn, row oldRow) error {
		return deleteBlock(c, row.id)
	})
	if err != nil {
		return fmt.Errorf("store: prune log: %w", err)
	}
	return nil
}

// oldRow is a row to be removed; an answer also has a key, and a version a number beside the seq of its document.
type oldRow struct {
	id, version int64
	key         docKey
}

// pruneRows removes the rows that the statement finds. They are looked for beside the writer, as the search may go
// through the whole table, and removed a chunk at a time.
func (db *DB) pruneRows(find statement, before int64, remove func(*batch, *conn, oldRow) error) error {
	for from := (oldRow{}); ; {
		rows, err := db.oldRows(find, from, before)
		if err != nil || len(rows) == 0 {
			return err
		}
		from = rows[len(rows)-1]
		err = db.alone(func(w *writer) error {
			b := w.newBatch()
			return w.transact(b, func(c *conn) error {
				for _, row := range rows {
					if err := remove(b, c, row); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
}

func (db *DB) oldRows(find statement, from oldRow, before int64) ([]oldRow, error) {
	v := db.view()
	defer v.close()
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(find)
	if err != nil {
		return nil, err
	}
	var rows []oldRow
	bind := func() {
		s.int(1, from.id)
		s.int(2, before)
		s.int(3, pruneChunk)
		if find == stOldVersions {
			s.int(4, from.version)
		}
	}
	err = s.each(bind, func() error {
		row := oldRow{id: s.columnInt(0)}
		switch find {
		case stOldVersions:
			row.version = s.columnInt(1)
		case stOldAnswers:
			row.key = docKey{s.columnInt(1), s.columnText(2)}
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}
