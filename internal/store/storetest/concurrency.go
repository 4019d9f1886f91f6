package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"sharesmart/internal/store"
)

// testConcurrency lets writers and readers loose on each other. Run it with the race detector.
func testConcurrency(t *testing.T, h Harness) {
	t.Run("acknowledged writes are seen", func(t *testing.T) { t.Parallel(); testAcknowledged(t, h) })
	t.Run("lists hold", func(t *testing.T) { t.Parallel(); testListsHold(t, h) })
	t.Run("walks miss nothing", func(t *testing.T) { t.Parallel(); testWalks(t, h) })
}

const (
	writers = 4
	perTask = 100
)

// together runs functions at once, waits, and tells their first errors.
func together(t *testing.T, tasks ...func() error) {
	t.Helper()
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			if err := task(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// testAcknowledged looks for each write right after it, by id, in lists and by search.
func testAcknowledged(t *testing.T, h Harness) {
	s := h.Open(t, options())
	var tasks []func() error
	for n := range writers {
		tasks = append(tasks, func() error {
			for i := range perTask {
				if err := writeAndLook(s, n, i); err != nil {
					return fmt.Errorf("writer %d, round %d: %w", n, i, err)
				}
			}
			return nil
		})
	}
	if h.Work != nil {
		tasks = append(tasks, func() error {
			for range perTask / 3 {
				h.Work(t, s)
			}
			return nil
		})
	}
	together(t, tasks...)
	sound(t, s)
}

func writeAndLook(s store.Store, n, i int) error {
	mine := fmt.Sprintf("word%dx%d", n, i)
	d := store.Doc{ID: fmt.Sprintf("cus_%d_%d", n, i), Kind: "customer", Created: int64(i), Data: []byte(mine), Refs: []store.Ref{ref("mine", mine)}}
	write := func() error {
		return s.Update(context.Background(), func(tx store.Tx) error { return tx.Put(1, &d) })
	}
	by := func(value string) (string, error) {
		p, err := s.List(store.Query{NS: 1, Kind: "customer", Limit: 3, Where: []store.Cond{{Field: "mine", Values: []string{value}}}})
		return ids(p.Docs), err
	}
	if err := write(); err != nil {
		return err
	}
	if got, err := s.Get(1, d.ID); err != nil || got.Version != 1 {
		return fmt.Errorf("get: %+v, %w", got, err)
	}
	if got, err := by(mine); err != nil || got != d.ID {
		return fmt.Errorf("list: %q, %w", got, err)
	}
	d.Refs = []store.Ref{ref("mine", mine+"b")}
	if err := write(); err != nil {
		return err
	}
	old, err1 := by(mine)
	new, err2 := by(mine + "b")
	if err := errors.Join(err1, err2); err != nil || old != "" || new != d.ID {
		return fmt.Errorf("after a change: old %q, new %q, %w", old, new, err)
	}
	p, err := s.Search(context.Background(), store.SearchQuery{NS: 1, Kind: "customer", Any: [][]string{{mine}}, Limit: 2,
		Match: func(d store.Doc) bool { return string(d.Data) == mine }})
	if err != nil || ids(p.Docs) != d.ID {
		return fmt.Errorf("search: %q, %w", ids(p.Docs), err)
	}
	return nil
}

// testListsHold moves documents between two teams while others list them: a page must hold no document twice, none of
// another team, and be in order.
func testListsHold(t *testing.T, h Harness) {
	s := h.Open(t, options())
	teams := []string{"red", "blue"}
	const members = 30
	for i := range members {
		put(t, s, 1, customer(fmt.Sprintf("cus_%02d", i), int64(i/7), ref("team", teams[i%2])))
	}
	var done atomic.Bool
	var tasks []func() error
	for n := range writers {
		tasks = append(tasks, func() error {
			r := random{state: uint64(n)}
			for range perTask {
				id := fmt.Sprintf("cus_%02d", r.below(members))
				err := s.Update(context.Background(), func(tx store.Tx) error {
					d, err := tx.Get(1, id)
					if err != nil {
						return err
					}
					d.Deleted = r.chance(10)
					d.Refs = []store.Ref{ref("team", pick(&r, teams))}
					return tx.Put(1, &d)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	var working sync.WaitGroup
	working.Add(len(tasks))
	for i, task := range tasks {
		tasks[i] = func() error { defer working.Done(); return task() }
	}
	for n := range 2 {
		tasks = append(tasks, func() error {
			for !done.Load() {
				if err := checkTeam(s, teams[n]); err != nil {
					return err
				}
				runtime.Gosched() // or two listers leave no processor to the others
			}
			return nil
		})
	}
	tasks = append(tasks, func() error {
		working.Wait()
		if h.Work != nil {
			h.Work(t, s)
		}
		done.Store(true)
		return nil
	})
	together(t, tasks...)
	sound(t, s)
}

func checkTeam(s store.Store, team string) error {
	p, err := s.List(store.Query{NS: 1, Kind: "customer", Limit: 20, Where: []store.Cond{{Field: "team", Values: []string{team}}}})
	if err != nil {
		return err
	}
	for i, d := range p.Docs {
		if d.Deleted || len(d.Refs) != 1 || d.Refs[0].Value != team {
			return fmt.Errorf("%s is in team %s: %+v", d.ID, team, d)
		}
		if i > 0 {
			before := p.Docs[i-1]
			if d.Created > before.Created || d.Created == before.Created && d.Seq >= before.Seq {
				return fmt.Errorf("%s follows %s in %q", d.ID, before.ID, ids(p.Docs))
			}
		}
	}
	return nil
}

// testWalks pages through a list while others add to it. What was there before must be met once each.
func testWalks(t *testing.T, h Harness) {
	s := h.Open(t, options())
	const before = 200
	want := map[string]bool{}
	for i := range before {
		d := customer(fmt.Sprint("old_", i), int64(1000+i%10))
		put(t, s, 1, d)
		want[d.ID] = true
	}
	var tasks []func() error
	for n := range writers {
		tasks = append(tasks, func() error {
			for i := range perTask {
				d := customer(fmt.Sprintf("new_%d_%d", n, i), int64(1000+i%20))
				if err := s.Update(context.Background(), func(tx store.Tx) error { return tx.Put(1, &d) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 2 {
		tasks = append(tasks, func() error {
			for range 5 {
				if err := walkOver(s, want); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if h.Work != nil {
		tasks = append(tasks, func() error {
			for range perTask / 5 {
				h.Work(t, s)
			}
			return nil
		})
	}
	together(t, tasks...)
	sound(t, s)
}

func walkOver(s store.Store, want map[string]bool) error {
	seen := map[string]bool{}
	q := store.Query{NS: 1, Kind: "customer", Limit: 7}
	for {
		p, err := s.List(q)
		if err != nil {
			return err
		}
		for _, d := range p.Docs {
			if seen[d.ID] {
				return fmt.Errorf("%s is met twice", d.ID)
			}
			seen[d.ID] = true
		}
		if !p.More {
			break
		}
		last := p.Docs[len(p.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
	for id := range want {
		if !seen[id] {
			return fmt.Errorf("%s is missed", id)
		}
	}
	return nil
}
