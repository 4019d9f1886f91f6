package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// BenchmarkDeliver is how long a delivery takes, of many that are pending, with the receiver in the same process.
func BenchmarkDeliver(b *testing.B) {
	s := servertest.New(b, servertest.OnDisk())
	var n atomic.Int64
	r := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { n.Add(1) }))
	b.Cleanup(r.Close)
	s.Post("/v1/webhook_endpoints", "url", r.URL, "enabled_events[]", "*").OK()
	fill(b, s, b.N)
	b.ResetTimer()
	if err := s.Engine.RunDue(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	if n.Load() != int64(b.N) {
		b.Fatalf("%d arrived, want %d", n.Load(), b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

// fill makes customers, many at a time, and so an event each.
func fill(b testing.TB, s *servertest.Server, n int) {
	b.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		b.Fatal(err)
	}
	for made := 0; made < n; made += 100 {
		if _, err := s.Engine.Call(b.Context(), ns, func(op *resource.Op) (err error) {
			for i := range min(100, n-made) {
				if op.Object, err = op.Create("customer", object.Of("name", strconv.Itoa(made+i))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCreate is what an endpoint costs those who create objects: nothing while no endpoint wants the event, and a
// delivery each where one does.
func BenchmarkCreate(b *testing.B) {
	for _, c := range []struct{ name, wants string }{{"without", ""}, {"unwanted", "invoice.paid"}, {"wanted", "*"}} {
		b.Run(c.name, func(b *testing.B) {
			s := servertest.New(b, servertest.OnDisk())
			if c.wants != "" {
				s.Post("/v1/webhook_endpoints", "url", "https://example.com", "enabled_events[]", c.wants).OK()
			}
			ns, err := s.Registry.Namespace(s.Account.ID, "test")
			if err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := s.Engine.Do(b.Context(), ns, "POST /v1/customers", url.Values{"name": {"Jenny"}}); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
