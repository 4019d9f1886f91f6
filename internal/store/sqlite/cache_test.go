package sqlite

import (
	"fmt"
	"testing"

	"sharesmart/internal/store"
)

func cacheDoc(seq, version int64, size int) *store.Doc {
	return &store.Doc{ID: fmt.Sprint("doc_", seq), Seq: seq, Version: version, Data: make([]byte, size)}
}

func (c *cache) bytes() (total int64, docs, seqs int) {
	for i := range c.shards {
		total += c.shards[i].bytes
		docs += len(c.shards[i].docs)
		seqs += len(c.bySeq[i].docs)
	}
	return total, docs, seqs
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	const budget = 1 << 20
	c := newCache(budget)
	for seq := range int64(5000) {
		d := cacheDoc(seq, 1, 500)
		c.publish(docKey{1, d.ID}, d)
		if seq%3 == 0 { // grows
			c.publish(docKey{1, d.ID}, cacheDoc(seq, 2, 2000))
		}
	}
	total, docs, seqs := c.bytes()
	if total > budget || total < budget/2 || docs != seqs {
		t.Errorf("the cache holds %d bytes of %d, %d documents by id, %d by seq", total, budget, docs, seqs)
	}
	sum := int64(0)
	for i := range c.shards {
		for _, e := range c.shards[i].ring {
			sum += e.size
		}
	}
	if sum != total {
		t.Errorf("the cache counts %d bytes and holds %d", total, sum)
	}
	huge := cacheDoc(9999, 1, budget)
	c.publish(docKey{1, huge.ID}, huge)
	if _, ok := c.get(docKey{1, huge.ID}); ok {
		t.Error("a document as large as the cache is kept")
	}
}

func TestCacheKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	c := newCache(1 << 20)
	hot := cacheDoc(1_000_000, 1, 500)
	c.publish(docKey{1, hot.ID}, hot)
	for seq := range int64(5000) {
		d := cacheDoc(seq, 1, 500)
		c.publish(docKey{1, d.ID}, d)
		if _, ok := c.get(docKey{1, hot.ID}); !ok {
			t.Fatalf("a document that is asked for all the time is gone after %d others", seq+1)
		}
	}
}

// TestCacheTakesNothingStale lets a reader come late with what it read before a change was published.
func TestCacheTakesNothingStale(t *testing.T) {
	t.Parallel()
	k := docKey{1, "doc_5"}
	for name, take := range map[string]func(*cache) ticket{
		"by id":  func(c *cache) ticket { return c.ticket(k) },
		"by seq": func(c *cache) ticket { return c.seqTicket(5) },
	} {
		for what, change := range map[string]func(*cache){
			"published": func(c *cache) { c.publish(k, cacheDoc(5, 2, 10)) },
			"forgotten": func(c *cache) { c.forget(k, 5) },
		} {
			c := newCache(1 << 20)
			late := take(c)
			change(c)
			c.fill(late, k, cacheDoc(5, 1, 10))
			if d, ok := c.get(k); ok && d.Version == 1 {
				t.Errorf("%s, %s: the stale document is kept", name, what)
			}
			if d, _, ok := c.getSeq(5); ok && d.Version == 1 {
				t.Errorf("%s, %s: the stale document is kept by seq", name, what)
			}
			c.fill(take(c), k, cacheDoc(5, 3, 10))
			if d, ok := c.get(k); !ok || d.Version != 3 {
				t.Errorf("%s, %s: a fresh document is not kept", name, what)
			}
		}
	}
}

// TestCacheTakesColdOnDemand writes a document of a cold kind, which is not kept in memory until it is read or replaced.
func TestCacheTakesColdOnDemand(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(db *DB, d *store.Doc) error{
		"read": func(db *DB, d *store.Doc) error {
			_, err := db.Get(1, d.ID)
			return err
		},
		"replaced": func(db *DB, d *store.Doc) error { return put(db, 1, d) },
	} {
		db := open(t, memoryPath, store.Options{Cold: []string{"event"}})
		for _, kind := range []string{"event", "customer"} {
			d := &store.Doc{ID: "a " + kind, Kind: kind, Data: []byte("{}")}
			if err := put(db, 1, d); err != nil {
				t.Fatal(err)
			}
			k := docKey{1, d.ID}
			if _, kept := db.cache.get(k); kept == (kind == "event") {
				t.Errorf("a new %s is kept: %t", kind, kept)
			}
			if err := use(db, d); err != nil {
				t.Fatal(err)
			}
			if got, kept := db.cache.get(k); !kept || got.Version != d.Version {
				t.Errorf("a %s that was %s is kept: %t", kind, name, kept)
			}
		}
	}
}
