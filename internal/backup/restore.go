package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/superfly/ltx"
)

// ErrNothing says that a target has nothing from which the database could be restored as it was at that time.
var ErrNothing = errors.New("there is no backup")

// Restored says what was restored.
type Restored struct {
	At    time.Time // as of when the database is
	Files int       // that were read
	Pages uint32
}

// Restore writes the database as it was at a time, or as it was last if that is zero, to a file that must not be there yet. The
// file is there whole or not at all; each file that was read was checked by its sum.
func Restore(ctx context.Context, t Target, at time.Time, to string) (done Restored, err error) {
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return done, fmt.Errorf("%s is there already: restore to another file, or move it away", to)
	}
	snapshot, line, err := snapshotBefore(ctx, t, at)
	if err != nil {
		return done, err
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".restore-*")
	if err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	done, err = apply(ctx, t, snapshot, line, at, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	return done, syncDirectory(filepath.Dir(to))
}

// snapshotBefore finds the newest snapshot that is no younger than a time, and its line.
func snapshotBefore(ctx context.Context, t Target, at time.Time) (file, uint64, error) {
	all, err := list(ctx, t, snapshots)
	if err != nil {
		return file{}, 0, err
	}
	var oldest time.Time
	for i := len(all) - 1; i >= 0; i-- {
		h, err := header(ctx, t, all[i].name)
		if err != nil {
			return file{}, 0, err
		}
		if oldest = made(h); at.IsZero() || !oldest.After(at) {
			return all[i], h.NodeID, nil
		}
	}
	if len(all) > 0 {
		return file{}, 0, fmt.Errorf("%w of %s or before in %s: the oldest is of %s", ErrNothing, at.UTC().Format(time.RFC3339), t, oldest.UTC().Format(time.RFC3339))
	}
	return file{}, 0, fmt.Errorf("%w in %s", ErrNothing, t)
}

// apply writes a snapshot and then what changed after it, up to a time.
func apply(ctx context.Context, t Target, snapshot file, line uint64, at time.Time, to *os.File) (done Restored, err error) {
	after, err := list(ctx, t, changes)
	if err != nil {
		return done, err
	}
	next := snapshot.max
	for _, f := range append([]file{snapshot}, after...) {
		if f.name != snapshot.name {
			if f.first <= next {
				continue
			}
			if f.first > next+1 { // another snapshot came before it
				break
			}
		}
		over, err := applyFile(ctx, t, f, line, at, to, &done)
		if err != nil || over {
			return done, err
		}
		next = f.max
	}
	return done, nil
}

// applyFile writes one file's pages. It is over if the file is of a later time.
func applyFile(ctx context.Context, t Target, f file, line uint64, at time.Time, to *os.File, done *Restored) (over bool, err error) {
	r, err := t.Open(ctx, f.name)
	if err != nil {
		return false, fmt.Errorf("%s in %s: %w", f.name, t, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	dec := ltx.NewDecoder(r)
	if err := dec.DecodeHeader(); err != nil {
		return false, fmt.Errorf("%s in %s: %w", f.name, t, err)
	}
	h := dec.Header()
	if !at.IsZero() && made(h).After(at) {
		return true, nil
	}
	if h.NodeID != line {
		return false, fmt.Errorf("%s in %s does not follow the snapshot before it: two servers back up to the same place", f.name, t)
	}
	if err := copyPages(dec, to); err != nil {
		return false, fmt.Errorf("%s in %s: %w", f.name, t, err)
	}
	if err := to.Truncate(int64(h.Commit) * int64(h.PageSize)); err != nil {
		return false, err
	}
	done.At, done.Pages = made(h), h.Commit
	done.Files++
	return false, nil
}

func copyPages(dec *ltx.Decoder, to io.WriterAt) error {
	size := int64(dec.Header().PageSize)
	page := make([]byte, size)
	for {
		var h ltx.PageHeader
		if err := dec.DecodePage(&h, page); errors.Is(err, io.EOF) {
			return dec.Close() // compares the sum
		} else if err != nil {
			return err
		}
		if _, err := to.WriteAt(page, int64(h.Pgno-1)*size); err != nil {
			return err
		}
	}
}
