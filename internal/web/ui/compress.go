package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"
)

// zips are writers that are free: each has a megabyte of tables.
var zips = sync.Pool{New: func() any {
	zip, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one
	return zip
}}

// compressed is an answer that is sent as gzip.
type compressed struct {
	http.ResponseWriter
	zip *gzip.Writer
}

func (c *compressed) Write(p []byte) (int, error) { return c.zip.Write(p) }

// Compress makes what is written to w leave as gzip, if the client takes that. done ends it, and must be called. Markup
// becomes a tenth at the lowest level, which costs some milliseconds for each megabyte.
func Compress(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, done func() error) {
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return w, func() error { return nil }
	}
	w.Header().Set("Content-Encoding", "gzip")
	zip := zips.Get().(*gzip.Writer)
	zip.Reset(w)
	return &compressed{w, zip}, func() error {
		defer zips.Put(zip)
		return zip.Close()
	}
}
