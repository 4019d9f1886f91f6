// Package try owns the sandboxes in which readers of the documentation try its calls: one for each browser, known by a
// cookie that holds the sandbox's own test key. So nothing of a reader is kept but the sandbox, and nobody has another's
// without its key, which cannot be guessed.
//
// A sandbox is made at the first call, holds the objects that the samples name, and is deleted when nobody has used it
// for a day.
package try

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/web/ui"
)

// Cookie holds the key of a reader's sandbox.
const Cookie = "__Host-sandbox"

// The limits of readers who have no account here.
const (
	Idle        = 24 * time.Hour // after which a sandbox is deleted
	MadePerDay  = 20             // sandboxes of one address on the network in a day
	CallsAtOnce = 60             // calls of one sandbox, and of one address, in a minute
	Most        = 500            // sandboxes at a time
)

const purpose = "documentation" // what a reader's sandbox is called in its metadata

// Why a call is not made.
var (
	ErrNotAllowed = errors.New("try: whoever asks may not have a sandbox")
	ErrTooMany    = errors.New("try: too many at once from there")
	ErrFull       = errors.New("try: there are as many sandboxes as there may be")
)

// Options are what sandboxes are made with.
type Options struct {
	Registry *access.Registry
	Clock    clock.Clock
	// Account is whose sandbox somebody may have; empty for nobody's.
	Account func(*http.Request) string
	// Seed puts in what the samples name.
	Seed func(context.Context, *access.Namespace) error
}

// Sandboxes are the sandboxes of all readers.
type Sandboxes struct {
	Options
	making sync.Mutex // so that there are never more than may be
	made   *ratelimit.Limiter
	calls  *ratelimit.Limiter
}

// Sandbox is a reader's.
type Sandbox struct {
	*access.Sandbox
	*access.Grant
	Secret string // its test key
}

// New returns the sandboxes.
func New(o Options) *Sandboxes {
	return &Sandboxes{Options: o, made: ratelimit.New(o.Clock, MadePerDay, 24*time.Hour), calls: ratelimit.New(o.Clock, CallsAtOnce, time.Minute)}
}

// May reports whether whoever sends a request may have a sandbox.
func (s *Sandboxes) May(r *http.Request) bool { return s.Account(r) != "" }

// Of is the sandbox of whoever sends a request; nil if they have none. A key in the cookie that opens anything else, or
// a sandbox of an account that they are not signed in to any more, is as good as none.
func (s *Sandboxes) Of(r *http.Request) (*Sandbox, error) {
	key, account := ui.Cookie(r, Cookie), s.Account(r)
	if key == "" || account == "" {
		return nil, nil
	}
	grant, err := s.Registry.Authenticate(key)
	if apierr.As(err) != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !grant.Namespace.IsSandbox() || grant.Namespace.Account != account || grant.Key.Kind != access.SecretKey {
		return nil, nil
	}
	sandbox, err := s.Registry.Sandbox(grant.Namespace.Env)
	if apierr.As(err) != nil {
		return nil, nil
	}
	if err != nil || sandbox.Metadata["purpose"] != purpose {
		return nil, err
	}
	return &Sandbox{sandbox, grant, key}, nil
}

// Use is the sandbox for a call that is about to be made. It makes one for who has none, and gives it another day.
func (s *Sandboxes) Use(w http.ResponseWriter, r *http.Request) (*Sandbox, error) {
	if !s.May(r) {
		return nil, ErrNotAllowed
	}
	if !s.calls.Allow(r) {
		return nil, ErrTooMany
	}
	have, err := s.Of(r)
	if err != nil {
		return nil, err
	}
	if have == nil {
		return s.make(w, r)
	}
	if !s.calls.AllowKey(have.ID) {
		return nil, ErrTooMany
	}
	// A write for each call would be one too many: an hour more or less does not matter.
	if now := s.Clock.Now(); have.Expires < now.Add(Idle-time.Hour).Unix() {
		return have, s.Registry.KeepSandbox(r.Context(), have.ID, now.Add(Idle))
	}
	return have, nil
}

func (s *Sandboxes) make(w http.ResponseWriter, r *http.Request) (*Sandbox, error) {
	if !s.made.Allow(r) {
		return nil, ErrTooMany
	}
	s.making.Lock()
	defer s.making.Unlock()
	account := s.Account(r)
	switch full, err := s.full(r.Context(), account); {
	case err != nil:
		return nil, err
	case full:
		return nil, ErrFull
	}
	made, err := s.Registry.CreateSandbox(r.Context(), access.SandboxSpec{
		Account: account, Name: "Documentation", TTL: Idle, Metadata: map[string]string{"purpose": purpose},
	})
	if err != nil {
		return nil, fmt.Errorf("make a reader's sandbox: %w", err)
	}
	grant, err := s.Registry.Authenticate(made.SecretKey)
	if err != nil {
		return nil, err
	}
	if err := s.Seed(r.Context(), grant.Namespace); err != nil {
		return nil, fmt.Errorf("fill a reader's sandbox: %w", err)
	}
	ui.SetCookie(w, Cookie, made.SecretKey, int((30 * 24 * time.Hour).Seconds()))
	return &Sandbox{made.Sandbox, grant, made.SecretKey}, nil
}

// full reports whether an account has all the sandboxes of readers that it may have.
func (s *Sandboxes) full(ctx context.Context, account string) (bool, error) {
	all, err := s.Registry.ListSandboxes(ctx, account)
	readers := 0
	for _, sandbox := range all {
		if sandbox.Metadata["purpose"] == purpose {
			readers++
		}
	}
	return readers >= Most, err
}

// StartOver empties the sandbox of whoever asks, and puts in again what the samples name. Its key stays.
func (s *Sandboxes) StartOver(w http.ResponseWriter, r *http.Request) error {
	sandbox, err := s.Use(w, r)
	if err != nil {
		return err
	}
	if _, err := s.Registry.ResetSandbox(r.Context(), sandbox.ID); err != nil {
		return err
	}
	grant, err := s.Registry.Authenticate(sandbox.Secret)
	if err != nil {
		return err
	}
	return s.Seed(r.Context(), grant.Namespace)
}
