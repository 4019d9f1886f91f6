package audit

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// kindMark is of how far the log was copied, which stays when the server starts anew.
const (
	kindMark = "audit_copied"
	markID   = "audit_copied"
)

const (
	// copyEvery is how often it is looked for new entries, and copyAtMost how many are written at once.
	copyEvery  = time.Second
	copyAtMost = 1000
)

type mark struct {
	N int64 `json:"n"`
}

// Follow writes each entry to a server's log as well, which goes where the database does not, until the context ends. Of several
// processes one writes it. An entry may come twice if the server is killed, and never not at all: N tells.
func Follow(ctx context.Context, s store.Store, log *slog.Logger) {
	tick := time.NewTicker(copyEvery)
	defer tick.Stop()
	failing := false
	for {
		err := copyNew(ctx, s, log)
		if err != nil && !failing && ctx.Err() == nil {
			log.Error("the audit log is not copied for now", "error", err)
		}
		failing = err != nil
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// copyNew writes the entries behind the mark, and moves it.
func copyNew(ctx context.Context, s store.Store, log *slog.Logger) error {
	n, _, err := Head(s)
	if err != nil {
		return err
	}
	m, _, err := loadMark(s)
	if err != nil || m.N >= n {
		return err
	}
	next, err := entriesAfter(s, m.N)
	for len(next) > 0 && err == nil {
		batch := next[:min(len(next), copyAtMost)]
		next = next[len(batch):]
		err = s.Update(ctx, func(tx store.Tx) error { return copyBatch(tx, log, batch) })
	}
	return err
}

func loadMark(from store.Reader) (m mark, d store.Doc, err error) {
	d, err = control.Load(from, markID, &m)
	if errors.Is(err, store.ErrNotFound) {
		return m, store.Doc{ID: markID, Kind: kindMark}, nil
	}
	return m, d, err
}

// entriesAfter are the entries after the one with a number, the oldest first.
func entriesAfter(from store.Reader, n int64) (next []Entry, err error) {
	err = control.Each(from, store.Query{Kind: kindEntry}, func(d store.Doc) error {
		var e Entry
		if err := control.Decode(d, &e); err != nil {
			return err
		}
		if e.N <= n {
			return errCopied
		}
		next = append(next, e)
		return nil
	})
	if errors.Is(err, errCopied) {
		err = nil
	}
	slices.Reverse(next)
	return next, err
}

// copyBatch writes entries that are still to be copied: another process may have been faster.
func copyBatch(tx store.Tx, log *slog.Logger, batch []Entry) error {
	m, d, err := loadMark(tx)
	if err != nil || m.N != batch[0].N-1 {
		return err
	}
	for _, e := range batch {
		e.write(log)
	}
	last := batch[len(batch)-1]
	return control.Put(tx, &d, mark{last.N}, last.Time)
}

// errCopied ends a walk over the log.
var errCopied = errors.New("audit: the rest was copied")

// write writes an entry to a server's log.
func (e *Entry) write(log *slog.Logger) {
	details := make([]any, 0, len(e.Details))
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		details = append(details, slog.String(name, e.Details[name]))
	}
	log.Info("audit", "n", e.N, "id", e.ID, "at", time.Unix(e.Time, 0).UTC(), "action", e.Action, "account", e.Account, "env", e.Env, "subject", e.Subject,
		slog.Group("actor", "kind", e.Actor.Kind, "id", e.Actor.ID, "name", e.Actor.Name, "ip", e.Actor.IP), slog.Group("details", details...), "hash", e.Hash)
}
