package postgres

import "context"

// Writers counts the processes that have the database open for writing, by the connections on which they listen.
func (db *DB) Writers(ctx context.Context) (n int, err error) {
	err = db.pool.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = $1`, listen).Scan(&n)
	return n, db.failed("count processes", err)
}
