// Package transfer carries what an account has from one server to another: it reads by the API, page by page, and leaves
// the writing to whoever asked. It reads Stripe as well as a server of this kind, with nothing but a key that may read.
package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
)

const (
	// pageSize is the most that a list gives at once.
	pageSize = 100
	// tries is how often a page is asked for that did not come, and pause how long the second try waits; each further one
	// waits twice as long.
	tries = 5
	pause = time.Second
	// mostPage is larger than any page.
	mostPage = 64 << 20
)

// Source is a server that is read.
type Source struct {
	URL  string
	Key  string
	HTTP *http.Client
	// Clock says until when use is read, of what is billed by it.
	Clock clock.Clock
}

// Refusal is what the source says to a question that it does not answer. It never has the key in it.
type Refusal struct {
	Status  int
	Message string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d: %s", r.Status, r.Message) }

// Each calls fn for every object of a list, in the list's order: path may have a query.
func (s *Source) Each(ctx context.Context, path string, fn func(doc json.RawMessage) error) error {
	return s.EachAfter(ctx, path, "", fn)
}

// EachAfter is Each for the objects after the one with an id.
func (s *Source) EachAfter(ctx context.Context, path, after string, fn func(doc json.RawMessage) error) error {
	for {
		var page struct {
			Data    []json.RawMessage
			HasMore bool `json:"has_more"`
		}
		if err := s.get(ctx, withPage(path, after), &page); err != nil {
			return err
		}
		for _, doc := range page.Data {
			if err := fn(doc); err != nil {
				return err
			}
		}
		if !page.HasMore || len(page.Data) == 0 {
			return nil
		}
		var last struct{ ID string }
		if err := json.Unmarshal(page.Data[len(page.Data)-1], &last); err != nil || last.ID == "" {
			return fmt.Errorf("%s: the last object of a page has no id", path)
		}
		after = last.ID
	}
}

func withPage(path, after string) string {
	more := url.Values{"limit": {fmt.Sprint(pageSize)}}
	if after != "" {
		more.Set("starting_after", after)
	}
	if strings.Contains(path, "?") {
		return path + "&" + more.Encode()
	}
	return path + "?" + more.Encode()
}

// get reads one page, again where the source is busy.
func (s *Source) get(ctx context.Context, path string, into any) (err error) {
	for i := range tries {
		if i > 0 {
			select {
			case <-time.After(pause << (i - 1)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err = s.once(ctx, path, into)
		var refused *Refusal
		if err == nil || errors.As(err, &refused) && refused.Status != http.StatusTooManyRequests && refused.Status < http.StatusInternalServerError {
			return err
		}
	}
	return err
}

func (s *Source) once(ctx context.Context, path string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(s.URL, "/")+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.Key)
	r.Header.Set("Stripe-Version", spec.Version)
	answer, err := s.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostPage))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if answer.StatusCode != http.StatusOK {
		var said struct{ Error struct{ Message string } }
		_ = json.Unmarshal(body, &said) // what is no JSON says nothing
		return &Refusal{answer.StatusCode, strings.ReplaceAll(said.Error.Message, s.Key, "the key")}
	}
	return json.Unmarshal(body, into)
}
