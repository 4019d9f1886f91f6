package resource_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func survey(t *testing.T, s *servertest.Server) *resource.Survey {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	return s.Engine.Survey(t.Context(), ns)
}

// told writes events as "type@version of id".
func told(all []resource.Happened) string {
	var b strings.Builder
	for _, h := range all {
		fmt.Fprintf(&b, "%s@%d of %s %s; ", h.Type, h.Version, h.Kind, h.Object)
	}
	return b.String()
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Post("/v1/customers", "name", "Jenny")
	id := made.OK().ID()
	s.Post("/v1/customers/"+id, "name", "Jane").OK()
	s.Post("/v1/customers", "name", "Somebody else").OK()
	s.Delete("/v1/customers/" + id).OK()
	s.Post("/v1/coupons", "id", "gold", "duration", "once", "percent_off", "5").OK()
	v := survey(t, s)

	all, more, err := v.Happened("customer", id, "", 2)
	if want := fmt.Sprintf("customer.deleted@2 of customer %s; customer.updated@2 of customer %[1]s; ", id); err != nil || !more || told(all) != want {
		t.Fatalf("got %s, more %v, %v; want %s", told(all), more, err, want)
	}
	rest, more, err := v.Happened("customer", id, all[1].ID, 2)
	if err != nil || more || len(rest) != 1 || rest[0].Request != made.Header.Get("Request-Id") {
		t.Errorf("beyond: %+v, more %v, %v", rest, more, err)
	}
	if all, _, err := v.Happened("coupon", "gold", "", 5); err != nil || told(all) != "coupon.created@1 of coupon gold; " {
		t.Errorf("of a chosen id: %s, %v", told(all), err)
	}
	for version, name := range map[int64]string{1: "Jenny", 2: "Jane"} {
		if d, err := v.At("customer", id, version); err != nil || d.String("name") != name || d.Version != version {
			t.Errorf("version %d: %+v, %v", version, d, err)
		}
	}
	if d, err := v.At("customer", id, 9); d != nil || err != nil {
		t.Errorf("a version that never was: %+v, %v", d, err)
	}
	if d, err := v.Document("customer", id); err != nil || !d.Deleted || d.Version != 3 {
		t.Errorf("the customer as it is: %+v, %v", d, err)
	}
	if d, err := v.Announced(rest[0].ID); err != nil || d.Kind != "customer" || d.String("name") != "Jenny" {
		t.Errorf("what the first event announces: %+v, %v", d, err)
	}
}

func TestHistoryOfClock(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	at := s.Clock.Now()
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", fmt.Sprint(at.Unix())).OK().ID()
	customer := s.Post("/v1/customers", "test_clock", clock).OK().ID()
	s.Post("/v1/customers", "name", "on no clock").OK()
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "1000", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "collection_method", "send_invoice", "days_until_due", "3").OK().ID()
	v := survey(t, s)
	all, _, err := v.HappenedOn(clock, "", 50)
	if err != nil || !strings.Contains(told(all), "customer.subscription.created@1 of subscription "+sub) || strings.Contains(told(all), "price") {
		t.Errorf("on the clock: %s, %v", told(all), err)
	}
	due, more, err := v.Due(clock, at.Add(40*24*time.Hour), 50, 5)
	found := false
	for _, d := range due {
		found = found || d.Object == sub && d.Kind == "subscription" && d.Time.After(at)
	}
	if err != nil || !found || more {
		t.Errorf("due on the clock: %+v, %v, %v", due, more, err)
	}
	for range 3 {
		s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "collection_method", "send_invoice", "days_until_due", "3").OK()
	}
	few, more, err := v.Due(clock, at.Add(40*24*time.Hour), 50, 2)
	kinds := map[string]int{}
	for _, d := range few {
		kinds[d.Timer] += 1 + d.Others
	}
	if err != nil || more || len(few) != 2*len(kinds) || kinds["subscription.period"] != 4 {
		t.Errorf("two of each sort: %+v, %v", few, err)
	}
	if some, more, err := v.Due(clock, at.Add(40*24*time.Hour), 3, 5); err != nil || !more || len(some) > 3 {
		t.Errorf("of three timers: %+v, %v, %v", some, more, err)
	}
}
