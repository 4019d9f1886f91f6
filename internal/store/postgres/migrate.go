package postgres

import (
	"context"
	"embed"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"sharesmart/internal/store/schema"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date, or refuses one that is not where it may only be read. Processes that start together
// wait for each other.
func migrate(ctx context.Context, config *pgx.ConnConfig, readOnly bool) error {
	_, newest, err := schema.Files(migrationFiles)
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, config)
	if err != nil {
		return err
	}
	stale, err := schema.Stale(version, newest, readOnly)
	if err != nil || !stale {
		return err
	}
	return runGoose(ctx, config)
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
	err = c.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM `+schema.Table+` WHERE is_applied`).Scan(&version)
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
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	return schema.Up(ctx, goose.DialectPostgres, pool, migrationFiles, goose.WithSessionLocker(locker))
}
