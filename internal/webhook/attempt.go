package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sharesmart/internal/object"
	"sharesmart/internal/outbound"
	"sharesmart/internal/resource"
)

const (
	// shownHead is how much of an answer is kept, in bytes.
	shownHead = 1 << 10
	// readMost is how much of an answer is read, so that its connection can serve another request.
	readMost = 64 << 10
)

// attempt is one request and what came of it.
type attempt struct {
	at       time.Time
	duration time.Duration
	status   int
	response string
	err      string
	trigger  string
}

func (a *attempt) object() *object.Object {
	o := object.Of("at", a.at.Unix(), "duration", a.duration.Milliseconds())
	o.Set("error", nil)
	o.Set("response", nil)
	o.Set("status", nil)
	if a.err != "" {
		o.Set("error", a.err)
	}
	if a.status != 0 {
		o.Set("status", a.status)
		o.Set("response", a.response)
	}
	o.Set("trigger", a.trigger)
	return o
}

func (a *attempt) succeeded() bool { return a.err == "" }

// try makes the attempt, or the two that chaos makes of it.
func (o *outcome) try(ctx context.Context, q *queue) {
	if o.item.fate.dropped {
		o.attempts = []attempt{{at: q.Clock.Now(), err: "Dropped on purpose, as the endpoint's chaos says.", trigger: triggerChaos}}
		return
	}
	if err := o.item.fate.wait(ctx); err != nil {
		o.cut = true
		return
	}
	told, err := q.tell(o.item)
	switch {
	case err != nil:
		o.attempts = []attempt{{at: q.Clock.Now(), err: "The event could not be read.", trigger: triggerAutomatic}}
		q.Log.Error("an event could not be read", "event", o.item.event, "error", err)
		return
	case told == nil:
		o.status = canceled
		return
	}
	o.sequence = told.Sequence
	trigger := triggerAutomatic
	if o.item.manual {
		trigger = triggerManual
	}
	for {
		a := q.post(ctx, o, told, trigger)
		if ctx.Err() != nil && !a.succeeded() {
			o.cut = true // it was cut off, which says nothing of the endpoint
			return
		}
		o.attempts = append(o.attempts, a)
		if !o.item.fate.twice || !a.succeeded() || len(o.attempts) > 1 {
			return
		}
		trigger = triggerChaos
	}
}

// tell reads the event of a delivery; nil if it is gone.
func (q *queue) tell(it *item) (*resource.Told, error) {
	if it.account != "" {
		ns, err := q.engine.PlaceOf(q.ns, it.account)
		if err != nil {
			return nil, err
		}
		if ns != nil {
			if told, err := q.engine.Tell(ns, it.event); told != nil || err != nil {
				return told, err
			}
		}
	}
	return q.engine.Tell(q.ns, it.event) // also what happens to a connected account's own object
}

// post sends the event once.
func (q *queue) post(ctx context.Context, o *outcome, told *resource.Told, trigger string) attempt {
	a := attempt{at: q.Clock.Now(), trigger: trigger}
	body, err := q.body(ctx, o.endpoint, o.item.account, told)
	if err != nil {
		a.err = "The event could not be rendered: " + err.Error()
		return a
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.endpoint.url, bytes.NewReader(body))
	if err != nil {
		a.err = "The address cannot be asked: " + err.Error()
		return a
	}
	r.Header = http.Header{
		"Content-Type":        {"application/json; charset=utf-8"},
		"User-Agent":          {"Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
		"Accept":              {"*/*"},
		"Cache-Control":       {"no-cache"},
		"Stripe-Signature":    {Signature(a.at.Unix(), body, o.endpoint.secretsAt(a.at.Unix())...)},
		"Sharesmart-Sequence": {strconv.FormatInt(told.Sequence, 10)},
	}
	got, err := q.client().Do(r)
	if err != nil {
		a.err = explain(err)
	} else {
		defer func() { _ = got.Body.Close() }()
		a.take(got)
	}
	a.duration = q.Clock.Now().Sub(a.at)
	return a
}

func (q *queue) client() *http.Client {
	if q.ns.Live {
		return q.live
	}
	return q.test
}

// take reads the answer.
func (a *attempt) take(got *http.Response) {
	head, err := io.ReadAll(io.LimitReader(got.Body, readMost))
	if a.status = got.StatusCode; err != nil && a.status/100 == 2 {
		a.err = explain(err)
		return
	}
	a.response = headOf(head)
	switch {
	case a.status/100 == 2:
	case a.status/100 == 3:
		a.err = fmt.Sprintf("It redirected to %s. Redirects are not followed: give the endpoint its final address.", got.Header.Get("Location"))
	case a.status == http.StatusGone:
		a.err = "It answered 410 Gone, so the endpoint was disabled."
	default:
		a.err = fmt.Sprintf("It answered %d and not 2xx.", a.status)
	}
}

// headOf is the beginning of an answer, as text.
func headOf(body []byte) string {
	if len(body) > shownHead {
		body = body[:shownHead]
		for len(body) > 0 && !utf8.Valid(body[max(0, len(body)-utf8.UTFMax):]) && len(body) > shownHead-utf8.UTFMax {
			body = body[:len(body)-1]
		}
	}
	return strings.ToValidUTF8(string(body), "\uFFFD")
}

// explain says why there was no answer.
func explain(err error) string {
	var network net.Error
	var name *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, outbound.ErrRefused):
		return "Nothing was sent: " + reasonOf(err) + ". Whoever runs the server can allow it with --webhook-allow."
	case errors.As(err, &name):
		return fmt.Sprintf("The name %s could not be resolved.", name.Name)
	case errors.As(err, &network) && network.Timeout():
		return "It did not answer in time."
	case errors.As(err, &op) && op.Op == "dial":
		return "No connection could be made: " + op.Err.Error() + "."
	}
	return "The connection failed: " + innermost(err).Error() + "."
}

func reasonOf(err error) string {
	var refusal *outbound.Refusal
	if errors.As(err, &refusal) {
		return fmt.Sprintf("%s is not a public address", refusal.Address)
	}
	return err.Error()
}

func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
