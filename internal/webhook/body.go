package webhook

import (
	"bytes"

	"sharesmart/internal/resource"
)

// body is what an endpoint is sent of an event.
func (q *queue) body(e *endpoint, account string, told *resource.Told) ([]byte, error) {
	return render(e.version, withAccount(told.Body, account))
}

// render turns an event into the shape that it has in an API version.
func render(_ string, body []byte) ([]byte, error) { return body, nil }

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
