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
	// delivered is how many events each round delivers.
	delivered = 20_000
	// deliveryTime is how long that may take.
	deliveryTime = 2 * time.Minute
	// calmRate is a load that leaves room, in creates a second.
	calmRate = 2000
	// unharmed is how much longer a create may take because of deliveries.
	unharmed = 1.25
)

// webhookRows delivers events to a receiver on loopback: how fast, and what that does to those who create objects
// meanwhile.
func (p *plan) webhookRows(ctx context.Context) ([]row, error) {
	s, err := shareSmart(p.bin, filepath.Join(p.dir, "webhooks")).start(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := p.deliveries(ctx, s)
	return rows, errors.Join(err, s.stop())
}

func (p *plan) deliveries(ctx context.Context, s *process) ([]row, error) {
	receiver, err := newReceiver()
	if err != nil {
		return nil, err
	}
	defer func() { _ = receiver.server.Close() }()
	endpoint, err := makeOne(ctx, s.addr, "/v1/webhook_endpoints", "enabled_events[]=customer.created&url="+receiver.url)
	if err != nil {
		return nil, err
	}
	w := &webhooks{process: s, receiver: receiver, endpoint: endpoint, rounds: p.rounds}
	busy, err := w.beside(ctx, 0)
	if err != nil {
		return nil, err
	}
	calm, err := w.beside(ctx, calmRate)
	if err != nil {
		return nil, err
	}
	first, err := w.again(ctx)
	if err != nil {
		return nil, err
	}
	return []row{first, busy.row("create while delivering, p99"), calm.row(fmt.Sprintf("create while delivering, %s, p99", perSecond(calmRate)))}, nil
}

// webhooks is a server with an endpoint.
type webhooks struct {
	*process
	receiver *receiver
	endpoint string
	rounds   int
	since    time.Time // the last round began
}

// beside creates objects by turns without the endpoint and with it, at a rate or as fast as 64 clients can.
func (w *webhooks) beside(ctx context.Context, rate float64) (b besides, err error) {
	for round := range w.rounds {
		progress("create objects without and with a webhook endpoint, round %d of %d", round+1, w.rounds)
		w.since = time.Now()
		for turn := range 2 {
			listens := (turn+round)%2 == 1
			if err := w.listen(ctx, listens); err != nil {
				return b, err
			}
			w.receiver.restart()
			c, err := w.create(ctx, rate)
			if err != nil {
				return b, err
			}
			if !listens {
				b.without = append(b.without, c)
				continue
			}
			b.meanwhile = append(b.meanwhile, float64(w.receiver.n.Load())/delivered)
			b.with = append(b.with, c)
			if err := w.receiver.wait(ctx, delivered); err != nil {
				return b, err
			}
		}
	}
	return b, nil
}

func (w *webhooks) listen(ctx context.Context, listens bool) error {
	_, err := makeOne(ctx, w.addr, "/v1/webhook_endpoints/"+w.endpoint, fmt.Sprint("disabled=", !listens))
	return err
}

func (w *webhooks) create(ctx context.Context, rate float64) (creates, error) {
	before, err := w.cpu()
	if err != nil {
		return creates{}, err
	}
	disk, err := w.written()
	if err != nil {
		return creates{}, err
	}
	r, err := load.Run(ctx, load.Plan{
		Addr: w.addr, Connections: 4 * connections, Requests: delivered, Rate: rate,
		Request: func(i int) []byte { return load.Post("/v1/customers", customer("beside", i/10)) },
	})
	if err != nil {
		return creates{}, err
	}
	after, err := w.cpu()
	if err != nil {
		return creates{}, err
	}
	upTo, err := w.written()
	return creates{r, (after - before) / delivered, (upTo - disk) / delivered}, err
}

// again delivers all events of the last round again, and nothing else.
func (w *webhooks) again(ctx context.Context) (r row, err error) {
	const events = 2 * delivered
	progress("deliver %d events again", events)
	if err := w.listen(ctx, true); err != nil {
		return r, err
	}
	w.receiver.restart()
	before, err := w.cpu()
	if err != nil {
		return r, err
	}
	if _, err := makeOne(ctx, w.addr, "/v1/webhook_endpoints/"+w.endpoint+"/resend", fmt.Sprint("from=", w.since.Unix())); err != nil {
		return r, err
	}
	if err := w.receiver.wait(ctx, events); err != nil {
		return r, err
	}
	after, err := w.cpu()
	rate := w.receiver.rate()
	return row{
		what: "webhook deliveries", unit: perSecond, ours: rate, target: "≥ 5k/s", met: rate >= 5000,
		note: fmt.Sprintf("%d events to one receiver on loopback, signed, outcomes durable; %d µs of the server's processor time for each, with the request that resends them",
			events, (after-before).Microseconds()/events),
	}, err
}

// creates is how fast objects were created, and how much of the server's processor time and how many bytes on the disk went
// into each.
type creates struct {
	load.Result
	spent time.Duration
	bytes int64
}

// besides is what creates took without and with an endpoint, a pair for each round, and which part was delivered meanwhile.
type besides struct {
	without, with []creates
	meanwhile     []float64
}

func (b *besides) row(what string) row {
	of := func(all []creates, figure func(creates) float64) float64 {
		figures := make([]float64, len(all))
		for i, c := range all {
			figures[i] = figure(c)
		}
		return median(figures)
	}
	p50 := func(c creates) float64 { return c.P50.Seconds() }
	p99 := func(c creates) float64 { return c.P99.Seconds() }
	rate := func(c creates) float64 { return c.Rate }
	spent := func(c creates) float64 { return float64(c.spent.Microseconds()) }
	written := func(c creates) float64 { return float64(c.bytes) / 1000 }
	ratios := make([]float64, len(b.with))
	for i := range ratios {
		ratios[i] = p99(b.with[i]) / p99(b.without[i])
	}
	ratio := median(ratios)
	return row{
		what: what, unit: ms, ours: of(b.with, p99), target: fmt.Sprintf("≤ %.2f × without", unharmed), met: ratio <= unharmed,
		note: fmt.Sprintf("%.2f × the %s without an endpoint; p50 %s and %s; %s and %s; %.0f and %.0f µs of the server's processor time and %.1f and %.1f KB written a create; %.0f%% delivered meanwhile",
			ratio, ms(of(b.without, p99)), ms(of(b.with, p50)), ms(of(b.without, p50)), perSecond(of(b.with, rate)), perSecond(of(b.without, rate)),
			of(b.with, spent), of(b.without, spent), of(b.with, written), of(b.without, written), 100*median(b.meanwhile)),
	}
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
