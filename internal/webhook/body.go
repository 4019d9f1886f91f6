package webhook

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"sharesmart/internal/resource"
	"sharesmart/internal/version"
)

// body is what an endpoint is sent of an event.
func (q *queue) body(ctx context.Context, e *endpoint, account string, told *resource.Told) ([]byte, error) {
	body := told.Body
	if told.Kind == kindEvent {
		body = withAccount(body, account)
	}
	if e.thin {
		return ThinBody(body)
	}
	if version.Changed(cmp.Or(e.version, versionOf(body))) {
		home := q.ns
		if ns, err := q.engine.PlaceOf(q.ns, account); account != "" && err == nil && ns != nil {
			home = ns
		}
		return version.Render(e.version, body, q.engine.Fetch(ctx, q.ns, home))
	}
	return withVersion(body, e.version), nil
}

// versionOf is the version that an event says it is in: its account's.
func versionOf(body []byte) string {
	_, rest, _ := bytes.Cut(body, []byte(versionKey))
	v, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(v)
}

// withVersion lets an event say that it is in a version in which it has the shape that it has.
func withVersion(body []byte, v string) []byte {
	before, rest, found := bytes.Cut(body, []byte(versionKey))
	_, after, _ := bytes.Cut(rest, []byte{'"'})
	if v == "" || !found {
		return body
	}
	return slices.Concat(before, []byte(versionKey+v+`"`), after)
}

const (
	eventHead  = "\"object\": \"event\",\n"
	versionKey = "\n  \"api_version\": \""
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
