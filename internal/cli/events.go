package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

// event is what is told of one.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Account string `json:"account"`
	Data    struct {
		Object struct {
			ID     string `json:"id"`
			Object string `json:"object"`
		} `json:"object"`
	} `json:"data"`
}

// events lists the newest ones.
func (a *app) events() *cobra.Command {
	c := &cobra.Command{
		Use: "events", Short: "List the newest events; 'sharesmart listen' follows them", Args: cobra.ArbitraryArgs,
		Example: "  sharesmart events --type invoice.paid\n  sharesmart events retrieve evt_123",
	}
	limit := c.Flags().Int("limit", 20, "how `many`, up to 100")
	kind := c.Flags().String("type", "", "only those of a `type`, as invoice.paid or invoice.*")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknown(c, args)
		}
		params := []pair{{"limit", strconv.Itoa(*limit)}}
		if *kind != "" {
			params = append(params, pair{"type", *kind})
		}
		return a.listEvents(c.Context(), params)
	}
	return c
}

func (a *app) listEvents(ctx context.Context, params []pair) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	var rows [][]string
	err = c.list(ctx, "/v1/events", params, func(item json.RawMessage) error {
		var e event
		if err := json.Unmarshal(item, &e); err != nil {
			return err
		}
		if a.settings.json {
			return a.line(item)
		}
		rows = append(rows, []string{a.Stdout.Dim(local(e.Created)), a.Stdout.Bold(e.Type), e.ID, a.Stdout.Dim(e.Data.Object.ID)})
		return nil
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 && !a.settings.json {
		a.Stdout.Line("There are no events yet. 'sharesmart trigger customer.created' causes one.")
	}
	a.Stdout.Table(rows)
	return nil
}

// line prints JSON on one line.
func (a *app) line(body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err == nil {
		_, err = fmt.Fprintf(a.Stdout, "%s\n", text)
	}
	return err
}

// local is a time as the user's clock has it.
func local(unix int64) string { return time.Unix(unix, 0).Format(time.DateTime) }
