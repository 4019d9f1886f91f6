// Package fault says what may go wrong with a request on purpose, for those who test how their program takes it.
//
// A fault is written as a list of steps, such as "500", "delay=300ms,lock_timeout" or "cut-after". The edge does what
// it says; a header or a rule of the namespace asks for it.
package fault

import (
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	"sharesmart/internal/apierr"
)

// MaxDelay is the longest delay: longer than SDKs wait for an answer (80 seconds), shorter than the server lets an
// answer take.
const MaxDelay = 90 * time.Second

// MaxText is the longest text of a fault.
const MaxText = 100

// Fault is what happens to one request, in the order of its fields. The zero Fault is none.
type Fault struct {
	Text  string // as it was written, without spaces
	Delay time.Duration
	// Cut closes the connection without an answer, and nothing is done.
	Cut bool
	// Err is answered, and nothing is done.
	Err *apierr.Error
	// Limited is the limit that Err pretends to have passed, or empty.
	Limited string
	// CutAfter does what was asked for, keeps it, and closes the connection in place of the answer.
	CutAfter bool
}

// Parse reads a fault.
func Parse(text string) (*Fault, error) {
	f := &Fault{}
	if len(text) > MaxText {
		return nil, fmt.Errorf("it is longer than %d characters", MaxText)
	}
	end := ""
	for step := range strings.SplitSeq(text, ",") {
		step = strings.TrimSpace(step)
		if f.Text != "" {
			f.Text += ","
		}
		f.Text += step
		if sent, ok := strings.CutPrefix(step, "delay="); ok {
			if err := f.setDelay(sent); err != nil {
				return nil, err
			}
			continue
		}
		if end != "" {
			return nil, fmt.Errorf("%q and %q cannot both happen", end, step)
		}
		if !f.setEnd(step) {
			return nil, fmt.Errorf("%q is none of %s, delay=300ms", step, strings.Join(names(), ", "))
		}
		end = step
	}
	return f, nil
}

func (f *Fault) setDelay(sent string) error {
	d, err := time.ParseDuration(sent)
	switch {
	case f.Delay != 0:
		return fmt.Errorf("it has two delays")
	case err != nil:
		return fmt.Errorf("%q is no duration: write 300ms or 2s", sent)
	case d <= 0 || d > MaxDelay:
		return fmt.Errorf("a delay is more than nothing and at most %s, and %s is not", MaxDelay, sent)
	}
	f.Delay = d
	return nil
}

// setEnd takes how the request ends.
func (f *Fault) setEnd(step string) bool {
	switch step {
	case "cut":
		f.Cut = true
	case "cut-after":
		f.CutAfter = true
	default:
		made, ok := failures[step]
		if !ok {
			return false
		}
		f.Err = made()
		if f.Err.Code == "rate_limit" {
			f.Limited = "global-rate"
		}
	}
	return true
}

// failures are the errors that can be asked for, by status and by code. As nothing was done and no answer is kept for
// an idempotency key, a retry finds the operation as new; all but a passed limit say so.
var failures = map[string]func() *apierr.Error{
	"500":                    func() *apierr.Error { return down(http.StatusInternalServerError, "An unknown error occurred.") },
	"502":                    func() *apierr.Error { return down(http.StatusBadGateway, "Bad gateway.") },
	"503":                    func() *apierr.Error { return down(http.StatusServiceUnavailable, "The service is not available.") },
	"504":                    func() *apierr.Error { return down(http.StatusGatewayTimeout, "The service did not answer in time.") },
	"409":                    inUse,
	"idempotency_key_in_use": inUse,
	"429":                    RateLimit,
	"rate_limit":             RateLimit,
	"lock_timeout":           locked,
}

func names() []string {
	all := []string{"cut", "cut-after"}
	for name := range failures {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

func down(status int, message string) *apierr.Error {
	return &apierr.Error{Status: status, Type: apierr.TypeAPI, Message: message, Early: true, Retry: true}
}

func inUse() *apierr.Error {
	return &apierr.Error{Status: http.StatusConflict, Type: apierr.TypeIdempotency, Code: "idempotency_key_in_use", Early: true, Retry: true,
		Message: "There is currently another in-progress request using this Idempotent Key. Please try again later."}
}

func locked() *apierr.Error {
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "lock_timeout", Early: true, Retry: true,
		Message: "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. " +
			"If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate."}
}

// RateLimit is the error of a passed limit.
func RateLimit() *apierr.Error {
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "rate_limit", Early: true,
		Message: "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits."}
}
