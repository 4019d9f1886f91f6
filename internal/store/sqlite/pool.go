package sqlite

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// pool lends connections for reading.
//
// A reader keeps its read transaction open between two uses as long as nothing is committed: taking and releasing
// SQLite's read lock costs two system calls, as much as the read itself. gen counts commits. A lent connection shows
// everything that was committed before it was lent.
type pool struct {
	open  func() (*conn, error)
	gen   *atomic.Uint64
	max   int
	holds bool // keeps read transactions open
	mu    sync.Mutex
	free  sync.Cond
	idle  []*conn
	count int
	shut  bool
	// era changes when no read transaction that is open now may be kept.
	era atomic.Uint64
}

func newPool(max int, holds bool, gen *atomic.Uint64, open func() (*conn, error)) *pool {
	p := &pool{open: open, gen: gen, max: max, holds: holds}
	p.free.L = &p.mu
	return p
}

// get lends a connection, waiting for one if all are lent.
func (p *pool) get() (*conn, error) {
	c, err := p.take()
	if err != nil || !p.holds {
		return c, err
	}
	if gen := p.gen.Load(); !c.inRead || c.gen != gen {
		c.era = p.era.Load()
		if err := c.beginRead(gen); err != nil {
			return nil, fmt.Errorf("begin read: %w", errors.Join(err, p.discard(c)))
		}
	}
	return c, nil
}

func (p *pool) take() (*conn, error) {
	p.mu.Lock()
	for {
		if p.shut {
			p.mu.Unlock()
			return nil, store.ErrClosed
		}
		if n := len(p.idle); n > 0 {
			c := p.idle[n-1]
			p.idle = p.idle[:n-1]
			p.mu.Unlock()
			return c, nil
		}
		if p.count < p.max {
			p.count++
			p.mu.Unlock()
			return p.connect()
		}
		p.free.Wait()
	}
}

func (p *pool) connect() (*conn, error) {
	c, err := p.open()
	if err != nil {
		p.mu.Lock()
		p.count--
		p.free.Signal()
		p.mu.Unlock()
	}
	return c, err
}

// put gives a connection back.
func (p *pool) put(c *conn) {
	if c.inRead && (c.gen != p.gen.Load() || c.era != p.era.Load()) {
		c.endRead()
	}
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.free.Signal()
	p.mu.Unlock()
}

func (p *pool) discard(c *conn) error {
	p.mu.Lock()
	p.count--
	p.free.Signal()
	p.mu.Unlock()
	return c.close()
}

// release ends the read transactions of connections that are not lent, and lets those of the others end when they come
// back.
func (p *pool) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.era.Add(1)
	for _, c := range p.idle {
		c.endRead()
	}
}

// close waits for what is lent and closes everything.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = true
	p.free.Broadcast()
	for len(p.idle) < p.count {
		p.free.Wait()
	}
	var first error
	for _, c := range p.idle {
		c.endRead()
		if err := c.close(); err != nil && first == nil {
			first = err
		}
	}
	p.idle, p.count = nil, 0
	return first
}

// beginRead opens a read transaction in the place of the one that may be open. The snapshot is taken by the first read,
// so it is at least as new as gen.
func (c *conn) beginRead(gen uint64) error {
	c.endRead()
	if err := c.runInts(stBegin); err != nil {
		return err
	}
	c.gen, c.inRead = gen, true
	return nil
}

// endRead cannot fail: there is nothing to write.
func (c *conn) endRead() {
	if c.inRead {
		c.inRead = false
		_ = c.runInts(stCommit)
	}
}
