// Package backup keeps a copy of a SQLite store somewhere else, a few seconds behind, and restores it as it was at any time
// since the oldest copy that is kept.
//
// A target is a directory or a bucket of an S3-compatible store. It holds snapshots, each the whole database, and changes,
// each the pages that were written since the file before it. Both are LTX files in the layout of Litestream 0.5, so that
// Litestream's own program can restore them as well:
//
//	ltx/9/0000000000000001-<n>.ltx  a snapshot, which is the n-th file
//	ltx/0/<n>-<n>.ltx               changes
//
// The package does not open databases: it is given pages, and gives back a file.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Target is where files are kept.
type Target interface {
	// Put keeps a file. It is there whole or not at all. made is when its contents were so.
	Put(ctx context.Context, name string, content io.ReadSeeker, size int64, made time.Time) error
	// Open reads a file.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// List names the files in a folder, in order.
	List(ctx context.Context, folder string) ([]string, error)
	Remove(ctx context.Context, name string) error
	// String is the target as it may be shown.
	String() string
}

// OpenTarget finds a target by what was written: a directory, or s3://BUCKET/PREFIX.
func OpenTarget(address string) (Target, error) {
	scheme, _, isURL := strings.Cut(address, "://")
	switch {
	case address == "":
		return nil, errors.New("name a directory or s3://BUCKET/PREFIX")
	case !isURL:
		return directory(address), nil
	case scheme == "s3":
		return openBucket(address)
	}
	return nil, fmt.Errorf("%s:// is no place for backups: name a directory or s3://BUCKET/PREFIX", scheme)
}

// directory is a target on this machine, or on what is mounted there.
type directory string

func (d directory) String() string { return string(d) }

func (d directory) path(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}

func (d directory) Put(_ context.Context, name string, content io.ReadSeeker, _ int64, made time.Time) error {
	to := d.path(name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".put-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = errors.Join(os.Chtimes(f.Name(), made, made), os.Rename(f.Name(), to))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDirectory(filepath.Dir(to))
}

func (d directory) Open(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(d.path(name))
}

func (d directory) List(_ context.Context, folder string) ([]string, error) {
	entries, err := os.ReadDir(d.path(folder))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, path.Join(folder, e.Name()))
		}
	}
	slices.Sort(names)
	return names, err
}

func (d directory) Remove(_ context.Context, name string) error { return os.Remove(d.path(name)) }

// syncDirectory makes names last that were given in a directory. Not every platform can.
func syncDirectory(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	_ = f.Sync()
	return f.Close()
}
