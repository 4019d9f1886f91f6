package server

import (
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
)

// page finds what serves a path that is no API; nil if nothing does.
func (s *Server) page(r *http.Request) http.Handler {
	if s.pages == nil || strings.HasPrefix(r.URL.Path, "/v1/") || strings.HasPrefix(r.URL.Path, "/v2/") {
		return nil
	}
	h, pattern := s.pages.Handler(r)
	switch {
	case pattern != "":
		return h
	case s.Nowhere != nil && isVisit(r):
		return s.Nowhere
	}
	return nil
}

// isVisit reports whether somebody opened an address in a browser: it asks for a page first of all, and brings no key.
func isVisit(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.HasPrefix(r.Header.Get("Accept"), "text/html") && r.Header.Get("Authorization") == ""
}

// patternOf is the pattern that serves a path.
func (s *Server) patternOf(r *http.Request) string {
	_, pattern := s.pages.Handler(r)
	return pattern
}

// mux is what serves pages; nil if there are none.
func mux(pages map[string]http.Handler) *http.ServeMux {
	if len(pages) == 0 {
		return nil
	}
	m := http.NewServeMux()
	for pattern, h := range pages {
		m.Handle(pattern, h)
	}
	return m
}

// servePage serves a page. What a person sees is not in the log of requests, which is the API's. Where a page is may be
// what opens it, so a fault is logged with the pattern of its address alone.
func (s *Server) servePage(h http.Handler, w http.ResponseWriter, r *http.Request) {
	s.securePage(w.Header(), r)
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			s.Log.Error("panic", "method", r.Method, "page", s.patternOf(r), "panic", p, "stack", string(debug.Stack()))
		}
		panic(http.ErrAbortHandler)
	}()
	h.ServeHTTP(w, r)
}
