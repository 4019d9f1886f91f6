package resource_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// events are all events of the server, oldest first.
func events(s *servertest.Server) []*object.Object {
	data := s.Get("/v1/events", "limit", "100").OK().Array("data")
	out := make([]*object.Object, len(data))
	for i, e := range data {
		out[len(data)-1-i], _ = e.(*object.Object)
	}
	return out
}

func types(list []*object.Object) []string {
	out := []string{}
	for _, e := range list {
		out = append(out, e.String("type"))
	}
	return out
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Form: []string{"name", "Jenny", "metadata[a]", "1"},
		Header: map[string][]string{"Idempotency-Key": {"k1"}}})
	id := made.OK().ID()
	s.Post("/v1/customers/"+id, "name", "Jane", "metadata[b]", "2", "address[city]", "Bonn").OK()
	s.Post("/v1/customers/"+id, "name", "Jane").OK()
	s.Delete("/v1/customers/" + id).OK()

	all := events(s)
	if diff := cmp.Diff([]string{"customer.created", "customer.updated", "customer.deleted"}, types(all)); diff != "" {
		t.Fatalf("an update that changes nothing writes nothing (-want +got):\n%s", diff)
	}
	if got := all[0].At("data", "object", "name"); got != "Jenny" {
		t.Errorf("the created event shows the object as it was: name is %v", got)
	}
	if all[0].At("request", "id") != made.Header.Get("Request-Id") || all[0].At("request", "idempotency_key") != "k1" {
		t.Errorf("request of the event: %v", all[0].Get("request"))
	}
	previous, _ := all[1].At("data", "previous_attributes").(*object.Object)
	want := `{"name": "Jenny", "metadata": {"b": null}, "address": null}`
	if v, err := object.ParseValue([]byte(want)); err != nil || !object.Equal(v, previous) {
		t.Errorf("previous_attributes %s, want %s", object.AppendValue(nil, previous, 0), want)
	}
	if all[0].At("data", "previous_attributes") != nil {
		t.Error("a created event has no previous_attributes")
	}
	if got := all[2].At("data", "object", "name"); got != "Jane" {
		t.Errorf("the deleted event shows the last state: name is %v", got)
	}
	one := s.Get("/v1/events/" + all[1].ID()).OK()
	if !object.Equal(one, all[1]) {
		t.Errorf("retrieve differs from list:\n%s", one.AppendJSON(nil, 0))
	}
}

func TestEventFilters(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/customers/"+id, "name", "x").OK()
	s.Post("/v1/products", "name", "y").OK()
	for _, test := range []struct {
		form []string
		want []string
	}{
		{[]string{"type", "customer.updated"}, []string{"customer.updated"}},
		{[]string{"type", "customer.*"}, []string{"customer.updated", "customer.created"}},
		{[]string{"types[]", "product.created", "types[]", "customer.created"}, []string{"product.created", "customer.created"}},
		{[]string{"type", "charge.*"}, []string{}},
	} {
		got := []string{}
		for _, e := range s.Get("/v1/events", test.form...).OK().Array("data") {
			got = append(got, e.(*object.Object).String("type"))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.form, diff)
		}
	}
}

func TestNoEventWithoutChange(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/prices", "currency", "usd", "unit_amount", "1", "product", "prod_nope").Fails(400, "resource_missing")
	s.Post("/v1/customers", "nope", "x").Fails(400, "parameter_unknown")
	if got := types(events(s)); len(got) != 0 {
		t.Errorf("failed requests wrote %v", got)
	}
}
