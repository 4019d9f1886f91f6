package server

import (
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
)

// page finds what serves a path that is no API; nil if nothing does.
func (s *Server) page(path string) http.Handler {
	if len(s.Pages) == 0 || strings.HasPrefix(path, "/v1/") {
		return nil
	}
	for prefix, h := range s.Pages {
		if strings.HasPrefix(path, prefix) {
			return h
		}
	}
	return nil
}

// servePage serves a page. What a person sees is not in the log of requests, which is the API's.
func (s *Server) servePage(h http.Handler, w http.ResponseWriter, r *http.Request) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			s.Log.Error("panic", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
		}
		panic(http.ErrAbortHandler)
	}()
	h.ServeHTTP(w, r)
}
