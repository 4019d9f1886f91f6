package sqlite

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// stmt is a prepared statement. Arguments are bound, rows are stepped through, and reset makes it ready again; run does
// the whole for a statement without rows.
//
// The first error of binding is kept and told by step, so that callers check once.
type stmt struct {
	c   *conn
	p   uintptr
	err error
	// Bound text and bytes live in arena until reset; what does not fit lives in extra.
	arena uintptr
	used  int
	extra []uintptr
}

// arenaSize holds the arguments of nearly all statements: documents of some kilobytes.
const arenaSize = 16 << 10

func (s *stmt) finalize() {
	s.reset()
	lib.Xsqlite3_finalize(s.c.tls, s.p)
	if s.arena != 0 {
		libc.Xfree(s.c.tls, s.arena)
	}
}

func (s *stmt) int(i int32, v int64) {
	s.note(lib.Xsqlite3_bind_int64(s.c.tls, s.p, i, v))
}

func (s *stmt) bool(i int32, v bool) {
	var n int64
	if v {
		n = 1
	}
	s.int(i, n)
}

func (s *stmt) text(i int32, v string) {
	p := s.space(len(v))
	if p == 0 {
		return
	}
	copy(libc.GoBytes(p, len(v)), v)
	s.note(lib.Xsqlite3_bind_text(s.c.tls, s.p, i, p, int32(len(v)), 0))
}

// textBytes binds bytes as text.
func (s *stmt) textBytes(i int32, v []byte) {
	p := s.space(len(v))
	if p == 0 {
		return
	}
	copy(libc.GoBytes(p, len(v)), v)
	s.note(lib.Xsqlite3_bind_text(s.c.tls, s.p, i, p, int32(len(v)), 0))
}

// blob binds bytes; nil is NULL.
func (s *stmt) blob(i int32, v []byte) {
	if v == nil {
		s.note(lib.Xsqlite3_bind_null(s.c.tls, s.p, i))
		return
	}
	p := s.space(len(v))
	if p == 0 {
		return
	}
	copy(libc.GoBytes(p, len(v)), v)
	s.note(lib.Xsqlite3_bind_blob(s.c.tls, s.p, i, p, int32(len(v)), 0))
}

// space finds room for n bytes until reset. It never gives 0 without noting an error.
func (s *stmt) space(n int) uintptr {
	if s.arena == 0 {
		s.arena = s.c.malloc(arenaSize)
	}
	if s.arena != 0 && s.used+n < arenaSize {
		p := s.arena + uintptr(s.used)
		s.used += n
		return p
	}
	p := s.c.malloc(n + 1)
	if p == 0 {
		s.note(lib.SQLITE_NOMEM)
		return 0
	}
	s.extra = append(s.extra, p)
	return p
}

func (s *stmt) note(rc int32) {
	if rc != lib.SQLITE_OK && s.err == nil {
		s.err = s.c.fail(rc)
	}
}

// step goes to the next row. It is false, without an error, after the last.
func (s *stmt) step() (bool, error) {
	if s.err != nil {
		return false, s.err
	}
	switch rc := lib.Xsqlite3_step(s.c.tls, s.p); rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.fail(rc)
	}
}

// reset ends the statement's work and frees its arguments.
func (s *stmt) reset() {
	lib.Xsqlite3_reset(s.c.tls, s.p)
	for _, p := range s.extra {
		libc.Xfree(s.c.tls, p)
	}
	s.extra, s.used, s.err = s.extra[:0], 0, nil
}

// run executes a statement that answers no rows.
func (s *stmt) run() error {
	_, err := s.step()
	s.reset()
	return err
}

func (s *stmt) columnInt(i int32) int64 { return lib.Xsqlite3_column_int64(s.c.tls, s.p, i) }

func (s *stmt) columnBool(i int32) bool { return s.columnInt(i) != 0 }

// columnView shows a column's bytes until the next step or reset.
func (s *stmt) columnView(i int32) []byte {
	p := lib.Xsqlite3_column_blob(s.c.tls, s.p, i)
	n := lib.Xsqlite3_column_bytes(s.c.tls, s.p, i)
	if p == 0 || n == 0 {
		return nil
	}
	return libc.GoBytes(p, int(n))
}

func (s *stmt) columnText(i int32) string { return string(s.columnView(i)) }

// columnBytes copies a column's bytes; NULL and empty are both an empty slice, NULL a nil one.
func (s *stmt) columnBytes(i int32) []byte {
	v := s.columnView(i)
	if v == nil {
		if lib.Xsqlite3_column_type(s.c.tls, s.p, i) == lib.SQLITE_NULL {
			return nil
		}
		return []byte{}
	}
	return append(make([]byte, 0, len(v)), v...)
}

// queryInt runs a statement that answers one number; ok is false if it answers no row.
func (c *conn) queryInt(id statement, args ...int64) (value int64, ok bool, err error) {
	s, err := c.stmt(id)
	if err != nil {
		return 0, false, err
	}
	defer s.reset()
	for i, a := range args {
		s.int(int32(i+1), a)
	}
	ok, err = s.step()
	if ok {
		value = s.columnInt(0)
	}
	return value, ok, err
}

// runInts runs a statement without rows whose arguments are numbers.
func (c *conn) runInts(id statement, args ...int64) error {
	s, err := c.stmt(id)
	if err != nil {
		return err
	}
	for i, a := range args {
		s.int(int32(i+1), a)
	}
	if err := s.run(); err != nil {
		return fmt.Errorf("%s: %w", statementText[id], err)
	}
	return nil
}
