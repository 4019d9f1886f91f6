package server

import "sharesmart/internal/resource"

// sharedPath is where the files are that anybody may read who has their link.
const sharedPath = "/links/"

var (
	noSniff = []string{"nosniff"}
	// inert keeps scripts in what a stranger uploaded (an SVG can have some) from acting as a page of this server.
	inert = []string{"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"}
)

// sharedFile answers a file without asking for a key.
func (x *exchange) sharedFile(token string) (*resource.Answer, error) {
	a, err := x.Shared(token)
	if err != nil {
		return nil, err
	}
	h := x.w.Header()
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = inert
	return a, nil
}
