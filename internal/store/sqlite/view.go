package sqlite

import (
	"errors"
	"fmt"

	"sharesmart/internal/store"
)

// view reads what is committed. It borrows a connection when it first needs one.
//
// Whoever asks the tail must do so before the connection is borrowed: entries leave the tail for the table, so a
// snapshot that is older than the look at the tail could miss one in both.
type view struct {
	db  *DB
	c   *conn
	own bool // the connection is the writer's and stays with it
}

func (db *DB) view() *view { return &view{db: db} }

func (v *view) conn() (*conn, error) {
	if v.c == nil {
		c, err := v.db.pool.get()
		if err != nil {
			return nil, err
		}
		v.c = c
	}
	return v.c, nil
}

func (v *view) close() {
	if v.c != nil && !v.own {
		v.db.pool.put(v.c)
		v.c = nil
	}
}

// doc finds a document by id. The result must not be changed.
func (v *view) doc(k docKey) (*store.Doc, error) {
	if d, ok := v.db.cache.get(k); ok {
		return d, nil
	}
	t := v.db.cache.ticket(k)
	var buf [128]byte
	at, err := v.newest(appendIDPrefix(buf[:0], k.space, k.id))
	if err != nil {
		return nil, err
	}
	_, d, err := v.row(at.seq)
	if err != nil {
		return nil, err
	}
	v.db.cache.fill(t, k, d)
	return d, nil
}

// docBySeq finds a document by its place. The result must not be changed.
func (v *view) docBySeq(seq int64) (*store.Doc, int64, error) {
	if d, space, ok := v.db.cache.getSeq(seq); ok {
		return d, space, nil
	}
	t := v.db.cache.seqTicket(seq)
	space, d, err := v.row(seq)
	if err != nil {
		return nil, 0, err
	}
	v.db.cache.fill(t, docKey{space, d.ID}, d)
	return d, space, nil
}

// newest finds the highest position under a prefix, or ErrNotFound.
func (v *view) newest(prefix []byte) (position, error) {
	if at, ok := v.db.tail.newest(prefix); ok {
		return at, nil
	}
	if v.db.writer.filters.absent(prefix) {
		return position{}, store.ErrNotFound
	}
	c, err := v.conn()
	if err != nil {
		return position{}, err
	}
	s, err := c.stmt(stEntriesDown)
	if err != nil {
		return position{}, err
	}
	defer s.reset()
	s.textBytes(1, prefix)
	s.textBytes(2, append(prefix, afterPosition))
	s.int(3, 1)
	found, err := s.step()
	if err != nil {
		return position{}, fmt.Errorf("look up index: %w", err)
	}
	if !found {
		return position{}, store.ErrNotFound
	}
	return keyPosition(s.columnView(0))
}

// row reads a document's row, or gives ErrNotFound.
func (v *view) row(seq int64) (int64, *store.Doc, error) {
	c, err := v.conn()
	if err != nil {
		return 0, nil, err
	}
	s, err := c.stmt(stDocBySeq)
	if err != nil {
		return 0, nil, err
	}
	defer s.reset()
	s.int(1, seq)
	found, err := s.step()
	if err != nil {
		return 0, nil, fmt.Errorf("read document %d: %w", seq, err)
	}
	if !found {
		return 0, nil, store.ErrNotFound
	}
	space, d, err := v.db.scanDoc(s)
	if err != nil {
		return 0, nil, fmt.Errorf("read document %d: %w", seq, err)
	}
	return space, &d, nil
}

// answer reads what a key was answered, and at which seq that is.
func (v *view) answer(k docKey) (store.Answer, int64, error) {
	var buf [128]byte
	at, err := v.newest(appendAnswerPrefix(buf[:0], k.space, k.id))
	if err != nil {
		return store.Answer{}, 0, err
	}
	c, err := v.conn()
	if err != nil {
		return store.Answer{}, 0, err
	}
	s, err := c.stmt(stAnswerBySeq)
	if err != nil {
		return store.Answer{}, 0, err
	}
	defer s.reset()
	s.int(1, at.seq)
	found, err := s.step()
	if err != nil {
		return store.Answer{}, 0, fmt.Errorf("read answer %d: %w", at.seq, err)
	}
	if !found {
		return store.Answer{}, 0, errAnswerGone
	}
	return scanAnswer(s), at.seq, nil
}

func scanAnswer(s *stmt) store.Answer {
	return store.Answer{
		Key: s.columnText(1), Created: s.columnInt(2), Fingerprint: s.columnText(3), Path: s.columnText(4),
		RequestID: s.columnText(5), Status: int(s.columnInt(6)), ObjectID: s.columnText(7),
		ObjectVersion: s.columnInt(8), Body: s.columnBytes(9),
	}
}

// Get finds a document, deleted ones included.
func (db *DB) Get(ns store.NS, id string) (store.Doc, error) {
	if db.closed.Load() {
		return store.Doc{}, store.ErrClosed
	}
	k := docKey{db.spaces.of(ns), id}
	if d, ok := db.cache.get(k); ok {
		return *d, nil
	}
	v := db.view()
	defer v.close()
	d, err := v.doc(k)
	if err != nil {
		return store.Doc{}, err
	}
	return *d, nil
}

// Version finds a document as it was.
func (db *DB) Version(ns store.NS, id string, version int64) (store.Doc, error) {
	d, err := db.Get(ns, id)
	if err != nil || d.Version == version {
		return d, err
	}
	v := db.view()
	defer v.close()
	return v.version(&d, version)
}

// Answer finds what an idempotency key was answered.
func (db *DB) Answer(ns store.NS, key string) (store.Answer, error) {
	if db.closed.Load() {
		return store.Answer{}, store.ErrClosed
	}
	for attempt := 1; ; attempt++ {
		v := db.view()
		a, _, err := v.answer(docKey{db.spaces.of(ns), key})
		v.close()
		if errors.Is(err, errAnswerGone) {
			if attempt < 3 { // it was replaced between the look into the index and the look at the row
				continue
			}
			err = store.ErrNotFound // it was pruned, while its entry is still in the tail
		}
		return a, err
	}
}

// errAnswerGone means that an entry led to an answer that is not there.
var errAnswerGone = fmt.Errorf("answer is gone: %w", store.ErrNotFound)
