package access

import (
	"context"
	"time"

	"sharesmart/internal/store"
)

// KeepSandbox lets a sandbox live until a time instead of as long as was said before; for good, if it is zero.
func (r *Registry) KeepSandbox(ctx context.Context, id string, until time.Time) error {
	return r.store.Update(ctx, func(tx store.Tx) error {
		s, d, err := loadSandbox(tx, id)
		if err != nil {
			return err
		}
		s.Expires = 0
		if !until.IsZero() {
			s.Expires = until.Unix()
		}
		d.Refs = s.refs()
		if err := r.put(tx, &d, s); err != nil {
			return err
		}
		return tx.SetTimer(store.Timer{NS: store.Control, Due: s.Expires, Kind: SandboxTimer, ID: id})
	})
}
