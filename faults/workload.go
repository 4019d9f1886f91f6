//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// workers send requests at the same time.
	workers = 12
	// registers are the objects that all workers read and write.
	registers = 6
	// patience is how long a client waits for an answer.
	patience = 30 * time.Second
)

// workload is what clients do to a server, and what they know of it. It goes on over many servers' lives.
type workload struct {
	chance    *rand.Rand // of the run; each worker has its own
	history   *history
	registers []string
	client    *http.Client
	values    atomic.Int64 // the last one that was written

	mu        sync.Mutex
	creations map[string]*creation // by idempotency key
	written   map[string]bool      // values: whether the write was acknowledged
	counts    counts
}

// counts are requests by what became of them.
type counts struct{ sent, done, refused, unknown int }

// creation is an object that was asked for with an idempotency key.
type creation struct {
	path, form string
	id         string // empty while nothing has said that it was created
}

func newWorkload(seed uint64) *workload {
	return &workload{
		chance: rand.New(rand.NewPCG(seed, 0)), history: newHistory(), creations: map[string]*creation{}, written: map[string]bool{},
		client: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * workers}},
	}
}

// prepare makes the objects that all write to.
func (w *workload) prepare(ctx context.Context, url string) error {
	for len(w.registers) < registers {
		a, err := call(ctx, w.client, http.MethodPost, url+"/v1/customers", "", "name=register")
		if err != nil {
			return err
		}
		id, err := a.id()
		if err != nil {
			return err
		}
		w.registers = append(w.registers, id)
	}
	return nil
}

// id is the id of the object that was answered.
func (a answer) id() (string, error) {
	var o struct{ ID string }
	if err := json.Unmarshal(a.body, &o); err != nil || a.status != http.StatusOK || o.ID == "" {
		return "", fmt.Errorf("answer %d: %s", a.status, a.body)
	}
	return o.ID, nil
}

// run has the workers work until ctx is done or more returns false, and waits for all.
func (w *workload) run(ctx context.Context, urls []string, more func() bool) {
	var all sync.WaitGroup
	for n := range workers {
		seed := w.chance.Uint64()
		all.Go(func() {
			chance := rand.New(rand.NewPCG(seed, uint64(n)))
			for ctx.Err() == nil && more() {
				w.one(ctx, urls[chance.IntN(len(urls))], n, chance)
			}
		})
	}
	all.Wait()
	w.client.CloseIdleConnections()
}

// one sends one request, or the same one twice.
func (w *workload) one(ctx context.Context, url string, worker int, chance *rand.Rand) {
	switch chance.IntN(10) {
	case 0, 1, 2, 3:
		w.read(ctx, url, worker, w.registers[chance.IntN(registers)])
	case 4, 5, 6:
		w.write(ctx, url, worker, w.registers[chance.IntN(registers)])
	default:
		w.create(ctx, url, chance)
	}
}

// read reports whether it was answered.
func (w *workload) read(ctx context.Context, url string, worker int, id string) bool {
	from := w.history.now()
	a, err := call(ctx, w.client, http.MethodGet, url+"/v1/customers/"+id, "", "")
	w.count(a, err)
	if err != nil || a.status != http.StatusOK {
		return false
	}
	var o struct{ Metadata struct{ N string } }
	if err := json.Unmarshal(a.body, &o); err != nil {
		o.Metadata.N = "unreadable: " + err.Error()
	}
	w.history.note(id, worker, deed{}, o.Metadata.N, from)
	return true
}

func (w *workload) write(ctx context.Context, url string, worker int, id string) {
	value := fmt.Sprint(w.values.Add(1))
	from := w.history.now()
	a, err := call(ctx, w.client, http.MethodPost, url+"/v1/customers/"+id, "", "metadata[n]="+value)
	unknown := w.count(a, err)
	if !unknown && a.status != http.StatusOK {
		return // refused, and nothing was done
	}
	w.history.note(id, worker, deed{write: true, value: value, maybe: unknown}, "", from)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written[value] = !unknown
}

// create asks for a new object; one time in four two clients ask for the same one at once.
func (w *workload) create(ctx context.Context, url string, chance *rand.Rand) {
	key := fmt.Sprintf("key-%d", w.values.Add(1))
	c := &creation{path: "/v1/customers", form: "metadata[key]=" + key}
	if chance.IntN(4) == 0 {
		c.path = "/v1/payment_intents"
		c.form += "&amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card"
	}
	w.mu.Lock()
	w.creations[key] = c
	w.mu.Unlock()
	var both sync.WaitGroup
	for range 1 + chance.IntN(4)/3 {
		both.Go(func() { w.ask(ctx, url, key, c) })
	}
	both.Wait()
}

// ask asks once for an object, whether it was asked for before or not.
func (w *workload) ask(ctx context.Context, url, key string, c *creation) {
	a, err := call(ctx, w.client, http.MethodPost, url+c.path, key, c.form)
	w.count(a, err)
	if err != nil || a.status != http.StatusOK {
		return
	}
	id, err := a.id()
	if err != nil {
		id = err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch c.id {
	case "", id:
		c.id = id
	default:
		c.id = fmt.Sprintf("two answers for one key: %s, %s", c.id, id)
	}
}

// count counts a request by what became of it and reports whether nobody knows. One whose connection is refused was not sent.
func (w *workload) count(a answer, err error) (unknown bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.sent++
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		w.counts.refused++
	case err != nil || a.status >= 500:
		w.counts.unknown++
		return true
	case a.status == http.StatusOK:
		w.counts.done++
	default:
		w.counts.refused++
	}
	return false
}

// errUnsettled says that a server that is well does not do what was asked for before.
var errUnsettled = errors.New("a request that was not answered is not answered the second time either")

// settle asks again for what was not answered. The server must be well.
func (w *workload) settle(ctx context.Context, url string) error {
	w.history.close()
	for _, id := range w.registers {
		if !w.read(ctx, url, workers, id) {
			return fmt.Errorf("a server that is well does not read %s", id)
		}
	}
	w.mu.Lock()
	open := map[string]*creation{}
	for key, c := range w.creations {
		if c.id == "" {
			open[key] = c
		}
	}
	w.mu.Unlock()
	for key, c := range open {
		if w.ask(ctx, url, key, c); c.id == "" {
			return fmt.Errorf("%w: %s with key %s", errUnsettled, c.path, key)
		}
	}
	return nil
}
