package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/store"
	"sharesmart/internal/store/postgres"
	"sharesmart/internal/store/sqlite"
)

// isPostgres reports whether an address is that of a PostgreSQL database, which any number of processes may have open.
func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// openDatabase opens a database and makes it when it is not there. path is what databasePath gave.
func openDatabase(data, path string, o store.Options) (s store.Store, unlock func(), err error) {
	dir := filepath.Dir(path)
	if isPostgres(path) {
		dir = data // certificates and the control socket
	}
	if dir != inMemory && path != inMemory {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, nil, fmt.Errorf("make the data directory: %w", err)
		}
	}
	if isPostgres(path) {
		s, err := postgres.Open(context.Background(), path, o)
		if err != nil {
			return nil, nil, fmt.Errorf("open %s: %w", databaseText(path), err)
		}
		if err := whole(s, path); err != nil {
			return nil, nil, errors.Join(err, s.Close())
		}
		return s, func() {}, nil
	}
	if unlock, err = lock(path); err != nil {
		return nil, nil, err
	}
	if err := private(path); err != nil {
		unlock()
		return nil, nil, err
	}
	if s, err = sqlite.Open(path, o); err != nil {
		unlock()
		return nil, nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, unlock, nil
}

// whole refuses a database to which another is still being copied.
func whole(db *postgres.DB, path string) error {
	unfinished, err := db.Unfinished(context.Background())
	if err == nil && unfinished {
		err = fmt.Errorf("%s is an unfinished copy: run 'sharesmart copy' with the same addresses again, which goes on with it", databaseText(path))
	}
	return err
}

// databaseText is the address of a database without its password.
func databaseText(path string) string {
	if u, err := url.Parse(path); err == nil && isPostgres(path) {
		return u.Redacted()
	}
	return path
}

const (
	roleStart  = "start"
	startPause = 100 * time.Millisecond
)

// alone runs what only one process of a database may do at a time, with all that others have done before.
func (a *app) alone(ctx context.Context, do func() error) error {
	shared, ok := a.store.(store.Shared)
	if !ok {
		return do()
	}
	for {
		lease, err := shared.Lease(ctx, roleStart)
		if err != nil {
			return err
		}
		if lease != nil {
			defer lease.Release()
			if err := a.engine.CatchUp(ctx, &access.Namespace{NS: store.Control}); err != nil {
				return err
			}
			return do()
		}
		select {
		case <-time.After(startPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// private makes the database's file where there is none yet: what is in it is for nobody else on the machine, whatever the
// directory allows. SQLite gives its other files the same mode.
func private(path string) error {
	if path == inMemory {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return f.Close()
}
