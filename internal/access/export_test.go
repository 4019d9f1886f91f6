package access

import "context"

// WriteUses writes when keys were used, without waiting for the minute to be over.
var WriteUses = func(ctx context.Context, r *Registry) error { return r.writeUses(ctx) }
