package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"sharesmart/internal/backup"
	"sharesmart/internal/clock"
	"sharesmart/internal/store/sqlite"
)

// backupConfig is where a server keeps a copy of its database.
type backupConfig struct {
	To          string
	Every, Keep time.Duration
}

const (
	// backupPages is how much may wait for a slow target, 64 MB; past it a snapshot takes the place of what changed.
	backupPages = 16 << 10
	// lastShip is how long a server that stops tries to send what changed last.
	lastShip = 30 * time.Second
)

func (b *backupConfig) declare(f *flag.FlagSet) {
	f.StringVar(&b.To, "backup-to", "", "`target` that a copy of the database is kept in, a few seconds behind: a directory, or s3://BUCKET/PREFIX?endpoint=URL&region=REGION")
	f.DurationVar(&b.Every, "backup-every", 10*time.Second, "`time` after which what changed is sent there")
	f.DurationVar(&b.Keep, "backup-keep", 30*24*time.Hour, "`time` for which it must be possible to go back")
}

func (b *backupConfig) validate(keepsNothing bool) error {
	switch {
	case b.To == "":
		return nil
	case keepsNothing:
		return errors.New("--backup-to needs a database that is kept: name a directory with --data")
	case b.Every < time.Second:
		return errors.New("--backup-every is less than a second")
	case b.Keep < time.Hour:
		return errors.New("--backup-keep is less than an hour")
	}
	if _, err := backup.OpenTarget(b.To); err != nil {
		return fmt.Errorf("--backup-to: %w", err)
	}
	return nil
}

// tapped is the database as what a copy is kept of.
type tapped struct{ *sqlite.Tap }

func (t tapped) Take() (backup.Pages, bool) {
	p, ok := t.Tap.Take()
	return backup.Pages(p), ok
}

// ships prepares the copy that is kept elsewhere.
func (a *app) ships(c *Config, log *slog.Logger) error {
	if c.Backup.To == "" {
		return nil
	}
	db, ok := a.store.(*sqlite.DB)
	if !ok {
		return errors.New("--backup-to is for SQLite: PostgreSQL archives its log itself, see docs/backup.md")
	}
	to, err := backup.OpenTarget(c.Backup.To)
	if err != nil {
		return fmt.Errorf("--backup-to: %w", err)
	}
	tap, err := db.Tap(backupPages)
	if err != nil {
		return err
	}
	a.shipper = backup.New(backup.Options{
		Source: tapped{tap}, Target: to, Clock: clock.Wall{}, Log: log, Every: c.Backup.Every, Keep: c.Backup.Keep, Spool: c.Data,
	})
	return nil
}

// shipRest sends what changed last, when the database is closed.
func (a *app) shipRest() error {
	if a.shipper == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastShip)
	defer cancel()
	return a.shipper.Ship(ctx)
}

// backedUp says what a backup made.
type backedUp struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

func backupFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		to, err := backupFile(call.args[0])
		if err != nil {
			return err
		}
		c.What, c.ID = askBackup, to
		var done backedUp
		if err := ask(call, &c.Config, c.asked, &done); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(done)
		}
		call.stdout.Line("The database is in %s (%d KB).", done.File, (done.Bytes+1023)/1024)
		return nil
	}
}

// backupFile is the file that a backup goes to: in a directory it is named after the time.
func backupFile(to string) (string, error) {
	info, err := os.Stat(to)
	switch {
	case err == nil && info.IsDir():
		to = filepath.Join(to, "sharesmart-"+clock.Wall{}.Now().UTC().Format("20060102T150405Z")+".db")
	case err == nil:
		return "", fmt.Errorf("%s is there already", to)
	}
	return filepath.Abs(to)
}

// backUp copies the database to a file, which is there whole or not at all.
func (a *app) backUp(ctx context.Context, to string) (done backedUp, err error) {
	db, ok := a.store.(*sqlite.DB)
	if !ok {
		return done, errors.New("this is for SQLite: PostgreSQL has pg_dump and pg_basebackup, see docs/backup.md")
	}
	part := to + ".part"
	defer func() { _ = os.Remove(part) }()
	if err := db.Backup(ctx, part); err != nil {
		return done, err
	}
	f, err := os.OpenFile(part, os.O_RDWR, 0o600)
	if err != nil {
		return done, err
	}
	info, err := f.Stat()
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return done, err
	}
	return backedUp{to, info.Size()}, os.Rename(part, to)
}
