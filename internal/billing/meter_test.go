package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestMeter(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	meter := func(name, formula string) string {
		m := s.Post("/v1/billing/meters", "display_name", name, "event_name", name, "default_aggregation[formula]", formula).OK()
		wantFields(t, m, map[string]any{
			"status": "active", "customer_mapping.event_payload_key": "stripe_customer_id", "value_settings.event_payload_key": "value", "event_time_window": nil, "status_transitions.deactivated_at": nil,
		})
		return m.ID()
	}
	sum, count, last := meter("sum", "sum"), meter("count", "count"), meter("last", "last")
	send := func(name, value, at, more string) *servertest.Answer {
		return s.Post("/v1/billing/meter_events", form("event_name="+name+" payload[stripe_customer_id]="+customer+" payload[value]="+value+" timestamp="+at+" "+more)...)
	}
	// The clock stands at 1788264000: 2026-09-01T12:00:00Z.
	for _, name := range []string{"sum", "count", "last"} {
		send(name, "2.5", "1788256800", "").OK() // 10:00
		send(name, "4", "1788256860", "").OK()
		send(name, "8", "1788260400", "identifier="+name).OK() // 11:00
	}
	if id := send("sum", "1", "1788170400", "").OK().String("identifier"); len(id) != 24 { // the day before
		t.Errorf("the identifier is %q", id)
	}
	const today = "start_time=1788220800 end_time=1788307200 "
	for _, c := range []struct {
		meter, query string
		want         map[string]any
	}{
		{sum, today, map[string]any{"data.0.aggregated_value": object.Number("14.5"), "data.0.start_time": 1788220800, "data.0.end_time": 1788307200, "data.0.meter": sum, "data.1": nil}},
		{count, today, map[string]any{"data.0.aggregated_value": 3}},
		{last, today, map[string]any{"data.0.aggregated_value": 8}},
		{sum, today + "value_grouping_window=hour", map[string]any{"data.0.aggregated_value": 8, "data.0.start_time": 1788260400, "data.1.aggregated_value": object.Number("6.5"), "data.1.end_time": 1788260400, "data.2": nil}},
		{sum, "start_time=1788134400 end_time=1788307200 value_grouping_window=day", map[string]any{"data.0.aggregated_value": object.Number("14.5"), "data.1.aggregated_value": 1}},
		{sum, today + "value_grouping_window=hour limit=1", map[string]any{"has_more": true, "data.0.aggregated_value": 8, "data.1": nil}},
		{sum, "start_time=1788307200 end_time=1788393600", map[string]any{"data.0": nil}},
	} {
		wantFields(t, s.Get("/v1/billing/meters/"+c.meter+"/event_summaries", form("customer="+customer+" "+c.query)...).OK(), c.want)
	}
	s.Get("/v1/billing/meters/"+sum+"/event_summaries", form("customer="+customer+" start_time=1788220801 end_time=1788307200")...).Fails(400, "")
	s.Get("/v1/billing/meters/"+sum+"/event_summaries", form("customer="+customer+" start_time=1788307200 end_time=1788220800")...).Fails(400, "")
	const at, base = "/v1/billing/meter_events", "event_name=sum payload[stripe_customer_id]=cus_1 payload[value]=1 "
	refuse(t, s, []refusal{
		{"name taken", "/v1/billing/meters", "display_name=X event_name=sum default_aggregation[formula]=sum", "resource_already_exists", "event_name", sum},
		{"no meter", at, "event_name=none payload[value]=1", "resource_missing", "event_name", "none"},
		{"no customer", at, "event_name=sum payload[value]=1", "parameter_missing", "payload[stripe_customer_id]", "stripe_customer_id"},
		{"no number", at, "event_name=sum payload[stripe_customer_id]=cus_1 payload[value]=many", "", "payload[value]", "many"},
		{"sent twice", at, base + "identifier=sum", "resource_already_exists", "identifier", "sum"},
		{"too old", at, base + "timestamp=1785000000", "", "timestamp", "35 days"},
		{"too early", at, base + "timestamp=1788264301", "", "timestamp", "5 minutes"},
	})
}
