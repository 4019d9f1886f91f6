package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"sharesmart/bench/load"
)

// stock is how many customers there are.
const stock = 2000

// setting is how many processes there are, on PostgreSQL, or one on SQLite if there are none, and how requests are shared out.
type setting struct {
	processes int
	byAccount bool
}

func (s setting) String() string {
	switch {
	case s.processes == 0:
		return "SQLite, one process"
	case s.byAccount:
		return fmt.Sprintf("PostgreSQL, %d, each account at one", s.processes)
	}
	return fmt.Sprintf("PostgreSQL, %d", s.processes)
}

// measure is one line of the table.
func measure(ctx context.Context, bin, dir string, of setting, requests int) (r row, err error) {
	r.what = of.String()
	fmt.Fprintf(os.Stderr, "scale: %s\n", r.what)
	s, err := open(ctx, bin, dir, of.processes, of.byAccount)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	ids := make([]string, stock)
	if _, err := load.Run(ctx, load.Plan{Addr: s.addr, Connections: 32, Requests: stock, Request: func(i int) []byte { return customer("stock", i) }, Answer: func(i int, body []byte) {
		_, after, _ := bytes.Cut(body, []byte(`"id": "`))
		id, _, _ := bytes.Cut(after, []byte(`"`))
		ids[i] = string(id)
	}}); err != nil {
		return r, err
	}
	accounts, err := connected(s.addr)
	if err != nil {
		return r, err
	}
	for _, m := range []struct {
		to, p99 *float64
		cpu     *[2]float64
		clients int
		n       int
		request func(i int) []byte
	}{
		{&r.get, nil, nil, 16, 3 * requests, func(i int) []byte { return load.Get("/v1/customers/" + ids[i%stock]) }},
		{&r.list, nil, nil, 16, requests, func(int) []byte { return load.Get("/v1/customers?limit=10") }},
		{&r.create, &r.createP99, &r.createCPU, 16, requests, func(i int) []byte { return customer("a", i) }},
		{&r.by64, nil, nil, 64, requests, func(i int) []byte { return customer("b", i) }},
		{&r.accounts, nil, &r.accountsCPU, 64, requests, func(i int) []byte { return ofAccount(accounts[i%len(accounts)], customer("c", i)) }},
		{&r.pay, nil, nil, 16, requests / 3, func(int) []byte {
			return load.Post("/v1/payment_intents", "amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card")
		}},
	} {
		servers, database := s.cpu()
		got, err := load.Run(ctx, load.Plan{Addr: s.addr, Connections: m.clients, Requests: m.n, Request: m.request})
		if err != nil {
			return r, err
		}
		*m.to = got.Rate
		if m.p99 != nil {
			*m.p99 = got.P99.Seconds() * 1000
		}
		if m.cpu != nil {
			a, b := s.cpu()
			each := 1000 / float64(m.n)
			*m.cpu = [2]float64{(a - servers).Seconds() * each, (b - database).Seconds() * each}
		}
	}
	return r, nil
}

func customer(kind string, i int) []byte {
	return load.Post("/v1/customers", fmt.Sprintf("email=%s-%d@example.com&name=Jenny+Rosen&metadata[order_id]=6735", kind, i))
}

// ofAccount makes a request one of a connected account.
func ofAccount(account string, request []byte) []byte {
	return bytes.Replace(request, []byte("\r\n"), []byte("\r\nStripe-Account: "+account+"\r\n"), 1)
}

// connected makes accounts: each is a namespace of its own.
func connected(addr string) ([]string, error) {
	var ids []string
	for range 16 {
		status, body, err := ask(addr, "POST", "/v1/accounts", "type=custom&country=US&email=a@example.com&capabilities[transfers][requested]=true", "")
		if err != nil || status != 200 {
			return nil, fmt.Errorf("make an account: %d %w %s", status, err, body)
		}
		_, after, _ := bytes.Cut(body, []byte(`"id": "`))
		id, _, _ := bytes.Cut(after, []byte(`"`))
		ids = append(ids, string(id))
	}
	return ids, nil
}
