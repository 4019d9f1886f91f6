package try

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"
	"sharesmart/internal/web/ui"
)

// Call is a call of an operation, as a reader wrote it.
type Call struct {
	Operation      *spec.Operation
	Path           []string // what is in the place of its path's parameters
	Form           []string // names and values in turn
	IdempotencyKey string
}

// Answer is what came of it.
type Answer struct {
	Status    int
	Header    http.Header
	Body      []byte
	Took      time.Duration
	RequestID string
}

// longestAnswer bounds what is held of an answer that is shown.
const longestAnswer = 1 << 20

// Send makes a call in a sandbox, by way of the whole server: it is authenticated, limited and logged as any other.
// The address is whose browser it comes from.
func (s *Sandboxes) Send(ctx context.Context, api http.Handler, sandbox *Sandbox, c *Call, address string) (*Answer, error) {
	r, err := c.request(ctx, sandbox.Secret)
	if err != nil {
		return nil, err
	}
	r.RemoteAddr = address
	w := ui.NewRecorder(longestAnswer)
	start := s.Clock.Now()
	api.ServeHTTP(w, r)
	return &Answer{Status: w.Status, Header: w.Header(), Body: w.Body(), Took: s.Clock.Now().Sub(start), RequestID: w.Header().Get("Request-Id")}, nil
}

// Address is the path of the call, with what is in the place of its parameters.
func (c *Call) Address() string {
	path := c.Operation.Path
	for i, name := range c.Operation.PathParams {
		path = strings.Replace(path, "{"+name+"}", url.PathEscape(c.Path[i]), 1)
	}
	return path
}

func (c *Call) request(ctx context.Context, key string) (*http.Request, error) {
	target, body, contentType := sample.Request(c.Operation, c.Address(), c.Form)
	r, err := http.NewRequestWithContext(ctx, c.Operation.Method, "https://localhost"+target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("User-Agent", "ShareSmart documentation")
	if c.Operation.Method == http.MethodPost {
		r.Header.Set("Content-Type", contentType)
		if c.IdempotencyKey != "" {
			r.Header.Set("Idempotency-Key", c.IdempotencyKey)
		}
	}
	return r, nil
}
