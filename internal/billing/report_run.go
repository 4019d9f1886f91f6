package billing

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A report run writes a report about a time as a CSV file. What is in it is in report_rows.go.
//
//	(new) pending --its job is done--> succeeded, with the file
//	              --the report is none that is made here--> failed
//
// It reads every balance transaction of the account, a thousand at a time, beside those who write. A file has at most 16
// megabytes.
//
// Emits reporting.report_run.succeeded or .failed, and file.created.
func init() {
	register(resource.Rules{
		Object: "reporting.report_run", Create: createReportRun,
		States: resource.States{"pending": {"succeeded", "failed"}},
		Jobs:   map[string]resource.Job{reportJob: runReport},
	})
}

const reportJob = "report_run.run"

func createReportRun(op *resource.Op) error {
	run := op.Object
	name := run.String("report_type")
	if !slices.ContainsFunc(reportTypes(), func(t *object.Object) bool { return t.ID() == name }) {
		return apierr.MissingRef("reporting.report_type", name, "report_type")
	}
	run.Set("status", "pending")
	if op.Mocks() {
		return nil
	}
	if err := checkReportParams(op.Params.Object("parameters"), name); err != nil {
		return err
	}
	return op.SetTimer(reportJob, run, op.WallNow())
}

// checkReportParams checks the parameters of a report. Without an interval it is about all time.
func checkReportParams(p *object.Object, name string) error {
	byPayout := strings.Contains(name, ".by_id.")
	if byPayout && p.String("payout") == "" {
		return missingParam("parameters[payout]")
	}
	if p.Has("interval_end") && p.Int("interval_end") < p.Int("interval_start") {
		return apierr.Invalid("", "parameters[interval_end]", "The end of the interval must be after its start.")
	}
	known := columnsOf(name)
	for _, v := range p.Array("columns") {
		if column, _ := v.(string); !slices.Contains(known, column) {
			return apierr.Invalid("", "parameters[columns]", "%s has no column %s. It has: %s.", name, column, strings.Join(known, ", "))
		}
	}
	return nil
}

// columnsOf are the columns of a report type.
func columnsOf(name string) []string {
	for _, row := range reportTable {
		if reportID(name) == row.id || reportID(name) == "connected_account_"+row.id {
			return row.columns
		}
	}
	return nil
}

// reportID is a report type without its version.
func reportID(name string) string { return name[:max(0, strings.LastIndexByte(name, '.'))] }

// runReport writes the file of a run, which may be gone.
func runReport(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	survey := e.Survey(ctx, ns)
	run, err := survey.Find("reporting.report_run", id)
	if run == nil || err != nil || run.String("status") != "pending" {
		return err
	}
	data, err := writeReport(survey, run.String("report_type"), run.Object("parameters"))
	var none *reportError
	if err != nil && !errors.As(err, &none) {
		return err
	}
	_, err = e.Call(ctx, ns, func(op *resource.Op) error {
		run, err := op.Find("reporting.report_run", id)
		if run == nil || err != nil || run.String("status") != "pending" {
			return err
		}
		if none != nil {
			run.Set("error", none.Error())
			return endReport(op, run, "failed")
		}
		file, err := op.MakeFile("finance_report_run", run.String("report_type")+"-"+id+".csv", "text/csv", data)
		if err != nil {
			return err
		}
		run.Set("result", file.Clone())
		run.Set("succeeded_at", op.WallNow().Unix())
		return endReport(op, run, "succeeded")
	})
	return err
}

func endReport(op *resource.Op, run *object.Object, status string) error {
	if err := op.Move(run, status); err != nil {
		return err
	}
	return op.Emit("reporting.report_run."+status, run)
}
