package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// logs follows requests.
func (a *app) logs() *cobra.Command {
	c := &cobra.Command{Use: "logs", Short: "Follow requests as they are answered", RunE: unknown, Args: cobra.ArbitraryArgs}
	tail := &cobra.Command{
		Use: "tail", Short: "Follow requests as they are answered", Args: cobra.NoArgs,
		Example: "  sharesmart logs tail --filter-status-code-type 4XX,5XX",
	}
	filters := map[string]*[]string{}
	for _, f := range []struct{ name, text string }{
		{"account", "`ids` of connected accounts"}, {"http-method", "`methods`: GET, POST, DELETE"}, {"ip-address", "`addresses` of clients"},
		{"request-path", "`paths`, as /v1/customers"}, {"request-status", "`outcomes`: SUCCEEDED, FAILED"}, {"source", "`sources`: API, DASHBOARD"},
		{"status-code", "`codes`, as 402"}, {"status-code-type", "`classes`: 2XX, 4XX, 5XX"},
	} {
		filters["filter_"+strings.ReplaceAll(f.name, "-", "_")] = tail.Flags().StringSlice("filter-"+f.name, nil, "only these "+f.text)
	}
	tail.RunE = func(c *cobra.Command, _ []string) error {
		said := map[string][]string{}
		for name, values := range filters {
			for _, v := range *values {
				if name == "filter_status_code_type" {
					v = strings.Replace(strings.ToUpper(v), "XX", "00", 1)
				}
				said[name] = append(said[name], v)
			}
		}
		return a.tail(c.Context(), said)
	}
	c.AddCommand(tail)
	return c
}

func (a *app) tail(ctx context.Context, filters map[string][]string) error {
	text, err := json.Marshal(filters)
	if err != nil {
		return err
	}
	params := []pair{{"websocket_features[]", "request_logs"}, {"filters", string(text)}}
	ready := func(*following) {
		if !a.settings.json {
			a.Stdout.Line("Ready. Requests are shown as they are answered (Ctrl-C ends this)")
		}
	}
	return a.follow(ctx, params, ready, a.hearRequest, func() error { return nil })
}

// hearRequest shows a request.
func (a *app) hearRequest(m *told) error {
	if m.Type != "request_log_event" {
		return nil
	}
	if a.settings.json {
		return a.line([]byte(m.Payload))
	}
	var r struct {
		Created   int64  `json:"created_at"`
		Method    string `json:"method"`
		RequestID string `json:"request_id"`
		Status    int    `json:"status"`
		URL       string `json:"url"`
		Error     *struct{ Type, Code, Message, Param string }
	}
	if err := json.Unmarshal([]byte(m.Payload), &r); err != nil {
		return fmt.Errorf("read a request: %w", err)
	}
	a.Stdout.Line("%s [%s] %s %s %s", a.Stdout.Dim(local(r.Created)), a.status(r.Status, strconv.Itoa(r.Status)), r.Method, r.URL, a.Stdout.Dim(r.RequestID))
	if r.Error != nil {
		a.Stdout.Line("  %s %s %s", a.Stdout.Warn(r.Error.Code), r.Error.Message, a.Stdout.Dim(r.Error.Param))
	}
	return nil
}
