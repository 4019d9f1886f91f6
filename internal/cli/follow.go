package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"
)

// following is a session by which the server tells of events or requests.
type following struct {
	ID     string `json:"websocket_id"`
	URL    string `json:"websocket_url"`
	Secret string `json:"secret"`
}

// told is one thing that the server tells of.
type told struct {
	Type     string            `json:"type"`
	Payload  string            `json:"event_payload"`
	Headers  map[string]string `json:"http_headers"`
	Endpoint struct {
		APIVersion *string `json:"api_version"`
	} `json:"endpoint"`
	Thin string `json:"payload"` // of a thin event
}

const (
	// maxTold is the longest message: an event holds an object, which can be long.
	maxTold = 32 << 20
	// reconnectTime is how long to wait before the server is tried again.
	reconnectTime = time.Second
)

// follow hears what the server tells until the user has enough. It connects again when the connection breaks; back is
// called then, to make up for what was missed.
func (a *app) follow(ctx context.Context, params []pair, ready func(*following), hear func(*told) error, back func() error) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	device, _, err := a.value("device-name")
	if err != nil {
		return err
	}
	if device != "" {
		params = append(params, pair{"device_name", device})
	}
	for first := true; ; first = false {
		f, conn, err := c.follow(ctx, params)
		if err == nil {
			if first {
				ready(f)
			} else if err = back(); err == nil {
				a.note("Connected again.")
			}
			if err == nil {
				err = listenTo(ctx, conn, hear)
			}
			_ = conn.CloseNow()
		}
		var refused *apiError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case first && conn == nil, errors.As(err, &refused) && refused.status < http.StatusInternalServerError:
			return err
		case conn != nil:
			a.note("The connection is lost; trying again.")
		}
		if err := wait(ctx, reconnectTime); err != nil {
			return err
		}
	}
}

// note says something that is no result.
func (a *app) note(text string) { _, _ = fmt.Fprintln(a.Stderr, text) }

// follow begins a session and connects.
func (c *client) follow(ctx context.Context, params []pair) (*following, *websocket.Conn, error) {
	got, err := c.do(ctx, &call{method: http.MethodPost, path: "/v1/stripecli/sessions", params: params})
	if err != nil {
		return nil, nil, err
	}
	f := &following{}
	if err := json.Unmarshal(got.body, f); err != nil {
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	}
	told, err := url.Parse(f.URL)
	if err != nil {
		return nil, nil, fmt.Errorf("the server's websocket is %q: %w", f.URL, err)
	}
	// The server is where it was found already, whatever it believes to be called.
	target := *c.base
	target.Path = told.Path
	conn, _, err := websocket.Dial(ctx, target.String(), &websocket.DialOptions{HTTPClient: c.http, HTTPHeader: http.Header{"Websocket-Id": {f.ID}}}) //nolint:bodyclose // the library says that nobody need close it
	if err != nil {
		return nil, nil, fmt.Errorf("follow the server: %w", err)
	}
	conn.SetReadLimit(maxTold)
	return f, conn, nil
}

// listenTo hears messages until the connection ends.
func listenTo(ctx context.Context, conn *websocket.Conn, hear func(*told) error) error {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		m := &told{}
		if err := json.Unmarshal(data, m); err != nil {
			return fmt.Errorf("read what the server tells: %w", err)
		}
		if err := hear(m); err != nil {
			return err
		}
	}
}
