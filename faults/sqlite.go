//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"sharesmart/faults/disk"
)

// onSQLite are the faults of a server with its own file.
var onSQLite = []*trial{
	{
		name: "kill -9", what: "the process is killed under load, one time in three again while it starts",
		must: "come back by itself", strike: killed,
	},
	{
		name: "power cut", what: "the process is killed and the disk forgets a random part of what was not synced, sectors torn",
		must: "come back by itself", strike: powerCut, disk: true,
	},
	{
		name: "fsync fails", what: "each sync says EIO for a while; then the power is cut",
		must: "acknowledge nothing, say why, and end, so that a supervisor starts it again", strike: syncFails, disk: true,
	},
	{
		name: "disk full", what: "no file can grow for a while",
		must: "refuse writes, go on reading, and write again when there is room", strike: broken(disk.Fault{Full: true}), disk: true,
	},
	{
		name: "disk read-only", what: "each write says EROFS for a while",
		must: "refuse writes, go on reading, and write again when it may", strike: broken(disk.Fault{Write: syscall.EROFS}), disk: true,
	},
	{
		name: "write fails", what: "each write says EIO for a while",
		must: "refuse writes, go on reading, and write again when it can", strike: broken(disk.Fault{Write: syscall.EIO}), disk: true,
	},
	{
		name: "slow disk", what: "each sync takes 200 ms longer",
		must: "refuse nothing", strike: slowDisk, disk: true,
	},
}

// most is how many requests are answered before something breaks, at the most.
const most = 1500

func killed(ctx context.Context, r *run) error {
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		r.servers[0].kill()
		return nil
	})
	if err != nil {
		return err
	}
	if r.chance.IntN(3) == 0 {
		if err := r.startKilled(ctx); err != nil {
			return err
		}
	}
	return r.restart(ctx, 0)
}

// startKilled starts a server and kills it a little later, ready or not.
func (r *run) startKilled(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, time.Duration(r.chance.Int64N(int64(40*time.Millisecond))))
	defer cancel()
	if s, err := r.programs[0].start(soon); err == nil {
		s.kill()
	}
	return ctx.Err()
}

func powerCut(ctx context.Context, r *run) error {
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		r.servers[0].kill()
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.disk.PowerCut(r.chance); err != nil {
		return err
	}
	return r.restart(ctx, 0)
}

// syncFails breaks all syncs. What a server acknowledges then, it cannot know to be there after the power is cut.
func syncFails(ctx context.Context, r *run) error {
	r.answers(ctx, r.chance.IntN(most))
	r.disk.Set(disk.Fault{Sync: syscall.EIO})
	a, err := call(ctx, r.workload.client, http.MethodPost, r.servers[0].url+"/v1/customers", "", "name=lost")
	if err == nil && a.status < 500 {
		return fmt.Errorf("no sync succeeds, and a write is answered %d: %s", a.status, a.body)
	}
	r.answers(ctx, 50)
	select {
	case err := <-r.servers[0].ended:
		r.servers[0].ended <- err
		if err == nil || len(r.servers[0].said.text) == 0 {
			return errors.Join(errors.New("the server ended as if all were well"), err)
		}
	case <-time.After(stopTime):
		return fmt.Errorf("no sync succeeds, and the server neither ends nor goes on")
	}
	if err := r.disk.PowerCut(r.chance); err != nil {
		return err
	}
	return r.restart(ctx, 0)
}

// broken breaks the disk for a while. Reads go on, and afterwards writes do, without a restart.
func broken(f disk.Fault) func(ctx context.Context, r *run) error {
	return func(ctx context.Context, r *run) error {
		r.answers(ctx, r.chance.IntN(most))
		r.disk.Set(f)
		refused, err := r.refused(ctx)
		if err != nil {
			return err
		}
		r.answers(ctx, 200)
		r.disk.Set(disk.Fault{})
		if refused == 0 {
			return fmt.Errorf("the disk is broken, and all writes succeed")
		}
		return nil
	}
}

const (
	// roomLeft is more writes than files have room for that cannot grow: SQLite writes over the old part of its log.
	roomLeft = 10_000
	// enough is how many refusals are waited for.
	enough = 50
)

// refused writes to a broken disk, and reads what is there, until enough is refused.
func (r *run) refused(ctx context.Context) (refused int, err error) {
	for i := 0; i < roomLeft && refused < enough; i++ {
		a, err := call(ctx, r.workload.client, http.MethodPost, r.servers[0].url+"/v1/customers", "", "name=refused")
		if err != nil {
			return 0, fmt.Errorf("while the disk is broken: %w\n%s", err, r.servers[0].said.text)
		}
		if a.status != http.StatusOK {
			refused++
		}
		a, err = call(ctx, r.workload.client, http.MethodGet, r.servers[0].url+"/v1/customers/"+r.workload.registers[0], "", "")
		if err != nil || a.status != http.StatusOK {
			return 0, fmt.Errorf("while the disk is broken, a read is answered %d: %w %s", a.status, err, a.body)
		}
	}
	return refused, nil
}

func slowDisk(ctx context.Context, r *run) error {
	r.disk.Set(disk.Fault{Slow: 200 * time.Millisecond})
	before := r.workload.counts
	r.answers(ctx, 150)
	r.disk.Set(disk.Fault{})
	if lost := r.workload.counts.unknown - before.unknown; lost > 0 {
		return fmt.Errorf("%d requests failed because the disk is slow", lost)
	}
	return nil
}
