package postgres

import (
	"errors"
	"fmt"

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

// refusals say what is to be done about PostgreSQL's errors, by their code, that come of a wrong address or of a right that is
// missing.
var refusals = map[string]string{
	"28P01": "the password is not that of the user",
	"28000": "the user may not connect, or there is none of that name: see pg_hba.conf",
	"3D000": "make the database first, as with createdb",
	"42501": "the user may not make tables there: make it the owner of the database",
}

// explained puts before an error what is to be done, where that is known.
func explained(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refusals[refused.Code] != "" {
		return fmt.Errorf("%s: %w", refusals[refused.Code], err)
	}
	return err
}
