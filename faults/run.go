//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"sharesmart/faults/disk"
)

// trial is one fault, again and again, on one engine.
type trial struct {
	name string
	// what is done, and what is asked of the server, for the report.
	what, must string
	// strike breaks something while clients work, mends it, and leaves a server that is well.
	strike func(ctx context.Context, r *run) error
	// disk says that the data is on a disk that can fail.
	disk bool
}

// run is a trial at work.
type run struct {
	*trial
	program  *program
	server   *process
	disk     *disk.Disk
	workload *workload
	chance   *rand.Rand
	dir      string
}

// outcome is a line of the report.
type outcome struct {
	trial    *trial
	engine   string
	rounds   int
	ops      int
	counts   counts
	took     time.Duration
	restarts string
}

// checkEvery is after how many rounds all that is stored is compared with what clients know.
const checkEvery = 25

// try runs a trial for a number of rounds.
func (t *trial) try(ctx context.Context, bin string, rounds int, seed uint64) (o outcome, err error) {
	o = outcome{trial: t, engine: "sqlite", rounds: rounds}
	begun := time.Now()
	r := &run{trial: t, workload: newWorkload(seed), chance: rand.New(rand.NewPCG(seed, 1))}
	if r.dir, err = os.MkdirTemp("/var/tmp", "sharesmart-faults-"); err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	data := filepath.Join(r.dir, "data")
	if t.disk {
		if r.disk, err = disk.Mount(r.dir); err != nil {
			return o, err
		}
		data = filepath.Join(r.disk.Dir, "data")
	}
	r.program = &program{bin: bin, store: []string{"--data", data}}
	if r.server, err = r.program.start(ctx); err != nil {
		return o, err
	}
	if err := r.workload.prepare(ctx, r.server.url); err != nil {
		return o, err
	}
	for round := range rounds {
		if err := r.round(ctx, round == rounds-1 || round%checkEvery == checkEvery-1); err != nil {
			return o, fmt.Errorf("%s, seed %d, round %d: %w", t.name, seed, round+1, err)
		}
	}
	if o.ops, err = r.workload.history.check(); err != nil {
		return o, err
	}
	o.counts, o.took = r.workload.counts, time.Since(begun)
	return o, r.server.stop()
}

// round strikes once and looks whether anything is lost.
func (r *run) round(ctx context.Context, all bool) error {
	if err := r.strike(ctx, r); err != nil {
		return err
	}
	if err := r.workload.settle(ctx, r.server.url); err != nil {
		return fmt.Errorf("%w\n%s", err, r.server.said.text)
	}
	if !all {
		return nil
	}
	if err := r.workload.compare(ctx, r.server.url); err != nil {
		return err
	}
	if _, err := r.workload.history.check(); err != nil {
		return err
	}
	if err := r.server.stop(); err != nil {
		return err
	}
	if err := r.program.verify(ctx); err != nil {
		return err
	}
	return r.restart(ctx)
}

// restart starts a server where there is none.
func (r *run) restart(ctx context.Context) (err error) {
	r.server, err = r.program.start(ctx)
	return err
}

// answers lets clients work until about n requests were sent.
func (r *run) answers(ctx context.Context, n int) {
	var sent atomic.Int64
	r.workload.run(ctx, []string{r.server.url}, func() bool { return sent.Add(1) <= int64(n) })
}

// during lets clients work while something is done to the server.
func (r *run) during(ctx context.Context, do func() error) error {
	working, enough := context.WithCancel(ctx)
	done := make(chan error, 1)
	var over atomic.Bool
	go func() {
		done <- do()
		over.Store(true)
	}()
	r.workload.run(working, []string{r.server.url}, func() bool { return !over.Load() })
	enough()
	return <-done
}

func (r *run) close() error {
	if r.server != nil {
		r.server.kill()
	}
	var err error
	if r.disk != nil {
		err = r.disk.Unmount()
	}
	return errors.Join(err, os.RemoveAll(r.dir))
}

// pause waits up to that long.
func (r *run) pause(ctx context.Context, most time.Duration) {
	select {
	case <-time.After(time.Duration(r.chance.Int64N(int64(most)))):
	case <-ctx.Done():
	}
}
