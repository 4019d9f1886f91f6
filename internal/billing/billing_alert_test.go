package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestAlert(t *testing.T) {
	t.Parallel()
	m := &metered{newBiller(t)}
	now := servertest.Start.Unix()
	meter := m.meter("calls", "sum", "")
	m.send("calls", "1000", now, "") // before the alerts
	alert := func(more string) string {
		return m.Post("/v1/billing/alerts", form("title=Many alert_type=usage_threshold usage_threshold[meter]="+meter+" usage_threshold[gte]=10 usage_threshold[recurrence]=one_time "+more)...).OK().ID()
	}
	all := alert("")
	wantFields(t, m.Get("/v1/billing/alerts/"+all).OK(), map[string]any{
		"status": "active", "usage_threshold.gte": 10, "usage_threshold.filters": nil, "usage_threshold.meter": meter, "usage_threshold.recurrence": "one_time",
	})
	first := m.customer
	one := alert("usage_threshold[filters][0][type]=customer usage_threshold[filters][0][customer]=" + first)
	const triggered = "billing.alert.triggered"
	use := func(value string, more string, want ...string) {
		t.Helper()
		for _, e := range wantEvents(t, m.Server, want, func() { m.send("calls", value, now, more) }) {
			wantFields(t, e, map[string]any{
				"data.object.object": "billing.alert_triggered", "data.object.customer": m.customer, "data.object.created": now,
				"data.object.alert.object": "billing.alert", "data.object.alert.usage_threshold.gte": 10, "data.object.livemode": false,
			})
		}
	}
	use("9.5", "identifier=taken_back")
	m.Post("/v1/billing/meter_event_adjustments", form("event_name=calls type=cancel cancel[identifier]=taken_back")...).OK()
	use("9.5", "")
	wantFields(t, wantEvents(t, m.Server, []string{triggered, triggered}, func() { m.send("calls", "0.5", now, "") })[0], map[string]any{
		"data.object.value": 10, "data.object.alert.id": all,
	})
	use("100", "") // once for a customer
	m.customer = m.Post("/v1/customers").OK().ID()
	use("12", "", triggered) // the one for all
	m.customer = first
	act := func(id, action, status string) {
		t.Helper()
		wantFields(t, m.Post("/v1/billing/alerts/"+id+"/"+action).OK(), map[string]any{"status": status})
	}
	act(one, "deactivate", "inactive")
	use("1", "")
	m.Post("/v1/billing/alerts/"+one+"/deactivate").Fails(400, "")
	act(one, "activate", "active")
	use("1", "", triggered) // again
	use("1", "")
	m.Post("/v1/billing/alerts/"+one+"/activate").Fails(400, "")
	act(one, "archive", "archived")
	for _, action := range []string{"activate", "deactivate", "archive"} {
		m.Post("/v1/billing/alerts/"+one+"/"+action).Fails(400, "")
	}
	if got := m.Get("/v1/billing/alerts").IDs(); len(got) != 1 || got[0] != all {
		t.Errorf("the list shows %q, want %q", got, all)
	}
	base := "title=X alert_type=usage_threshold usage_threshold[recurrence]=one_time usage_threshold[gte]=1 usage_threshold[meter]=" + meter + " "
	const filter = "usage_threshold[filters][0][customer]"
	refuse(t, m.Server, []refusal{
		{"no threshold", "/v1/billing/alerts", "title=X alert_type=usage_threshold", "parameter_missing", "usage_threshold", "usage_threshold"},
		{"nothing", "/v1/billing/alerts", "title=X alert_type=usage_threshold usage_threshold[recurrence]=one_time usage_threshold[gte]=0 usage_threshold[meter]=" + meter, "parameter_invalid_integer", "usage_threshold[gte]", "1"},
		{"no meter", "/v1/billing/alerts", "title=X alert_type=usage_threshold usage_threshold[recurrence]=one_time usage_threshold[gte]=1 usage_threshold[meter]=mtr_none", "resource_missing", "usage_threshold[meter]", "mtr_none"},
		{"filter without customer", "/v1/billing/alerts", base + "usage_threshold[filters][0][type]=customer", "parameter_missing", filter, "customer"},
		{"unknown customer", "/v1/billing/alerts", base + "usage_threshold[filters][0][type]=customer " + filter + "=cus_none", "resource_missing", filter, "cus_none"},
		{"two filters", "/v1/billing/alerts", base + "usage_threshold[filters][0][type]=customer usage_threshold[filters][1][type]=customer", "", "usage_threshold[filters]", "one filter"},
	})
	for range 24 {
		alert("")
	}
	refuse(t, m.Server, []refusal{{"too many", "/v1/billing/alerts", base, "", "usage_threshold[meter]", "25"}})
}
