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
	for {
		if err := copyNew(context.WithoutCancel(ctx), s, log); err != nil && ctx.Err() == nil {
			log.Error("the audit log was not copied", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// copyNew writes the entries behind the mark, and moves it.
func copyNew(ctx context.Context, s store.Store, log *slog.Logger) error {
	for {
		n, _, err := Head(s)
		if err != nil {
			return err
		}
		var m mark
		if _, err := control.Load(s, markID, &m); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if m.N >= n {
			return nil
		}
		if err := s.Update(ctx, func(tx store.Tx) error { return copyBatch(tx, log) }); err != nil {
			return err
		}
	}
}

func copyBatch(tx store.Tx, log *slog.Logger) error {
	var m mark
	d, err := control.Load(tx, markID, &m)
	if errors.Is(err, store.ErrNotFound) {
		d, err = store.Doc{ID: markID, Kind: kindMark}, nil
	}
	if err != nil {
		return err
	}
	var next []Entry // the newest first; of many, the oldest are kept
	err = control.Each(tx, store.Query{Kind: kindEntry}, func(d store.Doc) error {
		var e Entry
		if err := control.Decode(d, &e); err != nil {
			return err
		}
		if e.N <= m.N {
			return errCopied
		}
		next = append(next, e)
		return nil
	})
	if err != nil && !errors.Is(err, errCopied) {
		return err
	}
	next = next[max(0, len(next)-copyAtMost):]
	if len(next) == 0 {
		return nil // another process was faster
	}
	for _, e := range slices.Backward(next) {
		e.write(log)
	}
	return control.Put(tx, &d, mark{next[0].N}, next[0].Time)
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
