package ui

import (
	"bytes"
	"net/http"
)

// Recorder keeps the answer of a handler that a page asks, instead of sending it.
type Recorder struct {
	Status int
	most   int
	header http.Header
	body   bytes.Buffer
}

// NewRecorder returns one that holds on to so many bytes of the body.
func NewRecorder(most int) *Recorder {
	return &Recorder{Status: http.StatusOK, most: most, header: http.Header{}}
}

// Header are the answer's headers.
func (w *Recorder) Header() http.Header { return w.header }

// WriteHeader takes the status.
func (w *Recorder) WriteHeader(status int) { w.Status = status }

// Write takes a part of the body.
func (w *Recorder) Write(p []byte) (int, error) {
	w.body.Write(p[:min(len(p), w.most-w.body.Len())])
	return len(p), nil
}

// Body is what was kept of the body.
func (w *Recorder) Body() []byte { return w.body.Bytes() }
