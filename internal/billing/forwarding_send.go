package billing

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/outbound"
	"sharesmart/internal/resource"
)

const (
	forwardTimeout = 10 * time.Second
	// maxForwarded is how large an answer may be.
	maxForwarded = 1 << 20
)

// errand is a request ready to be sent.
type errand struct {
	to      *url.URL
	headers []header
	body    string
	card    cardData
}

// forwarded is what came of it.
type forwarded struct {
	status   int
	headers  []header
	body     string
	address  string
	duration time.Duration
}

// ask sends the request and returns the recording of the answer.
func (s errand) ask(ctx context.Context, c clock.Clock) resource.Hook {
	begin := c.Now()
	answer, err := s.send(ctx)
	if err != nil {
		return func(*resource.Op) error { return s.failure(err) }
	}
	answer.duration = c.Now().Sub(begin)
	return func(op *resource.Op) error {
		op.Object.Set("request_context", newParams("destination_duration", answer.duration.Milliseconds(), "destination_ip_address", answer.address))
		details := newParams("headers", shownHeaders(answer.headers), "status", answer.status)
		details.Set("body", s.withoutCard(answer.body))
		op.Object.Set("response_details", details)
		op.Save(op.Object)
		return nil
	}
}

var errTooLarge = errors.New("the answer is too large")

func (s errand) send(ctx context.Context) (forwarded, error) {
	var out forwarded
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if host, _, err := net.SplitHostPort(i.Conn.RemoteAddr().String()); err == nil {
			out.address = host
		}
	}}
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, s.to.String(), strings.NewReader(s.body))
	if err != nil {
		return out, err
	}
	r.Header.Set("User-Agent", "ShareSmart/1.0")
	for _, h := range s.headers {
		r.Header.Set(h.name, h.value)
	}
	got, err := outbound.Policy{Loopback: true}.Client(forwardTimeout).Do(r)
	if err != nil {
		return out, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(got.Body, maxForwarded+1))
	switch {
	case err != nil:
		return out, err
	case len(body) > maxForwarded:
		return out, errTooLarge
	}
	out.status, out.body = got.StatusCode, strings.ToValidUTF8(string(body), "\uFFFD")
	for _, name := range slices.Sorted(maps.Keys(got.Header)) {
		out.headers = append(out.headers, header{name, s.withoutCard(strings.Join(got.Header[name], ", "))})
	}
	return out, nil
}

// withoutCard hides the card's number in what the destination repeats.
func (s errand) withoutCard(text string) string {
	return strings.ReplaceAll(text, s.card.number, s.card.hidden())
}

// failure is Stripe's error for a request that was not answered.
func (s errand) failure(err error) error {
	var network net.Error
	switch {
	case errors.Is(err, errTooLarge):
		return apierr.Invalid("forwarding_api_upstream_error", "", "The answer of %s is larger than %d bytes.", s.to.Host, maxForwarded)
	case errors.Is(err, outbound.ErrRefused):
		return apierr.Invalid("forwarding_api_upstream_connection_error", "url", "Requests are not forwarded to %s: its address is not a public one.", s.to.Host)
	case errors.As(err, &network) && network.Timeout():
		return apierr.Invalid("forwarding_api_upstream_connection_timeout", "", "%s did not answer within %d seconds.", s.to.Host, int(forwardTimeout.Seconds()))
	}
	return apierr.Invalid("forwarding_api_upstream_connection_error", "", "The connection to %s failed.", s.to.Host)
}
