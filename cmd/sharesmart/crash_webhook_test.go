package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// webhookCrashes is how often the server is killed.
	webhookCrashes = 20
	// webhookCustomers is how many customers each writer changes in turn.
	webhookCustomers = 4
)

// TestCrashWebhooks kills a server while it delivers events of two environments, each to a receiver of its own and to
// one that is dead. Every event that was acknowledged must arrive, at the right one, and none before an older one of the same
// object. WEBHOOK_EVENTS says how many there are; 1000 if it is not set.
func TestCrashWebhooks(t *testing.T) {
	events := 1000
	if text := os.Getenv("WEBHOOK_EVENTS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < webhookCrashes {
			t.Fatalf("WEBHOOK_EVENTS is %q: write a number from %d", text, webhookCrashes)
		}
		events = n
	}
	bin, data := buildServer(t), filepath.Join(t.TempDir(), "data")
	c := &webhookCrash{t: t, arrived: map[string][]arrival{}, known: map[string]bool{}}
	receiver := httptest.NewServer(c)
	t.Cleanup(receiver.Close)
	s := startServer(t, bin, data, "")
	key := s.key
	c.places = []*webhookPlace{{name: "test", key: key}, {name: "sandbox"}}
	c.equip(s, receiver.URL)
	begin := time.Now()
	behind := make([]int64, webhookCrashes) // how many events were yet to arrive when the server was killed
	for crash := range webhookCrashes {
		c.write(s, events/webhookCrashes, true)
		s.wait(t)
		behind[crash] = c.behind()
		if s = startServer(t, bin, data, key); t.Failed() {
			t.Fatalf("after crash %d", crash+1)
		}
	}
	c.write(s, max(0, events-int(c.acknowledged.Load())), false) // for those that the crashes cut short
	left, rest := c.behind(), time.Now()
	c.drain(s)
	t.Logf("%d crashes with %d to %d events yet to arrive, %d events, %d requests, %.0f events/s with all of the crashes, the last %d at %.0f/s",
		webhookCrashes, slices.Min(behind), slices.Max(behind), c.compare(s), c.requests.Load(), float64(events)/time.Since(begin).Seconds(),
		left, float64(left)/time.Since(rest).Seconds())
	s.stop(t)
}

// webhookCrash is what was written, and what arrived of it.
type webhookCrash struct {
	t        *testing.T
	places   []*webhookPlace
	requests atomic.Int64

	acknowledged atomic.Int64 // events that are known to be written

	mu      sync.Mutex
	arrived map[string][]arrival // by place and object, in order
	known   map[string]bool      // events that arrived
}

type webhookPlace struct {
	name, key string
	endpoint  string // the id of that which is alive
	dead      string
}

type arrival struct {
	event    string
	sequence int64
}

// equip makes the sandbox, and in both environments an endpoint that is alive and one that is dead.
func (c *webhookCrash) equip(s *runningServer, url string) {
	var sandbox struct {
		Key string `json:"secret_key"`
	}
	if err := s.call(http.MethodPost, "/v1/sandboxes", "", "", &sandbox); err != nil {
		c.t.Fatal(err)
	}
	c.places[1].key = sandbox.Key
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		c.t.Fatal(err)
	}
	for _, p := range c.places {
		at := *s
		at.key = p.key
		for _, e := range []struct {
			url string
			id  *string
		}{{url + "/" + p.name, &p.endpoint}, {dead, &p.dead}} {
			var made crashObject
			if err := at.call(http.MethodPost, "/v1/webhook_endpoints", "", "enabled_events[]=*&url="+e.url, &made); err != nil {
				c.t.Fatal(err)
			}
			*e.id = made.ID
		}
	}
}

// ServeHTTP receives an event.
func (c *webhookCrash) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the server was killed while it sent
	}
	var event crashEvent
	if err := json.Unmarshal(body, &event); err != nil {
		c.t.Errorf("%v: %s", err, body)
		return
	}
	sequence, err := strconv.ParseInt(r.Header.Get("ShareSmart-Sequence"), 10, 64)
	if err != nil {
		c.t.Errorf("sequence: %v", err)
	}
	place := r.URL.Path[1:]
	if event.Data.Object.Metadata.Place != place {
		c.t.Errorf("an event of %q arrived at %q", event.Data.Object.Metadata.Place, place)
	}
	c.requests.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	object := place + " " + event.Data.Object.ID
	c.arrived[object] = append(c.arrived[object], arrival{event.ID, sequence})
	c.known[event.ID] = true
}

// behind is how many events were written and have not arrived, or a few less: some had no answer.
func (c *webhookCrash) behind() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, c.acknowledged.Load()-int64(len(c.known)))
}

type crashEvent struct {
	ID   string
	Data struct {
		Object struct {
			ID       string
			Metadata struct{ Place string }
		}
	}
}

// write makes events in all places at once, and kills the server, if it is to, at one of the last of them or a little
// later: each writer creates customers and then changes them in turn.
func (c *webhookCrash) write(s *runningServer, n int, kill bool) {
	var left atomic.Int64
	left.Store(int64(n))
	last := rand.Int64N(int64(n)/4 + 1)
	var work sync.WaitGroup
	for w := range crashWriters {
		place := c.places[w%len(c.places)]
		at := *s
		at.key = place.key
		work.Go(func() {
			var made []string
			for i := 0; left.Add(-1) >= 0; i++ {
				path := "/v1/customers"
				if len(made) == webhookCustomers {
					path += "/" + made[i%webhookCustomers]
				}
				var answer crashObject
				err := at.call(http.MethodPost, path, "", fmt.Sprintf("metadata[place]=%s&metadata[n]=%d", place.name, i), &answer)
				switch {
				case errors.Is(err, errNoAnswer):
					return
				case err != nil:
					c.t.Error(err)
					return
				case kill && left.Load() == last:
					s.kill(c.t, time.Duration(rand.Int64N(int64(20*time.Millisecond))))
				}
				c.acknowledged.Add(1)
				if len(made) < webhookCustomers {
					made = append(made, answer.ID)
				}
			}
		})
	}
	work.Wait()
	if kill {
		s.kill(c.t, 0) // in case that nobody saw that number
	}
}

// drain waits until nothing is pending for those that are alive.
func (c *webhookCrash) drain(s *runningServer) {
	for _, p := range c.places {
		at := *s
		at.key = p.key
		deadline := time.Now().Add(10 * time.Minute)
		for {
			var page struct{ Data []crashObject }
			if err := at.call(http.MethodGet, "/v1/webhook_deliveries?limit=1&status=pending&webhook_endpoint="+p.endpoint, "", "", &page); err != nil {
				c.t.Fatal(err)
			}
			if len(page.Data) == 0 {
				break
			}
			if time.Now().After(deadline) {
				c.t.Fatalf("%s: %+v is pending for ever", p.name, page.Data)
			}
			<-time.After(20 * time.Millisecond)
		}
	}
}

// compare holds what arrived against all events that there are, and returns how many.
func (c *webhookCrash) compare(s *runningServer) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for object, all := range c.arrived {
		for i, a := range all {
			if i > 0 && a.sequence < all[i-1].sequence {
				c.t.Errorf("%s: event %d arrived after %d: %+v", object, a.sequence, all[i-1].sequence, all)
			}
		}
	}
	for _, p := range c.places {
		at := *s
		at.key = p.key
		at.each(c.t, "/v1/events", func(o *crashObject) {
			if n++; !c.known[o.ID] {
				c.t.Errorf("event %s of %s did not arrive", o.ID, p.name)
			}
		})
		var failed struct{ Data []crashObject }
		if err := at.call(http.MethodGet, "/v1/webhook_deliveries?limit=1&status=delivered&webhook_endpoint="+p.dead, "", "", &failed); err != nil || len(failed.Data) > 0 {
			c.t.Errorf("what is dead got %v, error %v", failed.Data, err)
		}
	}
	if acknowledged := int(c.acknowledged.Load()); n < acknowledged {
		c.t.Errorf("there are %d events, and %d were acknowledged", n, acknowledged)
	}
	return n
}
