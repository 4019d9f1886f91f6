package sqlite

import (
	"fmt"

	"sharesmart/internal/store"
)

// Due lists timers that are due, the longest due first.
func (db *DB) Due(q store.TimerQuery) ([]store.Timer, error) {
	switch {
	case db.closed.Load():
		return nil, store.ErrClosed
	case q.Clock != "":
		return db.dueOnClock(q)
	}
	return db.dueByWall(q.Until, q.Limit)
}

// dueOnClock lists what is due on a test clock.
func (db *DB) dueOnClock(q store.TimerQuery) ([]store.Timer, error) {
	space := db.spaces.of(q.NS)
	v := db.view()
	defer v.close()
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stDueOnClock)
	if err != nil {
		return nil, err
	}
	var due []store.Timer
	err = s.each(func() {
		s.text(1, q.Clock)
		s.int(2, q.Until)
		s.int(3, space)
		s.int(4, int64(q.Limit))
	}, func() error {
		due = append(due, store.Timer{NS: q.NS, Due: s.columnInt(0), Kind: s.columnText(1), ID: s.columnText(2), Clock: q.Clock})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: timers due on a clock: %w", err)
	}
	return due, nil
}

func (db *DB) dueByWall(now int64, limit int) ([]store.Timer, error) {
	// The spaces come before the snapshot. The other way round, a space that is reclaimed in between would no longer count
	// as dropped while the snapshot still shows its timers.
	state := db.spaces.state.Load()
	v := db.view()
	defer v.close()
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stDueTimers)
	if err != nil {
		return nil, err
	}
	var due []store.Timer
	last, lastSpace := store.Timer{Due: minDue}, int64(minDue)
	for len(due) < limit {
		rows := 0
		err := s.each(func() {
			s.int(1, now)
			s.int(2, last.Due)
			s.int(3, lastSpace)
			s.text(4, last.Kind)
			s.text(5, last.ID)
			s.int(6, int64(limit))
		}, func() error {
			rows++
			last = store.Timer{Due: s.columnInt(0), Kind: s.columnText(2), ID: s.columnText(3)}
			lastSpace = s.columnInt(1)
			ns, ok := state.nsOf(lastSpace)
			if last.NS = ns; ok && len(due) < limit { // else it is what a drop left behind
				due = append(due, last)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("store: due timers: %w", err)
		}
		if rows < limit {
			break
		}
	}
	return due, nil
}

// minDue is before all timers.
const minDue = -1 << 63

// each binds, steps through all rows, and resets.
func (s *stmt) each(bind func(), row func() error) error {
	defer s.reset()
	bind()
	for {
		more, err := s.step()
		if err != nil || !more {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
}

// timersOf lists the timers of a space as the database has them.
func (v *view) timersOf(space int64) (map[timerKey]timing, error) {
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stTimersOf)
	if err != nil {
		return nil, err
	}
	timers := make(map[timerKey]timing)
	err = s.each(func() { s.int(1, space) }, func() error {
		timers[timerKey{space, s.columnText(0), s.columnText(1)}] = timing{s.columnInt(2), s.columnText(3)}
		return nil
	})
	return timers, err
}
