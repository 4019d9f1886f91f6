//go:build linux

package main

import (
	"context"
	"time"
)

// onPostgres are the faults of servers on one PostgreSQL.
var onPostgres = []*trial{
	{
		name: "postgres kill -9", what: "one of two processes on one database is killed under load and started again",
		must: "the other goes on; the killed one comes back by itself", strike: oneKilled, processes: 2,
	},
	{
		name: "postgres crash", what: "all processes of the database are ended at once under load; it recovers from its log",
		must: "go on by itself", strike: databaseCrash, processes: 2,
	},
	{
		name: "postgres cut", what: "the network to the database is cut for up to two seconds, with all connections",
		must: "go on by itself", strike: networkCut, processes: 2,
	},
	{
		name: "postgres stall", what: "nothing passes between servers and database for up to two seconds, but connections stay",
		must: "go on by itself", strike: networkStall, processes: 2,
	},
}

// outage is how long the database is away at the most.
const outage = 2 * time.Second

func oneKilled(ctx context.Context, r *run) error {
	i := r.chance.IntN(len(r.servers))
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		r.servers[i].kill()
		r.pause(ctx, 300*time.Millisecond)
		return nil
	})
	if err != nil {
		return err
	}
	return r.restart(ctx, i)
}

func databaseCrash(ctx context.Context, r *run) error {
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		if err := r.cluster.crash(ctx); err != nil {
			return err
		}
		r.pause(ctx, outage)
		return r.cluster.start(ctx)
	})
	if err != nil {
		return err
	}
	return r.well(ctx)
}

func networkCut(ctx context.Context, r *run) error {
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		r.cluster.wire.set(true)
		r.pause(ctx, outage)
		r.cluster.wire.set(false)
		return nil
	})
	if err != nil {
		return err
	}
	return r.well(ctx)
}

func networkStall(ctx context.Context, r *run) error {
	err := r.during(ctx, func() error {
		r.pause(ctx, 300*time.Millisecond)
		r.cluster.wire.held.Lock()
		r.pause(ctx, outage)
		r.cluster.wire.held.Unlock()
		r.pause(ctx, 300*time.Millisecond)
		return nil
	})
	if err != nil {
		return err
	}
	return r.well(ctx)
}
