package postgres

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"sharesmart/internal/store"
)

// writes is a transaction that writes a document in each of some namespaces, as its plan says.
func writes(ctx context.Context, db *DB, id string, spaces ...store.NS) error {
	return db.Update(store.WithPlan(ctx, &store.Plan{Spaces: spaces}), func(tx store.Tx) error {
		for _, ns := range spaces {
			if err := tx.Put(ns, &store.Doc{ID: id, Kind: "doc"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// holds lets a process have a namespace until release is called.
func holds(t *testing.T, db *DB, ns store.NS) (release func()) {
	t.Helper()
	held, let, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- db.Update(store.WithPlan(context.Background(), &store.Plan{Spaces: []store.NS{ns}}), func(tx store.Tx) error {
			close(held)
			<-let
			return tx.Put(ns, &store.Doc{ID: "held", Kind: "doc"})
		})
	}()
	<-held
	return func() {
		t.Helper()
		close(let)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestFreeFirst has one process keep a namespace. The other does what it has to do elsewhere meanwhile, and what has to wait
// afterwards; a transaction in a free and a kept namespace waits for both.
func TestFreeFirst(t *testing.T) {
	t.Parallel()
	all := peers(t, 2)
	must(t, writes(t.Context(), all[0], "first", 1, 2, 3, 4, 5, 6, 7)) // a namespace that is made is not free
	release := holds(t, all[0], 1)
	blocked := holds(t, all[1], 9) // so that what follows is taken as one batch
	late := make(chan error, 2)
	var free sync.WaitGroup
	go func() { late <- writes(t.Context(), all[1], "a", 1) }()
	go func() { late <- writes(t.Context(), all[1], "b", 1, 2) }()
	for i := range 5 {
		free.Go(func() {
			if err := writes(t.Context(), all[1], fmt.Sprint("c", i), store.NS(3+i)); err != nil {
				t.Error(err)
			}
		})
	}
	for all[1].writer.group.Waiting() < 7 {
		runtime.Gosched()
	}
	blocked()
	free.Wait() // they were not held up
	select {
	case err := <-late:
		t.Fatalf("a transaction was made in a namespace that another process has: %v", err)
	default:
	}
	release()
	for range 2 {
		must(t, <-late)
	}
	for _, ns := range []store.NS{1, 2} {
		if _, err := all[0].Get(ns, "b"); err != nil {
			t.Errorf("namespace %d: %v", ns, err)
		}
	}
	sound(t, all[0])
}

// TestLateJoin lets transactions come while a process waits for a namespace: they share the commit of the one that waited.
func TestLateJoin(t *testing.T) {
	t.Parallel()
	const many = 20
	all := peers(t, 2)
	release := holds(t, all[0], 1)
	var work sync.WaitGroup
	add := func(i int) {
		work.Go(func() {
			if err := writes(t.Context(), all[1], fmt.Sprint("doc", i), 1); err != nil {
				t.Error(err)
			}
		})
	}
	add(0)
	waiting := func() (n int) {
		t.Helper()
		err := all[0].pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
		must(t, err)
		return n
	}
	for waiting() == 0 { // until the first waits for the namespace
		runtime.Gosched()
	}
	for i := 1; i < many; i++ {
		add(i)
	}
	for all[1].writer.group.Waiting() < many-1 {
		runtime.Gosched()
	}
	release()
	work.Wait()
	var commits int
	must(t, all[0].pool.QueryRow(t.Context(), `SELECT count(*) FROM changes WHERE ns = 1 AND process = $1`, all[1].process).Scan(&commits))
	if commits != 1 {
		t.Errorf("%d transactions took %d commits", many, commits)
	}
	sound(t, all[1])
}
