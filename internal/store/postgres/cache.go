package postgres

import (
	"hash/maphash"
	"sync"

	"github.com/maypok86/otter/v2"

	"sharesmart/internal/store"
)

// cache keeps documents for transactions, at most so many bytes of them. It never holds anything older than what this
// process knows of the namespace (follow.go): what is learned of others is forgotten here at once, and a reader that missed
// adds what it then read only if nothing was forgotten meanwhile, which its ticket tells.
type cache struct {
	seed    maphash.Seed
	docs    *otter.Cache[store.Key, *store.Doc]
	stripes [cacheStripes]stripe
}

const (
	cacheStripes = 256
	// docOverhead is what a document costs beside its text.
	docOverhead = 512
)

// stripe counts what was published or forgotten of some of the keys.
type stripe struct {
	mu    sync.Mutex
	epoch uint64
}

// ticket is taken before the database is read.
type ticket struct {
	stripe *stripe
	epoch  uint64
}

func newCache(bytes int64) *cache {
	return &cache{seed: maphash.MakeSeed(), docs: otter.Must(&otter.Options[store.Key, *store.Doc]{
		MaximumWeight: uint64(bytes),
		Weigher: func(k store.Key, d *store.Doc) uint32 {
			return uint32(len(d.Data) + 3*len(k.ID) + docOverhead + 64*len(d.Refs))
		},
	})}
}

func (c *cache) stripe(k store.Key) *stripe {
	return &c.stripes[maphash.Comparable(c.seed, k)%cacheStripes]
}

func (c *cache) get(k store.Key) (*store.Doc, bool) { return c.docs.GetIfPresent(k) }

func (c *cache) ticket(k store.Key) ticket {
	s := c.stripe(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ticket{s, s.epoch}
}

// fill adds what a reader found.
func (c *cache) fill(t ticket, k store.Key, d *store.Doc) {
	t.stripe.mu.Lock()
	defer t.stripe.mu.Unlock()
	if t.stripe.epoch == t.epoch {
		c.docs.Set(k, d)
	}
}

// publish puts what this process committed in the place of what was there.
func (c *cache) publish(k store.Key, d *store.Doc) {
	s := c.stripe(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	c.docs.Set(k, d)
}

// forget removes what somebody else changed.
func (c *cache) forget(k store.Key) {
	s := c.stripe(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	c.docs.Invalidate(k)
}

// forgetAll removes what is known of a namespace. It looks at all that is kept.
func (c *cache) forgetAll(ns store.NS) {
	for i := range c.stripes {
		s := &c.stripes[i]
		s.mu.Lock()
		s.epoch++
		s.mu.Unlock()
	}
	for k := range c.docs.All() {
		if k.NS == ns {
			c.docs.Invalidate(k)
		}
	}
}
