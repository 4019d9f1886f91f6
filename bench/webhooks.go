//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"sharesmart/bench/load"
)

const (
	// delivered is how many events are delivered.
	delivered = 20_000
	// deliveryTime is how long that may take.
	deliveryTime = 2 * time.Minute
)

// webhookRows delivers events to a receiver on loopback: how fast, and what that does to those who create objects
// meanwhile.
func (p *plan) webhookRows(ctx context.Context) ([]row, error) {
	s, err := shareSmart(p.bin, filepath.Join(p.dir, "webhooks")).start(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := deliveries(ctx, s)
	return rows, errors.Join(err, s.stop())
}

func deliveries(ctx context.Context, s *process) ([]row, error) {
	addr := s.addr
	receiver, err := newReceiver()
	if err != nil {
		return nil, err
	}
	defer func() { _ = receiver.server.Close() }()
	progress("create objects without and with a webhook endpoint")
	without, err := createBeside(ctx, s, 0)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	endpoint, err := makeOne(ctx, addr, "/v1/webhook_endpoints", "enabled_events[]=customer.created&url="+receiver.url)
	if err != nil {
		return nil, err
	}
	with, err := createBeside(ctx, s, 0)
	if err != nil {
		return nil, err
	}
	if err := receiver.wait(ctx, delivered); err != nil {
		return nil, err
	}
	progress("deliver all of it again")
	receiver.restart()
	if _, err := makeOne(ctx, addr, "/v1/webhook_endpoints/"+endpoint+"/resend", fmt.Sprint("from=", begun.Unix())); err != nil {
		return nil, err
	}
	if err := receiver.wait(ctx, delivered); err != nil {
		return nil, err
	}
	rate := receiver.rate()
	progress("create objects while as much processor time is used beside as deliveries use")
	if err := disableEndpoint(ctx, addr, endpoint); err != nil {
		return nil, err
	}
	burned, err := createBeside(ctx, s, max(0, with.spent-without.spent))
	if err != nil {
		return nil, err
	}
	return []row{
		{what: "webhook deliveries", unit: perSecond, ours: rate, target: "≥ 5k/s", met: rate >= 5000, note: fmt.Sprintf("%d events to one receiver on loopback, signed, outcomes durable", delivered)},
		{
			what: "create while delivering, p99", unit: ms, ours: with.P99.Seconds(), target: "≤ 1.25 × with that time used beside", met: with.P99 <= burned.P99*5/4,
			note: fmt.Sprintf("64 clients: %s; %s and %s without an endpoint; %s and %s while %d µs more a create are used beside", perSecond(with.Rate),
				perSecond(without.Rate), ms(without.P99.Seconds()), perSecond(burned.Rate), ms(burned.P99.Seconds()), (with.spent - without.spent).Microseconds()),
		},
	}, nil
}

// creates is how fast objects were created, and how much processor time went into each, of server and clients.
type creates struct {
	load.Result
	spent time.Duration
}

// createBeside creates objects, while something else uses so much processor time for each.
func createBeside(ctx context.Context, s *process, beside time.Duration) (c creates, err error) {
	b := burn(beside)
	defer b.end()
	before, err := usedBy(s)
	if err != nil {
		return c, err
	}
	c.Result, err = load.Run(ctx, load.Plan{
		Addr: s.addr, Connections: 4 * connections, Requests: delivered,
		Request: func(i int) []byte { return load.Post("/v1/customers", customer("beside", i/10)) },
		Answer:  func(int, []byte) { b.step() },
	})
	if err != nil {
		return c, err
	}
	after, err := usedBy(s)
	c.spent = (after - before) / delivered
	return c, err
}

// usedBy is the processor time that a server and this program have used.
func usedBy(s *process) (time.Duration, error) {
	server, err := s.cpu()
	if err != nil {
		return 0, err
	}
	own, err := ownCPU()
	return server + own, err
}

func disableEndpoint(ctx context.Context, addr, id string) error {
	_, err := makeOne(ctx, addr, "/v1/webhook_endpoints/"+id, "disabled=true")
	return err
}

// receiver counts what it is sent.
type receiver struct {
	url         string
	server      *http.Server
	n           atomic.Int64
	first, last atomic.Int64 // unix nanoseconds
}

func newReceiver() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{url: "http://" + l.Addr().String()}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
	go func() { _ = r.server.Serve(l) }()
	return r, nil
}

// ServeHTTP takes an event.
func (r *receiver) ServeHTTP(http.ResponseWriter, *http.Request) {
	now := time.Now().UnixNano()
	r.first.CompareAndSwap(0, now)
	r.last.Store(now)
	r.n.Add(1)
}

func (r *receiver) restart() {
	r.n.Store(0)
	r.first.Store(0)
}

// wait returns when so many have come.
func (r *receiver) wait(ctx context.Context, n int64) error {
	end := time.Now().Add(deliveryTime)
	for r.n.Load() < n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d of %d events arrived", r.n.Load(), n)
		}
		time.Sleep(clockPoll)
	}
	return nil
}

func (r *receiver) rate() float64 {
	return float64(r.n.Load()) / (float64(r.last.Load()-r.first.Load()) / float64(time.Second))
}
