// Package sdk runs stripe-go, unchanged, as a client of the real binary over HTTPS. It needs nothing but Go, so it is
// part of go test ./...: it takes the binary that BIN names, or builds one.
package sdk

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stripe/stripe-go/v85"

	"sharesmart/internal/servertest"
	"sharesmart/internal/store/postgres/pgtest"
)

// The servers that all tests share, and the keys to the first.
var (
	primary, limited   *server
	secret, restricted string
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "sharesmart-sdk-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bin, err := binary(dir)
	if err != nil {
		return 1, err
	}
	data := filepath.Join(dir, "data")
	args := []string{"serve", "--demo", "--data", data, "--https", "127.0.0.1:0", "--http", "127.0.0.1:0"}
	if os.Getenv(servertest.EngineVariable) == "postgres" {
		_, database, err := pgtest.Database()
		if err != nil {
			return 1, err
		}
		args = append(args, "--database", database)
	}
	if primary, err = start(bin, args...); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, primary.stop()) }()
	if limited, err = start(bin, "serve", "--demo", "--data", ":memory:", "--https", "127.0.0.1:0", "--rate-limit", "1"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, limited.stop()) }()
	secret = primary.said["Demo key"]
	issued, err := exec.Command(bin, "keys", "create", "--data", data, "--kind", "rk", "--rights", "customer=read").Output()
	if err != nil {
		return 1, fmt.Errorf("create a restricted key: %w", err)
	}
	restricted, _, _ = strings.Cut(string(issued), "\n")
	if code = m.Run(); code != 0 {
		return code, nil
	}
	// What all tests have left behind is whole, and the books are right.
	if out, err := exec.Command(bin, "verify", "--data", data).CombinedOutput(); err != nil {
		return 1, fmt.Errorf("verify: %w\n%s", err, out)
	}
	return 0, nil
}

// binary is what BIN names, or a fresh build.
func binary(dir string) (string, error) {
	if bin := os.Getenv("BIN"); bin != "" {
		return bin, nil
	}
	bin := filepath.Join(dir, "sharesmart")
	if out, err := exec.Command("go", "build", "-o", bin, "sharesmart/cmd/sharesmart").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return bin, nil
}

// server is a running binary.
type server struct {
	cmd  *exec.Cmd
	said map[string]string // what it printed when it started, by label
	http *http.Client      // trusts its development authority, and nobody else
}

// start starts a server on free ports; it tells which when it is ready.
func start(bin string, args ...string) (*server, error) {
	s := &server{cmd: exec.Command(bin, args...), said: map[string]string{}}
	var faults bytes.Buffer
	s.cmd.Stderr = &faults
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.listen(out); err != nil {
		return nil, errors.Join(fmt.Errorf("sharesmart %s did not start: %w", strings.Join(args, " "), err), s.stop(), errors.New(faults.String()))
	}
	return s, nil
}

// listen reads the labels until the text after them, and goes on reading so that the server never waits.
func (s *server) listen(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Trust ") {
		if label, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "  "); ok {
			s.said[label] = strings.TrimSpace(value)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	ca, err := os.ReadFile(s.said["CA file"])
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return fmt.Errorf("%s holds no certificate", s.said["CA file"])
	}
	s.http = &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16,
	}}
	return nil
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return s.cmd.Wait()
}

// client is stripe-go with a key, told where the server is and nothing else.
func client(s *server, url, key string) *stripe.Client {
	return stripe.NewClient(key, stripe.WithBackends(backends(s, url)))
}

func backends(s *server, url string) *stripe.Backends {
	return stripe.NewBackendsWithConfig(&stripe.BackendConfig{
		URL: stripe.String(url), HTTPClient: s.http, MaxNetworkRetries: stripe.Int64(0), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
}

// eachWay runs a test over HTTPS and over plain HTTP on loopback.
func eachWay(t *testing.T, test func(t *testing.T, ctx context.Context, sc *stripe.Client)) {
	t.Helper()
	for label, name := range map[string]string{"API": "HTTPS", "Plain HTTP": "plain"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, t.Context(), client(primary, primary.said[label], secret))
		})
	}
}
