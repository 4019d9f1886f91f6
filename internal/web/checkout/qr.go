package checkout

import (
	"fmt"
	"net/http"
	"strings"

	"rsc.io/qr"
)

// Some methods are paid with a phone: next_action has the address of the challenge as a picture that a phone can read.
// The picture is made of its own address, so nothing is looked up for it.

// The ends of the addresses of pictures, after the attempt.
const (
	pngSuffix = "/qr.png"
	svgSuffix = "/qr.svg"
)

// isPicture reports whether a picture is asked for.
func isPicture(path string) bool {
	return strings.HasSuffix(path, pngSuffix) || strings.HasSuffix(path, svgSuffix)
}

// picture answers the code of the page to whose address the picture's own belongs.
func picture(w http.ResponseWriter, r *http.Request) {
	path, png := strings.CutSuffix(r.URL.Path, pngSuffix)
	path = strings.TrimSuffix(path, svgSuffix)
	scheme := "https://"
	if r.TLS == nil {
		scheme = "http://"
	}
	code, err := qr.Encode(scheme+r.Host+path+"?"+r.URL.RawQuery, qr.M)
	switch {
	case err != nil: // the address is longer than a code can hold
		http.Error(w, "The address is too long.", http.StatusRequestURITooLong)
	case png:
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(code.PNG())
	default:
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte(svg(code)))
	}
}

// quiet is the margin that readers need, in modules.
const quiet = 4

// svg draws a code, one path for all that is black.
func svg(code *qr.Code) string {
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	size := code.Size + 2*quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="%s"/></svg>`,
		size, size, size, size, path.String())
}
