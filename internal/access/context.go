package access

import "context"

type grantKey struct{}

// WithGrant lets a request that is made inside this process act with a grant, without a key: one of somebody who is signed
// in to the Dashboard. The grant needs a Key, whose ID stands in the log.
func WithGrant(ctx context.Context, g *Grant) context.Context {
	return context.WithValue(ctx, grantKey{}, g)
}

// GrantOf is the grant of a context; nil if it has none.
func GrantOf(ctx context.Context) *Grant {
	g, _ := ctx.Value(grantKey{}).(*Grant)
	return g
}
