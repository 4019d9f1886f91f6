package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// Reports are made of the balance transactions of their interval.
func TestReports(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct{ amount, currency string }{{"1000", "usd"}, {"2500", "usd"}, {"700", "eur"}} {
		s.Post("/v1/charges", "amount", c.amount, "currency", c.currency, "source", "tok_bypassPending", "description", "T-shirt, blue").OK()
	}
	s.Post("/v1/payouts", "amount", "600", "currency", "usd").OK()
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	const now = "parameters[interval_start]=1788220800 parameters[interval_end]=1788307200"
	for _, c := range []struct{ kind, params, want string }{
		{"balance.summary.1", now, `category,currency,description,net_amount
starting_balance,eur,Starting balance (2026-09-01),0.00
activity_gross,eur,"Balance change from activity, before fees",7.00
`},
		{"balance_change_from_activity.summary.1", now, "reporting_category,currency,count,gross,fee,net\ncharge,eur,1,7.00,0.50,6.50\ncharge,usd,2,35.00,1.62,33.38\n"},
		{"balance_change_from_activity.summary.1", now + " parameters[currency]=usd parameters[columns][]=net parameters[columns][]=count", "net,count\n33.38,2\n"},
		{"balance_change_from_activity.summary.1", "parameters[interval_start]=1700000000 parameters[interval_end]=1700000001", "reporting_category,currency,count,gross,fee,net\n"},
		{"balance_change_from_activity.itemized.3", now + " parameters[columns][]=gross parameters[columns][]=description parameters[columns][]=created_utc parameters[currency]=eur", "gross,description,created_utc\n7.00,\"T-shirt, blue\",2026-09-01 12:00:00\n"},
		{"payouts.summary.1", now, "reporting_category,currency,count,gross,fee,net\npayout,usd,1,-6.00,0.00,-6.00\n"},
		{"payouts.itemized.3", now + " parameters[columns][]=net parameters[columns][]=payout_status", "net,payout_status\n-6.00,pending\n"},
	} {
		run := s.Post("/v1/reporting/report_runs", form("report_type="+c.kind+" "+c.params)...).OK()
		wantFields(t, run, map[string]any{"status": "pending", "result": nil})
		seen := types(eventsOf(s, func() {
			if err := s.Engine.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}))
		if got := strings.Join(seen, " "); got != "file.created reporting.report_run.succeeded" && got != "reporting.report_run.succeeded file.created" {
			t.Errorf("%s is followed by %s", c.kind, got)
		}
		done := s.Get("/v1/reporting/report_runs/" + run.ID()).OK()
		wantFields(t, done, map[string]any{"status": "succeeded", "result.purpose": "finance_report_run", "result.type": "csv"})
		file := string(s.Do(servertest.Request{Path: "/v1/files/" + done.Object("result").ID() + "/contents", Unchecked: true}).Body)
		if !strings.HasPrefix(file, c.want) {
			t.Errorf("%s %s:\n%s\nwant\n%s", c.kind, c.params, file, c.want)
		}
	}
}

func TestReportsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct{ form, code string }{
		{"report_type=none.1", "resource_missing"},
		{"report_type=balance.summary.1 parameters[interval_start]=2 parameters[interval_end]=1", ""},
		{"report_type=balance.summary.1 parameters[interval_start]=1 parameters[interval_end]=2 parameters[columns][]=age", ""},
		{"report_type=payout_reconciliation.by_id.summary.1", "parameter_missing"},
	} {
		s.Post("/v1/reporting/report_runs", form(c.form)...).Fails(400, c.code)
	}
	run := s.Post("/v1/reporting/report_runs", form("report_type=payout_reconciliation.summary.1 parameters[interval_start]=1 parameters[interval_end]=2")...).OK()
	wantEvents(t, s, []string{"reporting.report_run.failed"}, func() {
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	wantFields(t, s.Get("/v1/reporting/report_runs/"+run.ID()).OK(), map[string]any{"status": "failed", "error": "This server does not make the report payout_reconciliation.summary.1."})
}
