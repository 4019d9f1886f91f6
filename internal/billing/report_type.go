package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Report types are reference data: the reports that can be asked for, and their columns. The number at the end of an id
// is the version of its columns.
func init() {
	register(resource.Rules{Object: "reporting.report_type", Reference: reportTypes})
}

// The time from which to which reports have data: 2019 to 2040. Reports are made of what is stored when they run, so
// no request is too early.
const (
	reportDataStart = 1546300800
	reportDataEnd   = 2208988800
	reportsUpdated  = 1756166400
)

func reportTypes() []*object.Object {
	var out []*object.Object
	for _, row := range reportTable {
		versions := row.versions
		for version := 1; version <= versions; version++ {
			out = append(out, reportType(row.id, row.name, version, row.columns))
		}
	}
	for _, row := range reportTable {
		if row.connect {
			columns := append(slices.Clone(row.columns), "connected_account")
			out = append(out, reportType("connected_account_"+row.id, "Connected account "+strings.ToLower(row.name), row.versions, columns))
		}
	}
	return out
}

func reportType(id, name string, version int, columns []string) *object.Object {
	o := object.New(spec.Component("reporting.report_type"))
	o.Set("id", id+"."+string(rune('0'+version)))
	o.Set("object", "reporting.report_type")
	o.Set("data_available_end", reportDataEnd)
	o.Set("data_available_start", reportDataStart)
	o.Set("default_columns", slices.Clone(columns))
	o.Set("livemode", false)
	o.Set("name", name)
	o.Set("updated", reportsUpdated)
	o.Set("version", version)
	return o
}

var (
	summaryColumns = []string{"reporting_category", "currency", "count", "gross", "fee", "net"}
	itemColumns    = []string{
		"balance_transaction_id", "created_utc", "available_on_utc", "currency", "gross", "fee", "net", "reporting_category",
		"source_id", "description", "customer_facing_amount", "customer_facing_currency",
	}
	itemPayoutColumns = append(slices.Clone(itemColumns), "automatic_payout_id", "automatic_payout_effective_at")
	payoutColumns     = []string{
		"payout_id", "effective_at_utc", "currency", "gross", "fee", "net", "reporting_category", "balance_transaction_id",
		"description", "payout_expected_arrival_date", "payout_status", "payout_reversed_at_utc", "payout_type",
		"payout_description", "payout_destination_id",
	}
	reconciliationColumns = append([]string{"automatic_payout_id", "automatic_payout_effective_at_utc"}, itemColumns...)
)

// reportTable names the reports. connect says that a platform can run the newest version over its connected accounts.
var reportTable = []struct {
	id, name string
	versions int
	connect  bool
	columns  []string
}{
	{"balance.summary", "Balance summary", 1, true, []string{"category", "currency", "description", "net_amount"}},
	{"balance_change_from_activity.summary", "Balance change from activity summary", 1, true, summaryColumns},
	{"balance_change_from_activity.itemized", "Itemized balance change from activity", 3, true, itemPayoutColumns},
	{"payouts.summary", "Payouts summary", 1, true, summaryColumns},
	{"payouts.itemized", "Itemized payouts", 3, true, payoutColumns},
	{"payout_reconciliation.summary", "Payout reconciliation summary", 1, true, summaryColumns},
	{"payout_reconciliation.itemized", "Itemized payout reconciliation", 5, true, reconciliationColumns},
	{"payout_reconciliation.by_id.summary", "Single payout reconciliation summary", 1, true, summaryColumns},
	{"payout_reconciliation.by_id.itemized", "Itemized single payout reconciliation", 4, true, reconciliationColumns},
	{"ending_balance_reconciliation.summary", "Ending balance reconciliation summary", 1, true, summaryColumns},
	{"ending_balance_reconciliation.itemized", "Itemized ending balance reconciliation", 4, true, itemColumns},
}
