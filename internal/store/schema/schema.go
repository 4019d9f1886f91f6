// Package schema brings a database's schema up to date with migrations that the program carries, which goose runs.
package schema

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// Table is where goose notes what it has run.
const Table = goose.DefaultTablename

// Files are migrations by their names, in order, and the version that the last of them leads to. They are in a directory
// "migrations".
func Files(migrations fs.FS) (names []string, newest int64, err error) {
	names, err = fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, 0, err
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(names[len(names)-1], "migrations/"), "_")
	newest, err = strconv.ParseInt(number, 10, 64)
	return names, newest, err
}

// Stale says whether a schema of a version must be brought up to date, or why it cannot be used: because it is newer than
// the program, or older and may only be read. Engines read the version themselves and ask this before they call Up, as nearly
// every start finds the schema up to date and goose takes many times as long.
func Stale(version, newest int64, readOnly bool) (bool, error) {
	switch {
	case version > newest:
		return false, fmt.Errorf("the database has schema version %d, this program knows %d: it was written by a newer release", version, newest)
	case version < newest && readOnly:
		return false, fmt.Errorf("the database has schema version %d, not %d: it must be opened for writing once", version, newest)
	}
	return version < newest, nil
}

// Up runs the migrations that a database has not seen.
func Up(ctx context.Context, dialect goose.Dialect, db *sql.DB, migrations fs.FS, options ...goose.ProviderOption) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	provider, err := goose.NewProvider(dialect, db, dir, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
