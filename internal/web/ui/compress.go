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

// compressed is an answer that is sent as gzip as soon as it begins. What only leads elsewhere has nothing to compress.
type compressed struct {
	http.ResponseWriter
	zip   *gzip.Writer // nil until the answer begins
	begun bool
}

func (c *compressed) WriteHeader(status int) {
	if led := status >= 300 && status < 400; !c.begun && !led {
		c.zip = zips.Get().(*gzip.Writer)
		c.zip.Reset(c.ResponseWriter)
		c.Header().Set("Content-Encoding", "gzip")
	}
	c.begun = true
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressed) Write(p []byte) (int, error) {
	if !c.begun {
		c.WriteHeader(http.StatusOK)
	}
	if c.zip == nil {
		return c.ResponseWriter.Write(p)
	}
	return c.zip.Write(p)
}

func (c *compressed) end() {
	if c.zip == nil {
		return
	}
	// A write fails when the client is gone; there is nobody left to tell.
	_ = c.zip.Close()
	zips.Put(c.zip)
}

// Compress makes what is written to w leave as gzip, if the client takes that. end ends it, and must be called. Markup
// becomes a sixth at the lowest level, which costs some milliseconds for each megabyte.
//
// A page that has a secret beside what its address says is not for this: the size of the answer would tell of both (BREACH).
func Compress(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, end func()) {
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return w, func() {}
	}
	c := &compressed{ResponseWriter: w}
	return c, c.end
}
