package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The page of a source's redirect: who has its client secret may agree or refuse, once.

// DescribeSource finds a source that waits for its holder.
func DescribeSource(op *resource.Op, id, clientSecret string) (*object.Object, error) {
	src, err := op.Find("source", id)
	if err != nil {
		return nil, err
	}
	if src == nil || !sameSecret(src.String("client_secret"), clientSecret) || src.String("status") != "pending" || src.Object("redirect") == nil {
		return nil, apierr.Missing("source", id, "source")
	}
	return src, nil
}

// SourceReturnURL is where the holder comes back to.
func SourceReturnURL(_ *resource.Op, src *object.Object) (string, error) {
	return src.Object("redirect").String("return_url"), nil
}

// AuthenticateSource does what the holder did.
func AuthenticateSource(op *resource.Op, id, clientSecret, outcome string) (*object.Object, error) {
	src, err := DescribeSource(op, id, clientSecret)
	if err != nil {
		return nil, err
	}
	return src, settleSource(op, src, outcome == Authenticated)
}
