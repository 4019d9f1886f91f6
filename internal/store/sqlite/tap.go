package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"sync"
)

// A Tap collects what is committed, page by page, for who keeps a copy elsewhere. The writer reads each commit from the
// write-ahead log when it has made it, before it goes on: so nothing is missed however the log is copied and begun
// again, and no read transaction need be kept open that would keep the checkpointer from its work. It costs a commit
// of twenty pages about 30 microseconds.
//
// A page that is written again before it is taken is kept once. What nobody takes is bounded: past the limit the Tap lets
// go of everything and says so, and a new snapshot is needed.
type Tap struct {
	db    *DB
	limit int // pages
	full  chan struct{}

	mu    sync.Mutex
	pages map[uint32][]byte
	size  uint32 // of the database, in pages
	lost  bool

	// Only the writer uses these.
	file     *os.File
	salt     [8]byte // of the log's present turn
	offset   int64   // what was read of it
	pageSize int
	buffer   []byte
	pending  map[uint32][]byte // of a commit whose end was not read yet
}

// Pages are what changed of a database since the last look: they turn the copy that was made then into one of now.
type Pages struct {
	Data     map[uint32][]byte // by number, from 1
	Size     uint32            // of the whole database, in pages
	PageSize int               // bytes
}

const (
	walHeaderSize   = 32
	frameHeaderSize = 24
	// tapBuffer is how much of the log is read at once.
	tapBuffer = 256 << 10
)

// Tap begins to collect with the next Snapshot. limit is how many pages may wait to be taken. A store has one at most.
func (db *DB) Tap(limit int) (*Tap, error) {
	if db.inMemory() || db.options.ReadOnly {
		return nil, errors.New("store: only a file that is written has changes to be copied")
	}
	t := &Tap{db: db, limit: limit, full: make(chan struct{}, 1), lost: true}
	err := db.alone(func(w *writer) (err error) {
		if w.tap != nil {
			return errors.New("store: changes are collected already")
		}
		if t.file, err = os.Open(db.path + "-wal"); err != nil {
			return fmt.Errorf("store: read the log: %w", err)
		}
		w.tap = t
		return nil
	})
	return t, err
}

// Full is told when half of what may wait has come together.
func (t *Tap) Full() <-chan struct{} { return t.full }

// Take gives what came together since the last Take or Snapshot. It is false if something is missing, so that a Snapshot is
// needed. It works on a closed store as well.
func (t *Tap) Take() (Pages, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost {
		return Pages{}, false
	}
	p := Pages{Data: t.pages, Size: t.size, PageSize: t.pageSize}
	t.pages = map[uint32][]byte{}
	return p, true
}

// Snapshot gives every page of the database, in order, as it is at one moment; what is committed after that moment is what
// the next Take gives. begin is told how large the database is. Others go on meanwhile, but the log cannot begin again.
func (t *Tap) Snapshot(ctx context.Context, begin func(size uint32, pageSize int) error, page func(number uint32, data []byte) error) (err error) {
	if err := t.db.ready(ctx); err != nil {
		return err
	}
	c, err := openConn(t.db.uri(), "", t.db.setup(readerPages))
	if err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	size, err := t.start(c)
	defer c.endRead()
	if err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	if err := begin(uint32(size), t.pageSize); err != nil {
		return err
	}
	s, err := c.prepare("SELECT pgno, data FROM sqlite_dbpage")
	if err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	defer s.finalize()
	return s.each(func() {}, func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return page(uint32(s.columnInt(0)), s.columnView(1))
	})
}

// start opens a read transaction between two commits and forgets what came before it.
func (t *Tap) start(c *conn) (size int64, err error) {
	err = t.db.alone(func(w *writer) error {
		if err := c.beginRead(w.db.gen.Load()); err != nil {
			return err
		}
		var pageSize int64
		for pragma, to := range map[string]*int64{"PRAGMA page_count": &size, "PRAGMA page_size": &pageSize} {
			s, err := c.prepare(pragma)
			if err != nil {
				return err
			}
			err = s.each(func() {}, func() error { *to = s.columnInt(0); return nil })
			s.finalize()
			if err != nil {
				return err
			}
		}
		t.pageSize = int(pageSize)
		t.forget(false)
		if err := t.read(); err != nil { // past what the snapshot holds
			t.forget(true)
			return err
		}
		t.mu.Lock()
		t.pages, t.size = map[uint32][]byte{}, uint32(size)
		t.mu.Unlock()
		return nil
	})
	return size, err
}

// follow reads what the log has got since it was last read.
func (t *Tap) follow() {
	if t.isLost() {
		return
	}
	if err := t.read(); err != nil {
		t.forget(true)
		t.wake()
	}
}

// forget lets go of everything.
func (t *Tap) forget(lost bool) {
	t.mu.Lock()
	t.lost, t.pages = lost, nil
	t.mu.Unlock()
}

func (t *Tap) wake() {
	select {
	case t.full <- struct{}{}:
	default:
	}
}

func (t *Tap) isLost() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lost
}

func (t *Tap) read() error {
	var header [walHeaderSize]byte
	if _, err := t.file.ReadAt(header[:], 0); errors.Is(err, io.EOF) {
		return nil // nothing was written yet
	} else if err != nil {
		return err
	}
	if salt := [8]byte(header[16:24]); salt != t.salt {
		t.salt, t.offset, t.pending = salt, walHeaderSize, nil
	}
	frame := frameHeaderSize + t.pageSize
	if len(t.buffer) == 0 {
		t.buffer = make([]byte, tapBuffer/frame*frame)
	}
	for at := t.offset; ; {
		n, err := t.file.ReadAt(t.buffer, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for rest := t.buffer[:n]; len(rest) >= frame; rest = rest[frame:] {
			if [8]byte(rest[8:16]) != t.salt {
				t.pending = nil
				return nil // the rest is of an earlier turn
			}
			at += int64(frame)
			if t.frame(rest[:frame]) {
				t.offset = at
			}
		}
		if n < len(t.buffer) {
			t.pending = nil // it is read again when its commit is there
			return nil
		}
	}
}

// frame takes one page of the log. It is true if the page is the last of a commit.
func (t *Tap) frame(b []byte) bool {
	if t.pending == nil {
		t.pending = map[uint32][]byte{}
	}
	t.pending[binary.BigEndian.Uint32(b)] = append(make([]byte, 0, t.pageSize), b[frameHeaderSize:]...)
	size := binary.BigEndian.Uint32(b[4:])
	if size == 0 {
		return false
	}
	t.collect(size)
	clear(t.pending)
	return true
}

// collect adds a commit to what waits, unless all of that is forgotten.
func (t *Tap) collect(size uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pages == nil {
		return
	}
	maps.Copy(t.pages, t.pending)
	t.size = size
	if len(t.pages) > t.limit {
		t.lost, t.pages = true, nil
	}
	if t.lost || len(t.pages) > t.limit/2 {
		t.wake()
	}
}
