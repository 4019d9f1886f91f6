package sqlite

import (
	"context"
	"errors"
	"fmt"
)

// Backup copies the store as it is now to a new file at path, while others go on. The copy is compact and complete: it
// can be opened at once. It costs about as much as reading and writing the whole file.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	if err := db.ready(ctx); err != nil {
		return err
	}
	if db.inMemory() {
		return errors.New("store: a store in memory cannot be backed up")
	}
	c, err := openConn(db.uri(), "", db.setup(readerPages))
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	s, err := c.prepare("VACUUM INTO ?")
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	defer s.finalize()
	defer c.interruptAfter(ctx)()
	s.text(1, path)
	if err := s.run(); err != nil {
		return fmt.Errorf("store: back up to %s: %w", path, errors.Join(ctx.Err(), err))
	}
	return nil
}
