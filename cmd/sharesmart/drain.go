package main

import (
	"context"
	"log/slog"
	"time"
)

// untilDrained is a context that ends when a server shall stop answering: as soon as parent ends, or so much later that who sends
// it requests has seen that it is not ready any more.
func (o *observed) untilDrained(parent context.Context, wait time.Duration, log *slog.Logger) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(context.WithoutCancel(parent))
	unwatch := context.AfterFunc(parent, func() {
		o.board.Drain()
		log.Info("draining", "wait", wait.String())
		select {
		case <-ctx.Done():
		case <-time.After(wait):
			stop()
		}
	})
	return ctx, func() { unwatch(); stop() }
}
