package live

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/store"
)

// sessionsOperation begins sessions.
const sessionsOperation = "PostStripecliSessions"

// requestMessage tells of a request. Its payload is JSON in JSON.
type requestMessage struct {
	Type    string `json:"type"` // request_log_event
	Payload string `json:"event_payload"`
	ID      string `json:"request_log_id"`
}

// requestPayload is what is told of a request.
type requestPayload struct {
	CreatedAt int64         `json:"created_at"`
	Livemode  bool          `json:"livemode"`
	Method    string        `json:"method"`
	RequestID string        `json:"request_id"`
	Status    int           `json:"status"`
	URL       string        `json:"url"`
	Error     *requestError `json:"error,omitempty"`
}

// requestError is what is told of an error.
type requestError struct {
	Type        string `json:"type"`
	Charge      string `json:"charge,omitempty"`
	Code        string `json:"code,omitempty"`
	DeclineCode string `json:"decline_code,omitempty"`
	Message     string `json:"message,omitempty"`
	Param       string `json:"param,omitempty"`
}

func (f *follower) sendRequest(ctx context.Context, e *store.LogEntry, ns *access.Namespace) error {
	p := requestPayload{
		CreatedAt: time.UnixMicro(e.Time).Unix(), Livemode: ns.Live, Method: e.Method, RequestID: e.ID, Status: e.Status, URL: e.Path,
	}
	if e.Status >= http.StatusBadRequest {
		var answer struct{ Error *requestError }
		if json.Unmarshal([]byte(e.Answer), &answer) == nil {
			p.Error = answer.Error
		}
	}
	payload, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return f.send(ctx, requestMessage{Type: "request_log_event", Payload: string(payload), ID: e.ID})
}

// filters say which requests somebody wants to be told of. An empty list takes all.
type filters struct {
	Accounts  []string `json:"filter_account"`
	Addresses []string `json:"filter_ip_address"`
	Methods   []string `json:"filter_http_method"`
	Paths     []string `json:"filter_request_path"`
	Outcomes  []string `json:"filter_request_status"` // SUCCEEDED, FAILED
	Sources   []string `json:"filter_source"`         // API, DASHBOARD
	Statuses  []string `json:"filter_status_code"`
	Classes   []string `json:"filter_status_code_type"` // 200, 400, 500
}

func parseFilters(text json.RawMessage) (*filters, error) {
	f := &filters{}
	if len(text) == 0 {
		return f, nil
	}
	return f, json.Unmarshal(text, f)
}

// take reports whether a request fits. Those that begin a session never do.
func (f *filters) take(e *store.LogEntry, ns *access.Namespace) bool {
	if e.Operation == sessionsOperation {
		return false
	}
	outcome := "SUCCEEDED"
	if e.Status >= http.StatusBadRequest {
		outcome = "FAILED"
	}
	return has(f.Accounts, ns.Account) && has(f.Addresses, e.IP) && has(f.Methods, e.Method) && has(f.Paths, e.Path) && has(f.Outcomes, outcome) &&
		has(f.Sources, "API") && has(f.Statuses, strconv.Itoa(e.Status)) && has(f.Classes, strconv.Itoa(e.Status/100*100))
}

func has(list []string, value string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(v string) bool { return strings.EqualFold(v, value) })
}

// requestRoom is how many requests are held for somebody who is slow. What comes after them is lost to him.
const requestRoom = 1024

// tailers are those who follow requests.
type tailers struct {
	size atomic.Int32
	mu   sync.Mutex
	all  map[chan *store.LogEntry]func(store.NS) bool
}

// follow begins to tell of the requests of namespaces that fit.
func (t *tailers) follow(fits func(store.NS) bool) chan *store.LogEntry {
	c := make(chan *store.LogEntry, requestRoom)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[chan *store.LogEntry]func(store.NS) bool{}
	}
	t.all[c] = fits
	t.size.Add(1)
	return c
}

func (t *tailers) leave(c chan *store.LogEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, c)
	t.size.Add(-1)
}

func (t *tailers) tell(e store.LogEntry) {
	if t.size.Load() == 0 {
		return
	}
	entry := e // on the heap, which the parameter need not be
	t.mu.Lock()
	defer t.mu.Unlock()
	for c, fits := range t.all {
		if !fits(e.NS) {
			continue
		}
		select {
		case c <- &entry:
		default:
		}
	}
}
