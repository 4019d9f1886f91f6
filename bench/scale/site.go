package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sharesmart/internal/store/postgres/pgtest"
)

const (
	// startTime is how long a program may take until it answers.
	startTime = 60 * time.Second
	// checkEvery is how often HAProxy asks a process whether it is ready.
	checkEvery = 100 * time.Millisecond
)

// site is a number of processes on one store, and what stands before them.
type site struct {
	bin, dir string
	database string // empty for SQLite
	// postmaster is PostgreSQL's process.
	postmaster int
	// byAccount lets one process have all requests of an account, as long as it lives.
	byAccount bool
	ports     []int
	servers   []*exec.Cmd
	proxy     *exec.Cmd
	addr      string
}

// open starts processes on PostgreSQL, or one on SQLite where there are to be none.
func open(ctx context.Context, bin, dir string, processes int, byAccount bool) (s *site, err error) {
	s = &site{bin: bin, dir: dir, byAccount: byAccount}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, err
	}
	if processes > 0 {
		if s.database, err = pgtest.Durable(); err != nil {
			return nil, err
		}
		u, err := url.Parse(s.database)
		if err != nil {
			return nil, err
		}
		if s.postmaster, err = postmasterOf(u.Query().Get("host")); err != nil {
			return nil, err
		}
	}
	for i := range max(1, processes) {
		port, err := freePort()
		if err != nil {
			return s, err
		}
		s.ports, s.servers = append(s.ports, port), append(s.servers, nil)
		if err := s.start(ctx, i); err != nil {
			return s, err
		}
	}
	return s, s.startProxy(ctx)
}

// start starts one process and waits until it says where it is.
func (s *site) start(ctx context.Context, i int) error {
	args := []string{"serve", "--demo", "--data", filepath.Join(s.dir, fmt.Sprint("data", i)), "--https", "127.0.0.1:0", "--log-level", "warn", "--http", fmt.Sprint("127.0.0.1:", s.ports[i])}
	if s.database != "" {
		args = append(args, "--database", s.database)
	}
	cmd := exec.CommandContext(ctx, s.bin, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.servers[i] = cmd
	late := time.AfterFunc(startTime, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Plain HTTP") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return nil
		}
	}
	return fmt.Errorf("a server ended at the start: %w", cmd.Wait())
}

// proxyConfig has HAProxy ask each process whether it is ready, and send again elsewhere what no process has seen. An account
// is told by its key, or by the header that names a connected one.
const proxyConfig = `global
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 5s
  option redispatch
  retries 3
  retry-on conn-failure empty-response 503
frontend in
  bind 127.0.0.1:%d
  http-request set-var(txn.account) req.fhdr(authorization)
  http-request set-var(txn.account) req.fhdr(stripe-account) if { req.fhdr(stripe-account) -m found }
  default_backend servers
backend servers
  balance %s
  hash-type consistent
  option httpchk GET /readyz
%s`

func (s *site) startProxy(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	servers := ""
	for i, p := range s.ports {
		servers += fmt.Sprintf("  server s%d 127.0.0.1:%d check inter %d fall 1 rise 1\n", i, p, checkEvery.Milliseconds())
	}
	balance := "leastconn"
	if s.byAccount {
		balance = "hash var(txn.account)"
	}
	file := filepath.Join(s.dir, "haproxy.cfg")
	if err := os.WriteFile(file, []byte(fmt.Sprintf(proxyConfig, port, balance, servers)), 0o600); err != nil {
		return err
	}
	program, err := exec.LookPath("haproxy")
	if err != nil {
		program = "/usr/sbin/haproxy"
	}
	s.proxy = exec.CommandContext(ctx, program, "-q", "-f", file)
	s.proxy.Stderr = os.Stderr
	if err := s.proxy.Start(); err != nil {
		return fmt.Errorf("HAProxy is needed (Debian: apt-get install haproxy): %w", err)
	}
	s.addr = fmt.Sprint("127.0.0.1:", port)
	return s.ready()
}

func (s *site) ready() error {
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); <-time.After(checkEvery) {
		if status, _, err := ask(s.addr, "GET", "/v1/customers?limit=1", "", ""); err == nil && status == 200 {
			return nil
		}
	}
	return errors.New("HAProxy finds no server that is ready")
}

// close ends everything. Processes that were told to stop end with exit code 0.
func (s *site) close() error {
	var err error
	for _, cmd := range s.servers {
		if cmd != nil && cmd.ProcessState == nil {
			_ = cmd.Process.Signal(syscall.SIGTERM)
			err = errors.Join(err, cmd.Wait())
		}
	}
	if s.proxy != nil {
		_ = s.proxy.Process.Kill()
		_ = s.proxy.Wait() // it was killed
	}
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
