package postgres

import (
	"context"
	"encoding/binary"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/clock"
)

// settings are those of every connection. All queries are looked up by an index, so plans that read whole tables, which
// would be chosen as long as there are no statistics, are ruled out. A connection that was cut must not keep its locks.
var settings = map[string]string{
	"application_name":                    "sharesmart",
	"client_encoding":                     "UTF8",
	"enable_seqscan":                      "off",
	"enable_hashjoin":                     "off",
	"enable_mergejoin":                    "off",
	"jit":                                 "off",
	"idle_in_transaction_session_timeout": "30000",
	"tcp_keepalives_idle":                 "5",
	"tcp_keepalives_interval":             "2",
	"tcp_keepalives_count":                "3",
	"tcp_user_timeout":                    "15000",
	"lock_timeout":                        lockWait,
}

func prepareConfig(c *pgx.ConnConfig, noSync bool) {
	for name, value := range settings {
		if _, set := c.RuntimeParams[name]; !set {
			c.RuntimeParams[name] = value
		}
	}
	if noSync {
		c.RuntimeParams["synchronous_commit"] = "off"
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = dialTimeout
	}
}

// writerConfig is for the connection that writes. It knows few statements and runs them on arrays of any length, for which
// PostgreSQL would plan each time anew: a third of its work.
func writerConfig(c *pgx.ConnConfig) *pgx.ConnConfig {
	c = c.Copy()
	c.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	return c
}

// hasSetting says whether the address of a database has a parameter.
func hasSetting(address, name string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return strings.Contains(address, name+"=")
	}
	return u.Query().Has(name)
}

// connect opens a connection that is no pool's.
func connect(ctx context.Context, c *pgx.ConnConfig) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return pgx.ConnectConfig(ctx, c)
}

// newProcess names a process by chance.
func newProcess() int64 {
	var b [8]byte
	clock.Wall{}.Random(b[:])
	return int64(binary.LittleEndian.Uint64(b[:]) >> 1)
}
