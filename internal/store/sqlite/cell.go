package sqlite

import (
	"fmt"
	"slices"

	lib "modernc.org/sqlite/lib"
)

// A cell is one row for all entries of a prefix whose positions differ in the last byte of their seqs alone. What is written
// in a rush is found by much the same things, the same kind, status, or day, so most entries share a row with dozens of
// others, and an entry costs a byte there instead of a key. A position has one cell, wherever it was written first: cells of
// a prefix never overlap, and to write an entry again does no harm.
//
// Entries of ids and of answers' keys are no cells, because there is one for each prefix; and neither are those of documents
// that are older than cells are (db.celled).

// cellMask is the part of a seq that differs within a cell.
const cellMask = 1<<8 - 1

func cellOf(p position) position { return position{p.created, p.seq &^ cellMask} }

// inCell says whether an entry belongs to a cell.
func (db *DB) inCell(prefix string, p position) bool { return p.seq >= db.celled && !filtered(prefix) }

// cellLength is how many entries at the beginning of a sorted list belong to the cell of the first.
func cellLength(entries []entry) int {
	cell, n := cellOf(entries[0].at), 1
	for n < len(entries) && cellOf(entries[n].at) == cell && entries[n].prefix == entries[0].prefix {
		n++
	}
	return n
}

// writeEntries writes entries of one cell, or one entry that belongs to none. Those that are there already stay.
func (db *DB) writeEntries(c *conn, entries ...entry) error {
	if len(entries) == 0 {
		return nil
	}
	var buf [192]byte
	e := entries[0]
	if !db.inCell(e.prefix, e.at) {
		_, err := insertEntry(c, appendKey(buf[:0], e), nil)
		return err
	}
	var room [cellMask + 1]byte
	seqs := room[:0]
	for _, e := range entries {
		seqs = append(seqs, byte(e.at.seq))
	}
	key := appendKey(buf[:0], entry{e.prefix, cellOf(e.at)})
	isNew, err := insertEntry(c, key, seqs)
	if isNew || err != nil {
		return err
	}
	there, err := readCell(c, key)
	if err != nil {
		return err
	}
	seqs = append(seqs, there...)
	slices.Sort(seqs)
	return setCell(c, key, slices.Compact(seqs))
}

// removeEntry takes an entry out of the table, if it is there.
func (db *DB) removeEntry(c *conn, e entry) error {
	var buf [192]byte
	if !db.inCell(e.prefix, e.at) {
		return deleteEntry(c, appendKey(buf[:0], e))
	}
	key := appendKey(buf[:0], entry{e.prefix, cellOf(e.at)})
	seqs, err := readCell(c, key)
	if err != nil {
		return err
	}
	i, found := slices.BinarySearch(seqs, byte(e.at.seq))
	switch {
	case !found:
		return nil
	case len(seqs) == 1:
		return deleteEntry(c, key)
	}
	return setCell(c, key, slices.Delete(seqs, i, i+1))
}

// insertEntry says whether there was no such row yet.
func insertEntry(c *conn, key, seqs []byte) (isNew bool, err error) {
	s, err := c.stmt(stInsertEntry)
	if err != nil {
		return false, err
	}
	s.textBytes(1, key)
	s.blob(2, seqs)
	if err := s.run(); err != nil {
		return false, fmt.Errorf("write index: %w", err)
	}
	return lib.Xsqlite3_changes(c.tls, c.db) > 0, nil
}

func deleteEntry(c *conn, key []byte) error {
	s, err := c.stmt(stDeleteEntry)
	if err != nil {
		return err
	}
	s.textBytes(1, key)
	return s.run()
}

// readCell gives a cell's seqs, ascending; none if there is no such cell.
func readCell(c *conn, key []byte) ([]byte, error) {
	s, err := c.stmt(stCell)
	if err != nil {
		return nil, err
	}
	defer s.reset()
	s.textBytes(1, key)
	found, err := s.step()
	if err != nil || !found {
		return nil, err
	}
	return s.columnBytes(0), nil
}

func setCell(c *conn, key, seqs []byte) error {
	s, err := c.stmt(stSetCell)
	if err != nil {
		return err
	}
	s.textBytes(1, key)
	s.blob(2, seqs)
	return s.run()
}

// appendPositions appends what a row of the index stands for, given its key and seqs, as far as it lies within a span, in
// the span's order.
func appendPositions(dst []position, key, seqs []byte, within span) ([]position, error) {
	at, err := keyPosition(key)
	if err != nil {
		return nil, err
	}
	if seqs == nil {
		if within.contains(at) {
			dst = append(dst, at)
		}
		return dst, nil
	}
	begin := len(dst)
	for _, low := range seqs {
		if p := (position{at.created, at.seq | int64(low)}); within.contains(p) {
			dst = append(dst, p)
		}
	}
	if within.down {
		slices.Reverse(dst[begin:])
	}
	return dst, nil
}
