package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/server"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/telemetry"
	"sharesmart/internal/web/status"
)

// observed is what others see of how a server is doing. Commands that are no server have none.
type observed struct {
	board    *status.Board
	metrics  *telemetry.Metrics // nil if nobody asks for them
	traces   *telemetry.Traces  // nil if they are sent nowhere
	listener net.Listener       // of the metrics
	mail     lastMail
}

// observe begins to answer how the server is, before it has opened its database.
func observe(ctx context.Context, c *Config) (*observed, error) {
	o := &observed{board: status.New()}
	var err error
	if telemetry.WantsTraces(os.LookupEnv) {
		if o.traces, err = telemetry.NewTraces(ctx, version); err != nil {
			return nil, err
		}
	}
	if c.Metrics == "" {
		return o, nil
	}
	o.metrics = telemetry.NewMetrics(version)
	if o.listener, err = net.Listen("tcp", c.Metrics); err != nil {
		return nil, fmt.Errorf("--metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.metrics.Handler())
	mux.Handle("GET "+status.LivePath, o.board)
	mux.Handle("GET "+status.ReadyPath, o.board)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(o.listener) }() // ends with close
	return o, nil
}

// close sends what was not sent yet.
func (o *observed) close() error {
	var err error
	if o.listener != nil {
		err = o.listener.Close()
	}
	if o.traces != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = errors.Join(err, o.traces.Close(ctx))
	}
	return err
}

// committed is who is told of commits; nil for nobody.
func (o *observed) committed() func(int, time.Duration) {
	if o == nil || o.metrics == nil {
		return nil
	}
	return o.metrics.Committed
}

// store is the store as the engine sees it.
func (o *observed) store(s store.Store) store.Store {
	if o == nil || o.traces == nil {
		return s
	}
	return o.traces.Store(s)
}

// deliveries is put around what sends events.
func (o *observed) deliveries(next http.RoundTripper) http.RoundTripper {
	if o == nil {
		return next
	}
	if o.traces != nil {
		next = o.traces.Deliveries(next)
	}
	if o.metrics != nil {
		next = o.metrics.Deliveries(next, clock.Wall{}.Now)
	}
	return next
}

// edge puts what observes requests into the options of a server.
func (o *observed) edge(to *server.Options) {
	if o.traces != nil {
		to.Engine, to.Wrap = o.traces.Engine(to.Engine), o.traces.Handler
	}
	told, log, each := to.Logged, to.Log, to.Log.Enabled(context.Background(), slog.LevelDebug)
	to.Logged = func(e store.LogEntry) {
		told(e)
		o.board.Answered(e)
		if o.metrics != nil {
			o.metrics.Answered(e)
		}
		if each {
			log.Debug("request", "request", e.ID, "method", e.Method, "path", e.Path, "status", e.Status, "microseconds", e.Duration)
		}
	}
}

// mailed notes how an attempt to send mail went.
func (o *observed) mailed(err error) {
	o.mail.note(err)
	if o.metrics != nil {
		o.metrics.Mailed(err)
	}
}

// ready says that the server takes requests, and how to find out how it is.
func (o *observed) ready(a *app, c *Config, log *slog.Logger) {
	o.board.Ready(status.Options{Clock: clock.Wall{}, Log: log, Write: a.takesWrites, Parts: func() []status.Part { return o.parts(a, c) }})
	if o.metrics == nil {
		return
	}
	o.metrics.Gauge("sharesmart_timers_lag_seconds", "By how much the oldest work that is due is late.", func() float64 { return a.lag().Seconds() })
	if db, ok := a.store.(*sqlite.DB); ok {
		o.metrics.Gauge("sharesmart_store_queue_transactions", "Transactions that wait to be committed.", func() float64 { return float64(db.Stats().Waiting) })
		o.metrics.Gauge("sharesmart_store_wal_bytes", "Size of the write-ahead log.", func() float64 { return float64(db.Stats().LogBytes) })
		o.metrics.Gauge("sharesmart_store_file_bytes", "Size of the database.", func() float64 { return float64(db.Stats().FileBytes) })
	}
	if a.shipper != nil {
		o.metrics.Gauge("sharesmart_backup_age_seconds", "By how much the copy of the database is behind.", func() float64 { return clock.Wall{}.Now().Sub(a.shipper.Status().Shipped).Seconds() })
		o.metrics.Gauge("sharesmart_backup_sent_bytes", "Bytes sent to the copy since the start.", func() float64 { return float64(a.shipper.Status().Bytes) })
	}
}

// takesWrites proves that the store takes writes. Where the last commit failed, something is written, and taken away again.
func (a *app) takesWrites(ctx context.Context) error {
	db, ok := a.store.(*sqlite.DB)
	if !ok || db.Stats().Failing == nil {
		return a.store.Update(ctx, func(store.Tx) error { return nil })
	}
	probe := store.Timer{NS: store.Control, Kind: "status.probe", ID: "probe", Due: clock.Wall{}.Now().AddDate(100, 0, 0).Unix()}
	if err := a.store.Update(ctx, func(tx store.Tx) error { return tx.SetTimer(probe) }); err != nil {
		return err
	}
	probe.Due = 0
	return a.store.Update(ctx, func(tx store.Tx) error { return tx.SetTimer(probe) })
}

// lag is by how much the oldest work that is due is late.
func (a *app) lag() time.Duration {
	now := clock.Wall{}.Now().Unix()
	due, err := a.store.Due(store.TimerQuery{Until: now, Limit: 1})
	if err != nil || len(due) == 0 {
		return 0
	}
	return time.Duration(now-due[0].Due) * time.Second
}

// lastMail is how the last attempt to send mail went.
type lastMail struct {
	mu  sync.Mutex
	err error
}

func (l *lastMail) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *lastMail) failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err != nil
}
