//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
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
	// disk says that the data is on a disk that can fail; postgres that it is in PostgreSQL, which processes serve.
	disk      bool
	processes int // 0 on SQLite
}

// run is a trial at work.
type run struct {
	*trial
	programs []*program // on one store
	servers  []*process // of each program
	disk     *disk.Disk
	cluster  *cluster
	workload *workload
	chance   *rand.Rand
	dir      string
}

// outcome is a line of the report.
type outcome struct {
	trial  *trial
	rounds int
	ops    int
	counts counts
	took   time.Duration
}

// checkEvery is after how many rounds all that is stored is compared with what clients know.
const checkEvery = 25

// try runs a trial for a number of rounds.
func (t *trial) try(ctx context.Context, bin string, rounds int, seed uint64) (o outcome, err error) {
	o = outcome{trial: t, rounds: rounds}
	begun := time.Now()
	r := &run{trial: t, workload: newWorkload(seed), chance: rand.New(rand.NewPCG(seed, 1))}
	if r.dir, err = os.MkdirTemp("/var/tmp", "sharesmart-faults-"); err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.open(ctx, bin); err != nil {
		return o, err
	}
	if err := r.workload.prepare(ctx, r.servers[0].url); err != nil {
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
	return o, r.stopAll()
}

// open makes what the servers stand on and starts them.
func (r *run) open(ctx context.Context, bin string) (err error) {
	switch {
	case r.processes > 0:
		if r.cluster, err = startCluster(ctx, r.dir); err != nil {
			return err
		}
	case r.trial.disk:
		if r.disk, err = disk.Mount(r.dir); err != nil {
			return err
		}
	}
	for i := range max(1, r.processes) {
		p := &program{bin: bin, store: []string{"--data", filepath.Join(r.dir, fmt.Sprint("data", i))}}
		if r.disk != nil {
			p.store[1] = filepath.Join(r.disk.Dir, "data")
		}
		if r.cluster != nil {
			p.store = append(p.store, "--database", r.cluster.url)
		}
		r.programs, r.servers = append(r.programs, p), append(r.servers, nil)
		if err := r.restart(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// urls are where the servers are.
func (r *run) urls() []string {
	var urls []string
	for _, s := range r.servers {
		urls = append(urls, s.url)
	}
	return urls
}

// said is the last that all servers logged.
func (r *run) said() string {
	text := ""
	for i, s := range r.servers {
		text += fmt.Sprintf("-- server %d\n%s", i, s.said.text)
	}
	return text
}

// round strikes once and looks whether anything is lost.
func (r *run) round(ctx context.Context, all bool) error {
	if err := r.strike(ctx, r); err != nil {
		return err
	}
	if err := r.workload.settle(ctx, r.servers[0].url); err != nil {
		return fmt.Errorf("%w\n%s", err, r.said())
	}
	if _, err := r.workload.history.check(); err != nil {
		return err
	}
	if !all {
		return nil
	}
	if err := r.workload.compare(ctx, r.servers[0].url); err != nil {
		return err
	}
	if err := r.stopAll(); err != nil {
		return err
	}
	if err := r.programs[0].verify(ctx); err != nil {
		return err
	}
	for i := range r.programs {
		if err := r.restart(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// restart starts a server where there is none.
func (r *run) restart(ctx context.Context, i int) (err error) {
	r.servers[i], err = r.programs[i].start(ctx)
	return err
}

func (r *run) stopAll() error {
	var err error
	for _, s := range r.servers {
		err = errors.Join(err, s.stop())
	}
	return err
}

// answers lets clients work until about n requests were sent.
func (r *run) answers(ctx context.Context, n int) {
	var sent atomic.Int64
	r.workload.run(ctx, r.urls(), func() bool { return sent.Add(1) <= int64(n) })
}

// during lets clients work while something is done to the servers.
func (r *run) during(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	var over atomic.Bool
	urls := r.urls()
	go func() {
		done <- do()
		over.Store(true)
	}()
	r.workload.run(ctx, urls, func() bool { return !over.Load() })
	return <-done
}

func (r *run) close() error {
	for _, s := range r.servers {
		if s != nil {
			s.kill()
		}
	}
	var err error
	if r.disk != nil {
		err = r.disk.Unmount()
	}
	if r.cluster != nil {
		err = r.cluster.remove()
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

// recovery is how long servers may take until they go on by themselves.
const recovery = 15 * time.Second

// well waits until each server writes again.
func (r *run) well(ctx context.Context) error {
	for _, s := range r.servers {
		for deadline := time.Now().Add(recovery); ; {
			a, err := call(ctx, r.workload.client, http.MethodPost, s.url+"/v1/customers", "", "name=well")
			if err == nil && a.status == http.StatusOK {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s after all is mended a server still answers %d: %w\n%s", recovery, a.status, err, r.said())
			}
			<-time.After(50 * time.Millisecond)
		}
	}
	return nil
}

// engine is what a trial's data is in.
func (t *trial) engine() string {
	if t.processes > 0 {
		return fmt.Sprintf("PostgreSQL, %d processes", t.processes)
	}
	return "SQLite"
}
