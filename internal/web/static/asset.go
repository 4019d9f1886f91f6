package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
)

// Asset is a style or a script, under a name that changes with its content, so that it can be kept for ever.
type Asset struct {
	Path, contentType, text string
	zipped                  func() []byte
}

// NewAsset names a text that is served below a path. ending is that of its name.
func NewAsset(below, ending, contentType, text string) Asset {
	sum := sha256.Sum256([]byte(text))
	return Asset{below + hex.EncodeToString(sum[:6]) + ending, contentType, text, sync.OnceValue(func() []byte { return zip(text) })}
}

// zip makes a text a fifth of what it is, which takes a few milliseconds for the largest.
func zip(text string) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one, and a buffer takes all
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}

// ServeHTTP answers the text, as gzip where the client takes that.
func (a Asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := []byte(a.text)
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped()
	}
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(body)
}
