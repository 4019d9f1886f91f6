// Package hooks takes what processors tell of their own accord, at an address that everybody can reach. Who speaks is
// known by the signature alone, and what is said is not believed: it only says what to look at.
package hooks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

// Prefix is what the addresses begin with; the account follows, or nothing for the one that the server is for.
const Prefix = "/hooks/stripe"

// mostBody is larger than any event.
const mostBody = 1 << 20

// Options are what the page is made of.
type Options struct {
	Engine *resource.Engine
	Log    *slog.Logger
	// Namespace is the live mode of an account; the empty account is the one that the server is for.
	Namespace func(ctx context.Context, account string) (*access.Namespace, error)
	// Noticed lets be looked at what a notice is about.
	Noticed func(ctx context.Context, e *resource.Engine, ns *access.Namespace, n processor.Notice) error
}

// Hooks is the page.
type Hooks struct{ Options }

// New returns the page.
func New(o Options) *Hooks { return &Hooks{o} }

// ServeHTTP takes one notice. A 2xx means that what it is about will be looked at, also after a crash.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Webhooks are sent by POST.", http.StatusMethodNotAllowed)
		return
	}
	account := strings.Trim(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	ns, err := h.Namespace(r.Context(), account)
	if errors.Is(err, store.ErrNotFound) || err == nil && h.Engine.Processor(ns) == nil {
		http.Error(w, "No processor is set up here.", http.StatusNotFound)
		return
	}
	if err != nil {
		h.fail(w, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, "The body could not be read.", http.StatusBadRequest)
		return
	}
	n, err := h.Engine.Processor(ns).Notice(body, r.Header)
	if err != nil {
		h.Log.Warn("a webhook of the processor was refused", "account", ns.Account, "error", err)
		http.Error(w, "The signature is not right, or too old.", http.StatusBadRequest)
		return
	}
	if err := h.Noticed(r.Context(), h.Engine, ns, n); err != nil {
		h.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Hooks) fail(w http.ResponseWriter, err error) {
	if !errors.Is(err, context.Canceled) {
		h.Log.Error("a webhook of the processor was not taken", "error", err)
	}
	http.Error(w, "This did not work. Send it again.", http.StatusInternalServerError)
}
