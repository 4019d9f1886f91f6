package webhook_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// Events and their deliveries leave the disk once they are past their retention, beside requests, whatever became of them;
// what is younger stays, and is delivered.
func TestForget(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		ns, err := s.Registry.Namespace(s.Account.ID, "test")
		if err != nil {
			t.Fatal(err)
		}
		r, dead := receive(t, nil), receive(t, failing(500))
		endpoint(s, r.URL)
		broken := endpoint(s, dead.URL)
		fill(t, s, 150) // more than are erased in one transaction
		run(t, s)
		s.Post("/v1/webhook_endpoints/"+broken.ID(), "disabled", "true").OK()
		s.Clock.Advance(31 * 24 * time.Hour)
		young := s.Post("/v1/customers", "name", "young").OK()
		var old []string
		for _, kind := range []string{"event", "webhook_delivery"} {
			page, err := s.Store.List(store.Query{NS: ns.NS, Kind: kind, Limit: 1000, CreatedMax: servertest.Start.Unix()})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page.Docs {
				old = append(old, d.ID)
			}
		}
		if len(old) != 150+300 {
			t.Fatalf("there are %d old documents", len(old))
		}
		var requests sync.WaitGroup
		requests.Go(func() {
			for range 20 {
				s.Post("/v1/customers", "name", "meanwhile").OK()
			}
		})
		if err := s.Engine.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		requests.Wait()
		for _, id := range old {
			if _, err := s.Store.Get(ns.NS, id); !errors.Is(err, store.ErrNotFound) {
				t.Fatalf("%s is still there: %v", id, err)
			}
		}
		r.take()
		run(t, s)
		if arrived := r.take(); len(arrived) != 21 || !slices.ContainsFunc(arrived, func(g got) bool { return g.object().ID() == young.ID() }) {
			t.Errorf("the receiver got %d events of what happened since", len(arrived))
		}
		s.Post("/v1/webhook_endpoints/"+broken.ID(), "disabled", "false").OK()
		dead.take()
		run(t, s)
		if n := len(dead.take()); n != 0 {
			t.Errorf("an endpoint that was disabled got %d events of the past", n)
		}
		if all := s.Get("/v1/events", "limit", "100", "delivery_success", "true").OK().Array("data"); len(all) != 21 {
			t.Errorf("%d events are listed: %s", len(all), all[0].(*object.Object).JSON())
		}
		problems, err := s.Store.Check(t.Context())
		if err != nil || len(problems) > 0 {
			t.Errorf("the store is not sound: %v %v", problems, err)
		}
	})
}
