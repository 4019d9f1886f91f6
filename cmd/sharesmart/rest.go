package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// restTick is how often to look whether the server rests. A look costs a microsecond.
	restTick = 200 * time.Millisecond
	// restNoise is what a server allocates within a tick at most when nobody asks it for anything.
	restNoise = 256 << 10
	// restWorth is how much must have been allocated since memory was last given back to do it again.
	restWorth = 4 << 20
)

// rest gives memory back to the system when the server has nothing to do. The collector runs when the heap has grown by
// the headroom, which a server that rests never reaches, so what its last work left behind would stay resident. It
// collects once after each burst of work, for a few milliseconds, the start among them. Before the first time it prepares
// what need not be there at once.
func rest(ctx context.Context, log *slog.Logger, prepare func()) {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	ticker := time.NewTicker(restTick)
	defer ticker.Stop()
	var last, returned uint64
	for prepared := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(allocated)
		now := allocated[0].Value.Uint64()
		rests := now-last < restNoise && now-returned > restWorth
		last = now
		switch {
		case !rests:
		case !prepared:
			prepare()
			prepared = true
		default:
			debug.FreeOSMemory()
			if err := forgetFiles(); err != nil {
				log.DebugContext(ctx, "pages of files stay resident", "error", err)
			}
			returned = now
		}
	}
}
