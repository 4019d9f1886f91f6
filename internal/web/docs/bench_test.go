package docs_test

import (
	"net/http/httptest"
	"testing"
)

// BenchmarkFirst asks for the largest page of the reference as who opens it first.
func BenchmarkFirst(b *testing.B) {
	p := newManual(b).pages
	b.ReportAllocs()
	for b.Loop() {
		p.Forget()
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/docs/api/invoices", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		if p.ServeHTTP(w, r); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
