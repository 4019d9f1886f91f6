package cli_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/cli"
	"sharesmart/internal/clock"
	"sharesmart/internal/servertest"
	"sharesmart/internal/terminal"
)

// shell runs commands as a user of a server does.
type shell struct {
	t   testing.TB
	env map[string]string
	dir string
}

func newShell(t testing.TB, s *servertest.Server) *shell {
	t.Helper()
	dir := t.TempDir()
	return &shell{t, map[string]string{"SHARESMART_API_BASE": s.URL, "SHARESMART_API_KEY": s.Key, "HOME": dir}, dir}
}

func (s *shell) options(stdout, stderr io.Writer) cli.Options {
	lookup := func(name string) (string, bool) {
		v, ok := s.env[name]
		return v, ok
	}
	return cli.Options{Stdout: terminal.New(stdout, lookup), Stderr: stderr, Env: lookup, Clock: clock.Wall{}, Dir: s.dir}
}

// run carries out a command.
func (s *shell) run(args ...string) (code int, stdout, stderr string) {
	s.t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(s.t.Context(), args, s.options(&out, &errs))
	return code, out.String(), errs.String()
}

// must is run for what goes well.
func (s *shell) must(args ...string) string {
	s.t.Helper()
	code, out, errs := s.run(args...)
	if code != cli.ExitOK {
		s.t.Fatalf("sharesmart %s ended with %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// fails is run for what does not, and wants to hear why.
func (s *shell) fails(code int, why string, args ...string) {
	s.t.Helper()
	got, out, errs := s.run(args...)
	if got != code || !strings.Contains(errs, why) {
		s.t.Errorf("sharesmart %s ended with %d, want %d and %q:\n%s%s", strings.Join(args, " "), got, code, why, out, errs)
	}
}

// background is a command that goes on until the test ends.
type background struct {
	t     testing.TB
	lines chan string
}

// start begins a command whose lines are then read one by one.
func (s *shell) start(args ...string) *background {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out := &lineWriter{lines: make(chan string, 1000)}
	var done sync.WaitGroup
	var errs bytes.Buffer
	done.Go(func() {
		if code := cli.Run(ctx, args, s.options(out, &errs)); code != cli.ExitOK {
			s.t.Errorf("sharesmart %s ended with %d: %s", strings.Join(args, " "), code, errs.String())
		}
		close(out.lines)
	})
	s.t.Cleanup(func() { stop(); done.Wait() })
	return &background{s.t, out.lines}
}

// next is the next line.
func (b *background) next() string {
	b.t.Helper()
	line, ok := <-b.lines
	if !ok {
		b.t.Fatal("the command has ended")
	}
	return line
}

// lineWriter passes on whole lines.
type lineWriter struct {
	lines chan string
	rest  []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		w.lines <- string(w.rest[:i])
		w.rest = w.rest[i+1:]
	}
}
