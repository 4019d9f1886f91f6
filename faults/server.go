//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// startTime is how long a server may take until it says where it is.
	startTime = 60 * time.Second
	// stopTime is how long it may take to end.
	stopTime = 60 * time.Second
)

// program is the binary with what it works on.
type program struct {
	bin   string
	store []string // its flags: --data DIR, or also --database URL
}

// demoKey is the key that `serve --demo` opens.
const demoKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"

// process is a server at work.
type process struct {
	cmd   *exec.Cmd
	url   string
	said  *tail
	ended chan error
}

// tail keeps the last words of a process.
type tail struct{ text []byte }

// tailSize is enough for the stack of a panic.
const tailSize = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = t.text[extra:]
	}
	return len(p), nil
}

// start starts a server on free ports and waits until it says where it is.
func (p *program) start(ctx context.Context) (*process, error) {
	args := append([]string{"serve", "--demo", "--https", "127.0.0.1:0", "--http", "127.0.0.1:0"}, p.store...)
	s := &process{cmd: exec.CommandContext(ctx, p.bin, args...), said: &tail{}, ended: make(chan error, 1)}
	s.cmd.Stderr = s.said
	s.cmd.Env = append(os.Environ(), "TZ=UTC")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	late := time.AfterFunc(startTime, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(out)
	for s.url == "" && lines.Scan() {
		if label, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "  "); label == "Plain HTTP" {
			s.url = strings.TrimSpace(value)
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, out)
		s.ended <- s.cmd.Wait()
	}()
	if s.url == "" {
		err := <-s.ended
		return nil, fmt.Errorf("%w: %w\n%s", errStart, err, s.said.text)
	}
	return s, nil
}

// errStart says that a server ended before it began to serve.
var errStart = errors.New("the server did not start")

// kill ends a server without a word of warning.
func (s *process) kill() {
	_ = s.cmd.Process.Kill()
	s.ended <- <-s.ended
}

// stop tells a server to end, which it must do with exit code 0.
func (s *process) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-s.ended:
		s.ended <- err
		if err != nil {
			return fmt.Errorf("the server did not end as it should: %w\n%s", err, s.said.text)
		}
		return nil
	case <-time.After(stopTime):
		s.kill()
		return fmt.Errorf("the server did not end within %s\n%s", stopTime, s.said.text)
	}
}

// verify has the program look whether what is stored agrees with itself.
func (p *program) verify(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, p.bin, append([]string{"verify"}, p.store...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("verify: %w\n%s", err, out)
	}
	return nil
}

// answer is what came back from a request.
type answer struct {
	status int
	body   []byte
}

// errNoAnswer says that nobody knows whether a request did what it asks for.
var errNoAnswer = errors.New("no answer")

// call sends a request. Its error is errNoAnswer.
func call(ctx context.Context, client *http.Client, method, url, idempotencyKey, form string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(form))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+demoKey)
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if idempotencyKey != "" {
		r.Header.Set("Idempotency-Key", idempotencyKey)
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return answer{}, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return answer{resp.StatusCode, body}, nil
}
