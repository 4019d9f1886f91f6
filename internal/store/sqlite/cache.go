package sqlite

import (
	"hash/maphash"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// cache keeps hot documents in memory, found by id or by seq, at most so many bytes of them.
//
// It never holds anything older than what is published: the writer puts every change here before it acknowledges it,
// and a reader that missed adds what it then read only if that document was not published meanwhile, which its ticket
// tells.
type cache struct {
	seed   maphash.Seed
	shards [cacheShards]cacheShard
	bySeq  [cacheShards]seqShard
	epochs [cacheEpochs]atomic.Uint64
	budget int64 // bytes for each shard
}

const (
	cacheShards = 32
	cacheEpochs = 4096
	// docOverhead is what a document costs beside its text: the struct, its strings, and its places in two maps.
	docOverhead = 512
)

type docKey struct {
	space int64
	id    string
}

// cacheShard owns the documents whose ids fall to it. ring is the order of eviction: the hand passes over what was
// used since it last came by.
type cacheShard struct {
	mu    sync.RWMutex
	docs  map[docKey]*cached
	ring  []*cached
	hand  int
	bytes int64
}

// seqShard finds documents by seq. It is locked after a cacheShard, never before.
type seqShard struct {
	mu   sync.RWMutex
	docs map[int64]*cached
}

type cached struct {
	key  docKey
	doc  store.Doc
	size int64
	slot int // in the ring
	used atomic.Bool
}

// ticket is taken before the database is read.
type ticket struct {
	epoch *atomic.Uint64
	seen  uint64
}

func newCache(bytes int64) *cache {
	c := &cache{seed: maphash.MakeSeed(), budget: bytes / cacheShards}
	for i := range c.shards {
		c.shards[i].docs = make(map[docKey]*cached)
		c.bySeq[i].docs = make(map[int64]*cached)
	}
	return c
}

func (c *cache) hash(k docKey) uint64 {
	return maphash.String(c.seed, k.id) ^ uint64(k.space)*0x9e3779b97f4a7c15
}

func (c *cache) seqShard(seq int64) *seqShard { return &c.bySeq[uint64(seq)%cacheShards] }

func (c *cache) get(k docKey) (*store.Doc, bool) {
	s := &c.shards[c.hash(k)%cacheShards]
	s.mu.RLock()
	e, ok := s.docs[k]
	s.mu.RUnlock()
	if !ok {
		return nil, false
	}
	e.touch()
	return &e.doc, true
}

func (c *cache) getSeq(seq int64) (*store.Doc, int64, bool) {
	s := c.seqShard(seq)
	s.mu.RLock()
	e, ok := s.docs[seq]
	s.mu.RUnlock()
	if !ok {
		return nil, 0, false
	}
	e.touch()
	return &e.doc, e.key.space, true
}

// touch marks an entry as used. It looks first, so that a hot document's memory is only read.
func (e *cached) touch() {
	if !e.used.Load() {
		e.used.Store(true)
	}
}

func (c *cache) ticket(k docKey) ticket { return newTicket(&c.epochs[c.hash(k)%cacheEpochs]) }

func (c *cache) seqTicket(seq int64) ticket { return newTicket(&c.epochs[uint64(seq)%cacheEpochs]) }

func newTicket(epoch *atomic.Uint64) ticket { return ticket{epoch, epoch.Load()} }

// fill adds what a reader found.
func (c *cache) fill(t ticket, k docKey, d *store.Doc) {
	s := &c.shards[c.hash(k)%cacheShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.epoch.Load() == t.seen {
		c.set(s, k, d)
	}
}

// publish puts a committed document in the place of what was there.
func (c *cache) publish(k docKey, d *store.Doc) {
	h := c.hash(k)
	s := &c.shards[h%cacheShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	c.epochs[h%cacheEpochs].Add(1)
	c.epochs[uint64(d.Seq)%cacheEpochs].Add(1)
	c.set(s, k, d)
}

// forget removes a document that is no more.
func (c *cache) forget(k docKey, seq int64) {
	h := c.hash(k)
	s := &c.shards[h%cacheShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	c.epochs[h%cacheEpochs].Add(1)
	c.epochs[uint64(seq)%cacheEpochs].Add(1)
	if e, ok := s.docs[k]; ok {
		c.remove(s, e)
	}
}

// set stores a document in its shard, which is locked.
func (c *cache) set(s *cacheShard, k docKey, d *store.Doc) {
	e := &cached{key: k, doc: *d, size: docSize(d)}
	old, ok := s.docs[k]
	if e.size > c.budget/4 { // it would drive out too much else
		if ok {
			c.remove(s, old)
		}
		return
	}
	if ok {
		e.slot = old.slot
		s.ring[e.slot] = e
		s.bytes -= old.size
		e.used.Store(old.used.Load())
	} else {
		e.slot = len(s.ring)
		s.ring = append(s.ring, e)
	}
	s.docs[k] = e
	s.bytes += e.size
	q := c.seqShard(d.Seq)
	q.mu.Lock()
	q.docs[d.Seq] = e
	q.mu.Unlock()
	for s.bytes > c.budget {
		c.evict(s)
	}
}

// evict removes the next document that was not used since the hand last passed it.
func (c *cache) evict(s *cacheShard) {
	for {
		if s.hand >= len(s.ring) {
			s.hand = 0
		}
		e := s.ring[s.hand]
		s.hand++ // also past the one that takes its place, which is the youngest
		if !e.used.Swap(false) {
			c.remove(s, e)
			return
		}
	}
}

func (c *cache) remove(s *cacheShard, e *cached) {
	delete(s.docs, e.key)
	s.bytes -= e.size
	last := s.ring[len(s.ring)-1]
	s.ring[e.slot], last.slot = last, e.slot
	s.ring[len(s.ring)-1] = nil
	s.ring = s.ring[:len(s.ring)-1]
	q := c.seqShard(e.doc.Seq)
	q.mu.Lock()
	if q.docs[e.doc.Seq] == e {
		delete(q.docs, e.doc.Seq)
	}
	q.mu.Unlock()
}

func docSize(d *store.Doc) int64 {
	n := len(d.Data) + docOverhead
	for i := range d.Refs {
		n += len(d.Refs[i].Field) + len(d.Refs[i].Value) + 32
	}
	return int64(n)
}
