package main

import (
	"errors"
	"fmt"
	"os"
)

// errLocked says that another process has the database.
var errLocked = errors.New("another sharesmart process has this database open")

// lock makes sure that one process at a time has a database. The file stays; what counts is the lock on it.
func lock(database string) (unlock func(), err error) {
	if database == inMemory {
		return func() {}, nil
	}
	f, err := os.OpenFile(database+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	if err := tryLock(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", database, errLocked)
	}
	return func() {
		release(f)
		_ = f.Close()
	}, nil
}
