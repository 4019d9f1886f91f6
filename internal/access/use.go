package access

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// When a key was used last is noted when its grant is read anew, which happens at least once in each second in which it is
// used, and costs requests nothing otherwise. It is written once a minute.

const (
	kindUse     = "api_key_use"
	writesUses  = time.Minute
	maxUnwriten = 10_000
)

// Unversioned are the kinds of which nobody asks for old versions (store.Options).
var Unversioned = []string{kindUse}

type useDoc struct {
	Last int64 `json:"last"` // unix seconds
}

func useID(key string) string { return "use:" + key }

// used notes that a key is used.
func (r *Registry) used(key string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.uses) < maxUnwriten {
		r.uses[key] = now.Unix()
	}
}

// lastUse is when a key was used last; 0 is never.
func (r *Registry) lastUse(key string) (int64, error) {
	r.mu.RLock()
	last := r.uses[key]
	r.mu.RUnlock()
	if last != 0 {
		return last, nil
	}
	var u useDoc
	_, err := control.Load(r.store, useID(key), &u)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return u.Last, err
}

// RunUses writes when keys were used, until the context ends.
func (r *Registry) RunUses(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(writesUses)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		if err := r.writeUses(context.WithoutCancel(ctx)); err != nil {
			failed(err)
		}
	}
}

func (r *Registry) writeUses(ctx context.Context) error {
	r.mu.Lock()
	uses := r.uses
	r.uses = map[string]int64{}
	r.mu.Unlock()
	if len(uses) == 0 {
		return nil
	}
	return r.store.Update(ctx, func(tx store.Tx) error {
		for key, last := range uses {
			var u useDoc
			d, err := control.Load(tx, useID(key), &u)
			if errors.Is(err, store.ErrNotFound) {
				d, err = store.Doc{ID: useID(key), Kind: kindUse}, nil
			}
			if err != nil {
				return err
			}
			if err := r.put(tx, &d, useDoc{max(last, u.Last)}); err != nil {
				return err
			}
		}
		return nil
	})
}
