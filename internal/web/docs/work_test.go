package docs_test

import (
	"net/http/httptest"
	"runtime"
	"testing"
)

// mostObjects is how many objects may be made to answer: ten thousand take about a millisecond.
const mostObjects = 10_000

// TestWork counts what it costs to answer, in objects that are made: a time would say more of the machine. Pages of the
// reference cost more the first time, and are then kept.
func TestWork(t *testing.T) {
	if !thorough {
		t.Skip("the race detector makes objects of its own")
	}
	p := newManual(t).pages
	get := func(path string) {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		p.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	for _, path := range []string{"/docs/search?q=index", "/docs/api/balance", "/docs/try/GetBalance"} { // what is read once, for all pages
		get(path)
	}
	for path, first := range map[string]uint64{ // how many the first time
		"/docs/api": 20_000, "/docs/api/customers": 10_000, "/docs/api/invoices": 35_000, "/docs/api/payment_intents": 35_000,
		"/docs/api/checkout/sessions/parts/create/payment_method_options": 40_000,
		"/docs": mostObjects, "/docs/errors": mostObjects, "/docs/errors/card_declined": mostObjects, "/docs/test-cards": mostObjects, "/llms-full.txt": 20_000,
		"/docs/try/PostPaymentIntents": mostObjects, "/docs/openapi.json": 150_000, "/docs/postman.json": 30_000,
		"/docs/search/hits?q=customer": mostObjects, "/docs/search?q=metadata": mostObjects,
	} {
		if n := made(func() { get(path) }); n > first {
			t.Errorf("%s makes %d objects the first time, more than %d", path, n, first)
		}
		if n := made(func() { get(path) }); n > mostObjects {
			t.Errorf("%s makes %d objects, more than %d", path, n, mostObjects)
		}
	}
	p.Forget()
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	if n := made(func() { get("/docs/api/invoices") }); n > mostObjects {
		t.Errorf("a page that is prepared makes %d objects", n)
	}
}

// made is how many objects a function makes.
func made(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
