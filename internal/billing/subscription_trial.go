package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// trialWarning is how long before its end a trial is said to end.
const trialWarning = 3 * 24 * time.Hour

// startTrial gives a new subscription its free time, if it is to have one.
func startTrial(op *resource.Op, s *object.Object) error {
	params, end := op.Params, int64(0)
	days, err := trialDays(op)
	if err != nil {
		return err
	}
	if days > 0 {
		end = op.Now().AddDate(0, 0, int(days)).Unix()
	}
	if at, ok := params.Get("trial_end").(int64); ok {
		if err := checkTrialEnd(op, at); err != nil {
			return err
		}
		end = at
	}
	if s.Get("trial_settings") == nil {
		s.Set("trial_settings", newParams("end_behavior", newParams("missing_payment_method", "create_invoice")))
	}
	s.Set("trial_start", nil)
	s.Set("trial_end", nil)
	if end > 0 {
		s.Set("trial_start", op.Now().Unix())
		s.Set("trial_end", end)
	}
	return nil
}

// trialDays are how long a new subscription is free: as was sent, or as its first plan says if that is to count.
func trialDays(op *resource.Op) (int64, error) {
	p := op.Params
	for _, name := range []string{"trial_period_days", "trial_from_plan"} {
		if p.Has("trial_end") && p.Has(name) && p.Get(name) != false {
			return 0, onlyOne("trial_end", name)
		}
	}
	if p.Has("trial_period_days") || !p.Bool("trial_from_plan") {
		return p.Int("trial_period_days"), nil
	}
	price, err := firstPrice(op)
	if err != nil {
		return 0, err
	}
	plan, err := op.Find("plan", price.ID()) // every recurring price is a plan; prices do not say it themselves
	return plan.Int("trial_period_days"), err
}

// longestTrial is how far ahead a trial may end.
const longestTrial = 2

func checkTrialEnd(op *resource.Op, at int64) error {
	switch {
	case at <= op.Now().Unix():
		return apierr.Invalid("", "trial_end", "`trial_end` must be in the future, or `now`.")
	case at > op.Now().AddDate(longestTrial, 0, 0).Unix():
		return apierr.Invalid("", "trial_end", "`trial_end` can be at most %d years ahead.", longestTrial)
	}
	return nil
}

// settleTrial ends the trial of a subscription now, moves its end, or gives it one. The periods are counted from the end
// of the trial.
func (c *change) settleTrial(op *resource.Op, s *object.Object) error {
	running := c.was.String("status") == "trialing"
	switch at := op.Params.Get("trial_end").(type) {
	case string:
		if at != "now" || !running {
			return nil
		}
		s.Set("trial_end", op.Now().Unix())
		stopped, err := endTrial(op, s)
		if c.stopped = stopped; stopped || err != nil {
			return err
		}
		c.anew = true
		s.Set("billing_cycle_anchor", op.Now().Unix())
	case int64:
		if err := checkTrialEnd(op, at); err != nil {
			return err
		}
		c.trial = true
		s.Set("billing_cycle_anchor", at)
		if !running {
			if err := op.Move(s, "trialing"); err != nil {
				return err
			}
			if isFlexible(s) || s.Get("trial_start") == nil {
				s.Set("trial_start", op.Now().Unix())
			}
		}
	}
	return nil
}

// scheduleTrialWarning lets trial_will_end be told three days before, or at once when the trial is shorter.
func scheduleTrialWarning(op *resource.Op, s *object.Object) error {
	at := unix(s.Int("trial_end")).Add(-trialWarning)
	if at.Before(op.Now()) {
		return op.Emit("customer.subscription.trial_will_end", s)
	}
	return op.SetTimer(subscriptionTrialEnds, s, at)
}

func warnOfTrialEnd(op *resource.Op) error {
	if op.Object.String("status") != "trialing" {
		return nil
	}
	return op.Emit("customer.subscription.trial_will_end", op.Object)
}

// endTrial ends the free time. Without anything to pay with, the subscription may be over, or wait.
func endTrial(op *resource.Op, s *object.Object) (stopped bool, err error) {
	behavior, _ := s.At("trial_settings", "end_behavior", "missing_payment_method").(string)
	if s.String("collection_method") == "charge_automatically" && behavior != "create_invoice" {
		pm, err := subscriptionMethod(op, s)
		switch {
		case err != nil:
			return false, err
		case pm == nil && behavior == "cancel":
			return true, cancelSubscription(op, s, cancellation{reason: "payment_failed"})
		case pm == nil && behavior == "pause":
			return true, pauseSubscription(op, s)
		}
	}
	return false, op.Move(s, "active")
}
