package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sharesmart/bench/load"
)

// ask sends one request.
func ask(addr, method, path, form, key string) (status int, body []byte, err error) {
	r, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(form))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+load.Key)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	a, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(a.Body)
	return a.StatusCode, body, errors.Join(err, a.Body.Close())
}

var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// shoppers are clients that create objects with an idempotency key and ask again, as SDKs do, when there is no answer or
// one of 409, 429 or 5xx.
type shoppers struct {
	addr                   string
	over                   atomic.Bool
	done, failed, repeated atomic.Int64
	mu                     sync.Mutex
	last                   time.Time
	gap                    time.Duration // the longest time in which nothing succeeded
	ids                    map[string]string
}

const (
	shopperCount = 16
	// tries is how often a client asks, each time after a longer pause; the pauses add up to about six seconds.
	tries = 8
)

func (s *shoppers) run(ctx context.Context) {
	var all sync.WaitGroup
	s.last, s.ids = time.Now(), map[string]string{}
	for w := range shopperCount {
		all.Go(func() {
			for i := 0; !s.over.Load() && ctx.Err() == nil; i++ {
				s.one(fmt.Sprintf("drill-%d-%d", w, i))
			}
		})
	}
	all.Wait()
}

func (s *shoppers) one(key string) {
	for try := range tries {
		status, body, err := ask(s.addr, http.MethodPost, "/v1/customers", "metadata[key]="+key, key)
		if err == nil && status == http.StatusOK {
			s.succeeded(key, body)
			return
		}
		s.repeated.Add(1)
		<-time.After(25 * time.Millisecond << try)
	}
	s.failed.Add(1)
}

func (s *shoppers) succeeded(key string, body []byte) {
	s.done.Add(1)
	_, after, _ := bytes.Cut(body, []byte(`"id": "`))
	id, _, _ := bytes.Cut(after, []byte(`"`))
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.gap, s.last, s.ids[key] = max(s.gap, now.Sub(s.last)), now, string(id)
}

// lost counts objects that were acknowledged and are not there.
func (s *shoppers) lost() (int, error) {
	lost := 0
	for key, id := range s.ids {
		status, body, err := ask(s.addr, http.MethodGet, "/v1/customers/"+id, "", "")
		if err != nil {
			return 0, err
		}
		if status != http.StatusOK || !bytes.Contains(body, []byte(`"`+key+`"`)) {
			lost++
		}
	}
	return lost, nil
}

// drilled runs clients against three processes while something is done to these.
func drilled(ctx context.Context, bin, dir, what string, do func(s *site) error) (line string, err error) {
	s, err := open(ctx, bin, dir, most, false)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	clients := &shoppers{addr: s.addr}
	var work sync.WaitGroup
	work.Go(func() { clients.run(ctx) })
	<-time.After(time.Second)
	err = do(s)
	<-time.After(time.Second)
	clients.over.Store(true)
	work.Wait()
	if err != nil {
		return "", err
	}
	lost, err := clients.lost()
	if err != nil {
		return "", err
	}
	if lost > 0 || clients.failed.Load() > 0 {
		return "", fmt.Errorf("%s: %d lost, %d failed in spite of %d tries", what, lost, clients.failed.Load(), tries)
	}
	return fmt.Sprintf("%s: %d created, 0 failed for clients that ask again (%d times), 0 lost, the longest time without a success %d ms",
		what, clients.done.Load(), clients.repeated.Load(), clients.gap.Milliseconds()), nil
}

// failover kills one of three processes.
func failover(ctx context.Context, bin, dir string) (string, error) {
	return drilled(ctx, bin, dir, "One of three killed with kill -9", func(s *site) error {
		if err := s.servers[0].Process.Kill(); err != nil {
			return err
		}
		_ = s.servers[0].Wait() // it was killed
		return nil
	})
}

// upgrade ends three processes one after the other and starts each anew.
func upgrade(ctx context.Context, bin, dir string) (string, error) {
	return drilled(ctx, bin, dir, "All three ended and started again, one after the other", func(s *site) error {
		for i := range s.servers {
			if err := s.servers[i].Process.Signal(syscall.SIGTERM); err != nil {
				return err
			}
			if err := s.servers[i].Wait(); err != nil {
				return err
			}
			if err := s.start(ctx, i); err != nil {
				return err
			}
			<-time.After(5 * checkEvery)
		}
		return nil
	})
}
