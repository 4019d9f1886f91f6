//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sharesmart/bench/load"
)

const (
	// startTime is how long a server may take to its first answer before the run gives up.
	startTime = 60 * time.Second
	// stopTime is how long it may take to end.
	stopTime = 30 * time.Second
	// pollTime is how often a starting server is asked whether it is there; it bounds the error of start times.
	pollTime = 500 * time.Microsecond
)

// program is a server that can be started: ShareSmart on a data directory, or stripe-mock.
type program struct {
	name string
	path string
	args func(addr string) []string
	// drains says that it ends with exit code 0 when it is told to stop.
	drains bool
	data   string // directory; empty if it keeps nothing
	log    string
}

func shareSmart(bin, data string) *program {
	return &program{
		name: "ShareSmart", path: bin, drains: true, data: data, log: data + ".log",
		args: func(addr string) []string {
			return []string{"serve", "--demo", "--data", data, "--https", "127.0.0.1:0", "--http", addr}
		},
	}
}

func stripeMock(bin, dir string) *program {
	return &program{
		name: "stripe-mock", path: bin, log: filepath.Join(dir, "stripe-mock.log"),
		args: func(addr string) []string { return []string{"-http-addr", addr, "-https-addr", "127.0.0.1:0"} },
	}
}

// process is a program at work.
type process struct {
	*program
	addr  string
	cmd   *exec.Cmd
	ended chan error
	// first is the time from exec to the first answer with status 200.
	first time.Duration
}

// start starts a program on a free port and waits for its first answer.
func (p *program) start(ctx context.Context) (*process, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	run := &process{program: p, addr: addr, ended: make(chan error, 1)}
	run.cmd = exec.CommandContext(ctx, p.path, p.args(addr)...)
	run.cmd.Stderr = log // and nobody reads what it prints: stripe-mock tells every request, which must not cost it a disk
	run.cmd.Cancel = func() error { return run.cmd.Process.Signal(syscall.SIGTERM) }
	run.cmd.WaitDelay = stopTime
	begun := time.Now()
	if err := run.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { run.ended <- run.cmd.Wait() }()
	if err := run.ready(begun.Add(startTime)); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w\n%s", p.name, err, p.lastWords()), run.stop())
	}
	run.first = time.Since(begun)
	return run, nil
}

// freeAddress is a loopback address on which nobody listens.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// ready asks for a list until it is answered.
func (p *process) ready(deadline time.Time) error {
	client := &http.Client{Transport: &http.Transport{}, Timeout: startTime}
	defer client.CloseIdleConnections()
	r, err := http.NewRequest(http.MethodGet, "http://"+p.addr+"/v1/customers?limit=1", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+load.Key)
	for last := errors.New("it never answered"); ; {
		select {
		case err := <-p.ended:
			p.ended <- err
			return fmt.Errorf("it ended: %w", errors.Join(err, last))
		case <-time.After(pollTime):
		}
		answer, err := client.Do(r)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(answer.Status)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not ready after %s: %w", startTime, err)
		}
		last = err
	}
}

// stop ends a server and says whether it ended as it should.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.ended:
		p.ended <- nil
		if p.drains && err != nil {
			return fmt.Errorf("%s was told to stop: %w\n%s", p.name, err, p.lastWords())
		}
		return nil
	case <-time.After(stopTime):
		return errors.Join(fmt.Errorf("%s did not stop within %s", p.name, stopTime), p.cmd.Process.Kill())
	}
}

// lastWords is the end of what a program printed.
func (p *program) lastWords() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

// memory is the resident set of a process, in bytes.
func (p *process) memory() (int64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("the kernel tells no VmRSS of %s", p.name)
}
