package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
)

const (
	// fewChanges are so few that it pays no more to wait for less before the servers are stopped.
	fewChanges = 1000
	// passPause is how long after a pass the next begins, as long as the servers run.
	passPause = time.Second
)

// moving is a copy that is made while servers write to what is copied.
type moving struct {
	*call
	from   *copied
	target *target
	mirror *carry.Mirror
	size   int64 // of the source, about
	asked  bool  // for the servers to be stopped
}

// copyRunning copies what servers have open: all of it once, then what has changed since, again and again until that is little;
// then it asks for the servers to be stopped, and carries over the rest. It goes on with a copy that was broken off.
func copyRunning(c *call, from *copied, target *target) error {
	m := &moving{call: c, from: from, target: target}
	lease, err := target.postgres.Lease(c, "copy")
	if err != nil {
		return err
	}
	if lease == nil {
		return errors.New("another 'sharesmart copy' is at work on the database of --to")
	}
	defer lease.Release()
	if err := m.run(); err != nil {
		if errors.Is(err, store.ErrExists) {
			return errNotEmpty
		}
		return fmt.Errorf("%w\nThe copy is unfinished, and no server starts on it: run the same again to go on with it", err)
	}
	return nil
}

func (m *moving) run() error {
	if err := m.resume(); err != nil {
		return err
	}
	if err := m.follow(); err != nil {
		return err
	}
	stood := time.Now()
	changed, err := m.pass("Copying the rest")
	if err == nil {
		err = m.from.hold(m) // a server that was started on PostgreSQL meanwhile may have written
	}
	if err == nil {
		err = m.prove()
	}
	if err == nil && !m.asked { // they were stopped before all was looked through
		err = m.check()
	}
	if err != nil {
		return err
	}
	tellTotals(m.call, m.mirror.Total)
	if err := m.target.postgres.Finish(m); err != nil {
		return err
	}
	m.stdout.Line("The last %d rows were copied, and both sides compared, in %.1f s since the servers stopped.", changed, time.Since(stood).Seconds())
	m.stdout.Line("The copy is whole. Start the server on it with --database %s; 'sharesmart verify' then proves its books while it serves.", databaseText(m.target.address))
	return nil
}

// resume learns what is in the target already, which mostly is nothing.
func (m *moving) resume() (err error) {
	size, err := m.target.Size(m)
	if err != nil {
		return err
	}
	told, over := progress(m.stdout, "Reading what is copied already", size)
	m.mirror, err = carry.Resume(m, m.target, told)
	over()
	return err
}

// follow makes passes until no server has the source any more. As soon as a pass has carried little, or no less than the one
// before, it proves what is there and asks for the servers to be stopped.
func (m *moving) follow() error {
	before := int64(0)
	for n := 1; ; n++ {
		err := m.from.hold(m)
		if err == nil || !errors.Is(err, errInUse) {
			return err
		}
		begun := time.Now()
		changed, err := m.pass("Copying")
		if err != nil {
			return err
		}
		if !m.asked {
			m.stdout.Line("Pass %d: %d rows in %.1f s", n, changed, time.Since(begun).Seconds())
		}
		if !m.asked && (changed <= fewChanges || before > 0 && changed >= before) {
			if err := m.ask(); err != nil {
				return err
			}
		}
		before = changed
		if err := pause(m, passPause); err != nil {
			return err
		}
	}
}

// ask proves as much as there is, so that little is left to prove while nobody serves, and asks for the stop.
func (m *moving) ask() error {
	if err := errors.Join(m.prove(), m.check()); err != nil {
		return err
	}
	m.asked = true
	m.stdout.Line("All is there but the last changes, and what is there is the same on both sides. Now stop all servers of the source; the copy ends by itself.")
	return nil
}

// check proves that the copy's index is that of its documents.
func (m *moving) check() error {
	faults, err := m.target.postgres.Check(m)
	if err != nil {
		return err
	}
	return notSame(faults)
}

// pass carries over what has changed.
func (m *moving) pass(what string) (changed int64, err error) {
	source, err := m.from.open(m)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if m.size == 0 {
		if m.size, err = source.Size(m); err != nil {
			return 0, err
		}
	}
	told, over := progress(m.stdout, what, m.size)
	changed, err = m.mirror.Pass(m, source, m.target.postgres, told)
	over()
	return changed, err
}

func (m *moving) prove() error {
	told, over := progress(m.stdout, "Reading the copy", m.size)
	differ, err := m.mirror.Prove(m, m.target, told)
	over()
	if err != nil {
		return err
	}
	return notSame(differ)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
