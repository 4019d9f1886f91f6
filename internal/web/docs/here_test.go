package docs

import (
	"net/url"
	"testing"
)

// The server is named wherever it is, and what runs on the reader's own machine stays there.
func TestHere(t *testing.T) {
	t.Parallel()
	const text = "curl https://localhost:8443/v1; { host: 'localhost', port: 8443 }; listen --forward-to localhost:3000/webhook; http://localhost:12111"
	for base, want := range map[string]string{
		"https://docs.example":       "curl https://docs.example/v1; { host: 'docs.example', port: 443 }; listen --forward-to localhost:3000/webhook; http://localhost:12111",
		"https://docs.example:9443":  "curl https://docs.example:9443/v1; { host: 'docs.example', port: 9443 }; listen --forward-to localhost:3000/webhook; http://localhost:12111",
		"https://[2001:db8::1]:8443": "curl https://[2001:db8::1]:8443/v1; { host: '2001:db8::1', port: 8443 }; listen --forward-to localhost:3000/webhook; http://localhost:12111",
	} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		if got := hereAt(u).Replace(text); got != want {
			t.Errorf("at %s:\n%s\nwant\n%s", base, got, want)
		}
	}
}
