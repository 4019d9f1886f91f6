package webhook

import (
	"bytes"
	"context"

	"sharesmart/internal/resource"
	"sharesmart/internal/version"
)

// body is what an endpoint is sent of an event.
func (q *queue) body(e *endpoint, account string, told *resource.Told) ([]byte, error) {
	body := told.Body
	if told.Kind == kindEvent {
		body = withAccount(body, account)
	}
	if e.thin {
		return thinBody(body)
	}
	if !version.Changed(e.version) || e.version == "" {
		return body, nil
	}
	home := q.ns
	if ns, err := q.engine.PlaceOf(q.ns, account); account != "" && err == nil && ns != nil {
		home = ns
	}
	return version.Render(e.version, body, q.engine.Fetch(context.Background(), q.ns, home))
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
