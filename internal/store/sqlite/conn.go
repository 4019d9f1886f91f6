package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

// conn is one connection to the database, with its statements. It calls the SQLite of modernc.org/sqlite below its
// database/sql driver: that saves the driver's allocations for each argument, column name and column type, which cost
// as much as the statement itself for the short statements that are most of ours.
//
// A conn is used by one goroutine at a time.
type conn struct {
	tls   *libc.TLS
	db    uintptr
	stmts [statements]*stmt
	// Of the open read transaction, if there is one; see pool.
	inRead   bool
	gen, era uint64
}

// dbError is what SQLite said. It does not leave this package except inside a wrapped error.
type dbError struct {
	code int32
	text string
}

func (e *dbError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

const pointerSize = 8

// openConn opens the file through a VFS, "" being the platform's, and sets it up.
func openConn(path, vfs, setup string) (*conn, error) {
	c := &conn{tls: libc.NewTLS()}
	name, err := libc.CString(path)
	if err != nil {
		c.tls.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer libc.Xfree(c.tls, name)
	var vfsName uintptr
	if vfs != "" {
		if vfsName, err = libc.CString(vfs); err != nil {
			c.tls.Close()
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		defer libc.Xfree(c.tls, vfsName)
	}
	out := libc.Xcalloc(c.tls, 1, pointerSize)
	defer libc.Xfree(c.tls, out)
	rc := lib.Xsqlite3_open_v2(c.tls, name, out,
		lib.SQLITE_OPEN_URI|lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_CREATE|lib.SQLITE_OPEN_NOMUTEX|lib.SQLITE_OPEN_EXRESCODE, vfsName)
	c.db = loadPointer(out)
	if rc != lib.SQLITE_OK {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(c.fail(rc), c.close()))
	}
	if err := errors.Join(c.keepPlans(), c.exec(setup)); err != nil {
		return nil, fmt.Errorf("set up %s: %w", path, errors.Join(err, c.close()))
	}
	return c, nil
}

// keepPlans lets statements keep their plans. Otherwise SQLite prepares a statement again whenever a value is bound that
// its plan might have gone by, and a LIMIT is one: to prepare a look-up costs many times what it costs to run it.
func (c *conn) keepPlans() error {
	args := libc.NewVaList(int32(1), uintptr(0))
	defer libc.Xfree(c.tls, args)
	if rc := lib.Xsqlite3_db_config(c.tls, c.db, lib.SQLITE_DBCONFIG_ENABLE_QPSG, args); rc != lib.SQLITE_OK {
		return c.fail(rc)
	}
	return nil
}

func loadPointer(p uintptr) uintptr {
	return uintptr(binary.NativeEndian.Uint64(libc.GoBytes(p, pointerSize)))
}

// close finalizes the statements and closes the connection. SQLite keeps nothing of it.
func (c *conn) close() error {
	for i, s := range c.stmts {
		if s != nil {
			s.finalize()
			c.stmts[i] = nil
		}
	}
	var err error
	if c.db != 0 {
		if rc := lib.Xsqlite3_close_v2(c.tls, c.db); rc != lib.SQLITE_OK {
			err = c.fail(rc)
		}
		c.db = 0
	}
	c.tls.Close()
	return err
}

func (c *conn) fail(rc int32) error {
	if c.db == 0 {
		return &dbError{code: rc, text: libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))}
	}
	return &dbError{code: rc, text: libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db))}
}

// exec runs a script that answers nothing.
func (c *conn) exec(script string) error {
	text, err := libc.CString(script)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, text)
	if rc := lib.Xsqlite3_exec(c.tls, c.db, text, 0, 0, 0); rc != lib.SQLITE_OK {
		return c.fail(rc)
	}
	return nil
}

// stmt gives a statement, prepared on its first use on this connection.
func (c *conn) stmt(id statement) (*stmt, error) {
	if s := c.stmts[id]; s != nil {
		return s, nil
	}
	s, err := c.prepare(statementText[id])
	if err != nil {
		return nil, err
	}
	c.stmts[id] = s
	return s, nil
}

func (c *conn) prepare(text string) (*stmt, error) {
	sql, err := libc.CString(text)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, sql)
	out := libc.Xcalloc(c.tls, 1, pointerSize)
	defer libc.Xfree(c.tls, out)
	rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, sql, int32(len(text)), lib.SQLITE_PREPARE_PERSISTENT, out, 0)
	if rc != lib.SQLITE_OK {
		return nil, fmt.Errorf("prepare %q: %w", text, c.fail(rc))
	}
	return &stmt{c: c, p: loadPointer(out)}, nil
}

// inTransaction says whether a transaction is open.
func (c *conn) inTransaction() bool { return lib.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// checkpoint copies what it can from the write-ahead log to the database without waiting for anyone. It tells how many
// pages are in the log and how many of them are copied.
func (c *conn) checkpoint() (pages, done int32, err error) {
	return c.look(lib.SQLITE_CHECKPOINT_PASSIVE)
}

// logLength tells how many pages are in the log. It copies and syncs nothing.
func (c *conn) logLength() (pages int32, err error) {
	pages, _, err = c.look(lib.SQLITE_CHECKPOINT_NOOP)
	return pages, err
}

func (c *conn) look(mode int32) (pages, done int32, err error) {
	out := libc.Xcalloc(c.tls, 2, pointerSize)
	defer libc.Xfree(c.tls, out)
	rc := lib.Xsqlite3_wal_checkpoint_v2(c.tls, c.db, 0, mode, out, out+pointerSize)
	if rc != lib.SQLITE_OK && rc&0xff != lib.SQLITE_BUSY {
		return 0, 0, c.fail(rc)
	}
	b := libc.GoBytes(out, 2*pointerSize)
	return int32(binary.NativeEndian.Uint32(b)), int32(binary.NativeEndian.Uint32(b[pointerSize:])), nil
}

// pagesWritten says how many pages this connection wrote since it was last asked.
func (c *conn) pagesWritten() int {
	out := libc.Xcalloc(c.tls, 2, pointerSize)
	defer libc.Xfree(c.tls, out)
	lib.Xsqlite3_db_status(c.tls, c.db, lib.SQLITE_DBSTATUS_CACHE_WRITE, out, out+pointerSize, 1)
	return int(binary.NativeEndian.Uint32(libc.GoBytes(out, 4)))
}

// totalChanges counts the rows that this connection changed since it was opened.
func (c *conn) totalChanges() int64 { return lib.Xsqlite3_total_changes64(c.tls, c.db) }

// interruptAfter stops what the connection does when the context ends. The result must be called when it has done it.
func (c *conn) interruptAfter(ctx context.Context) (over func()) {
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(fired)
		tls := libc.NewTLS() // the connection's own is in use
		lib.Xsqlite3_interrupt(tls, c.db)
		tls.Close()
	})
	return func() {
		if !stop() {
			<-fired
		}
	}
}

// malloc gives n bytes that SQLite may read.
func (c *conn) malloc(n int) uintptr { return libc.Xmalloc(c.tls, cSize(n)) }

func cSize(n int) types.Size_t { return types.Size_t(n) }
