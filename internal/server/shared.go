package server

import "sharesmart/internal/resource"

// sharedPath is where the files are that anybody may read who has their link.
const sharedPath = "/links/"

// inert keeps scripts in what a stranger uploaded (an SVG can have some) from acting as a page of this server.
var inert = []string{"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"}

// sharedFile answers a file without asking for a key.
func (x *exchange) sharedFile(token string) (*resource.Answer, error) {
	a, err := x.Shared(token)
	if err != nil {
		return nil, err
	}
	x.w.Header()["Content-Security-Policy"] = inert
	return a, nil
}
