package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"sharesmart/internal/store/schema"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date. The version is read first: nearly every start finds it up to date, and then
// goose, which takes many times as long, has nothing to do.
func (db *DB) migrate(c *conn) error {
	files, newest, err := schema.Files(migrationFiles)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if db.inMemory() {
		return createSchema(c, files)
	}
	version, err := schemaVersion(c)
	if err != nil {
		return err
	}
	stale, err := schema.Stale(version, newest, db.options.ReadOnly)
	if err != nil || !stale {
		return err
	}
	return db.runGoose()
}

// schemaVersion reads what goose noted, 0 for a new file.
func schemaVersion(c *conn) (version int64, err error) {
	known := false
	err = c.each(`SELECT 1 FROM sqlite_schema WHERE name = '`+schema.Table+`'`, func(*stmt) error {
		known = true
		return nil
	})
	if err != nil || !known {
		return 0, err
	}
	err = c.each(`SELECT max(version_id) FROM `+schema.Table+` WHERE is_applied`, func(s *stmt) error {
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
	return schema.Up(context.Background(), goose.DialectSQLite3, pool, migrationFiles)
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
