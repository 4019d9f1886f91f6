package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	// resendOperation answers before what it does is done.
	resendOperation = "PostWebhookEndpointsWebhookEndpointResend"
	// resendPoll is how often the server is asked how far it is.
	resendPoll = 500 * time.Millisecond
)

// followResend shows how far the sending of events again has come, until all are on their way or the user has seen enough,
// which stops nothing.
func (a *app) followResend(ctx context.Context, endpoint string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	for {
		got, err := c.do(ctx, &call{method: http.MethodGet, path: "/v1/webhook_endpoints/" + url.PathEscape(endpoint)})
		if err != nil {
			return err
		}
		var e struct {
			Resend struct {
				Found  *int
				Queued int
				Status string
			}
		}
		if err := json.Unmarshal(got.body, &e); err != nil {
			return fmt.Errorf("read the answer: %w", err)
		}
		r, line := e.Resend, "looking for the events"
		if r.Found != nil {
			line = fmt.Sprintf("%d of %d events are on their way", r.Queued, *r.Found)
		}
		over := r.Status != "running"
		a.Stdout.Progress(line, over)
		if over {
			return nil
		}
		if err := wait(ctx, resendPoll); err != nil {
			return err
		}
	}
}
