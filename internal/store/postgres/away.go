package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// starting is PostgreSQL's code of a server that takes no connections yet, or no more.
const starting = "57P03"

// IsAway reports whether the database could not be reached, and may be in a moment: nobody listens, or the server is just
// starting. One that refuses what it was asked is there.
func IsAway(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code == starting
	}
	var connecting *pgconn.ConnectError
	return errors.As(err, &connecting)
}
