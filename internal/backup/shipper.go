package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/superfly/ltx"

	"sharesmart/internal/clock"
)

// Pages are changed pages of a database: their contents by number, how many pages the database has, and the size of one.
type Pages struct {
	Data     map[uint32][]byte
	Size     uint32
	PageSize int
}

// Source is a database that is kept a copy of.
type Source interface {
	// Snapshot gives every page as of one moment; begin comes before the first.
	Snapshot(ctx context.Context, begin func(size uint32, pageSize int) error, page func(number uint32, data []byte) error) error
	// Take gives what changed since, or since the last Take. It is false if that is not known.
	Take() (Pages, bool)
	// Full is told when much waits to be taken.
	Full() <-chan struct{}
}

// Options are what a Shipper is made of.
type Options struct {
	Source Source
	Target Target
	Clock  clock.Clock
	Log    *slog.Logger
	Every  time.Duration // how far behind the copy may be
	Keep   time.Duration // how long it must be possible to go back
	// Spool is a directory for a file that is being made, as large as the database may be.
	Spool string
}

// Status is how a Shipper gets on.
type Status struct {
	Target   string
	Shipped  time.Time // as of when the copy is
	Snapshot time.Time // when the newest snapshot was made
	Bytes    int64     // sent since the start
	Files    int64
	Err      string // of the last attempt; empty if it went well
}

// snapshotEvery is how much time a restore has to work through at most. Each costs the size of the database.
const snapshotEvery = 24 * time.Hour

// Shipper keeps a copy of a database. Only Status may be called from several goroutines.
type Shipper struct {
	Options
	line  uint64 // of the newest snapshot
	last  ltx.TXID
	begun bool
	due   time.Time // of the next snapshot
	// unsent are changes that were taken and are not there yet.
	unsent *outgoing
	mu     sync.Mutex
	status Status
}

// outgoing is a file on its way.
type outgoing struct {
	name    string
	content []byte
	made    time.Time
}

// New returns a Shipper.
func New(o Options) *Shipper {
	return &Shipper{Options: o, status: Status{Target: o.Target.String()}}
}

// Status says how it gets on.
func (s *Shipper) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Run ships until ctx is done. A failure is logged once, and tried again until it goes.
func (s *Shipper) Run(ctx context.Context) {
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		s.attempt(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			continue
		case <-s.Source.Full():
		}
		if s.Status().Err != "" { // then it is no use to hurry
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}

func (s *Shipper) attempt(ctx context.Context) {
	err := s.Ship(ctx)
	if errors.Is(err, context.Canceled) {
		return
	}
	s.mu.Lock()
	before := s.status.Err
	s.status.Err = ""
	if err != nil {
		s.status.Err = err.Error()
	}
	s.mu.Unlock()
	switch {
	case err != nil && before == "":
		s.Log.Error("the backup falls behind", "target", s.Target.String(), "error", err)
	case err == nil && before != "":
		s.Log.Info("the backup goes on", "target", s.Target.String())
	}
}

// Ship brings the copy up to now: by what changed, or by a snapshot where that is not known or a day has passed.
func (s *Shipper) Ship(ctx context.Context) error {
	if !s.begun {
		if err := s.begin(ctx); err != nil {
			return err
		}
	}
	if s.unsent != nil {
		if err := s.send(ctx); err != nil {
			return err
		}
	}
	now := s.Clock.Now()
	pages, known := Pages{}, false
	if s.line != 0 {
		pages, known = s.Source.Take()
	}
	if !known {
		return s.snapshot(ctx)
	}
	if len(pages.Data) > 0 {
		if err := s.encode(pages, now); err != nil {
			return err
		}
		if err := s.send(ctx); err != nil {
			return err
		}
	}
	s.note(func(st *Status) { st.Shipped = now })
	if !now.Before(s.due) {
		return s.snapshot(ctx)
	}
	return nil
}

// begin finds out where the files of an earlier process ended.
func (s *Shipper) begin(ctx context.Context) error {
	for _, folder := range []string{snapshots, changes} {
		files, err := list(ctx, s.Target, folder)
		if err != nil {
			return err
		}
		if len(files) > 0 {
			s.last = max(s.last, files[len(files)-1].max)
		}
	}
	s.begun = true
	return nil
}

func (s *Shipper) encode(p Pages, now time.Time) error {
	s.last++
	var b bytes.Buffer
	err := writeChanges(&b, ltx.Header{
		PageSize: uint32(p.PageSize), Commit: p.Size, MinTXID: s.last, MaxTXID: s.last, Timestamp: now.UnixMilli(), NodeID: s.line,
	}, p.Data)
	if err != nil {
		s.line = 0 // these changes are gone
		return fmt.Errorf("back up: %w", err)
	}
	s.unsent = &outgoing{nameOf(changes, s.last, s.last), b.Bytes(), now}
	return nil
}

func (s *Shipper) send(ctx context.Context) error {
	o := s.unsent
	if err := s.put(ctx, o.name, bytes.NewReader(o.content), int64(len(o.content)), o.made); err != nil {
		return err
	}
	s.unsent = nil
	return nil
}

func (s *Shipper) put(ctx context.Context, name string, content io.ReadSeeker, size int64, made time.Time) error {
	if err := s.Target.Put(ctx, name, content, size, made); err != nil {
		return fmt.Errorf("back up to %s: %w", s.Target, err)
	}
	s.note(func(st *Status) { st.Shipped = made; st.Bytes += size; st.Files++ })
	return nil
}

func (s *Shipper) note(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// snapshot ships the whole database, and removes what need not be kept any more.
func (s *Shipper) snapshot(ctx context.Context) (err error) {
	f, err := os.CreateTemp(s.Spool, "backup-*.tmp")
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	line, number, now := newLine(s.Clock), s.last+1, s.Clock.Now()
	var w *writer
	s.line = 0 // until it is there, what changes meanwhile follows nothing
	err = s.Source.Snapshot(ctx, func(size uint32, pageSize int) error {
		w, err = newWriter(f, ltx.Header{PageSize: uint32(pageSize), Commit: size, MinTXID: 1, MaxTXID: number, Timestamp: now.UnixMilli(), NodeID: line})
		return err
	}, func(number uint32, data []byte) error { return w.page(number, data) })
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := s.put(ctx, nameOf(snapshots, 1, number), f, size, now); err != nil {
		return err
	}
	s.line, s.last, s.due = line, number, now.Add(snapshotEvery)
	s.note(func(st *Status) { st.Snapshot = now })
	return s.tidy(ctx, now.Add(-s.Keep))
}

// tidy removes what is not needed to restore the database as it was at a time or later: all before the newest snapshot that
// is no younger than that.
func (s *Shipper) tidy(ctx context.Context, before time.Time) error {
	all, err := list(ctx, s.Target, snapshots)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i > 0; i-- {
		h, err := header(ctx, s.Target, all[i].name)
		if err != nil {
			return err
		}
		if made(h).After(before) {
			continue
		}
		older, err := list(ctx, s.Target, changes)
		if err != nil {
			return err
		}
		for _, f := range append(older, all[:i]...) {
			if f.max < all[i].max {
				if err := s.Target.Remove(ctx, f.name); err != nil {
					return fmt.Errorf("remove %s from %s: %w", f.name, s.Target, err)
				}
			}
		}
		return nil
	}
	return nil
}
