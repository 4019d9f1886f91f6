package backup

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/superfly/ltx"

	"sharesmart/internal/clock"
)

const (
	snapshots = "ltx/9"
	changes   = "ltx/0"
)

// file is a file of a target by its name.
type file struct {
	name       string
	first, max ltx.TXID // what it brings a database from and to
}

func nameOf(folder string, first, max ltx.TXID) string {
	return path.Join(folder, ltx.FormatFilename(first, max))
}

// list gives the files of a folder in their order. What is no file of ours is passed over.
func list(ctx context.Context, t Target, folder string) ([]file, error) {
	names, err := t.List(ctx, folder)
	if err != nil {
		return nil, fmt.Errorf("list %s in %s: %w", folder, t, err)
	}
	var files []file
	for _, name := range names {
		if first, max, err := ltx.ParseFilename(path.Base(name)); err == nil {
			files = append(files, file{name, first, max})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return int(int64(a.max) - int64(b.max)) })
	return files, nil
}

// header reads the beginning of a file.
func header(ctx context.Context, t Target, name string) (h ltx.Header, err error) {
	r, err := t.Open(ctx, name)
	if err != nil {
		return h, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	h, _, err = ltx.DecodeHeader(r)
	if err != nil {
		return h, fmt.Errorf("%s in %s: %w", name, t, err)
	}
	return h, nil
}

func made(h ltx.Header) time.Time { return time.UnixMilli(h.Timestamp) }

// newLine names a snapshot and the changes that follow it, and no others.
func newLine(c clock.Clock) uint64 {
	var b [8]byte
	c.Random(b[:])
	return binary.BigEndian.Uint64(b[:]) | 1
}

// writer writes a file, page by page in their order.
type writer struct {
	*ltx.Encoder
	lock uint32 // the page that SQLite never uses
}

func newWriter(w io.Writer, h ltx.Header) (*writer, error) {
	e, err := ltx.NewEncoder(w)
	if err != nil {
		return nil, err
	}
	h.Version, h.Flags = ltx.Version, ltx.HeaderFlagNoChecksum
	return &writer{e, ltx.LockPgno(h.PageSize)}, e.EncodeHeader(h)
}

func (w *writer) page(number uint32, data []byte) error {
	if number == w.lock {
		return nil
	}
	return w.EncodePage(ltx.PageHeader{Pgno: number}, data)
}

// writeChanges writes a file of changed pages.
func writeChanges(to io.Writer, h ltx.Header, pages map[uint32][]byte) error {
	w, err := newWriter(to, h)
	if err != nil {
		return err
	}
	for _, number := range slices.Sorted(maps.Keys(pages)) {
		if number > h.Commit {
			break // the database has become shorter
		}
		if err := w.page(number, pages[number]); err != nil {
			return err
		}
	}
	return w.Close()
}
