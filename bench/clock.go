//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"sharesmart/bench/load"
)

// clockBegin is when the test clock of the bench begins.
var clockBegin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// subscribers are customers with a card.
type subscribers struct {
	ids   []string
	price string
}

// signUp makes customers with a card, on a test clock if it is not empty, and a monthly price.
func signUp(ctx context.Context, addr string, n int, clock string) (subscribers, error) {
	price, err := makeOne(ctx, addr, "/v1/prices", "currency=usd&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold")
	if err != nil {
		return subscribers{}, err
	}
	form := "payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa"
	if clock != "" {
		form += "&test_clock=" + clock
	}
	ids, err := makeMany(ctx, addr, n, func(int) []byte { return load.Post("/v1/customers", form) })
	return subscribers{ids, price}, err
}

// subscribe gives each of them a subscription.
func (s subscribers) subscribe(ctx context.Context, addr string) error {
	_, err := makeMany(ctx, addr, len(s.ids), func(i int) []byte {
		return load.Post("/v1/subscriptions", "customer="+s.ids[i]+"&items[0][price]="+s.price)
	})
	return err
}

// makeOne creates one object and returns its id.
func makeOne(ctx context.Context, addr, path, form string) (string, error) {
	ids, err := makeMany(ctx, addr, 1, func(int) []byte { return load.Post(path, form) })
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// makeMany creates objects and returns their ids.
func makeMany(ctx context.Context, addr string, n int, request func(i int) []byte) ([]string, error) {
	ids := make([]string, n)
	var nameless atomic.Bool
	_, err := load.Run(ctx, load.Plan{Addr: addr, Connections: connections, Requests: n, Request: request, Answer: func(i int, body []byte) {
		_, after, found := bytes.Cut(body, []byte(`"id": "`))
		id, _, closed := bytes.Cut(after, []byte(`"`))
		ids[i] = string(id)
		if !found || !closed {
			nameless.Store(true)
		}
	}})
	if err == nil && nameless.Load() {
		err = errors.New("a created object has no id")
	}
	return ids, err
}

// clockRow advances a test clock with many monthly subscriptions by a month: each has an invoice made, finalized and
// paid, in order of time and durably. The books must be sound afterwards.
func (p *plan) clockRow(ctx context.Context) (row, error) {
	r := row{what: "renewals on a test clock", unit: perSecond, target: "≥ 1.5k/s", note: fmt.Sprintf("%d subscriptions, a month: invoices made, finalized, paid, durably; the books verified", p.subscriptions)}
	program := shareSmart(p.bin, filepath.Join(p.dir, "clock"))
	s, err := program.start(ctx)
	if err != nil {
		return r, err
	}
	rate, err := p.renew(ctx, s.addr)
	if err := errors.Join(err, s.stop()); err != nil {
		return r, err
	}
	r.ours, r.met = rate, rate >= 1500
	progress("verify the books")
	if out, err := exec.CommandContext(ctx, p.bin, "verify", "--data", program.data).CombinedOutput(); err != nil {
		return r, fmt.Errorf("verify after the renewals: %w\n%s", err, out)
	}
	return r, nil
}

// renew is how many invoices a second an advance by a month pays.
func (p *plan) renew(ctx context.Context, addr string) (float64, error) {
	progress("make %d subscriptions on a test clock", p.subscriptions)
	clock, err := makeOne(ctx, addr, "/v1/test_helpers/test_clocks", fmt.Sprint("frozen_time=", clockBegin.Unix()))
	if err != nil {
		return 0, err
	}
	s, err := signUp(ctx, addr, p.subscriptions, clock)
	if err != nil {
		return 0, err
	}
	if err := s.subscribe(ctx, addr); err != nil {
		return 0, err
	}
	before, err := countPaid(ctx, addr)
	if err != nil {
		return 0, err
	}
	progress("advance the clock by a month")
	begun := time.Now()
	to := fmt.Sprint("frozen_time=", clockBegin.AddDate(0, 1, 1).Unix())
	if err := advance(ctx, addr, clock, to); err != nil {
		return 0, err
	}
	took := time.Since(begun)
	paid, err := countPaid(ctx, addr)
	if err == nil && paid != before+p.subscriptions {
		err = fmt.Errorf("%d invoices were paid, want %d", paid-before, p.subscriptions)
	}
	return float64(p.subscriptions) / took.Seconds(), err
}

// advance moves a clock and waits until it is there.
func advance(ctx context.Context, addr, clock, to string) error {
	path := "/v1/test_helpers/test_clocks/" + clock
	if _, err := makeOne(ctx, addr, path+"/advance", to); err != nil {
		return err
	}
	for {
		var c struct{ Status string }
		if err := read(ctx, addr, path, &c); err != nil || c.Status == "ready" {
			return err
		}
		if c.Status != "advancing" {
			return fmt.Errorf("the clock is %s", c.Status)
		}
		time.Sleep(clockPoll)
	}
}

// clockPoll is how often the bench looks whether a clock is ready.
const clockPoll = 20 * time.Millisecond

// countPaid pages through all paid invoices.
func countPaid(ctx context.Context, addr string) (n int, err error) {
	for after := ""; ; {
		var page struct {
			Data []struct{ ID string }
			More bool `json:"has_more"`
		}
		query := url.Values{"status": {"paid"}, "limit": {"100"}}
		if after != "" {
			query.Set("starting_after", after)
		}
		if err := read(ctx, addr, "/v1/invoices?"+query.Encode(), &page); err != nil {
			return 0, err
		}
		n += len(page.Data)
		if !page.More {
			return n, nil
		}
		after = page.Data[len(page.Data)-1].ID
	}
}

// read gets an object.
func read(ctx context.Context, addr, path string, into any) (err error) {
	var broken error
	_, err = load.Run(ctx, load.Plan{Addr: addr, Connections: 1, Requests: 1, Request: func(int) []byte { return load.Get(path) },
		Answer: func(_ int, body []byte) { broken = json.Unmarshal(body, into) }})
	return errors.Join(err, broken)
}
