package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestMeterEventsByVersion2(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	meter := s.Post("/v1/billing/meters", form("display_name=Uses event_name=uses default_aggregation[formula]=sum")...).OK()
	customer := s.Post("/v1/customers").OK().ID()
	send := func(key, path, body string) *servertest.Answer {
		return s.Do(servertest.Request{Method: "POST", Path: path, Key: key, Body: strings.NewReader(strings.ReplaceAll(body, "{customer}", customer)), ContentType: "application/json"})
	}
	total := func() float64 {
		s.Clock.Advance(0)
		page := s.Get("/v1/billing/meters/"+meter.ID()+"/event_summaries", form("customer="+customer+" start_time=1788220800 end_time=1788307200")...).OK()
		sum := 0.0
		for _, v := range page.Array("data") {
			switch n := v.(*object.Object).Get("aggregated_value").(type) {
			case int64:
				sum += float64(n)
			case float64:
				sum += n
			}
		}
		return sum
	}
	made := send("", "/v2/billing/meter_events", `{"event_name": "uses", "identifier": "first", "timestamp": "2026-09-01T11:00:00Z", "payload": {"stripe_customer_id": "{customer}", "value": "25"}}`).OK()
	wantFields(t, made, map[string]any{"object": "v2.billing.meter_event", "identifier": "first", "timestamp": "2026-09-01T11:00:00.000Z", "payload.value": "25"})
	session := send("", "/v2/billing/meter_event_session", "").OK()
	token := session.String("authentication_token")
	wantFields(t, session, map[string]any{"expires_at": "2026-09-01T12:15:00.000Z"})
	send(token, "/v2/billing/meter_event_stream", `{"events": [
		{"event_name": "uses", "payload": {"stripe_customer_id": "{customer}", "value": "10"}},
		{"event_name": "uses", "identifier": "bad", "payload": {"stripe_customer_id": "cus_nobody", "value": "10"}},
		{"event_name": "nothing", "payload": {"stripe_customer_id": "{customer}", "value": "1"}}]}`).OK()
	if got := total(); got != 35 {
		t.Errorf("it counted %v, want 35", got)
	}
	reports := s.Get("/v2/core/events", "types[0]", "v1.billing.meter.error_report_triggered", "types[1]", "v1.billing.meter.no_meter_found").OK().Array("data")
	if len(reports) != 2 {
		t.Fatalf("there are %d reports", len(reports))
	}
	for _, v := range reports {
		report := v.(*object.Object)
		want := map[string]any{"type": "v1.billing.meter.no_meter_found", "data.reason.error_types.0.code": "no_meter", "related_object": nil}
		if report.Object("related_object") != nil {
			want = map[string]any{"related_object.id": meter.ID(), "data.reason.error_count": 1, "data.reason.error_types.0.code": "meter_event_customer_not_found",
				"data.reason.error_types.0.sample_errors.0.request.identifier": "bad"}
		}
		wantFields(t, report, want)
	}
	send(token, "/v2/billing/meter_events", `{"event_name": "uses", "payload": {"stripe_customer_id": "{customer}", "value": "1"}}`).Fails(403, "secret_key_required")
	s.Do(servertest.Request{Path: "/v1/customers/" + customer, Key: token}).Fails(404, "resource_missing")
	adjusted := send("", "/v2/billing/meter_event_adjustments", `{"event_name": "uses", "type": "cancel", "cancel": {"identifier": "first"}}`).OK()
	wantFields(t, adjusted, map[string]any{"object": "v2.billing.meter_event_adjustment", "cancel.identifier": "first", "status": "complete"})
	if got := total(); got != 10 {
		t.Errorf("then it counted %v, want 10", got)
	}
	s.Clock.Advance(16 * 60 * 1e9)
	send(token, "/v2/billing/meter_event_stream", `{"events": []}`).Fails(401, "api_key_expired")
}
