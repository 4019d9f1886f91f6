package billing

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const (
	// fundsSweep is the timer of a balance that pays out what is available.
	fundsSweep = "balance.sweep"
	// payoutReconciliation is the timer of an automatic payout that gathers what is in it.
	payoutReconciliation = "payout.reconcile"
	// reconciliationBatch is how many transactions it gathers at once.
	reconciliationBatch = 500

	// automaticPayout is how one is described.
	automaticPayout = "STRIPE PAYOUT"
)

// sweepFunds pays out what is available in each currency, and does so again at the next time of the schedule.
func sweepFunds(op *resource.Op) error {
	b, err := booksOf(op, op.Object)
	if err != nil {
		return err
	}
	if due := b.due(); len(due) > 0 && due[0] <= op.Now().Unix() {
		return op.SetTimer(fundsSweep, b.balance, op.Now()) // what becomes available now is to be in it
	}
	settings, err := balanceSettings(op)
	if err != nil {
		return err
	}
	rules := settings.Object("payments").Object("payouts")
	next, swept := nextSweep(rules.Object("schedule"), op.Now().UTC())
	if !swept {
		return nil
	}
	if err := op.SetTimer(fundsSweep, b.balance, next); err != nil {
		return err
	}
	totals := b.private.Object("totals")
	for _, currency := range slices.Sorted(slices.Values(totals.Keys())) {
		for _, fund := range funds {
			amount := totals.Object(currency).Int(available(fund))
			if fund == cardFund {
				amount -= rules.Object("minimum_balance_by_currency").Int(currency)
			}
			if amount <= 0 {
				continue
			}
			if err := sweep(op, currency, fund, amount); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweep makes an automatic payout. An account that has nowhere to be paid to keeps its money.
func sweep(op *resource.Op, currency, fund string, amount int64) error {
	to, err := payoutDestination(op, currency, "")
	if isRefusal(err) {
		return nil
	}
	if err != nil {
		return err
	}
	payout, err := op.Make("payout", "", object.New(nil), func(op *resource.Op) error {
		p := op.Object
		p.Set("amount", amount)
		p.Set("automatic", true)
		p.Set("currency", currency)
		p.Set("description", automaticPayout)
		p.Set("method", "standard")
		p.Set("reconciliation_status", "in_progress")
		p.Set("source_type", fund)
		return payOut(op, to)
	})
	if err != nil {
		return err
	}
	inside := *op
	inside.Object = payout
	if err := sendPayout(&inside); err != nil {
		return err
	}
	return reconcilePayout(&inside)
}

// reconcilePayout puts the transactions whose money is in an automatic payout below it, which is where lists find them. What is
// more than a batch is left to the next run.
// Emits payout.reconciliation_completed.
func reconcilePayout(op *resource.Op) error {
	payout := op.Object
	batch, err := op.Oldest("balance_transaction", resource.Selection{
		Below: unpaid(payout.String("source_type")), Field: "release", Values: []string{payout.String("currency")}, Limit: reconciliationBatch,
	})
	if err != nil {
		return err
	}
	for _, t := range batch {
		op.PlaceBelow(t, payout)
	}
	if len(batch) == reconciliationBatch {
		return op.SetTimer(payoutReconciliation, payout, op.Now())
	}
	payout.Set("reconciliation_status", "completed")
	op.Save(payout)
	return op.Emit("payout.reconciliation_completed", payout)
}

// nextSweep is the midnight of the schedule that follows a time. It reports false if payouts are made by hand.
func nextSweep(schedule *object.Object, now time.Time) (time.Time, bool) {
	var on func(time.Time) bool
	switch schedule.String("interval") {
	case "daily":
		on = isBusinessDay
	case "weekly":
		on = func(day time.Time) bool {
			return slices.Contains(schedule.Array("weekly_payout_days"), any(strings.ToLower(day.Weekday().String())))
		}
	case "monthly":
		on = func(day time.Time) bool { return isMonthDay(schedule.Array("monthly_payout_days"), day) }
	default:
		return time.Time{}, false
	}
	day := now.Truncate(24 * time.Hour)
	for range 366 {
		day = day.AddDate(0, 0, 1)
		if on(day) {
			return day, true
		}
	}
	return time.Time{}, false
}

// isMonthDay reports whether a day is one of those of a month; a day that a month does not have is its last.
func isMonthDay(days []any, day time.Time) bool {
	last := day.AddDate(0, 0, 1).Day() == 1
	return slices.ContainsFunc(days, func(v any) bool {
		d, _ := v.(int64)
		return int(d) == day.Day() || last && int(d) > day.Day()
	})
}
