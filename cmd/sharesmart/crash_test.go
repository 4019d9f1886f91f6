package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// crashWriters write at the same time, each to customers of its own.
	crashWriters = 16
	// crashUpdates is how often each customer is updated after it was created.
	crashUpdates = 2
	// crashAnswers is the most answers that a server lives to give.
	crashAnswers = 2000
)

// TestCrash kills the server under load, again and again. What it has acknowledged must be there afterwards, with one
// event for each change; what it has not may be there or not, as a whole, and asking again with the same idempotency
// key must not make it twice. CRASHES says how often; 3 if it is not set.
func TestCrash(t *testing.T) {
	crashes := 3
	if text := os.Getenv("CRASHES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("CRASHES is %q: write a number from 1", text)
		}
		crashes = n
	}
	bin, data := buildServer(t), filepath.Join(t.TempDir(), "data")
	var l crashLedger
	key := ""
	for crash := range crashes {
		s := startServer(t, bin, data, key)
		key = s.key
		lost := l.write(t, s, crash)
		if rand.IntN(3) == 0 { // once more, while it recovers
			startKilled(t, bin, data, time.Duration(rand.Int64N(int64(30*time.Millisecond))))
		}
		if out, err := exec.Command(bin, "verify", "--data", data).CombinedOutput(); err != nil {
			t.Fatalf("after crash %d: verify: %v\n%s", crash, err, out)
		}
		s = startServer(t, bin, data, key)
		l.settle(t, s, lost)
		if crash < 3 || crash%10 == 9 || crash == crashes-1 { // nothing comes back by itself, so a loss is found later, too
			l.compare(t, s)
		}
		if t.Failed() {
			t.Fatalf("after crash %d of %d", crash+1, crashes)
		}
		s.stop(t)
	}
	t.Logf("%d crashes, %d customers, %d changes acknowledged", crashes, len(l.customers), l.acknowledged)
}

// crashLedger is what the server has acknowledged.
type crashLedger struct {
	customers    []*crashCustomer
	acknowledged int
}

// crashCustomer is a customer that one writer creates and updates. Its metadata counts its updates.
type crashCustomer struct {
	key      string // idempotency key of its creation
	id       string // empty while nothing has said that it was created
	updates  int    // acknowledged
	inFlight bool   // an update was sent and never answered
}

// write lets writers work until the server is killed at a moment that nobody chose, and returns what was never answered.
func (l *crashLedger) write(t *testing.T, s *runningServer, crash int) (lost []*crashCustomer) {
	t.Helper()
	var answers atomic.Int64
	last := rand.Int64N(crashAnswers)
	written := make(chan []*crashCustomer, crashWriters)
	for w := range crashWriters {
		go func() {
			var mine []*crashCustomer
			defer func() { written <- mine }()
			for n := 0; ; n++ {
				c := &crashCustomer{key: fmt.Sprintf("crash-%d-%d-%d", crash, w, n)}
				mine = append(mine, c)
				for c.updates < crashUpdates {
					if err := c.next(s); errors.Is(err, errNoAnswer) {
						return
					} else if err != nil {
						t.Error(err)
						return
					}
					if answers.Add(1) == last+1 {
						s.kill(t, time.Duration(rand.Int64N(int64(time.Millisecond))))
						return
					}
				}
			}
		}()
	}
	for range crashWriters {
		for _, c := range <-written {
			l.customers = append(l.customers, c)
			if c.id == "" || c.inFlight {
				lost = append(lost, c)
			}
		}
	}
	l.acknowledged += int(answers.Load())
	s.kill(t, 0) // in case that the writers gave up
	s.wait(t)
	return lost
}

// next sends the customer's next change: its creation, then its updates.
func (c *crashCustomer) next(s *runningServer) error {
	if c.id == "" {
		return c.create(s)
	}
	c.inFlight = true
	var answer crashObject
	err := s.call(http.MethodPost, "/v1/customers/"+c.id, "", fmt.Sprintf("metadata[updates]=%d", c.updates+1), &answer)
	if err == nil {
		c.updates, c.inFlight = c.updates+1, false
	}
	return err
}

func (c *crashCustomer) create(s *runningServer) error {
	var answer crashObject
	err := s.call(http.MethodPost, "/v1/customers", c.key, "metadata[key]="+c.key, &answer)
	c.id = answer.ID
	return err
}

// settle asks again for what was not answered. A creation is repeated with its key; of an update, the customer itself
// tells whether it took place.
func (l *crashLedger) settle(t *testing.T, s *runningServer, lost []*crashCustomer) {
	t.Helper()
	for _, c := range lost {
		if c.id == "" {
			if err := c.create(s); err != nil {
				t.Fatalf("create again with key %s: %v", c.key, err)
			}
			continue
		}
		var found crashObject
		if err := s.call(http.MethodGet, "/v1/customers/"+c.id, "", "", &found); err != nil {
			t.Fatal(err)
		}
		if found.updates(t) == c.updates+1 {
			c.updates++
		}
		c.inFlight = false
	}
}

// crashObject is what the test reads of customers and events.
type crashObject struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Metadata struct{ Key, Updates string }
	Data     struct{ Object struct{ ID string } }
}

func (o *crashObject) updates(t *testing.T) int {
	t.Helper()
	if o.Metadata.Updates == "" {
		return 0
	}
	n, err := strconv.Atoi(o.Metadata.Updates)
	if err != nil {
		t.Fatalf("customer %s: %v", o.ID, err)
	}
	return n
}

// compare looks at every customer and every event: neither more nor fewer than were acknowledged.
func (l *crashLedger) compare(t *testing.T, s *runningServer) {
	t.Helper()
	want, found := map[string]int{}, map[string]int{}
	for _, c := range l.customers {
		want[c.key+" "+c.id] = c.updates
	}
	s.each(t, "/v1/customers", func(o *crashObject) {
		key := o.Metadata.Key + " " + o.ID
		if _, twice := found[key]; twice {
			t.Errorf("customer %s is listed twice", key)
		}
		found[key] = o.updates(t)
	})
	if !maps.Equal(want, found) {
		t.Errorf("customers:\n%s", difference(want, found))
	}
	want, found = map[string]int{}, map[string]int{}
	for _, c := range l.customers {
		want["customer.created "+c.id] = 1
		if c.updates > 0 {
			want["customer.updated "+c.id] = c.updates
		}
	}
	s.each(t, "/v1/events", func(o *crashObject) { found[o.Type+" "+o.Data.Object.ID]++ })
	if !maps.Equal(want, found) {
		t.Errorf("events:\n%s", difference(want, found))
	}
}

// difference shows the first few entries that are not the same.
func difference(want, found map[string]int) string {
	var b strings.Builder
	n := 0
	for key, w := range want {
		if f, ok := found[key]; (!ok || f != w) && n < 10 {
			n++
			fmt.Fprintf(&b, "  %s: want %d, found %d (there: %t)\n", key, w, f, ok)
		}
	}
	for key, f := range found {
		if _, ok := want[key]; !ok && n < 20 {
			n++
			fmt.Fprintf(&b, "  %s: found %d, want none\n", key, f)
		}
	}
	fmt.Fprintf(&b, "  %d wanted, %d found", len(want), len(found))
	return b.String()
}
