package server_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// writer is a ResponseWriter that costs next to nothing.
type writer struct{ header http.Header }

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(p []byte) (int, error) { return len(p), nil }
func (w *writer) WriteHeader(int)             {}

// request returns a request as net/http hands it to a handler.
func request(method, path, key string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("User-Agent", "benchmark")
	return r
}

// TestGetIsLean bounds what the edge and the engine allocate for a plain GET, beside what net/http does.
func TestGetIsLean(t *testing.T) {
	if os.Getenv(servertest.EngineVariable) != "" {
		t.Skip("the bound is that of SQLite, where a read asks nobody")
	}
	s := servertest.New(t)
	r := request(http.MethodGet, "/v1/customers/"+s.Post("/v1/customers").OK().ID(), s.Key)
	w := &writer{http.Header{}}
	n := testing.AllocsPerRun(200, func() {
		clear(w.header)
		s.Handler.ServeHTTP(w, r)
	})
	if n > 12 {
		t.Errorf("a GET costs %.0f allocations, want at most 12", n)
	}
}

func BenchmarkGet(b *testing.B) {
	s := servertest.New(b, servertest.WallClock())
	r := request(http.MethodGet, "/v1/customers/"+s.Post("/v1/customers").OK().ID(), s.Key)
	b.ReportAllocs()
	for b.Loop() {
		s.Handler.ServeHTTP(&writer{make(http.Header)}, r)
	}
}

// BenchmarkHTTP sends GETs over one connection, with all that net/http does. Bare is what net/http costs by itself.
func BenchmarkHTTP(b *testing.B) {
	s := servertest.New(b, servertest.WallClock())
	path := "/v1/customers/" + s.Post("/v1/customers").OK().ID()
	body := s.Get(path).Body
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	defer bare.Close()
	for _, server := range []struct{ name, url string }{{"bare", bare.URL}, {"get", s.URL}} {
		b.Run(server.name, func(b *testing.B) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(server.url, "http://"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			request := []byte("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + s.Key + "\r\n\r\n")
			answer := make([]byte, 64<<10)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := conn.Write(request); err != nil {
					b.Fatal(err)
				}
				if n, err := conn.Read(answer); err != nil || !bytes.HasPrefix(answer[:n], []byte("HTTP/1.1 200")) {
					b.Fatalf("%v: %s", err, answer[:n])
				}
			}
		})
	}
}

func BenchmarkList(b *testing.B) {
	object.Strict = false
	s := servertest.New(b, servertest.WallClock())
	for range 10 {
		s.Post("/v1/customers").OK()
	}
	r := request(http.MethodGet, "/v1/customers", s.Key)
	b.ReportAllocs()
	for b.Loop() {
		s.Handler.ServeHTTP(&writer{make(http.Header)}, r)
	}
}

// BenchmarkPost compares what a payment costs with a plain create. Fields are not checked, as they are not in a server.
func BenchmarkPost(b *testing.B) {
	for _, post := range []struct{ name, path, form string }{
		{"create", "/v1/customers", "name=Jenny&email=jenny%40example.com"},
		{"pay", "/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true&payment_method_types[]=card"},
	} {
		b.Run(post.name, func(b *testing.B) {
			object.Strict = false
			s := servertest.New(b, servertest.WallClock())
			b.ReportAllocs()
			for b.Loop() {
				sendForm(b, s, post.path, post.form)
			}
		})
	}
}

// BenchmarkSettle settles a thousand charges in each round.
func BenchmarkSettle(b *testing.B) {
	object.Strict = false
	s := servertest.New(b)
	b.ReportAllocs()
	for range b.N {
		b.StopTimer()
		for range 1000 {
			sendForm(b, s, "/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true&payment_method_types[]=card")
		}
		s.Clock.Advance(time.Second)
		b.StartTimer()
		if err := s.Engine.RunDue(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// sendForm sends a form to the handler.
func sendForm(b *testing.B, s *servertest.Server, path, form string) {
	b.Helper()
	r := request(http.MethodPost, path, s.Key)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(form)), int64(len(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if s.Handler.ServeHTTP(w, r); w.Code != http.StatusOK {
		b.Fatalf("%s answered %d: %s", path, w.Code, w.Body)
	}
}
