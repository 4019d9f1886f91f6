package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A payment intent can be paid from its customer's cash balance: at once as far as the balance goes, and with what the
// customer transfers later. Until the whole amount is there, the intent requires an action: the transfer.

// cashMethod is the type of a payment method that stands for a customer's cash balance.
const cashMethod = "customer_balance"

// payFromCash takes what there is.
// Emits payment_intent.requires_action, or payment_intent.partially_funded when a part is there.
func (t *try) payFromCash(op *resource.Op) error {
	pi := t.pi
	if pi.Ref("customer") == "" {
		return apierr.Invalid("parameter_missing", "customer", "A PaymentIntent that is paid by bank transfer needs a customer.")
	}
	before, err := keepFunds(op, pi, pi.Int("amount"))
	if err != nil {
		return err
	}
	if t.noAction {
		balance, err := op.Singleton("cash_balance", pi.Ref("customer"))
		if err != nil {
			return err
		}
		if before+cashIn(balance, pi.String("currency")) < pi.Int("amount") {
			return t.fail(op, apierr.Card("authentication_required", "", "", "This payment requires a bank transfer, but `error_on_requires_action` was set."))
		}
	}
	taken, err := takeCash(op, pi.Ref("customer"), pi.String("currency"), pi.Int("amount")-before, pi.ID())
	if err != nil {
		return err
	}
	if before+taken == pi.Int("amount") {
		return t.fullyFunded(op)
	}
	if err := t.awaitTransfer(op, before+taken); err != nil {
		return err
	}
	event := "payment_intent.requires_action"
	if taken > 0 {
		event = "payment_intent.partially_funded"
	}
	if err := op.Emit(event, pi); err != nil {
		return err
	}
	return followCheckout(op, pi)
}

func (t *try) fullyFunded(op *resource.Op) error {
	if err := setFunded(op, t.pi, 0); err != nil {
		return err
	}
	t.pi.Set("next_action", nil)
	return t.paid(op, bank.Pay(t.with.method, t.attempt))
}

// awaitTransfer tells the customer where to send the rest.
func (t *try) awaitTransfer(op *resource.Op, funded int64) error {
	pi := t.pi
	transfer, err := transferOf(pi.String("currency"))
	if err != nil {
		return err
	}
	asked := pi.Object("payment_method_options").Object(cashMethod).Object("bank_transfer").Object("eu_bank_transfer")
	if transfer.country == "" {
		if transfer.country = asked.String("country"); transfer.country == "" {
			return missingParam("payment_method_options[customer_balance][bank_transfer][eu_bank_transfer][country]")
		}
	}
	if err := setFunded(op, pi, funded); err != nil {
		return err
	}
	instructions := newParams("amount_remaining", pi.Int("amount")-funded, "currency", pi.String("currency"),
		"financial_addresses", transfer.addresses(op.Account(), pi.Ref("customer")),
		"reference", transferReference(pi.ID()), "type", transfer.kind)
	instructions.Set("hosted_instructions_url", nil)
	pi.Set("next_action", newParams("display_bank_transfer_instructions", instructions, "type", "display_bank_transfer_instructions"))
	return moveTo(op, pi, requiresAction)
}

// transferReference is what a customer writes on the transfer, so that it finds its payment.
func transferReference(id string) string {
	const letters = 10
	return id[len(id)-letters:]
}

func fundedBefore(op *resource.Op, pi *object.Object) (int64, error) {
	private, err := op.Private(pi)
	return private.Int("funded"), err
}

// keepFunds gives back what the intent has taken from the cash balance beyond an amount: it needs less, or nothing of it
// any more. It returns what the intent has then.
func keepFunds(op *resource.Op, pi *object.Object, amount int64) (int64, error) {
	funded, err := fundedBefore(op, pi)
	if err != nil || funded <= amount {
		return funded, err
	}
	if err := returnCash(op, pi.Ref("customer"), pi.String("currency"), funded-amount, pi.ID()); err != nil {
		return 0, err
	}
	return amount, setFunded(op, pi, amount)
}

// setFunded notes how much of the intent has been taken from the cash balance so far.
func setFunded(op *resource.Op, pi *object.Object, amount int64) error {
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	if private.Int("funded") == amount {
		return nil
	}
	private.Set("funded", amount)
	if amount == 0 {
		private.Delete("funded")
	}
	return op.SetPrivate(pi, private)
}

// applyCustomerBalance takes more of the cash balance for an intent that waits for it.
func applyCustomerBalance(op *resource.Op) error {
	pi := op.Object
	if err := allowIn(pi, "apply a customer balance to", "funded", requiresAction, requiresMethod, requiresConfirmation); err != nil {
		return err
	}
	if currency := op.Params.String("currency"); currency != "" && currency != pi.String("currency") {
		return apierr.Invalid("", "currency", "The currency (%s) is not that of the PaymentIntent (%s).", currency, pi.String("currency"))
	}
	before, err := fundedBefore(op, pi)
	if err != nil {
		return err
	}
	amount, rest := op.Params.Int("amount"), pi.Int("amount")-before
	if !op.Params.Has("amount") {
		amount = rest
	}
	if amount < 1 || amount > rest {
		return apierr.Invalid("payment_intent_invalid_parameter", "amount", "The amount to apply (%d) must be between 1 and what the PaymentIntent still needs (%d).", amount, rest)
	}
	pm, err := cashMethodOf(op, pi)
	if err != nil {
		return err
	}
	t, err := newTry(op, pi, pm, object.New(nil))
	if err != nil {
		return err
	}
	taken, err := takeCash(op, pi.Ref("customer"), pi.String("currency"), amount, pi.ID())
	if err != nil {
		return err
	}
	if taken < amount {
		return lackOfCash(pi.Ref("customer"), amount, taken, pi.String("currency"))
	}
	if before+taken == pi.Int("amount") {
		return t.fullyFunded(op)
	}
	if err := t.awaitTransfer(op, before+taken); err != nil {
		return err
	}
	return op.Emit("payment_intent.partially_funded", pi)
}

// cashMethodOf is the intent's method if that is a cash balance, or a new one.
func cashMethodOf(op *resource.Op, pi *object.Object) (*object.Object, error) {
	if id := pi.Ref("payment_method"); id != "" {
		pm, err := op.Get("payment_method", id, "payment_method")
		if err != nil || pm.String("type") == cashMethod {
			return pm, err
		}
	}
	pm, err := op.Make("payment_method", "", newParams("type", cashMethod), func(op *resource.Op) error {
		return fillMethod(op, processor.Method{Type: cashMethod})
	})
	if err != nil {
		return nil, err
	}
	pi.Set("payment_method", pm.ID())
	return pm, nil
}

// reconcileAutomatically reconciles unless the customer's money waits to be applied by hand.
func reconcileAutomatically(op *resource.Op, customer string) error {
	balance, err := op.Singleton("cash_balance", customer)
	if err != nil || balance.Object("settings").String("reconciliation_mode") == "manual" {
		return err
	}
	return reconcile(op, customer)
}

// reconcile lets money that has arrived pay for the customer's intents that wait for it, oldest first.
func reconcile(op *resource.Op, customer string) error {
	waiting, err := op.Lookup("payment_intent", "customer", customer)
	if err != nil {
		return err
	}
	for i := len(waiting) - 1; i >= 0; i-- {
		pi := waiting[i]
		if pi.String("status") != requiresAction || pi.Object("next_action").String("type") != "display_bank_transfer_instructions" {
			continue
		}
		pm, err := op.Get("payment_method", pi.Ref("payment_method"), "")
		if err != nil {
			return err
		}
		t, err := newTry(op, pi, pm, object.New(nil))
		if err != nil {
			return err
		}
		balance, err := op.Singleton("cash_balance", customer)
		if err != nil {
			return err
		}
		if cashIn(balance, pi.String("currency")) == 0 {
			continue
		}
		if err := t.payFromCash(op); err != nil {
			return err
		}
	}
	return nil
}
