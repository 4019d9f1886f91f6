package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A top-up brings money from the account's own bank account into its balance.
//
//	(new) --> pending --expected_availability_date--> succeeded or failed
//	          pending --cancel--> canceled
//
// A source for tests says in its name how the bank answers: btok_us_verified succeeds, btok_us_verified_noAccount fails.
//
// Emits topup.created, then topup.succeeded, topup.failed or topup.canceled.
func init() {
	register(resource.Rules{
		Object: "topup", Unmerged: []string{"source"}, Create: createTopup, Created: awaitTopup,
		Actions: resource.Actions{"POST /v1/topups/{topup}/cancel": cancelTopup},
		Timers:  map[string]resource.Hook{topupArrival: arriveTopup},
	})
}

const (
	// topupArrival is the timer that ends a pending top-up.
	topupArrival = "topup.arrive"
	topupDays    = 1 // business days that the bank takes
)

func createTopup(op *resource.Op) error {
	if err := testOnly(op, "A top-up"); err != nil {
		return err
	}
	if err := checkMovedAmount(op.Params); err != nil {
		return err
	}
	topup := op.Object
	topup.Set("status", "pending")
	topup.Set("expected_availability_date", businessDay(op.Now().UTC(), topupDays).Unix())
	source := op.Params.String("source")
	if source == "" {
		return nil
	}
	if m, published := bank.Template(op.Account(), source, op.Now()); published {
		return refuseTopup(op, m)
	}
	from, err := op.Get("source", source, "source")
	if err != nil {
		return err
	}
	topup.Set("source", from.Clone())
	return nil
}

// refuseTopup notes why the bank will not pay, if it will not.
func refuseTopup(op *resource.Op, m processor.Method) error {
	answer := bank.Pay(m, processor.Attempt{Amount: op.Object.Int("amount"), Currency: op.Object.String("currency"), Ready: true, Authenticated: true, Verified: true})
	declined := answer.Outcome.Decline
	if declined == nil {
		declined = answer.Settlement.Decline
	}
	if declined == nil {
		return nil
	}
	return op.SetPrivate(op.Object, newParams("failure_code", declined.Code, "failure_message", declined.Message))
}

func awaitTopup(op *resource.Op) error {
	return op.SetTimer(topupArrival, op.Object, time.Unix(op.Object.Int("expected_availability_date"), 0))
}

// arriveTopup is when the bank has answered.
func arriveTopup(op *resource.Op) error {
	topup := op.Object
	if topup.String("status") != "pending" {
		return nil
	}
	private, err := op.Private(topup)
	if err != nil {
		return err
	}
	status := "succeeded"
	if code := private.String("failure_code"); code != "" {
		status = "failed"
		topup.Set("failure_code", code)
		topup.Set("failure_message", private.String("failure_message"))
	} else {
		t, err := post(op, posting{kind: "topup", source: topup.ID(), amount: topup.Int("amount"), currency: topup.String("currency"), description: topup.String("description")})
		if err != nil {
			return err
		}
		topup.Set("balance_transaction", t.ID())
	}
	topup.Set("status", status)
	op.Save(topup)
	return op.Emit("topup."+status, topup)
}

// cancelTopup stops a top-up that is still pending.
// Emits topup.canceled.
func cancelTopup(op *resource.Op) error {
	topup := op.Object
	if status := topup.String("status"); status != "pending" {
		return apierr.Invalid("", "", "Topup %s cannot be canceled because it is %s: only a pending topup can.", topup.ID(), status)
	}
	if err := op.SetTimer(topupArrival, topup, time.Time{}); err != nil {
		return err
	}
	topup.Set("status", "canceled")
	op.Save(topup)
	return op.Emit("topup.canceled", topup)
}
