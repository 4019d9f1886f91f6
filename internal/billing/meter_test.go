package billing_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
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
	for _, c := range []struct{ query, param, message string }{
		{"start_time=1788220801 end_time=1788307200", "start_time", "minute boundaries"},
		{"start_time=1788220800 end_time=1788307201", "end_time", "minute boundaries"},
		{"start_time=1788220860 end_time=1788307200 value_grouping_window=hour", "start_time", "hour boundaries"},
		{"start_time=1788220800 end_time=1788224400 value_grouping_window=day", "end_time", "day boundaries"},
		{"start_time=1788307200 end_time=1788220800", "end_time", "after `start_time`"},
		{"start_time=1788307200 end_time=1788307200", "end_time", "after `start_time`"},
	} {
		e := s.Get("/v1/billing/meters/"+sum+"/event_summaries", form("customer="+customer+" "+c.query)...).Fails(400, "")
		if e.String("param") != c.param || !strings.Contains(e.String("message"), c.message) {
			t.Errorf("%s: %s: %s", c.query, e.String("param"), e.String("message"))
		}
	}
	at, base := "/v1/billing/meter_events", "event_name=sum payload[stripe_customer_id]="+customer+" "
	refuse(t, s, []refusal{
		{"name taken", "/v1/billing/meters", "display_name=X event_name=sum default_aggregation[formula]=sum", "resource_already_exists", "event_name", sum},
		{"no meter", at, "event_name=none payload[value]=1", "resource_missing", "event_name", "none"},
		{"no customer", at, "event_name=sum payload[value]=1", "parameter_missing", "payload[stripe_customer_id]", "stripe_customer_id"},
		{"unknown customer", at, "event_name=sum payload[stripe_customer_id]=cus_1 payload[value]=1", "resource_missing", "payload[stripe_customer_id]", "cus_1"},
		{"no value", at, base + "payload[other]=1", "parameter_missing", "payload[value]", "value"},
		{"no number", at, base + "payload[value]=many", "", "payload[value]", "many"},
		{"fraction", at, base + "payload[value]=1/2", "", "payload[value]", "1/2"},
		{"exponent", at, base + "payload[value]=1e3", "", "payload[value]", "1e3"},
		{"two signs", at, base + "payload[value]=--1", "", "payload[value]", "--1"},
		{"two points", at, base + "payload[value]=1.2.3", "", "payload[value]", "1.2.3"},
		{"sixteen digits", at, base + "payload[value]=1234567890.123456", "", "payload[value]", "at most 15 digits"},
		{"sent twice", at, base + "payload[value]=1 identifier=sum", "resource_already_exists", "identifier", "An event already exists with identifier sum."},
		{"too old", at, base + "payload[value]=1 timestamp=1785000000", "", "timestamp", "35 days"},
		{"too early", at, base + "payload[value]=1 timestamp=1788264301", "", "timestamp", "5 minutes"},
	})
	send("count", "1e999999999", "1788263000", "").OK() // nobody reads it
	send("sum", "000.000000000000001", "1788263000", "").OK()
	s.Clock.Advance(24 * time.Hour)
	send("sum", "1", "1788263000", "identifier=sum").OK() // an identifier is taken for a day
}

func TestMeterStates(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	make := func() *servertest.Answer {
		return s.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...)
	}
	path := "/v1/billing/meters/" + make().OK().ID()
	event := form("event_name=calls payload[value]=1 payload[stripe_customer_id]=" + customer)
	step := func(action string, form []string, want map[string]any, events ...string) {
		t.Helper()
		wantEvents(t, s, events, func() { wantFields(t, s.Post(path+action, form...).OK(), want) })
	}
	step("", []string{"display_name", "More calls"}, map[string]any{"display_name": "More calls"}, "billing.meter.updated")
	step("/deactivate", nil, map[string]any{"status": "inactive", "status_transitions.deactivated_at": servertest.Start.Unix()}, "billing.meter.deactivated")
	s.Post(path+"/deactivate").Fails(400, "")
	s.Post("/v1/billing/meter_events", event...).Fails(400, "resource_missing")
	other := "/v1/billing/meters/" + make().OK().ID()
	s.Post(path+"/reactivate").Fails(400, "resource_already_exists")
	s.Post(other + "/deactivate").OK()
	step("/reactivate", nil, map[string]any{"status": "active", "status_transitions.deactivated_at": nil}, "billing.meter.reactivated")
	s.Post(path+"/reactivate").Fails(400, "")
	s.Post("/v1/billing/meter_events", event...).OK()
	for status, want := range map[string]int{"active": 1, "inactive": 1} {
		if got := s.Get("/v1/billing/meters", "status", status).IDs(); len(got) != want {
			t.Errorf("%d meters are %s, want %d", len(got), status, want)
		}
	}
	s.Post("/v1/billing/meters/mtr_none/deactivate").Fails(404, "resource_missing")
}

// metered is a server with meters, whose usage it can read as invoices do.
type metered struct {
	*biller
}

func (m *metered) meter(name, formula, more string) string {
	return m.Post("/v1/billing/meters", form("display_name="+name+" event_name="+name+" default_aggregation[formula]="+formula+" "+more)...).OK().ID()
}

func (m *metered) send(name, value string, at int64, more string) {
	m.t.Helper()
	m.Post("/v1/billing/meter_events", form("event_name="+name+" payload[stripe_customer_id]="+m.customer+" payload[value]="+value+" timestamp="+strconv.FormatInt(at, 10)+" "+more)...).OK()
}

func (m *metered) usage(meter string, from, to int64) (out string) {
	m.t.Helper()
	m.do(func(op *resource.Op) error {
		mtr, err := op.Get("billing.meter", meter, "")
		if err != nil {
			return err
		}
		used, err := billing.Usage(op, mtr, m.customer, from, to)
		if err == nil {
			out = used.RatString()
		}
		return err
	})
	return out
}

func TestUsage(t *testing.T) {
	t.Parallel()
	m := &metered{newBiller(t)}
	now := servertest.Start.Unix() // at noon
	const hour, day = 3600, 86400
	ids := map[string]string{}
	for _, c := range []struct{ name, formula, more string }{
		{"sum", "sum", ""}, {"count", "count", ""}, {"last", "last", ""},
		{"hours", "sum", "event_time_window=hour"}, {"days", "sum", "event_time_window=day"},
	} {
		ids[c.name] = m.meter(c.name, c.formula, c.more)
		m.send(c.name, "100", now-30*day, "")
		m.send(c.name, "1", now-2*day-1, "")
		m.send(c.name, "2", now-2*day, "")
		m.send(c.name, "0.5", now-2*day+30, "")
		m.send(c.name, "-4", now-day, "")
		m.send(c.name, "16", now-3*hour, "")
		m.send(c.name, "32", now-10, "identifier="+c.name)
		m.send(c.name, "8", now-20, "") // later, of an earlier time
	}
	m.customer = m.Post("/v1/customers").OK().ID()
	m.send("sum", "1000", now, "") // somebody else's
	if got := m.usage(ids["sum"], 0, now+day); got != "1000" {
		t.Errorf("the other customer used %s", got)
	}
	m.customer = m.Get("/v1/customers").IDs()[1]
	check := func(want map[string]string, from, to int64) {
		t.Helper()
		for name, w := range want {
			if got := m.usage(ids[name], from, to); got != w {
				t.Errorf("%s from %d to %d: %s, want %s", name, from-now, to-now, got, w)
			}
		}
	}
	check(map[string]string{"sum": "311/2", "count": "8", "last": "32", "hours": "243/2", "days": "209/2"}, 0, now+day)
	check(map[string]string{"sum": "101", "count": "2", "last": "1"}, 0, now-2*day)
	check(map[string]string{"sum": "2", "count": "1", "last": "2", "hours": "0"}, now-2*day, now-2*day+30)
	check(map[string]string{"sum": "5/2", "count": "2", "last": "1/2", "hours": "1/2", "days": "1/2"}, now-2*day, now-day)
	check(map[string]string{"sum": "-4", "count": "1", "last": "-4"}, now-day, now-3*hour)
	check(map[string]string{"sum": "8", "count": "1", "last": "8", "hours": "8", "days": "8"}, now-25, now-10)
	check(map[string]string{"sum": "0", "count": "0", "last": "0", "hours": "0", "days": "0"}, now-20*day, now-10*day)
	check(map[string]string{"sum": "0", "count": "0"}, now, now)
	cancel := func(name string) *servertest.Answer {
		return m.Post("/v1/billing/meter_event_adjustments", form("event_name="+name+" type=cancel cancel[identifier]="+name)...)
	}
	for name := range ids {
		wantFields(t, cancel(name).OK(), map[string]any{"status": "complete", "type": "cancel", "event_name": name, "cancel.identifier": name})
	}
	check(map[string]string{"sum": "247/2", "count": "7", "last": "8", "hours": "243/2", "days": "209/2"}, 0, now+day)
	check(map[string]string{"sum": "8", "count": "1", "last": "8"}, now-hour, now)
	cancel("sum").Fails(400, "")
	refuse(t, m.Server, []refusal{
		{"no identifier", "/v1/billing/meter_event_adjustments", "event_name=sum type=cancel", "parameter_missing", "cancel[identifier]", "identifier"},
		{"unknown", "/v1/billing/meter_event_adjustments", "event_name=sum type=cancel cancel[identifier]=none", "resource_missing", "cancel[identifier]", "none"},
		{"of another meter", "/v1/billing/meter_event_adjustments", "event_name=count type=cancel cancel[identifier]=sum", "resource_missing", "cancel[identifier]", "count"},
	})
	m.send("sum", "3", now, "identifier=late")
	m.Clock.Advance(24 * time.Hour)
	m.Post("/v1/billing/meter_event_adjustments", form("event_name=sum type=cancel cancel[identifier]=late")...).Fails(400, "resource_missing")
}

func TestUsageCancelsTheLastEventOfADay(t *testing.T) {
	t.Parallel()
	m := &metered{newBiller(t)}
	now := servertest.Start.Unix()
	meter := m.meter("days", "last", "event_time_window=day")
	m.send("days", "5", now-7200, "identifier=first")
	m.send("days", "7", now, "identifier=second")
	for _, c := range []struct{ cancel, want string }{{"second", "5"}, {"first", "0"}} {
		m.Post("/v1/billing/meter_event_adjustments", form("event_name=days type=cancel cancel[identifier]="+c.cancel)...).OK()
		if got := m.usage(meter, 0, now+1); got != c.want {
			t.Errorf("without the %s event it is %s, want %s", c.cancel, got, c.want)
		}
	}
}

// The events of a customer on a test clock have its time, long before the meter was made or long after.
func TestUsageByClock(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]int64{"before": clockStart.Unix(), "after": servertest.Start.AddDate(3, 0, 0).Unix()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &metered{newBiller(t)}
			meter := m.meter("calls", "sum", "")
			clock := m.Post("/v1/test_helpers/test_clocks", "frozen_time", strconv.FormatInt(start, 10)).OK().ID()
			m.customer = m.Post("/v1/customers", "test_clock", clock).OK().ID()
			event := "event_name=calls payload[value]=5 payload[stripe_customer_id]=" + m.customer
			wantFields(t, m.Post("/v1/billing/meter_events", form(event+" identifier=a")...).OK(), map[string]any{"created": start, "timestamp": start})
			m.Post("/v1/billing/meter_events", form(event+" identifier=a")...).Fails(400, "resource_already_exists")
			m.send("calls", "2", start-35*86400, "")
			for at, message := range map[int64]string{start - 35*86400 - 1: "35 days", start + 301: "5 minutes"} {
				refuse(t, m.Server, []refusal{{message, "/v1/billing/meter_events", event + " timestamp=" + strconv.FormatInt(at, 10), "", "timestamp", message}})
			}
			span := []string{"customer", m.customer, "start_time", strconv.FormatInt(start-40*86400, 10), "end_time", strconv.FormatInt(start+86400, 10)}
			total := func(want int) {
				t.Helper()
				wantFields(t, m.Get("/v1/billing/meters/"+meter+"/event_summaries", span...).OK(), map[string]any{"data.0.aggregated_value": want})
			}
			total(7)
			m.Post("/v1/billing/meter_event_adjustments", form("event_name=calls type=cancel cancel[identifier]=a")...).OK()
			total(2)
			m.Post("/v1/test_helpers/test_clocks/"+clock+"/advance?wait", "frozen_time", strconv.FormatInt(start+86400, 10)).OK()
			m.Post("/v1/billing/meter_events", form(event+" identifier=a")...).OK() // a day later it is free again
			total(2)
		})
	}
}
