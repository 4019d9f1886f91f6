package billing

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The rows of reports. All are made of balance transactions: those of payouts are the money that went to a bank or came back
// from there, the others the activity that changed the balance. A time counts when the transaction was made. Times are
// UTC, amounts in the units of the currency.

// reportError says that a report is not made here.
type reportError struct{ name string }

func (e *reportError) Error() string { return "This server does not make the report " + e.name + "." }

// report is one on the way to its file.
type report struct {
	survey   *resource.Survey
	params   *object.Object
	from, to int64
}

// reportRow is a line of a report, by column.
type reportRow map[string]string

// reports write the rows of the reports that are made here.
var reports = map[string]func(r *report) ([]reportRow, error){
	"balance.summary":                       (*report).balance,
	"balance_change_from_activity.summary":  func(r *report) ([]reportRow, error) { return r.sums(false) },
	"balance_change_from_activity.itemized": func(r *report) ([]reportRow, error) { return r.items(false) },
	"payouts.summary":                       func(r *report) ([]reportRow, error) { return r.sums(true) },
	"payouts.itemized":                      func(r *report) ([]reportRow, error) { return r.items(true) },
}

// writeReport makes the file of a report.
func writeReport(s *resource.Survey, name string, params *object.Object) ([]byte, error) {
	rows := reports[reportID(name)]
	if rows == nil {
		return nil, &reportError{name}
	}
	r := &report{survey: s, params: params, from: params.Int("interval_start"), to: params.Int("interval_end")}
	if r.to == 0 {
		r.to = reportDataEnd
	}
	all, err := rows(r)
	if err != nil {
		return nil, err
	}
	columns := columnsOf(name)
	if sent := params.Array("columns"); len(sent) > 0 {
		columns = make([]string, len(sent))
		for i, v := range sent {
			columns[i], _ = v.(string)
		}
	}
	lines := [][]string{columns}
	for _, one := range all {
		line := make([]string, len(columns))
		for i, column := range columns {
			line[i] = one[column]
		}
		lines = append(lines, line)
	}
	var b bytes.Buffer
	err = csv.NewWriter(&b).WriteAll(lines)
	return b.Bytes(), err
}

func isPayout(t *object.Object) bool {
	return strings.HasPrefix(t.String("reporting_category"), "payout")
}

// each calls fn for the transactions before the end that the parameters leave, the oldest first.
func (r *report) each(fn func(t *object.Object) error) error {
	currency, category := r.params.String("currency"), r.params.String("reporting_category")
	return r.survey.Each("balance_transaction", func(t *object.Object) error {
		if t.Int("created") >= r.to || currency != "" && t.String("currency") != currency || category != "" && t.String("reporting_category") != category {
			return nil
		}
		return fn(t)
	})
}

// within calls fn for those of the interval that are of payouts, or are not.
func (r *report) within(payouts bool, fn func(t *object.Object) error) error {
	return r.each(func(t *object.Object) error {
		if t.Int("created") < r.from || isPayout(t) != payouts {
			return nil
		}
		return fn(t)
	})
}

// turnover is what transactions come to.
type turnover struct{ count, gross, fee, net int64 }

func (m *turnover) add(t *object.Object) {
	m.count++
	m.gross += t.Int("amount")
	m.fee += t.Int("fee")
	m.net += t.Int("net")
}

// sums are the transactions of each category and currency.
func (r *report) sums(payouts bool) ([]reportRow, error) {
	found := map[[2]string]*turnover{}
	err := r.within(payouts, func(t *object.Object) error {
		key := [2]string{t.String("reporting_category"), t.String("currency")}
		if found[key] == nil {
			found[key] = &turnover{}
		}
		found[key].add(t)
		return nil
	})
	var out []reportRow
	for _, key := range slices.SortedFunc(maps.Keys(found), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) }) {
		m, currency := found[key], key[1]
		out = append(out, reportRow{
			"reporting_category": key[0], "currency": currency, "count": strconv.FormatInt(m.count, 10),
			"gross": money.Units(m.gross, currency), "fee": money.Units(m.fee, currency), "net": money.Units(m.net, currency),
		})
	}
	return out, err
}

// balance says what there was, what came and went, and what there is, in each currency.
func (r *report) balance() ([]reportRow, error) {
	type sums struct{ before, activity, payouts turnover }
	found := map[string]*sums{}
	err := r.each(func(t *object.Object) error {
		s := found[t.String("currency")]
		if s == nil {
			s = &sums{}
			found[t.String("currency")] = s
		}
		switch {
		case t.Int("created") < r.from:
			s.before.add(t)
		case isPayout(t):
			s.payouts.add(t)
		default:
			s.activity.add(t)
		}
		return nil
	})
	var out []reportRow
	for _, currency := range slices.Sorted(maps.Keys(found)) {
		s := found[currency]
		for _, line := range []struct {
			category, description string
			amount                int64
		}{
			{"starting_balance", "Starting balance (" + utcDay(r.from) + ")", s.before.net},
			{"activity_gross", "Balance change from activity, before fees", s.activity.gross},
			{"activity_fee", "Fees of that activity", -s.activity.fee},
			{"activity", "Net balance change from activity", s.activity.net},
			{"payouts_gross", "Payouts, before fees", s.payouts.gross},
			{"payouts_fee", "Fees of payouts", -s.payouts.fee},
			{"payouts", "Total payouts", s.payouts.net},
			{"ending_balance", "Ending balance (" + utcDay(r.to) + ")", s.before.net + s.activity.net + s.payouts.net},
		} {
			out = append(out, reportRow{"category": line.category, "currency": currency, "description": line.description, "net_amount": money.Units(line.amount, currency)})
		}
	}
	return out, err
}

// items are the transactions one by one; those of payouts with what became of the payout.
func (r *report) items(payouts bool) (out []reportRow, err error) {
	err = r.within(payouts, func(t *object.Object) error {
		currency := t.String("currency")
		one := reportRow{
			"balance_transaction_id": t.ID(), "created_utc": utcTime(t.Int("created")), "available_on_utc": utcTime(t.Int("available_on")), "currency": currency,
			"gross": money.Units(t.Int("amount"), currency), "fee": money.Units(t.Int("fee"), currency), "net": money.Units(t.Int("net"), currency),
			"reporting_category": t.String("reporting_category"), "source_id": t.Ref("source"), "description": t.String("description"),
		}
		out = append(out, one)
		if !payouts {
			return nil
		}
		payout, err := r.survey.Find("payout", t.Ref("source"))
		if payout != nil {
			one.describe(payout)
		}
		return err
	})
	return out, err
}

// describe adds what is said of a payout.
func (r reportRow) describe(payout *object.Object) {
	arrives := utcTime(payout.Int("arrival_date"))
	maps.Copy(r, reportRow{
		"payout_id": payout.ID(), "effective_at_utc": r["created_utc"], "payout_expected_arrival_date": arrives, "payout_status": payout.String("status"),
		"payout_type": payout.String("type"), "payout_description": payout.String("description"), "payout_destination_id": payout.Ref("destination"),
	})
}

func utcTime(unixSeconds int64) string {
	if unixSeconds == 0 {
		return ""
	}
	return unix(unixSeconds).UTC().Format(time.DateTime)
}

func utcDay(unixSeconds int64) string { return unix(unixSeconds).UTC().Format(time.DateOnly) }
