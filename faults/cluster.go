//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"sharesmart/internal/store/postgres/pgtest"
)

// cluster is a PostgreSQL of this run, as careful with what is written as one of a seller, behind a wire that can be cut.
type cluster struct {
	dir  string
	bin  string
	as   string // what goes before a command to run it as somebody who is not root
	port int
	wire *wire
	url  string // through the wire
}

// startCluster makes an empty database.
func startCluster(ctx context.Context, dir string) (*cluster, error) {
	c := &cluster{dir: filepath.Join(dir, "postgres")}
	var err error
	if c.bin, err = pgtest.Programs(); err != nil {
		return nil, err
	}
	if err := errors.Join(os.Mkdir(c.dir, 0o700), os.Chmod(dir, 0o711)); err != nil {
		return nil, err
	}
	if c.as, err = pgtest.Account(c.dir); err != nil {
		return nil, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.port = free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		return nil, err
	}
	if err := c.run(ctx, `"$bin/initdb" -D "$dir/data" -A trust -U postgres -E UTF8 --locale=C >/dev/null`); err != nil {
		return nil, err
	}
	if c.wire, err = newWire(fmt.Sprint("127.0.0.1:", c.port)); err != nil {
		return nil, err
	}
	c.url = fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable", c.wire.address())
	return c, c.start(ctx)
}

// run runs a command of a shell as the one who has the cluster.
func (c *cluster) run(ctx context.Context, command string) error {
	cmd := exec.CommandContext(ctx, "sh", "-c", c.as+command)
	cmd.Env = append(os.Environ(), "bin="+c.bin, "dir="+c.dir, fmt.Sprint("port=", c.port))
	cmd.Dir = "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
		return fmt.Errorf("%s: %w\n%s%s", command, err, out, log)
	}
	return nil
}

func (c *cluster) start(ctx context.Context) error {
	return c.run(ctx, `"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir" start >/dev/null`)
}

// crash ends all processes of the database at once, so that it recovers from its log when it starts.
func (c *cluster) crash(ctx context.Context) error {
	return c.run(ctx, `"$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null`)
}

func (c *cluster) remove() error {
	return errors.Join(c.wire.close(), c.crash(context.Background()))
}
