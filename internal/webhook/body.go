package webhook

import (
	"bytes"
	"context"

	"sharesmart/internal/resource"
	"sharesmart/internal/version"
)

// body is what an endpoint is sent of an event: in its own API version, or else in the one in which the event happened.
func (q *queue) body(ctx context.Context, e *endpoint, account string, told *resource.Told) ([]byte, error) {
	place := q.ns
	if account != "" {
		ns, err := q.engine.PlaceOf(q.ns, account)
		if err != nil {
			return nil, err
		}
		if ns != nil {
			place = ns
		}
	}
	return version.Render(e.version, withAccount(told.Body, account), q.engine.Fetch(ctx, q.ns, place))
}

const (
	eventHead  = "\"object\": \"event\",\n"
	accountKey = "  \"account\": \""
)

// withAccount says whose event it is. One that the account itself caused does not tell that by itself.
func withAccount(body []byte, account string) []byte {
	i := bytes.Index(body, []byte(eventHead)) + len(eventHead)
	if account == "" || bytes.HasPrefix(body[i:], []byte(accountKey)) {
		return body
	}
	out := make([]byte, 0, len(body)+len(accountKey)+len(account)+3)
	out = append(append(out, body[:i]...), accountKey...)
	out = append(append(out, account...), "\",\n"...)
	return append(out, body[i:]...)
}
