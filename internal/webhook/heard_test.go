package webhook_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, s *servertest.Server)) {
	t.Helper()
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgres": {servertest.Shared()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, servertest.New(t, options...))
		})
	}
}

// moody fails for what is named so.
func moody(w http.ResponseWriter, g got) {
	if strings.HasPrefix(g.object().String("name"), "bad") {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// heard lists the names of what events announce, by whether they arrived, in pages of two.
func heard(s *servertest.Server, success string, more ...string) (names []string) {
	query := append([]string{"delivery_success", success}, more...)
	if !slices.Contains(more, "limit") {
		query = append(query, "limit", "2")
	}
	for after := ""; ; {
		page := s.Get("/v1/events", append(slices.Clone(query), form("starting_after", after)...)...).OK()
		for _, v := range page.Array("data") {
			event := v.(*object.Object)
			names = append(names, event.Object("data").Object("object").String("name"))
			after = event.ID()
		}
		if !page.Bool("has_more") {
			return names
		}
	}
}

func form(name, value string) []string {
	if value == "" {
		return nil
	}
	return []string{name, value}
}

// Events are listed by whether all endpoints got them, whatever came first, and as things stand.
func TestDeliverySuccess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		want := func(what, success string, names ...string) {
			t.Helper()
			if got := heard(s, success); !slices.Equal(got, names) {
				t.Errorf("%s, delivery_success=%s lists %q, want %q", what, success, got, names)
			}
		}
		s.Post("/v1/products", "name", "nobody").OK()
		r := receive(t, moody)
		first := endpoint(s, r.URL)
		s.Post("/v1/customers", "name", "good").OK()
		s.Post("/v1/customers", "name", "bad").OK()
		want("before anything was sent", "false", "bad", "good")
		want("before anything was sent", "true", "nobody")
		run(t, s)
		want("once it was sent", "false", "bad")
		want("once it was sent", "true", "good", "nobody")
		s.Clock.Advance(time.Minute)
		s.Post("/v1/customers", "name", "worse").OK()
		s.Clock.Advance(time.Minute)
		late := endpoint(s, r.URL)
		good := s.Get("/v1/events", "delivery_success", "true", "limit", "1", "type", "customer.created").OK().Array("data")[0].(*object.Object)
		s.Post("/v1/events/"+good.ID()+"/retry", "webhook_endpoint", late.ID()).OK()
		want("sent again, to another", "false", "worse", "bad", "good")
		run(t, s)
		want("arrived again", "true", "worse", "good", "nobody")
		for range 3 {
			s.Clock.Advance(time.Hour)
			run(t, s)
		}
		if d := deliveries(s, "status", "failed"); len(d) != 1 {
			t.Fatalf("%d deliveries failed", len(d))
		}
		want("given up", "false", "bad")
		r.become(nil)
		s.Post("/v1/events/" + deliveries(s, "status", "failed")[0].String("event") + "/retry").OK()
		run(t, s)
		want("arrived at last", "false")
		s.Post("/v1/customers", "name", "orphan").OK()
		s.Delete("/v1/webhook_endpoints/" + first.ID()).OK()
		s.Delete("/v1/webhook_endpoints/" + late.ID()).OK()
		run(t, s)
		want("nobody waits for what goes nowhere", "true", "orphan", "worse", "bad", "good", "nobody")
	})
}

// Those of a connected account wait for its platform's endpoints as well as for its own.
func TestDeliverySuccessOfConnected(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		r := receive(t, failing(500))
		account := s.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
		endpoint(s, r.URL, "connect", "true")
		as := http.Header{"Stripe-Account": {account}}
		s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: as}).OK()
		for success, n := range map[string]int{"true": 0, "false": 1} {
			page := s.Do(servertest.Request{Path: "/v1/events", Form: []string{"delivery_success", success, "type", "customer.*"}, Header: as}).OK()
			if got := len(page.Array("data")); got != n {
				t.Errorf("delivery_success=%s lists %d events, want %d", success, got, n)
			}
		}
	})
}

// Pages of both kinds, in both directions, with and without other filters, are cut from the same lists as all events are.
func TestDeliverySuccessPages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		endpoint(s, receive(t, moody).URL)
		all := map[string][]string{}
		for i := range 60 {
			name := "good"
			if i*i%7 < 3 || i/20 == 1 { // a stretch of nothing else, too
				name = "bad"
			}
			path, kind := "/v1/customers", "customer.created"
			if i%3 == 0 {
				path, kind = "/v1/products", "product.created"
			}
			s.Post(path, "name", name+strconv.Itoa(i)).OK()
			success := strconv.FormatBool(name == "good")
			for _, list := range []string{success, success + " " + kind} {
				all[list] = append([]string{name + strconv.Itoa(i)}, all[list]...)
			}
			if i%7 == 0 {
				s.Clock.Advance(time.Second)
			}
		}
		tryAll(t, s)
		for _, success := range []string{"true", "false"} {
			for _, kind := range []string{"", "customer.created", "product.created"} {
				list := strings.TrimSpace(success + " " + kind)
				if diff := cmp.Diff(all[list], heard(s, success, form("type", kind)...)); diff != "" {
					t.Errorf("%s, forward (-want +got):\n%s", list, diff)
				}
				if diff := cmp.Diff(all[list], backward(s, success, kind)); diff != "" {
					t.Errorf("%s, backward (-want +got):\n%s", list, diff)
				}
			}
		}
	})
}

// tryAll runs until each delivery was tried: an endpoint at which many in a row fail gets a pause, and which are in a row is up
// to how soon they are answered.
func tryAll(t *testing.T, s *servertest.Server) {
	t.Helper()
	for range 100 {
		run(t, s)
		if !slices.ContainsFunc(deliveries(s), func(d *object.Object) bool { return len(d.Array("attempts")) == 0 }) {
			return
		}
		s.Clock.Advance(time.Minute)
	}
	t.Fatal("some deliveries are never tried")
}

// backward lists as heard does, from the oldest on.
func backward(s *servertest.Server, success, kind string) (names []string) {
	oldest := s.Get("/v1/events", append([]string{"limit", "100", "delivery_success", success}, form("type", kind)...)...).OK().Array("data")
	last := oldest[len(oldest)-1].(*object.Object)
	names = []string{last.Object("data").Object("object").String("name")}
	for before := last.ID(); ; {
		page := s.Get("/v1/events", append([]string{"limit", "2", "delivery_success", success, "ending_before", before}, form("type", kind)...)...).OK()
		var some []string
		for i, v := range page.Array("data") {
			event := v.(*object.Object)
			some = append(some, event.Object("data").Object("object").String("name"))
			if i == 0 {
				before = event.ID()
			}
		}
		names = append(some, names...)
		if !page.Bool("has_more") {
			return names
		}
	}
}

// More at a time than are read at once are listed all the same, each once and in their order.
func TestDeliverySuccessOfManyAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *servertest.Server) {
		endpoint(s, receive(t, func(w http.ResponseWriter, g got) {
			if strings.HasSuffix(g.object().String("name"), "3") {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}).URL)
		fill(t, s, 700)
		check := func(success string, n int) {
			t.Helper()
			got := heard(s, success, "limit", "100")
			inOrder := slices.IsSortedFunc(got, func(a, b string) int { return number(t, b) - number(t, a) })
			if len(got) != n || !inOrder || len(slices.Compact(slices.Clone(got))) != n {
				t.Errorf("delivery_success=%s lists %d events, want %d; in order: %t", success, len(got), n, inOrder)
			}
		}
		check("false", 700)
		run(t, s)
		check("false", 70)
		check("true", 630)
	})
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// BenchmarkDeliverySuccess is what a page costs while none of many events has arrived: of those, and of the one that did,
// behind all of them.
func BenchmarkDeliverySuccess(b *testing.B) {
	s := servertest.New(b, servertest.OnDisk())
	s.Post("/v1/products", "name", "heard").OK()
	s.Post("/v1/webhook_endpoints", "url", "https://example.com", "enabled_events[]", "*").OK()
	for _, events := range []int{1000, 100_000} {
		fill(b, s, events)
		for _, success := range []string{"false", "true"} {
			b.Run(fmt.Sprintf("%d/%s", events, success), func(b *testing.B) {
				for b.Loop() {
					if got := len(s.Get("/v1/events", "delivery_success", success).OK().Array("data")); got == 0 {
						b.Fatal("nothing is listed")
					}
				}
			})
		}
	}
}
