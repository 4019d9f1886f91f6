package servertest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"sharesmart/internal/servertest"
)

// pair is two processes on one database.
func pair(t *testing.T, opts ...servertest.Option) [2]*servertest.Server {
	t.Helper()
	first := servertest.New(t, append(opts, servertest.Shared())...)
	return [2]*servertest.Server{first, servertest.New(t, append(opts, servertest.Beside(first))...)}
}

// TestPeersOnce sends each idempotency key to both processes at once: one carries it out, and everybody hears of that one
// or that it is at work.
func TestPeersOnce(t *testing.T) {
	t.Parallel()
	s := pair(t)
	const keys, clients = 10, 6
	ids := make([]map[string]bool, keys)
	for k := range keys {
		ids[k] = map[string]bool{}
		var mu sync.Mutex
		var work sync.WaitGroup
		for c := range clients {
			work.Go(func() {
				a := s[c%2].Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Form: []string{"email", fmt.Sprint("jenny", k, "@example.com")},
					Header: http.Header{"Idempotency-Key": {fmt.Sprint("key", k)}}})
				mu.Lock()
				defer mu.Unlock()
				switch a.Status {
				case http.StatusOK:
					ids[k][a.Object.ID()] = true
				case http.StatusConflict, http.StatusTooManyRequests:
				default:
					t.Errorf("status %d: %s", a.Status, a.Body)
				}
			})
		}
		work.Wait()
		if len(ids[k]) != 1 {
			t.Errorf("key %d made %d customers", k, len(ids[k]))
		}
	}
	if got := len(s[0].Get("/v1/customers", "limit", "100").IDs()); got != keys {
		t.Errorf("there are %d customers, want %d", got, keys)
	}
}

// TestPeersSum changes a customer's balance by both processes at once. Each change says what it came to, so all of them in
// a row are a history in which none is lost or seen twice.
func TestPeersSum(t *testing.T) {
	t.Parallel()
	s := pair(t)
	customer := s[0].Post("/v1/customers").OK().ID()
	const clients, rounds = 6, 8
	ends := map[int64]bool{}
	var mu sync.Mutex
	var work sync.WaitGroup
	for c := range clients {
		work.Go(func() {
			for range rounds {
				a := s[c%2].Post("/v1/customers/"+customer+"/balance_transactions", "amount", "10", "currency", "usd")
				if a.Status == http.StatusTooManyRequests {
					continue
				}
				mu.Lock()
				if end := a.OK().Int("ending_balance"); ends[end] {
					t.Errorf("two changes came to %d", end)
				} else {
					ends[end] = true
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	for i := range s {
		if got, want := s[i].Get("/v1/customers/"+customer).OK().Int("balance"), int64(10*len(ends)); got != want {
			t.Errorf("process %d: the balance is %d, want %d", i, got, want)
		}
	}
	problems, err := s[1].Engine.Verify(t.Context())
	if err != nil || len(problems) > 0 {
		t.Errorf("Verify: %q, %v", problems, err)
	}
}

// TestPeersKeys makes and ends keys in one process and uses them in the other.
func TestPeersKeys(t *testing.T) {
	t.Parallel()
	s := pair(t)
	s[1].Get("/v1/customers").OK()
	sandbox := s[0].Post("/v1/sandboxes", "name", "one").OK()
	key := sandbox.String("secret_key")
	if key == "" {
		t.Fatalf("the sandbox has no key: %s", sandbox.JSON())
	}
	s[1].Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: key}).OK()
	if got := s[0].Do(servertest.Request{Path: "/v1/customers", Key: key}).IDs(); len(got) != 1 {
		t.Errorf("the sandbox has %d customers", len(got))
	}
	s[0].Post("/v1/sandboxes/" + sandbox.ID() + "/reset").OK()
	s[0].Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: key}).OK()
	if got := s[1].Do(servertest.Request{Path: "/v1/customers", Key: key}).Status; got != http.StatusOK {
		t.Errorf("after the reset: status %d", got)
	}
	for range 5 { // whoever hears late of a reset must not write to where the sandbox was
		s[0].Post("/v1/sandboxes/" + sandbox.ID() + "/reset").OK()
		made := s[1].Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: key})
		for made.Status == http.StatusTooManyRequests {
			made = s[1].Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: key})
		}
		s[0].Do(servertest.Request{Path: "/v1/customers/" + made.OK().ID(), Key: key}).OK()
	}
}

// received is what a webhook endpoint got.
type received struct {
	mu     sync.Mutex
	events []string // ids
	states map[string][]string
	full   chan struct{}
	want   int
}

func (r *received) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	var e struct {
		ID   string
		Data struct {
			Object struct{ ID, Description string }
		}
	}
	body, _ := io.ReadAll(q.Body)
	_ = json.Unmarshal(body, &e)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e.ID)
	r.states[e.Data.Object.ID] = append(r.states[e.Data.Object.ID], e.Data.Object.Description)
	if len(r.events) == r.want {
		close(r.full)
	}
}

// TestPeersDeliver changes customers by both processes, both of which deliver: each event arrives once, and those of a
// customer in their order.
func TestPeersDeliver(t *testing.T) {
	t.Parallel()
	s := pair(t, servertest.Timers())
	const customers, changes = 4, 6
	got := &received{states: map[string][]string{}, full: make(chan struct{}), want: customers * changes}
	endpoint := httptest.NewServer(got)
	defer endpoint.Close()
	s[0].Post("/v1/webhook_endpoints", "url", endpoint.URL, "enabled_events[]", "customer.updated").OK()
	var work sync.WaitGroup
	for range customers {
		id := s[0].Post("/v1/customers").OK().ID()
		work.Go(func() {
			for i := range changes {
				for s[i%2].Post("/v1/customers/"+id, "description", fmt.Sprint(i)).Status != http.StatusOK {
					continue // the other process was at it for too long
				}
			}
		})
	}
	work.Wait()
	<-got.full
	got.mu.Lock()
	defer got.mu.Unlock()
	seen := map[string]bool{}
	for _, id := range got.events {
		if seen[id] {
			t.Errorf("%s arrived twice", id)
		}
		seen[id] = true
	}
	for id, states := range got.states {
		for i, state := range states {
			if state != fmt.Sprint(i) {
				t.Errorf("the events of %s came in the order %q", id, states)
				break
			}
		}
	}
}
