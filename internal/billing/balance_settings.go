package billing

import (
	"errors"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Balance settings say when money is paid out by itself, and how long it is pending.
//
// Payouts are made by hand until a schedule is set: Stripe's default is daily, but then a test that looks at its balance
// after a few days would find it empty.
//
// Emits balance_settings.updated.
func init() {
	register(resource.Rules{
		Object: "balance_settings",
		Actions: resource.Actions{
			"GET /v1/balance_settings":  showSettings,
			"POST /v1/balance_settings": changeSettings,
		},
	})
}

// balanceSettings are the settings of the account with all that was never set.
func balanceSettings(op *resource.Op) (*object.Object, error) {
	settings, err := op.Singleton("balance_settings")
	if err != nil {
		return nil, err
	}
	payments := settings.Sub("payments")
	if payments.Object("payouts") != nil {
		return settings, nil
	}
	payments.Set("debit_negative_balances", true)
	timing := payments.Sub("settlement_timing")
	timing.Set("delay_days", standardDelay)
	payments.Set("payouts", nil)
	payouts := payments.Sub("payouts")
	payouts.Set("automatic_transfer_rules_by_currency", nil)
	payouts.Set("minimum_balance_by_currency", nil)
	payouts.Sub("schedule").Set("interval", "manual")
	payouts.Set("statement_descriptor", nil)
	payouts.Set("status", "enabled")
	return settings, nil
}

func showSettings(op *resource.Op) (err error) {
	op.Result, err = balanceSettings(op)
	return err
}

func changeSettings(op *resource.Op) error {
	settings, err := balanceSettings(op)
	if err != nil {
		return err
	}
	before := settings.Clone()
	if err := op.Merge(settings, op.Params); err != nil {
		return err
	}
	payments := settings.Object("payments")
	if err := checkSchedule(payments.Object("payouts").Object("schedule")); err != nil {
		return err
	}
	timing := payments.Object("settlement_timing")
	timing.Set("delay_days", standardDelay)
	if timing.Has("delay_days_override") {
		timing.Set("delay_days", timing.Int("delay_days_override"))
	}
	op.Result = settings
	previous := object.Diff(before, settings)
	if previous == nil {
		return nil
	}
	if err := applySettings(op, payments); err != nil {
		return err
	}
	op.Save(settings)
	return op.EmitChanged("balance_settings.updated", settings, previous)
}

// checkSchedule keeps a schedule that has days to those of its interval.
func checkSchedule(schedule *object.Object) error {
	at := func(name string) string { return "payments[payouts][schedule][" + name + "]" }
	needs := map[string]string{"weekly": "weekly_payout_days", "monthly": "monthly_payout_days"}[schedule.String("interval")]
	if needs != "" && len(schedule.Array(needs)) == 0 {
		return missingParam(at(needs))
	}
	for _, name := range []string{"weekly_payout_days", "monthly_payout_days"} {
		if name != needs {
			schedule.Delete(name)
		}
	}
	for _, v := range schedule.Array("monthly_payout_days") {
		if day, _ := v.(int64); day < 1 || day > 31 {
			return apierr.Invalid("parameter_invalid_integer", at("monthly_payout_days"), "Days of a month are numbers from 1 to 31.")
		}
	}
	return nil
}

// applySettings notes in the books what each payment has to heed, and sets the time of the next automatic payout.
func applySettings(op *resource.Op, payments *object.Object) error {
	b, err := openBooks(op)
	if err != nil {
		return err
	}
	next, swept := nextSweep(payments.Object("payouts").Object("schedule"), op.Now().UTC())
	if !swept {
		next = time.Time{}
	}
	if err := op.SetTimer(fundsSweep, b.balance, next); err != nil {
		return err
	}
	b.private.Set("delay", payments.Object("settlement_timing").Int("delay_days"))
	b.private.Set("swept", swept)
	return b.close(op)
}

// isRefusal reports whether an error is one that a caller is told of, and no fault.
func isRefusal(err error) bool {
	var refused *apierr.Error
	return errors.As(err, &refused)
}
