package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the files by their version, in order.
func migrations() (files []string, newest int64, err error) {
	files, err = fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, 0, err
	}
	last := strings.TrimPrefix(files[len(files)-1], "migrations/")
	number, _, _ := strings.Cut(last, "_")
	newest, err = strconv.ParseInt(number, 10, 64)
	return files, newest, err
}

// migrate brings the schema up to date. The version is read first: nearly every start finds it up to date, and then
// goose, which takes many times as long, has nothing to do.
func (db *DB) migrate(c *conn) error {
	files, newest, err := migrations()
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if db.inMemory() {
		return createSchema(c, files)
	}
	version, err := schemaVersion(c)
	switch {
	case err != nil:
		return err
	case version == newest:
		return nil
	case version > newest:
		return fmt.Errorf("the file has schema version %d, this program knows %d: it was written by a newer release",
			version, newest)
	case db.options.ReadOnly:
		return fmt.Errorf("the file has schema version %d, not %d: it must be opened for writing once", version, newest)
	}
	return db.runGoose()
}

// schemaVersion reads what goose noted, 0 for a new file.
func schemaVersion(c *conn) (version int64, err error) {
	known := false
	err = c.each(`SELECT 1 FROM sqlite_schema WHERE name = '`+goose.DefaultTablename+`'`, func(*stmt) error {
		known = true
		return nil
	})
	if err != nil || !known {
		return 0, err
	}
	err = c.each(`SELECT max(version_id) FROM `+goose.DefaultTablename+` WHERE is_applied`, func(s *stmt) error {
		version = s.columnInt(0)
		return nil
	})
	return version, err
}

func (db *DB) runGoose() (err error) {
	pool, err := sql.Open("sqlite", db.uri()+"?_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := pool.Close(); err == nil {
			err = closeErr
		}
	}()
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, dir, goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(context.Background()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// createSchema runs all migrations on a database in memory, which goose cannot reach.
func createSchema(c *conn, files []string) error {
	for _, name := range files {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return err
		}
		_, up, _ := strings.Cut(string(text), "-- +goose Up")
		up, _, _ = strings.Cut(up, "-- +goose Down")
		if err := c.exec(up); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
