package docs

import (
	"html"
	"net/http"
	"regexp"
	"strings"

	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/try"
)

// Samples carry the key of the reader's own sandbox once there is one. It is shown masked until one is at the code: whoever
// looks over a shoulder shall not have it.

var blocks = regexp.MustCompile(`(?s)<pre[ >].*?</pre>`)

// keyWriter puts a reader's key into the code of a page.
type keyWriter struct {
	http.ResponseWriter
	key string // as markup
}

// Write puts it in. A page is written at once.
func (w keyWriter) Write(page []byte) (int, error) {
	_, err := w.ResponseWriter.Write(blocks.ReplaceAllFunc(page, func(block []byte) []byte {
		return []byte(strings.ReplaceAll(string(block), reference.SampleKey, w.key))
	}))
	return len(page), err
}

// keyed is where a page for a reader with a sandbox is written to.
func keyed(w http.ResponseWriter, s *try.Sandbox) http.ResponseWriter {
	if s == nil {
		return w
	}
	key := html.EscapeString(s.Secret)
	masked := s.Key.Prefix + "••••" + s.Key.Last4
	return keyWriter{w, `<span class="key"><span class="key-masked">` + masked + `</span><span class="key-full">` + key + `</span></span>`}
}

// sandbox is the reader's; nil for none. It is looked for once.
func (v *visit) sandbox() (*try.Sandbox, error) {
	if v.reader != nil {
		return v.reader, nil
	}
	found, err := v.Sandboxes.Of(v.r)
	v.reader = found
	return found, err
}
