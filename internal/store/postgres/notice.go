package postgres

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// notices tell other processes that something was committed, and hear of them. They are hints, which make caches and
// those who wait current soon: what must be exact is learned under a namespace's lock. So they are not sent within
// transactions, where PostgreSQL would let only one at a time commit, but beside them, those of some milliseconds together;
// and what is missed is found by a look at the changes of the last moments.
type notices struct {
	db     *DB
	mu     sync.Mutex
	spaces map[store.NS]bool // to be told
	wake   chan struct{}
	looked time.Time // when what was missed was looked for last
}

const (
	channel = "sharesmart"
	listen  = "LISTEN " + channel
	// sendEvery and learnEvery bound how often there is something to tell and to learn.
	sendEvery  = 20 * time.Millisecond
	learnEvery = 10 * time.Millisecond
	// lookEvery is how often what was missed is looked for; lookBack is how much further back than the last look.
	lookEvery = 2 * time.Second
	lookBack  = 10 * time.Second
	// sendMost is how many namespaces are named. Beyond that, everybody looks.
	sendMost = 300
)

func newNotices(db *DB) *notices {
	return &notices{db: db, spaces: map[store.NS]bool{}, wake: make(chan struct{}, 1)}
}

// tell notes what is to be told.
func (n *notices) tell(spaces []store.NS) {
	n.mu.Lock()
	for _, ns := range spaces {
		n.spaces[ns] = true
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notices) close() { n.tell(nil) }

// send tells what there is.
func (n *notices) send() {
	for n.db.context.Err() == nil {
		select {
		case <-n.wake:
		case <-n.db.context.Done():
			return
		}
		if text := n.text(); text != "" {
			_, _ = n.db.pool.Exec(n.db.context, `SELECT pg_notify($1, $2)`, channel, text) // who misses it looks by himself
		}
		n.db.pause(sendEvery)
	}
}

// pause waits, unless the store is closed.
func (db *DB) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-db.context.Done():
	}
}

// lookMark stands for more namespaces than are named.
const lookMark = "*"

// text is what is sent: the process, and what is new in the words of hear.
func (n *notices) text() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.spaces) == 0 {
		return ""
	}
	words := []string{strconv.FormatInt(n.db.process, 36)}
	if len(n.spaces) > sendMost {
		words = append(words, lookMark)
	} else {
		for ns := range n.spaces {
			words = append(words, strconv.FormatInt(int64(ns), 10))
		}
	}
	clear(n.spaces)
	return strings.Join(words, " ")
}

// listen hears of others until the store is closed.
func (n *notices) listen() {
	for n.db.context.Err() == nil {
		c, err := connect(n.db.context, n.db.config)
		if err != nil {
			n.db.pause(time.Second)
			continue
		}
		if _, err = c.Exec(n.db.context, listen); err == nil {
			n.hearAll(c)
		}
		n.db.pool.Reset() // what ended this connection has most likely ended those of readers, which would only find out when asked
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_ = c.Close(ctx)
		cancel()
	}
}

// hearAll hears until the connection is lost. Where it was lost before, and where a notice may have been, it looks.
func (n *notices) hearAll(c *pgx.Conn) {
	heard := &heard{spaces: map[store.NS]bool{}, look: true}
	for {
		n.learn(heard)
		ctx, cancel := context.WithTimeout(n.db.context, lookEvery)
		got, err := c.WaitForNotification(ctx)
		timedOut := ctx.Err() != nil
		cancel()
		switch {
		case err == nil:
			heard.hear(got.Payload, n.db.process)
		case timedOut && n.db.context.Err() == nil && !c.IsClosed():
			heard.look = true
			continue
		default:
			return
		}
		n.drain(c, heard)
	}
}

// drain hears what comes within a moment.
func (n *notices) drain(c *pgx.Conn, heard *heard) {
	ctx, cancel := context.WithTimeout(n.db.context, learnEvery)
	defer cancel()
	for {
		got, err := c.WaitForNotification(ctx)
		if err != nil {
			return
		}
		heard.hear(got.Payload, n.db.process)
	}
}

// heard is what was told and is not learned yet.
type heard struct {
	spaces map[store.NS]bool
	look   bool
}

func (h *heard) hear(text string, self int64) {
	words := strings.Fields(text)
	if len(words) == 0 || words[0] == strconv.FormatInt(self, 36) {
		return
	}
	for _, w := range words[1:] {
		switch w {
		case lookMark:
			h.look = true
		default:
			if ns, err := strconv.ParseInt(w, 10, 64); err == nil {
				h.spaces[store.NS(ns)] = true
			}
		}
	}
}

// learn lets the writer learn of what was heard. What fails is found by the next look.
func (n *notices) learn(h *heard) {
	if h.look {
		n.look(h)
	}
	if len(h.spaces) > 0 {
		var spaces []store.NS
		for ns := range h.spaces {
			spaces = append(spaces, ns)
		}
		_ = n.db.alone(func(w *writer) error { return w.catchUp(n.db.context, spaces) })
		clear(h.spaces)
	}
	h.look = false
}

// look finds the namespaces that others changed in the last moments.
func (n *notices) look(h *heard) {
	now, back := time.Now(), lookBack
	if !n.looked.IsZero() {
		back += now.Sub(n.looked)
	}
	found, err := n.db.pool.Query(n.db.context, `SELECT DISTINCT ns FROM changes WHERE at > now() - $1::interval AND process <> $2`,
		back.String(), n.db.process)
	if err != nil {
		return
	}
	spaces, err := pgx.CollectRows(found, pgx.RowTo[int64])
	if err != nil {
		return
	}
	n.looked = now
	for _, ns := range spaces {
		h.spaces[store.NS(ns)] = true
	}
}
