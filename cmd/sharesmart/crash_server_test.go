package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runningServer is the binary at work on a data directory.
type runningServer struct {
	cmd  *exec.Cmd
	url  string
	key  string
	http *http.Client
	out  *bytes.Buffer
}

// buildServer is the binary that BIN names, or a fresh build.
func buildServer(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "sharesmart")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the server: %v\n%s", err, out)
	}
	return bin
}

func serveCommand(bin, data string) *exec.Cmd {
	return exec.Command(bin, "serve", "--data", data, "--https", "127.0.0.1:0", "--http", "127.0.0.1:0")
}

// startServer starts the binary and reads where it is. On a new database it also reads the key that opens it; after
// that the key must be given.
func startServer(t *testing.T, bin, data, key string) *runningServer {
	t.Helper()
	s := &runningServer{cmd: serveCommand(bin, data), key: key, out: &bytes.Buffer{}}
	s.http = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: crashWriters}}
	s.cmd.Stderr = s.out
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	lines := bufio.NewScanner(stdout)
	for (s.url == "" || s.key == "") && lines.Scan() {
		label, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "  ")
		switch label {
		case "Plain HTTP":
			s.url = strings.TrimSpace(value)
		case "Secret key":
			s.key = strings.TrimSpace(value)
		}
	}
	if s.url == "" || s.key == "" {
		t.Fatalf("the server did not start: %v\n%s", s.cmd.Wait(), s.out)
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return s
}

// startKilled starts the binary and kills it a little later, ready or not.
func startKilled(t *testing.T, bin, data string, after time.Duration) {
	t.Helper()
	cmd := serveCommand(bin, data)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-time.After(after)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var killed *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &killed) {
		t.Fatal(err)
	}
}

// kill ends the server without a word of warning.
func (s *runningServer) kill(t *testing.T, after time.Duration) {
	<-time.After(after)
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("kill the server: %v", err)
	}
}

func (s *runningServer) wait(t *testing.T) {
	t.Helper()
	var killed *exec.ExitError
	if err := s.cmd.Wait(); !errors.As(err, &killed) || killed.Exited() {
		t.Fatalf("the server was not killed: %v\n%s", err, s.out)
	}
	s.http.CloseIdleConnections()
}

// stop tells the server to end; it must do so with exit code 0.
func (s *runningServer) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Fatalf("the server ended with %v\n%s", err, s.out)
	}
	s.http.CloseIdleConnections()
}

// errNoAnswer says that the server was gone before it answered.
var errNoAnswer = errors.New("no answer")

// call sends a request and reads its answer, which must be a success.
func (s *runningServer) call(method, path, idempotencyKey, form string, answer any) error {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(form))
	if err != nil {
		return err
	}
	r.SetBasicAuth(s.key, "")
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if idempotencyKey != "" {
		r.Header.Set("Idempotency-Key", idempotencyKey)
	}
	resp, err := s.http.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s\n%s", method, path, resp.Status, body)
	}
	return json.Unmarshal(body, answer)
}

// each visits all objects of a list, page by page.
func (s *runningServer) each(t *testing.T, path string, visit func(o *crashObject)) {
	t.Helper()
	for after := ""; ; {
		var page struct {
			Data []crashObject
			More bool `json:"has_more"`
		}
		if err := s.call(http.MethodGet, path+"?limit=100"+after, "", "", &page); err != nil {
			t.Fatal(err)
		}
		for i := range page.Data {
			visit(&page.Data[i])
		}
		if !page.More {
			return
		}
		after = "&starting_after=" + page.Data[len(page.Data)-1].ID
	}
}
