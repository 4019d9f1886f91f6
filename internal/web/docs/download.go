package docs

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"sharesmart/internal/web/docs/reference"
)

// download serves a file that is made of the reference: once, as the largest takes a tenth of a second, and kept as it is
// sent.
func (p *Pages) download(write func(*reference.Catalog, io.Writer, string) error) http.HandlerFunc {
	file := sync.OnceValues(func() ([]byte, error) {
		var b bytes.Buffer
		zip, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is one
		err := errors.Join(write(p.catalog(), zip, p.BaseURL), zip.Close())
		return b.Bytes(), err
	})
	return func(w http.ResponseWriter, r *http.Request) {
		zipped, err := file()
		if err != nil {
			p.Log.Error("write a file of the reference", "path", r.URL.Path, "error", err)
			http.Error(w, "This did not work.", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Access-Control-Allow-Origin", "*") // tools in browsers read it
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			// A write fails when the client is gone; there is nobody left to tell. So below.
			_, _ = w.Write(zipped)
			return
		}
		if plain, err := gzip.NewReader(bytes.NewReader(zipped)); err == nil {
			_, _ = io.Copy(w, plain)
		}
	}
}
