package sqlite

import (
	"fmt"
	"slices"
	"strconv"

	"sharesmart/internal/store"
)

// reclaimChunk is how many index entries, log blocks and rows behind them are removed at once.
const reclaimChunk = 128

// reclaimPiece removes some of what is left of a dropped namespace.
func (w *writer) reclaimPiece() (bool, error) {
	for space, dropped := range w.db.spaces.state.Load().garbage {
		if dropped > w.fold.mark && !w.folded() { // its entries are not all in the table; they will be soon
			continue
		}
		w.indexed.ahead.forget() // it may tell of what goes now
		b := w.newBatch()
		return true, w.transact(b, func(c *conn) error { return b.reclaim(c, space) })
	}
	return false, nil
}

// reclaim works from the entries: the one of an id leads to the document's rows, that of a key to the answer's.
func (b *batch) reclaim(c *conn, space int64) error {
	keys, err := spaceKeys(c, space, reclaimChunk)
	if err != nil {
		return fmt.Errorf("reclaim: %w", err)
	}
	if len(keys) == 0 {
		return b.reclaimRest(c, space)
	}
	for _, key := range keys {
		if err := b.reclaimKey(c, key); err != nil {
			return fmt.Errorf("reclaim: %w", err)
		}
	}
	return nil
}

// spaceKeys gives some of a space's entries.
func spaceKeys(c *conn, space, limit int64) ([][]byte, error) {
	low := append(strconv.AppendInt(nil, space, 10), separator)
	high := append(strconv.AppendInt(nil, space, 10), afterSeparator)
	s, err := c.stmt(stEntriesUp)
	if err != nil {
		return nil, err
	}
	var keys [][]byte
	err = s.each(func() {
		s.textBytes(1, low)
		s.textBytes(2, high)
		s.int(3, limit)
	}, func() error {
		keys = append(keys, s.columnBytes(0))
		return nil
	})
	return keys, err
}

// rowsOfDoc remove what there is of a document, by its seq.
var rowsOfDoc = []statement{stDeleteDoc, stDeleteVersions, stDeleteDirty, stUnindexDoc}

// runAllInts runs statements with the same arguments.
func (c *conn) runAllInts(all []statement, args ...int64) error {
	for _, id := range all {
		if err := c.runInts(id, args...); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) reclaimKey(c *conn, key []byte) error {
	space, field, value, at, err := splitKey(key)
	if err != nil {
		return err
	}
	var rows []statement
	switch field {
	case fieldID:
		rows = rowsOfDoc
		b.after = append(b.after, func() { b.writer.db.cache.forget(docKey{space, value}, at.seq) })
	case fieldAnswer:
		rows = []statement{stDeleteAnswer}
	}
	if err := c.runAllInts(rows, at.seq); err != nil {
		return err
	}
	s, err := c.stmt(stDeleteEntry)
	if err != nil {
		return err
	}
	s.textBytes(1, key)
	return s.run()
}

// reclaimRest removes what no entry leads to, and in the end the space itself.
func (b *batch) reclaimRest(c *conn, space int64) error {
	var blocks []int64
	s, err := c.stmt(stBlocksOfSpace)
	if err != nil {
		return err
	}
	err = s.each(func() { s.int(1, space); s.int(2, reclaimChunk) }, func() error {
		blocks = append(blocks, s.columnInt(0))
		return nil
	})
	if err != nil {
		return fmt.Errorf("reclaim log: %w", err)
	}
	for _, id := range blocks {
		if err := deleteBlock(c, id); err != nil {
			return err
		}
	}
	if len(blocks) == reclaimChunk {
		return nil
	}
	if err := c.runAllInts([]statement{stDeleteTimersOf, stDeleteLogCountsOf, stDeleteGarbage}, space); err != nil {
		return err
	}
	return b.closeSpace(c, space)
}

// closeSpace forgets a space that is empty now. If it was the namespace's first one and nothing has been put into the
// one it moved to, the namespace moves back, so that namespaces that come and go leave nothing behind.
func (b *batch) closeSpace(c *conn, space int64) error {
	spaces := b.writer.db.spaces
	state := spaces.state.Load().clone()
	delete(state.garbage, space)
	ns := store.NS(space)
	if now, moved := state.of[ns]; moved && space < firstSpace {
		empty, err := b.writer.spaceEmpty(c, now)
		if err != nil {
			return err
		}
		if empty {
			state.move(ns, space)
			if err := c.runInts(stDeleteSpace, int64(ns)); err != nil {
				return err
			}
		}
	}
	b.after = append(b.after, func() { spaces.state.Store(state) })
	return nil
}

// spaceEmpty says whether there is nothing at all in a space.
func (w *writer) spaceEmpty(c *conn, space int64) (bool, error) {
	for _, field := range []string{fieldID, fieldAnswer} {
		low := appendField(nil, space, field, "", "")
		high := slices.Clone(low)
		high[len(high)-1] = afterSeparator
		if len(w.db.tail.between(low, string(low), string(high))) > 0 {
			return false, nil
		}
	}
	keys, err := spaceKeys(c, space, 1)
	if err != nil || len(keys) > 0 || w.db.log.Holds(space) {
		return false, err
	}
	if _, blocks, err := c.queryInt(stBlocksOfSpace, space, 1); err != nil || blocks {
		return false, err
	}
	s, err := c.stmt(stTimersOf)
	if err != nil {
		return false, err
	}
	defer s.reset()
	s.int(1, space)
	timers, err := s.step()
	return !timers, err
}
