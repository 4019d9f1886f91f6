//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"sharesmart/bench/load"
)

const (
	// stock is how many customers there are when GET and list are measured.
	stock = 10_000
	// starts is how often each server is started to see how long that takes.
	starts = 7
	// worked is the number of requests after which memory is looked at again.
	worked = 50_000
	// restTime is how long an idle server is left alone before its memory counts.
	restTime = 2 * time.Second
)

// pair is one value for each server.
type pair[T any] struct{ ours, theirs T }

// compare measures all that stripe-mock can be compared in.
func (p *plan) compare(ctx context.Context) ([]row, error) {
	ours, theirs := shareSmart(p.bin, filepath.Join(p.dir, "data")), stripeMock(p.mock, p.dir)
	ids, err := prepare(ctx, ours)
	if err != nil {
		return nil, err
	}
	first, err := startTimes(ctx, ours, theirs)
	if err != nil {
		return nil, err
	}
	rows := []row{{
		what: "start to first answer", unit: ms, ours: first.ours, theirs: first.theirs, note: "existing database, median of " + fmt.Sprint(starts),
		target: "≤ 60 ms", met: first.ours <= 60*time.Millisecond.Seconds(),
	}}
	memory, err := memoryRows(ctx, ours, theirs, ids)
	if err != nil {
		return nil, err
	}
	speed, err := p.speedRows(ctx, ours, theirs, ids)
	return slices.Concat(speed, rows, memory), err
}

// prepare fills a new database and returns the ids in random order.
func prepare(ctx context.Context, ours *program) ([]string, error) {
	a, err := ours.start(ctx)
	if err != nil {
		return nil, err
	}
	ids, _, err := fill(ctx, a.addr, stock)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids, errors.Join(err, a.stop())
}

// fill creates n customers, ten to an e-mail address, and returns their ids.
func fill(ctx context.Context, addr string, n int) ([]string, load.Result, error) {
	ids := make([]string, n)
	var once sync.Once
	var broken error
	result, err := load.Run(ctx, load.Plan{
		Addr: addr, Connections: 4 * connections, Requests: n,
		Request: func(i int) []byte { return load.Post("/v1/customers", customer("stock", i/10)) },
		Answer: func(i int, body []byte) {
			_, after, found := bytes.Cut(body, []byte(`"id": "`))
			id, _, closed := bytes.Cut(after, []byte(`"`))
			if !found || !closed {
				once.Do(func() { broken = fmt.Errorf("a created customer has no id: %s", body) })
			}
			ids[i] = string(id)
		},
	})
	return ids, result, errors.Join(err, broken)
}

func customer(kind string, i int) string {
	return fmt.Sprintf("email=%s-%d@example.com&name=Jenny+Rosen&metadata[order_id]=6735", kind, i)
}

// startTimes is the median time from exec to the first answer, in seconds.
func startTimes(ctx context.Context, ours, theirs *program) (pair[float64], error) {
	var a, b []float64
	progress("start each server %d times", starts)
	for range starts {
		for program, times := range map[*program]*[]float64{ours: &a, theirs: &b} {
			s, err := program.start(ctx)
			if err != nil {
				return pair[float64]{}, err
			}
			*times = append(*times, s.first.Seconds())
			if err := s.stop(); err != nil {
				return pair[float64]{}, err
			}
		}
	}
	return pair[float64]{median(a), median(b)}, nil
}

// memoryRows is the memory of each server at rest and after work: a third each of GET, list and create.
func memoryRows(ctx context.Context, ours, theirs *program, ids []string) ([]row, error) {
	progress("memory")
	var idle, after pair[int64]
	for _, m := range []struct {
		program     *program
		idle, after *int64
	}{{ours, &idle.ours, &after.ours}, {theirs, &idle.theirs, &after.theirs}} {
		s, err := m.program.start(ctx)
		if err != nil {
			return nil, err
		}
		*m.idle, *m.after, err = memoryOf(ctx, s, ids)
		if err := errors.Join(err, s.stop()); err != nil {
			return nil, err
		}
	}
	return []row{
		{what: "memory, idle", unit: mb, ours: float64(idle.ours), theirs: float64(idle.theirs), target: "≤ 60 MB", met: idle.ours <= 60e6},
		{what: "memory after 50,000 requests", unit: mb, ours: float64(after.ours), theirs: float64(after.theirs), note: "a third each of GET, list, create",
			target: "≤ 200 MB", met: after.ours <= 200e6},
	}, nil
}

func memoryOf(ctx context.Context, s *process, ids []string) (idle, after int64, err error) {
	time.Sleep(restTime)
	if idle, err = s.memory(); err != nil {
		return 0, 0, err
	}
	_, err = load.Run(ctx, load.Plan{Addr: s.addr, Connections: connections, Requests: worked, Request: func(i int) []byte {
		switch i % 3 {
		case 0:
			return load.Get("/v1/customers/" + ids[i%len(ids)])
		case 1:
			return load.Get("/v1/customers?limit=10")
		}
		return load.Post("/v1/customers", customer("memory", i))
	}})
	if err != nil {
		return 0, 0, err
	}
	after, err = s.memory()
	return idle, after, err
}

// measurement is one kind of request.
type measurement struct {
	what, note   string
	script, path string
	arg          func(round int) []string
	atLeast      float64 // ratio to stripe-mock; 0 is no target
	anyWait      bool    // the slowest have no target
}

// speedRows measures requests a second and the slowest in a hundred.
func (p *plan) speedRows(ctx context.Context, ours, theirs *program, ids []string) ([]row, error) {
	paths := filepath.Join(p.dir, "paths")
	if err := os.WriteFile(paths, []byte("/v1/customers/"+strings.Join(ids, "\n/v1/customers/")+"\n"), 0o600); err != nil {
		return nil, err
	}
	a, err := ours.start(ctx)
	if err != nil {
		return nil, err
	}
	b, err := theirs.start(ctx)
	if err != nil {
		return nil, errors.Join(err, a.stop())
	}
	members, price, err := p.members(ctx, a.addr)
	if err != nil {
		return nil, errors.Join(err, a.stop(), b.stop())
	}
	var rows []row
	for _, m := range []measurement{
		{what: "GET one object", note: "always the same", script: "get", path: "/v1/customers/" + ids[0], atLeast: 2.5},
		{what: "GET of many", note: fmt.Sprintf("%d in random order", stock), script: "get_each", arg: func(int) []string { return []string{paths} }},
		{what: "list, limit=10", note: "ten objects; stripe-mock always lists one", script: "get", path: "/v1/customers?limit=10", atLeast: 1},
		{what: "create, durable", note: "fsync'd before the answer; stripe-mock keeps nothing", script: "create",
			arg: func(round int) []string { return []string{fmt.Sprint("round-", round)} }, atLeast: 0.8},
		{what: "create and confirm a payment", note: "method, intent, charge and three events, durable; its balance transaction a second later",
			script: "pay", path: "/v1/payment_intents", atLeast: 0.3, anyWait: true},
		{what: "create a subscription", note: "with its first invoice, finalized and paid by card, and thirteen events, durable", script: "subscribe",
			arg: func(int) []string { return []string{members, price} }, atLeast: 0.3, anyWait: true},
	} {
		found, err := p.alternate(ctx, a, b, m)
		if err != nil {
			return nil, errors.Join(err, a.stop(), b.stop())
		}
		rows = append(rows, found...)
	}
	return append(rows, costOfPayment(rows)), errors.Join(a.stop(), b.stop())
}

// memberCount is how many customers subscribe, again and again: few enough that none has too many subscriptions.
const memberCount = 2000

// members is a file with the ids of customers who have a card, and a price for them.
func (p *plan) members(ctx context.Context, addr string) (path, price string, err error) {
	s, err := signUp(ctx, addr, memberCount, "")
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(p.dir, "members")
	return path, s.price, os.WriteFile(path, []byte(strings.Join(s.ids, "\n")+"\n"), 0o600)
}

// costOfPayment is how many plain creates a payment costs.
func costOfPayment(rows []row) row {
	rate := func(what string) float64 {
		return rows[slices.IndexFunc(rows, func(r row) bool { return r.what == what })].ours
	}
	r := row{what: "a payment, in plain creates", unit: times, ours: rate("create, durable") / rate("create and confirm a payment"), target: "≤ 4 ×"}
	r.met = r.ours <= 4
	return r
}

// alternate measures both servers in turn. The ratio is the median of the ratios within a round.
func (p *plan) alternate(ctx context.Context, a, b *process, m measurement) ([]row, error) {
	var rates, p99s pair[[]float64]
	var ratios []float64
	progress("%s", m.what)
	for round := range p.rounds + 1 {
		seconds := p.seconds
		if round == 0 {
			seconds = 1 // to warm up; not counted
		}
		both, err := m.round(ctx, a, b, round, seconds)
		if err != nil {
			return nil, err
		}
		if round == 0 {
			continue
		}
		rates.ours, rates.theirs = append(rates.ours, both.ours.rate), append(rates.theirs, both.theirs.rate)
		p99s.ours, p99s.theirs = append(p99s.ours, both.ours.p99.Seconds()), append(p99s.theirs, both.theirs.p99.Seconds())
		ratios = append(ratios, both.ours.rate/both.theirs.rate)
	}
	speed := row{what: m.what, unit: perSecond, ours: median(rates.ours), theirs: median(rates.theirs), ratio: median(ratios), note: m.note}
	if m.atLeast > 0 {
		speed.target, speed.met = fmt.Sprintf("≥ %g ×", m.atLeast), speed.ratio >= m.atLeast
	}
	slowest := row{what: m.what + ", p99", unit: ms, ours: median(p99s.ours), theirs: median(p99s.theirs)}
	if !m.anyWait {
		slowest.target, slowest.met = "≤ 20 ms", slowest.ours <= 20*time.Millisecond.Seconds()
	}
	return []row{speed, slowest}, nil
}

// round measures one server after the other; who goes first changes from round to round.
func (m *measurement) round(ctx context.Context, a, b *process, round, seconds int) (pair[figure], error) {
	var both pair[figure]
	order := []struct {
		server *process
		to     *figure
	}{{a, &both.ours}, {b, &both.theirs}}
	if round%2 == 1 {
		slices.Reverse(order)
	}
	for _, o := range order {
		var args []string
		if m.arg != nil {
			args = m.arg(round)
		}
		var err error
		if *o.to, err = wrk(ctx, seconds, m.script, o.server.addr, m.path, args...); err != nil {
			return both, err
		}
	}
	return both, nil
}
