// Package pgtest gives tests databases in a real PostgreSQL: that of SHARESMART_POSTGRES, a URL whose user may create
// databases, or else a private one that it starts for the test binary and that ends with it.
package pgtest

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable names a server that tests may use.
const Variable = "SHARESMART_POSTGRES"

// URL gives the address of an empty database that is this test's until it ends. Without PostgreSQL the test is skipped, or,
// in CI, fails.
func URL(t testing.TB) string {
	t.Helper()
	server, err := start()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("PostgreSQL is needed: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	name, err := take(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { give(name) })
	return withDatabase(server, name)
}

// Database gives a server and an empty database in it, to what is no test.
func Database() (server, database string, err error) {
	if server, err = start(); err != nil {
		return "", "", err
	}
	name, err := create(server)
	return server, withDatabase(server, name), err
}

var pool struct {
	mu   sync.Mutex
	free []string
	made int
}

// take gives a database that is free and empties it, or makes one.
func take(server string) (string, error) {
	pool.mu.Lock()
	if n := len(pool.free); n > 0 {
		name := pool.free[n-1]
		pool.free = pool.free[:n-1]
		pool.mu.Unlock()
		return name, run(withDatabase(server, name), emptySQL)
	}
	pool.mu.Unlock()
	return create(server)
}

func create(server string) (name string, err error) {
	pool.mu.Lock()
	pool.made++
	name = fmt.Sprintf("sharesmart_test_%d_%d", os.Getpid(), pool.made)
	pool.mu.Unlock()
	return name, run(server, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
}

// durable is a server of this process that keeps what it has written, as one of a seller does.
var durable = sync.OnceValues(func() (string, error) { return startCluster(nil) })

// Durable gives the address of an empty database of a private server with PostgreSQL's own settings, fsync among them.
func Durable() (string, error) {
	server, err := durable()
	if err != nil {
		return "", err
	}
	name, err := create(server)
	return withDatabase(server, name), err
}

func give(name string) {
	pool.mu.Lock()
	defer pool.mu.Unlock()
	pool.free = append(pool.free, name)
}

// emptySQL empties what a test left behind. A test that was killed may have left connections. To truncate a table makes new
// files, which takes a hundred times as long as removing the rows of a test, so that is for large tables alone.
const emptySQL = `DO $$ DECLARE t text; BEGIN
	PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
	FOR t IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' LOOP
		IF pg_relation_size(t::regclass) > 2000000 THEN EXECUTE 'TRUNCATE ' || t; ELSE EXECUTE 'DELETE FROM ' || t; END IF;
	END LOOP;
	IF to_regclass('log_portions') IS NOT NULL THEN PERFORM setval('log_portions', 1, false); END IF;
END $$`

func run(address, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, sql)
	if closeErr := c.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

var start = sync.OnceValues(func() (string, error) {
	if address := os.Getenv(Variable); address != "" {
		return address, nil
	}
	return startCluster(Fast)
})

// Fast are settings of a server whose data nobody needs after a crash.
var Fast = []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"}

// Programs finds the directory of PostgreSQL's programs.
func Programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("initdb is neither in the PATH nor in /usr/lib/postgresql; %s may name a server instead", Variable)
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// keeper runs the server. It stands here so that its input is not collected, and ends with this process alone.
var keeper struct {
	*exec.Cmd
	input io.WriteCloser
}

// startCluster makes a database cluster in a temporary directory and runs it until this process ends. It listens on a socket
// there alone.
func startCluster(settings []string) (string, error) {
	bin, err := Programs()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "sharesmart-pg-")
	if err != nil {
		return "", err
	}
	as, err := Account(dir)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	if out, err := exec.Command("sh", "-c", as+`"$0/initdb" -D "$1" -A trust -U postgres -E UTF8 --locale=C --no-sync`, bin, data).CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	options := "-c listen_addresses= -c max_connections=400 -c shared_buffers=128MB -c unix_socket_directories=" + dir
	for _, s := range settings {
		options += " -c " + s
	}
	// The shell outlives this process by what it takes to stop the server, however this process ends: then its input does.
	keeper.Cmd = exec.Command("sh", "-c", as+`"$0/pg_ctl" -D "$1" -o "$2" -l "$1/log" -w start >/dev/null 2>&1 && echo ready; cat >/dev/null; `+
		as+`"$0/pg_ctl" -D "$1" -m immediate stop >/dev/null 2>&1; rm -rf "$3"`, bin, data, options, dir)
	ready, err := keeper.StdoutPipe()
	if err != nil {
		return "", err
	}
	if keeper.input, err = keeper.StdinPipe(); err != nil {
		return "", err
	}
	if err := keeper.Start(); err != nil {
		return "", err
	}
	word := make([]byte, 6)
	if _, err := io.ReadFull(ready, word); err != nil {
		log, _ := os.ReadFile(filepath.Join(data, "log"))
		return "", fmt.Errorf("PostgreSQL does not start: %w\n%s", err, log)
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir), nil
}

// Account gives what goes before a command to run it as somebody who is not root, which PostgreSQL insists on, and gives
// them the directory.
func Account(dir string) (prefix string, err error) {
	if os.Getuid() != 0 {
		return "", nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if _, err := user.Lookup(name); err != nil {
			continue
		}
		if out, err := exec.Command("chown", name, dir).CombinedOutput(); err != nil {
			return "", fmt.Errorf("chown: %w\n%s", err, out)
		}
		return strings.Join([]string{"setpriv", "--reuid=" + name, "--regid=" + group(name), "--clear-groups", ""}, " "), nil
	}
	return "", fmt.Errorf("there is no user to run PostgreSQL as")
}

func group(name string) string {
	u, err := user.Lookup(name)
	if err != nil {
		return name
	}
	return u.Gid
}
