package billing_test

import (
	"sync"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// benchClients ask at once, as many as make bench has.
const benchClients = 16

// each runs fn n times, by all clients.
func each(n int, fn func(i int)) {
	var clients sync.WaitGroup
	for c := range benchClients {
		clients.Go(func() {
			for i := c; i < n; i += benchClients {
				fn(i)
			}
		})
	}
	clients.Wait()
}

// onDisk is a server with a monthly price.
func onDisk(b *testing.B) (s *servertest.Server, price string) {
	b.Helper()
	s = servertest.New(b, servertest.OnDisk())
	s.Post("/v1/products", "id", "gold", "name", "Gold").OK()
	return s, s.Post("/v1/prices", form("product=gold currency=usd unit_amount=1000 recurring[interval]=month")...).OK().ID()
}

// settle does what has become due, such as the settlements of charges.
func settle(b *testing.B, s *servertest.Server) {
	b.Helper()
	s.Clock.Advance(time.Minute)
	if err := s.Engine.RunDue(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSubscribe makes subscriptions of customers with a card. Its time is that of all clients together.
func BenchmarkSubscribe(b *testing.B) {
	s, price := onDisk(b)
	customers := make([]string, b.N)
	each(b.N, func(i int) { customers[i] = withCard(s) })
	b.ReportAllocs()
	b.ResetTimer()
	each(b.N, func(i int) {
		s.Post("/v1/subscriptions", form("customer="+customers[i]+" items[0][price]="+price)...).OK()
	})
}

// BenchmarkRenewal advances a clock with subscriptions by a month: each is told of, turned, invoiced, finalized and paid.
func BenchmarkRenewal(b *testing.B) {
	s, price := onDisk(b)
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", unixText(clockStart)).OK().ID()
	each(b.N, func(int) {
		customer := withCard(s, "test_clock", clock)
		s.Post("/v1/subscriptions", form("customer="+customer+" items[0][price]="+price)...).OK()
	})
	settle(b, s)
	b.ReportAllocs()
	b.ResetTimer()
	s.Post("/v1/test_helpers/test_clocks/"+clock+"/advance?wait", "frozen_time", unixText(clockStart.AddDate(0, 1, 0))).OK()
}
