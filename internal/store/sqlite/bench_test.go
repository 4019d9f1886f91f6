package sqlite

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sharesmart/internal/store"
)

// benchDocs is how many customers there are before a benchmark begins; each also has an event.
var benchDocs = flag.Int("store.docs", 10_000, "customers in the store before a benchmark begins")

const benchChars = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// benchID makes ids of the form that the product makes: a part that follows time, and a random one.
func benchID(prefix string, at int64, timeDigits, randomDigits int) string {
	var b [64]byte
	n := copy(b[:], prefix)
	for i := timeDigits - 1; i >= 0; i-- {
		b[n+i] = benchChars[at%62]
		at /= 62
	}
	n += timeDigits
	for range randomDigits {
		b[n] = benchChars[rand.IntN(62)]
		n++
	}
	return string(b[:n])
}

var benchBody = bytes.Repeat([]byte(`  "field": "0123456789",`), 60)

// benchDocsAt makes a customer and the event of its creation.
func benchDocsAt(now int64) (customer, event store.Doc) {
	customer = store.Doc{
		ID: benchID("cus_", now/60, 4, 10), Kind: "customer", Created: now, Data: slices.Clone(benchBody[:1200]),
		Refs: []store.Ref{{Field: "email", Value: benchID("", 0, 0, 10) + "@example.com"}},
	}
	event = store.Doc{
		ID: benchID("evt_1", now, 5, 18), Kind: "event", Created: now, Data: slices.Clone(benchBody[:400]),
		Refs: []store.Ref{{Field: "type", Value: "customer.created"}, {Field: "object", Value: customer.ID}},
	}
	return customer, event
}

// benchCreate is what creating a customer over the API writes.
func benchCreate(s store.Store, now int64) error {
	key := benchID("", 0, 0, 36)
	customer, event := benchDocsAt(now)
	return s.Update(context.Background(), func(tx store.Tx) error {
		if _, err := tx.Answer(1, key); err == nil {
			return fmt.Errorf("key %s is taken", key)
		}
		if err := tx.Put(1, &customer); err != nil {
			return err
		}
		if err := tx.Put(1, &event); err != nil {
			return err
		}
		return tx.SaveAnswer(1, store.Answer{
			Key: key, Fingerprint: strings.Repeat("f", 43), Path: "/v1/customers", RequestID: benchID("req_", 0, 0, 14),
			Status: 200, ObjectID: customer.ID, ObjectVersion: 1, Created: now,
		})
	})
}

// filled gives a store with benchDocs customers and their events, made over some hours, and the customers' ids.
var filled = sync.OnceValues(func() (*DB, []string) {
	path := filepath.Join(benchDir, "bench.db")
	db, err := Open(path, store.Options{NoSync: true})
	if err != nil {
		panic(err)
	}
	ids := make([]string, 0, *benchDocs)
	for len(ids) < *benchDocs {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for range min(1000, *benchDocs-len(ids)) {
				customer, event := benchDocsAt(1_700_000_000 + int64(len(ids)/100))
				if err := errors.Join(tx.Put(1, &customer), tx.Put(1, &event)); err != nil {
					return err
				}
				ids = append(ids, customer.ID)
			}
			return nil
		})
		if err != nil {
			panic(err)
		}
	}
	if err := errors.Join(db.Settle(), db.Close()); err != nil {
		panic(err)
	}
	if db, err = Open(path, store.Options{}); err != nil {
		panic(err)
	}
	return db, ids
})

var benchDir string

// parallel runs op with some callers at once and tells its rate and slowest hundredth.
func parallel(b *testing.B, callers int, op func(i int64) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	slow := make([][]time.Duration, callers)
	used := cpuTime()
	b.ResetTimer()
	for c := range callers {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				begin := time.Now()
				if err := op(i); err != nil {
					b.Error(err)
					return
				}
				if callers > 2 || i%64 == 0 {
					slow[c] = append(slow[c], time.Since(begin))
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Sorted(slices.Values(slices.Concat(slow...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
	b.ReportMetric(float64((cpuTime()-used).Nanoseconds())/1000/float64(b.N), "cpu-µs/op")
	if len(all) > 0 {
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
	}
}

func BenchmarkCreate(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			db, _ := filled()
			begin := time.Now()
			parallel(b, callers, func(int64) error {
				return benchCreate(db, 1_800_000_000+int64(time.Since(begin).Seconds()))
			})
		})
	}
}

func BenchmarkGetHot(b *testing.B) {
	db, ids := filled()
	hot := ids[len(ids)-min(len(ids), 1000):]
	parallel(b, 2, func(i int64) error {
		_, err := db.Get(1, hot[i%int64(len(hot))])
		return err
	})
}

func BenchmarkGetRandom(b *testing.B) {
	db, ids := filled()
	parallel(b, 2, func(int64) error {
		_, err := db.Get(1, ids[rand.IntN(len(ids))])
		return err
	})
}

func BenchmarkList(b *testing.B) {
	db, _ := filled()
	n := int64(*benchDocs)
	for _, c := range []struct {
		name string
		q    func() store.Query
	}{
		{"newest", func() store.Query { return store.Query{} }},
		{"random", func() store.Query {
			return store.Query{After: &store.Position{Created: 1_700_000_000 + 1 + rand.Int64N(n/100)}}
		}},
		{"type", func() store.Query {
			return store.Query{Kind: "event", Where: []store.Cond{{Field: "type", Values: []string{"customer.created"}}}}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			parallel(b, 2, func(int64) error {
				q := c.q()
				q.NS, q.Limit = 1, 10
				if q.Kind == "" {
					q.Kind = "customer"
				}
				p, err := db.List(q)
				if err == nil && len(p.Docs) == 0 {
					err = fmt.Errorf("empty page of %+v", q)
				}
				return err
			})
		})
	}
}

func BenchmarkLog(b *testing.B) {
	db, ids := filled()
	parallel(b, 2, func(i int64) error {
		seq := db.NextLogSeq()
		db.Log(store.LogEntry{
			NS: 1, Seq: seq, ID: benchID("req_", 0, 0, 14), Time: 1_700_000_000_000_000 + i*30, Duration: 100 + i%500,
			Method: "GET", Path: "/v1/customers/" + ids[i%int64(len(ids))], Status: 200, Operation: "GetCustomersCustomer",
			KeyID: "key_1", IP: "127.0.0.1", UserAgent: "Stripe/v1 GoBindings/85.0.0", Version: "2026-08-26.dahlia",
			ObjectID: ids[i%int64(len(ids))], ObjectVersion: 1,
		})
		return nil
	})
}

// BenchmarkOpen opens a file that was closed in good order, and one whose writer was killed with its memory full of
// entries that were not folded.
func BenchmarkOpen(b *testing.B) {
	for _, killed := range []bool{false, true} {
		b.Run(fmt.Sprint("killed=", killed), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "open.db")
			db, err := Open(path, store.Options{NoSync: true})
			if err != nil {
				b.Fatal(err)
			}
			for i := range int64(8000) {
				if err := benchCreate(db, 1_700_000_000+i); err != nil {
					b.Fatal(err)
				}
			}
			copied := path + ".copy"
			if killed { // a backup is what a kill would leave, but for the log
				err = errors.Join(db.Backup(context.Background(), copied), db.Close())
			} else {
				err = errors.Join(db.Close(), os.Rename(path, copied))
			}
			if err != nil {
				b.Fatal(err)
			}
			file, err := os.ReadFile(copied)
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				again := fmt.Sprint(path, i)
				if err := os.WriteFile(again, file, 0o600); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				db, err := Open(again, store.Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := errors.Join(db.Close(), os.Remove(again)); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

func BenchmarkOpenMemory(b *testing.B) {
	for b.Loop() {
		db, err := Open(memoryPath, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
