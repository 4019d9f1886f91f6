package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sharesmart/internal/backup"
)

// timeForms are how a time may be written; without a zone it is UTC.
var timeForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--at is %q: write a time as 2027-03-31T14:05:00Z", text)
}

// from are the flags that name a backup.
type from struct{ source, at string }

func (b *from) declare(f *flag.FlagSet, use string) {
	f.StringVar(&b.source, "from", "", "`backup` "+use+": a file, or what --backup-to named")
	f.StringVar(&b.at, "at", "", "`time` as of which the database shall be, as 2027-03-31T14:05:00Z; the newest if not set")
}

func restoreFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	var b from
	b.declare(f, "to restore")
	return func(call *call) error {
		path, err := databasePath(c.Data, c.Database)
		if err != nil {
			return err
		}
		if path == inMemory {
			return errors.New("name the directory to restore to with --data")
		}
		done, err := b.restore(call, path)
		if err != nil {
			return err
		}
		problems, err := prove(call, &c.Config)
		if err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(map[string]any{"database": path, "at": done, "problems": problems})
		}
		call.stdout.Line("%s is as of %s.", path, done.UTC().Format(time.RFC3339))
		return tell(call, problems)
	}
}

// restore writes the database of a backup to a file, and says as of when it is.
func (b *from) restore(ctx context.Context, to string) (time.Time, error) {
	at, err := parseTime(b.at)
	if err != nil {
		return at, err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return at, err
	}
	if info, err := os.Stat(b.source); err == nil && info.Mode().IsRegular() {
		if !at.IsZero() {
			return at, errors.New("--at is for what --backup-to named: a file is of one time")
		}
		return info.ModTime(), copyNew(b.source, to)
	}
	target, err := backup.OpenTarget(b.source)
	if err != nil {
		return at, fmt.Errorf("--from: %w", err)
	}
	done, err := backup.Restore(ctx, target, at, to)
	return done.At, err
}

// copyNew copies a file to where there is none.
func copyNew(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: restore to another directory, or move it away", to)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// verify proves a backup by restoring it aside.
func (b *from) verify(call *call) ([]string, error) {
	dir, err := os.MkdirTemp("", "sharesmart-verify-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c := &Config{Data: dir}
	path, err := databasePath(c.Data, "")
	if err != nil {
		return nil, err
	}
	if _, err := b.restore(call, path); err != nil {
		return nil, err
	}
	return prove(call, c)
}

// prove opens a database that no server has and lists what is wrong with it.
func prove(ctx context.Context, c *Config) (problems []string, err error) {
	a, err := openApp(c, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return a.verify(ctx)
}

// tell says what is wrong with a database, and fails if anything is.
func tell(call *call, problems []string) error {
	if len(problems) == 0 {
		call.stdout.Line("The database is sound.")
		return nil
	}
	call.stdout.Line("%s", "  "+strings.Join(problems, "\n  "))
	return fmt.Errorf("%d problems were found", len(problems))
}
