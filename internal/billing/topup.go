package billing

import (
	"strings"
	"time"

	"sharesmart/internal/apierr"
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

// topupFailures are what a bank says, by how the name of a source for tests ends.
var topupFailures = []struct{ source, code, message string }{
	{"noAccount", "no_account", "The bank account could not be located."},
	{"accountClosed", "account_closed", "The bank account has been closed."},
	{"insufficientFunds", "insufficient_funds", "The bank account has insufficient funds to complete the transaction."},
	{"debitNotAuthorized", "debit_not_authorized", "Debit transactions are not approved on the bank account."},
	{"invalidCurrency", "invalid_currency", "The bank account is not able to accept payments in this currency."},
}

func createTopup(op *resource.Op) error {
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
	if !strings.HasPrefix(source, "btok_") {
		from, err := op.Get("source", source, "source")
		if err != nil {
			return err
		}
		topup.Set("source", from.Clone())
	}
	for _, f := range topupFailures {
		if strings.HasSuffix(source, "_"+f.source) {
			return op.SetPrivate(topup, newParams("failure_code", f.code, "failure_message", f.message))
		}
	}
	return nil
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
