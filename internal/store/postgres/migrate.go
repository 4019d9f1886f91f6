package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// newest is the version of the schema that this program knows.
func newest() (int64, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(files[len(files)-1], "migrations/"), "_")
	return strconv.ParseInt(number, 10, 64)
}

// migrate brings the schema up to date. Processes that start together wait for each other. The version is read first, as
// nearly every start finds it up to date.
func migrate(ctx context.Context, config *pgx.ConnConfig) error {
	known, err := newest()
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, config)
	switch {
	case err != nil:
		return err
	case version > known:
		return errNewer(version, known)
	case version == known:
		return nil
	}
	return runGoose(ctx, config)
}

// checkSchema refuses a schema that is not up to date.
func checkSchema(ctx context.Context, config *pgx.ConnConfig) error {
	known, err := newest()
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, config)
	switch {
	case err != nil:
		return err
	case version > known:
		return errNewer(version, known)
	case version < known:
		return fmt.Errorf("the database has schema version %d, not %d: it must be opened for writing once", version, known)
	}
	return nil
}

func errNewer(version, known int64) error {
	return fmt.Errorf("the database has schema version %d, this program knows %d: it was written by a newer release", version, known)
}

// undefinedTable is PostgreSQL's code for a table that is not there.
const undefinedTable = "42P01"

// schemaVersion reads what goose noted, 0 for a new database.
func schemaVersion(ctx context.Context, config *pgx.ConnConfig) (version int64, err error) {
	c, err := connect(ctx, config)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	err = c.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename+` WHERE is_applied`).Scan(&version)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == undefinedTable {
		return 0, nil
	}
	return version, err
}

func runGoose(ctx context.Context, config *pgx.ConnConfig) (err error) {
	config = config.Copy()
	config.RuntimeParams["lock_timeout"] = "0"
	pool := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, pool.Close()) }()
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, dir, goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
