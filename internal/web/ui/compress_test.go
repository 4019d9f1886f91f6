package ui_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/web/ui"
)

func TestCompress(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("<p>a page</p>", 100)
	for _, c := range []struct {
		name, accept, encoding string
		serve                  func(http.ResponseWriter)
	}{
		{"a page", "br, gzip", "gzip", func(w http.ResponseWriter) { _, _ = w.Write([]byte(page)) }},
		{"a page in parts", "gzip", "gzip", func(w http.ResponseWriter) {
			_, _ = w.Write([]byte(page[:7]))
			_, _ = w.Write([]byte(page[7:]))
		}},
		{"an error", "gzip", "gzip", func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(page))
		}},
		{"a client that takes none", "", "", func(w http.ResponseWriter) { _, _ = w.Write([]byte(page)) }},
		{"what leads elsewhere", "gzip", "", func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusSeeOther)
			_, _ = w.Write([]byte(page))
		}},
	} {
		rec, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w, end := ui.Compress(rec, r)
		c.serve(w)
		end()
		got := rec.Header().Get("Content-Encoding")
		if got != c.encoding || rec.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s is sent as %q: %v", c.name, got, rec.Header())
		}
		body := io.Reader(rec.Body)
		if got == "gzip" {
			zip, err := gzip.NewReader(rec.Body)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			body = zip
		}
		if text, err := io.ReadAll(body); string(text) != page || err != nil {
			t.Errorf("%s arrives as %q, %v", c.name, text, err)
		}
	}
}
