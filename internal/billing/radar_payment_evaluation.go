package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A payment evaluation says how likely fraud seems, before a payment goes to somebody else's processor.
//
// No events.
func init() {
	register(resource.Rules{Object: "radar.payment_evaluation", Create: evaluatePayment})
}

func evaluatePayment(op *resource.Op) error {
	if id := op.Params.Object("customer_details").String("customer"); id != "" {
		if _, err := op.Get("customer", id, "customer_details[customer]"); err != nil {
			return err
		}
	}
	payment := op.Object.Object("payment_details")
	amount, currency := payment.Int("amount"), payment.String("currency")
	if amount < 1 {
		return apierr.Invalid("parameter_invalid_integer", "payment_details[amount]", "This value must be greater than or equal to 1.")
	}
	if err := checkCurrency(currency); err != nil {
		return within(err, "payment_details")
	}
	pm, err := op.Get("payment_method", payment.Object("payment_method_details").Ref("payment_method"), "payment_details[payment_method_details][payment_method]")
	if err != nil {
		return err
	}
	outcome := bank.Pay(keptMethod(op, pm), processor.Attempt{Amount: amount, Currency: currency, Authenticated: true}).Outcome
	op.Object.Set("created_at", op.Now().Unix())
	op.Object.Set("events", []any{})
	op.Object.Set("outcome", nil)
	op.Object.Set("recommended_action", "continue")
	if outcome.RiskLevel == "highest" {
		op.Object.Set("recommended_action", "block")
	}
	op.Object.Set("signals", newParams("fraudulent_payment", newParams(
		"evaluated_at", op.Now().Unix(), "risk_level", outcome.RiskLevel, "score", outcome.RiskScore)))
	return nil
}
