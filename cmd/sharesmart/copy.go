package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"sharesmart/internal/live"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/postgres"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/terminal"
	"sharesmart/internal/webhook"
)

// copyFlags is the command that moves an installation to another engine. To PostgreSQL it goes while its servers run, up to a
// last step for which they are stopped; to a file, with its servers stopped.
func copyFlags(f *flag.FlagSet) func(*call) error {
	from := f.String("from", "", "`url` of the database that is copied, as sqlite:/path/to/file.db or postgres://user:password@host/name; to copy it to PostgreSQL, its servers may run until they are asked to stop")
	to := f.String("to", "", "`url` of an empty database that it is copied to, or of an unfinished copy of the same database")
	return func(c *call) error {
		if *from == "" || *to == "" {
			return errors.New("--from and --to name two databases")
		}
		return copyDatabase(c, *from, *to)
	}
}

func copyDatabase(c *call, from, to string) (err error) {
	options := storeOptions(rulesOf(&member.Desk{}, &webhook.Sender{}, &mail.Mailer{}, &live.Service{}))
	source, err := newCopied(from, options)
	if err != nil {
		return err
	}
	defer source.release()
	inUse := source.hold(c)
	if inUse != nil && !errors.Is(inUse, errInUse) {
		return inUse
	}
	if inUse != nil && !isPostgres(to) {
		return inUse
	}
	target, err := openTarget(c, to, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.discard()) }()
	if target.postgres != nil {
		unfinished, err := target.postgres.Unfinished(c)
		if err != nil {
			return err
		}
		if unfinished || inUse != nil {
			return copyRunning(c, source, target)
		}
	}
	return copyStopped(c, source, target)
}

// copyStopped copies what nobody has open, in one step.
func copyStopped(c *call, from *copied, target *target) (err error) {
	source, err := from.open(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	size, err := source.Size(c)
	if err != nil {
		return err
	}
	told, over := progress(c.stdout, "Copying", size)
	sums, err := carry.Copy(c, source, target, told)
	over()
	if errors.Is(err, store.ErrExists) {
		return errNotEmpty
	}
	if err != nil {
		return fmt.Errorf("%w\nNothing was copied: the other database is empty as before", err)
	}
	told, over = progress(c.stdout, "Reading the copy", size)
	found, err := carry.SumsOf(c, target, told)
	over()
	if err != nil {
		return err
	}
	if err := notSame(sums.Differences(found)); err != nil {
		return err
	}
	tellTotals(c, sums.Total)
	return target.keep(c)
}

var errNotEmpty = errors.New("the database of --to is not empty: nothing was copied")

func notSame(differ []string) error {
	if len(differ) == 0 {
		return nil
	}
	return fmt.Errorf("the copy is not what was copied:\n  %s", strings.Join(differ, "\n  "))
}

func tellTotals(c *call, total func(table string) int64) {
	for _, table := range carry.Tables() {
		c.stdout.Line("  %-18s %9d, the same on both sides", table, total(table))
	}
}

// copied is a database that is copied.
type copied struct {
	path    string // as databasePath gives it
	options store.Options
	unlock  func() // nil while it is not held
}

// view is a database as it is when it is opened.
type view interface {
	carry.Source
	io.Closer
}

func newCopied(address string, o store.Options) (*copied, error) {
	path, err := databasePath("", address)
	switch {
	case err != nil:
		return nil, errors.New(strings.Replace(err.Error(), "--database", "--from", 1))
	case path == inMemory:
		return nil, errInMemory
	case !isPostgres(path) && !exists(path):
		return nil, fmt.Errorf("there is no database at %s", path)
	}
	o.ReadOnly = true
	return &copied{path: path, options: o}, nil
}

// open opens the database for reading, whoever writes to it.
func (s *copied) open(ctx context.Context) (view, error) {
	if isPostgres(s.path) {
		return postgres.Open(ctx, s.path, s.options)
	}
	return sqlite.Open(s.path, s.options)
}

// errInUse says that servers have the database.
var errInUse = errors.New("stop them first")

// hold makes sure that no server has the database, for a file until it is released; or else the error is errInUse.
func (s *copied) hold(ctx context.Context) (err error) {
	if s.unlock != nil {
		return nil
	}
	if !isPostgres(s.path) {
		s.unlock, err = lock(s.path)
		if errors.Is(err, errLocked) {
			err = fmt.Errorf("%w: %w", err, errInUse)
		}
		return err
	}
	db, err := postgres.Open(ctx, s.path, s.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	writers, err := db.Writers(ctx)
	if err == nil && writers > 0 {
		err = fmt.Errorf("%s is open in %d servers: %w", databaseText(s.path), writers, errInUse)
	}
	return err
}

func (s *copied) release() {
	if s.unlock != nil {
		s.unlock()
	}
}

var errInMemory = errors.New("nothing is kept in memory: name a file as sqlite:/path/to/file.db")

// target is what is being filled. In a file it has another name until it is proved.
type target struct {
	carry.Source
	carry.Target
	postgres            *postgres.DB // nil for a file
	close               func() error
	kept                bool
	address, path, part string // part is empty for what is no file
}

func openTarget(ctx context.Context, address string, o store.Options) (*target, error) {
	path, err := databasePath("", address)
	if err != nil {
		return nil, errors.New(strings.Replace(err.Error(), "--database", "--to", 1))
	}
	t := &target{address: address, path: path, part: path + ".part"}
	switch {
	case isPostgres(path):
		t.part = ""
		db, err := postgres.Open(ctx, path, o)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", databaseText(path), err)
		}
		t.Source, t.Target, t.postgres, t.close = db, db, db, db.Close
		return t, nil
	case path == inMemory:
		return nil, errInMemory
	case exists(path):
		return nil, fmt.Errorf("%s is there already", path)
	}
	if err := errors.Join(t.removePart(), private(t.part)); err != nil {
		return nil, err
	}
	db, err := sqlite.Open(t.part, o)
	if err != nil {
		return nil, err
	}
	t.Source, t.Target, t.close = db, db, db.Close
	return t, nil
}

// removePart removes what a copy left that was broken off.
func (t *target) removePart() (err error) {
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		if e := os.Remove(t.part + end); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// discard closes a target that is not kept.
func (t *target) discard() error {
	if t.kept {
		return nil
	}
	err := t.close()
	if t.part != "" {
		err = errors.Join(err, t.removePart())
	}
	return err
}

// keep proves the copy, as verify does, and gives it its name.
func (t *target) keep(c *call) error {
	if err := t.close(); err != nil {
		return err
	}
	t.kept = true
	address := t.address
	if t.part != "" {
		address = "sqlite:" + t.part
	}
	problems, err := proved(c, address)
	if err != nil || len(problems) > 0 {
		return errors.Join(err, tell(c, problems))
	}
	if t.part != "" {
		if err := errors.Join(os.Rename(t.part, t.path), t.removePart()); err != nil {
			return err
		}
	}
	c.stdout.Line("The copy is sound. Start the server on it with --database %s", databaseText(t.address))
	return nil
}

// proved verifies a database that no server has.
func proved(ctx context.Context, address string) (problems []string, err error) {
	a, err := openApp(&Config{Data: inMemory, Database: address}, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return a.verify(ctx)
}

// progress shows how far something is, where somebody looks. It goes when that is over.
func progress(out *terminal.Terminal, what string, size int64) (told, over func()) {
	const width = 40
	done, shown := int64(0), int64(-1)
	told = func() {
		done++
		now := min(width, done*width/max(1, size))
		if !out.Colour || now == shown {
			return
		}
		shown = now
		_, _ = fmt.Fprintf(out, "\r%s [%s%s] %d%%", what, strings.Repeat("=", int(now)), strings.Repeat(" ", int(width-now)), 100*now/width)
	}
	over = func() {
		if shown >= 0 {
			_, _ = fmt.Fprint(out, "\r\x1b[K") // the line is empty again
		}
	}
	return told, over
}
