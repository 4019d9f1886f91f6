package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/postgres/pgtest"
)

// peers are stores of several processes on one database.
func peers(t *testing.T, n int) []*DB {
	t.Helper()
	url := pgtest.URL(t)
	var all []*DB
	for range n {
		all = append(all, open(t, url, store.Options{}))
	}
	return all
}

func count(d *store.Doc) { binary.BigEndian.PutUint64(d.Data, binary.BigEndian.Uint64(d.Data)+1) }

// TestPeersCount lets processes count in documents of several namespaces, two at a time: no count may be lost, though each
// keeps documents in memory, and each document must take every version once.
func TestPeersCount(t *testing.T) {
	t.Parallel()
	const clients, rounds, spaces = 6, 10, 4
	all := peers(t, 3)
	id := func(i int) string { return fmt.Sprint("counter", i) }
	for ns := range store.NS(spaces) {
		must(t, all[0].Update(t.Context(), func(tx store.Tx) error {
			d := store.Doc{ID: id(0), Kind: "counter", Data: make([]byte, 8)}
			return tx.Put(ns, &d)
		}))
	}
	var work sync.WaitGroup
	var mu sync.Mutex
	made, busy := map[store.NS]uint64{}, 0
	for c := range clients {
		db := all[c%len(all)]
		work.Go(func() {
			for i := range rounds {
				a, b := store.NS((c+i)%spaces), store.NS((c*i+1)%spaces)
				ctx := t.Context()
				if i%3 > 0 { // the others come to their second namespace unforeseen
					ctx = store.WithPlan(ctx, &store.Plan{Docs: []store.Key{{NS: a, ID: id(0)}, {NS: b, ID: id(0)}}})
				}
				err := db.Update(ctx, func(tx store.Tx) error {
					for _, ns := range []store.NS{a, b} {
						d, err := tx.Get(ns, id(0))
						if err != nil {
							return err
						}
						d.Data = append([]byte(nil), d.Data...)
						count(&d)
						if err := tx.Put(ns, &d); err != nil {
							return err
						}
					}
					return nil
				})
				mu.Lock()
				switch {
				case err == nil:
					made[a]++
					made[b]++
				case errors.Is(err, store.ErrBusy):
					busy++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	if busy > clients*rounds/2 {
		t.Errorf("%d of %d transactions were given up", busy, clients*rounds)
	}
	for ns, want := range made {
		for _, db := range all {
			d, err := db.Get(ns, id(0))
			if err != nil || binary.BigEndian.Uint64(d.Data) != want || d.Version != int64(want)+1 {
				t.Errorf("namespace %d: counted to %d in version %d, %v; want %d", ns, binary.BigEndian.Uint64(d.Data), d.Version, err, want)
			}
		}
	}
	sound(t, all[0])
}

// TestPeersSkipNothing reads on from a cursor while others add: what is beyond it must be all that came later.
func TestPeersSkipNothing(t *testing.T) {
	t.Parallel()
	const writers, each = 6, 40
	all := peers(t, 3)
	var work sync.WaitGroup
	for w := range writers {
		work.Go(func() {
			for i := range each {
				must(t, all[w%3].Update(t.Context(), func(tx store.Tx) error {
					d := store.Doc{ID: fmt.Sprintf("doc_%d_%d", w, i), Kind: "doc", Created: 7}
					return tx.Put(1, &d)
				}))
			}
		})
	}
	seen, last := 0, store.Position{Created: 7}
	over := make(chan struct{})
	go func() { work.Wait(); close(over) }()
	for ended := false; ; {
		page, err := all[0].List(store.Query{NS: 1, Kind: "doc", Ascending: true, After: &last, Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Docs {
			if d.Seq != last.Seq+1 {
				t.Fatalf("place %d follows %d", d.Seq, last.Seq)
			}
			seen, last.Seq = seen+1, d.Seq
		}
		if len(page.Docs) > 0 {
			continue
		}
		if ended {
			break
		}
		select {
		case <-over:
			ended = true
		default:
		}
	}
	if seen != writers*each {
		t.Errorf("%d documents were seen, of %d", seen, writers*each)
	}
}

// TestPeersLearn proves that what another process wrote is told, in order and before a transaction can see it.
func TestPeersLearn(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	writer := open(t, url, store.Options{})
	var told []string
	reader := open(t, url, store.Options{Foreign: func(all []store.Foreign) {
		for _, f := range all {
			told = append(told, fmt.Sprintf("%d/%s/%v/%v", f.NS, f.Doc.ID, f.New, f.Doc.Refs))
		}
	}})
	d := store.Doc{ID: "a", Kind: "doc", Refs: []store.Ref{{Field: "f", Value: "1"}}}
	for i := range 3 {
		d.Data = []byte{byte(i)}
		must(t, writer.Update(t.Context(), func(tx store.Tx) error { return tx.Put(1, &d) }))
		must(t, reader.Update(t.Context(), func(tx store.Tx) error {
			if got, err := tx.Get(1, "a"); err != nil || got.Data[0] != byte(i) {
				t.Errorf("round %d: got %v, %v", i, got.Data, err)
			}
			if len(told) != i+1 || told[i] != fmt.Sprintf("1/a/%v/[{f 1}]", i == 0) {
				t.Errorf("round %d: was told %q", i, told)
			}
			return nil
		}))
	}
}

// TestPeersHear proves that what another process wrote is also told without being asked for.
func TestPeersHear(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	heard := make(chan store.Foreign, 10)
	open(t, url, store.Options{Foreign: func(all []store.Foreign) {
		for _, f := range all {
			heard <- f
		}
	}})
	writer := open(t, url, store.Options{})
	d := store.Doc{ID: "a", Kind: "doc"}
	must(t, writer.Update(t.Context(), func(tx store.Tx) error { return tx.Put(5, &d) }))
	if f := <-heard; f.NS != 5 || f.Doc.ID != "a" {
		t.Errorf("heard %+v", f)
	}
}

// TestLease gives a role to one process, and to another when that lost its connection.
func TestLease(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	a, b := open(t, url, store.Options{}), open(t, url, store.Options{})
	take := func(db *DB) store.Lease {
		l, err := db.Lease(t.Context(), "role")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	first := take(a)
	if first == nil || take(b) != nil || take(a) != nil {
		t.Fatal("the role was given twice, or not at all")
	}
	first.Release()
	second := take(b)
	if second == nil {
		t.Fatal("the role was not given back")
	}
	b.leases.mu.Lock()
	victim := b.leases.conn
	b.leases.mu.Unlock()
	cut(t, url, victim)
	<-second.Done()
	if take(a) == nil {
		t.Error("the role of who lost the database was not given on")
	}
}

// cut ends a connection at the server.
func cut(t *testing.T, url string, victim *pgx.Conn) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	if _, err := c.Exec(t.Context(), `SELECT pg_terminate_backend($1)`, victim.PgConn().PID()); err != nil {
		t.Fatal(err)
	}
}

// TestLostConnection cuts the writer off again and again: no write that was acknowledged may be missing, none that was
// refused may be there, and the store goes on by itself.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := open(t, url, store.Options{})
	stop := make(chan struct{})
	var cutting sync.WaitGroup
	cutting.Go(func() {
		c, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close(context.Background()) }()
		for {
			select {
			case <-stop:
				return
			case <-time.After(15 * time.Millisecond):
			}
			// All that is in a transaction: the writer's connection, wherever it is.
			if _, err := c.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
				AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`); err != nil {
				t.Error(err)
			}
		}
	})
	refused := 0
	for i := range 60 {
		d := store.Doc{ID: fmt.Sprint("doc", i), Kind: "doc"}
		err := db.Update(t.Context(), func(tx store.Tx) error { return tx.Put(1, &d) })
		_, found := db.Get(1, d.ID)
		for range 3 { // the reader may be cut off as well
			if found == nil || errors.Is(found, store.ErrNotFound) {
				break
			}
			_, found = db.Get(1, d.ID)
		}
		switch {
		case err == nil && found != nil:
			t.Errorf("document %d was acknowledged: %v", i, found)
		case err != nil && !errors.Is(err, store.ErrOutcome) && !errors.Is(found, store.ErrNotFound):
			t.Errorf("document %d was refused with %v, and reading it gives %v", i, err, found)
		case err != nil:
			refused++
		}
	}
	close(stop)
	cutting.Wait()
	t.Logf("%d of 60 were refused", refused)
	d := store.Doc{ID: "last", Kind: "doc"}
	must(t, db.Update(t.Context(), func(tx store.Tx) error { return tx.Put(1, &d) }))
	sound(t, db)
}

// TestReadersComeBack cuts off everybody at once, as a restart of the database does: as soon as the store hears of others
// again, every read succeeds.
func TestReadersComeBack(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := open(t, url, store.Options{})
	d := store.Doc{ID: "doc", Kind: "doc"}
	must(t, db.Update(t.Context(), func(tx store.Tx) error { return tx.Put(1, &d) }))
	everybodyReads := func() {
		var all sync.WaitGroup
		for range readers {
			all.Go(func() {
				if _, err := db.Get(1, "doc"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	everybodyReads()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { _ = c.Close(context.Background()) }()
	for range 3 {
		var before int
		must(t, c.QueryRow(t.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = $1`, listen).Scan(&before))
		_, err = c.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		must(t, err)
		for listens := false; !listens; {
			must(t, c.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = $1 AND pid <> $2)`, listen, before).Scan(&listens))
		}
		everybodyReads()
	}
}

// TestOpenExplains opens what cannot be opened: it says what is to be done.
func TestOpenExplains(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(pgtest.URL(t))
	must(t, err)
	c, err := pgx.Connect(t.Context(), address.String())
	must(t, err)
	defer func() { _ = c.Close(context.Background()) }()
	role := "guest_of_" + strings.Trim(address.Path, "/")
	_, err = c.Exec(t.Context(), "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE "+role+" LOGIN")
	must(t, err)
	defer func() { _, _ = c.Exec(context.Background(), "DROP ROLE "+role) }()
	for want, change := range map[string]func(u *url.URL){
		"make the database first":                    func(u *url.URL) { u.Path = "/nowhere" },
		"the user may not connect, or there is none": func(u *url.URL) { u.User = url.User("nobody_of_that_name") },
		"the user may not make tables":               func(u *url.URL) { u.User = url.User(role) },
	} {
		wrong := *address
		change(&wrong)
		_, err := Open(t.Context(), wrong.String(), store.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || IsAway(err) {
			t.Errorf("it says %v, want %q", err, want)
		}
	}
}

// TestOpenTogether starts processes on an empty database at the same moment.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	peers := make([]*DB, 4)
	url := pgtest.URL(t)
	var work sync.WaitGroup
	for i := range peers {
		work.Go(func() {
			var err error
			if peers[i], err = Open(context.Background(), url, store.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	for _, db := range peers {
		if db != nil {
			must(t, db.Close())
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func sound(t *testing.T, db *DB) {
	t.Helper()
	faults, err := db.Check(context.Background())
	if err != nil || len(faults) > 0 {
		t.Errorf("Check: %q, %v", faults, err)
	}
}
