package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// asProgram makes the test binary behave as the program: tests run it as a process of its own, with its real main.
const asProgram = "SHARESMART_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program prepares a run of the program in an empty directory.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), env...)
	return cmd
}

// outcome is how a run ended.
type outcome struct {
	stdout, stderr string
	code           int
}

// do runs a command to its end.
func do(t *testing.T, args ...string) outcome {
	t.Helper()
	return doWith(t, nil, args...)
}

func doWith(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	cmd := program(t, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// must runs a command that must succeed with nothing to complain about, and returns what it printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	got := do(t, args...)
	if got.code != exitOK || got.stderr != "" {
		t.Fatalf("sharesmart %s ended with %d: %s%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// decode runs a command with --json and decodes what it prints.
func decode[T any](t *testing.T, args ...string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(must(t, append(args, "--json")...)), &v); err != nil {
		t.Fatalf("sharesmart %s: %v", strings.Join(args, " "), err)
	}
	return v
}

// running is a server as a process.
type running struct {
	t                      *testing.T
	cmd                    *exec.Cmd
	greeting               string
	url, plain, ca, secret string
	client                 *http.Client
	stderr                 bytes.Buffer
}

// start runs a server and waits for its greeting.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	return startWith(t, nil, args...)
}

func startWith(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: program(t, env, args...)}
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stderr = &r.stderr
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.kill)
	r.greet(stdout)
	r.url, r.plain, r.ca = r.shown("API"), r.shown("Plain HTTP"), r.shown("CA file")
	if r.secret = r.shown("Secret key"); r.secret == "" {
		r.secret = r.shown("Demo key")
	}
	r.trust()
	return r
}

// kill ends the server if it has not ended. After that it logs nothing any more.
func (r *running) kill() {
	if r.cmd.ProcessState == nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	}
}

// greet reads the greeting, to its last line.
func (r *running) greet(stdout io.Reader) {
	r.t.Helper()
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		r.greeting += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "  Go ") {
			return
		}
	}
	_ = r.cmd.Wait()
	r.t.Fatalf("the server did not start: %s%s", r.greeting, r.stderr.String())
}

// shown is what the greeting says of something, or empty.
func (r *running) shown(name string) string {
	found := regexp.MustCompile(`(?m)^  ` + name + ` +(.*)$`).FindStringSubmatch(r.greeting)
	if found == nil {
		return ""
	}
	return found[1]
}

// trust makes a client that trusts the server's certificate authority and nothing else.
func (r *running) trust() {
	r.t.Helper()
	pem, err := os.ReadFile(r.ca)
	if err != nil {
		r.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		r.t.Fatalf("%s holds no certificate", r.ca)
	}
	r.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
}

// request sends a request and returns its answer's status, headers and body.
func (r *running) request(method, url, key, form string) (int, http.Header, string) {
	r.t.Helper()
	sent, err := http.NewRequestWithContext(r.t.Context(), method, url, strings.NewReader(form))
	if err != nil {
		r.t.Fatal(err)
	}
	sent.Header.Set("Authorization", "Bearer "+key)
	sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := r.client.Do(sent)
	if err != nil {
		r.t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = got.Body.Close()
	return got.StatusCode, got.Header, string(body)
}

// create makes a customer and returns its id.
func (r *running) create(key string) string {
	r.t.Helper()
	status, _, body := r.request(http.MethodPost, r.url+"/v1/customers", key, "email=jenny@example.com")
	var o struct{ ID string }
	if err := json.Unmarshal([]byte(body), &o); err != nil || status != http.StatusOK {
		r.t.Fatalf("create a customer: %d %s", status, body)
	}
	return o.ID
}

// has reports whether a key finds a customer.
func (r *running) has(key, id string) bool {
	r.t.Helper()
	status, _, _ := r.request(http.MethodGet, r.url+"/v1/customers/"+id, key, "")
	return status == http.StatusOK
}

// stop ends the server with SIGTERM; it must end well.
func (r *running) stop() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	r.ends()
}

func (r *running) ends() {
	r.t.Helper()
	err := r.cmd.Wait()
	wrong := regexp.MustCompile(`(?m)^.*level=INFO.*\n`).ReplaceAll(r.stderr.Bytes(), nil)
	if err != nil || len(wrong) > 0 {
		r.t.Errorf("the server ended with %v: %s", err, r.stderr.String())
	}
}
