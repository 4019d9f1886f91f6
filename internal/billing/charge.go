package billing

import (
	"errors"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A charge is one attempt to take money from a card.
//
//	(new) --approved--> succeeded --refund--> succeeded, amount_refunded grows
//	(new) --approved, capture=false--> succeeded, captured=false --capture--> captured
//	                                                             --seven days--> expired
//	(new) --declined--> failed
//
// A declined charge is stored and listed as failed, and the request ends with 402 and error.charge.
// What it shows of the card is in charge_details.go, capture and expiry in charge_capture.go, refunds in refund.go.
//
// Emits charge.succeeded or charge.failed.
func init() {
	register(resource.Rules{
		Object: "charge", Create: makeCharge,
		Actions: resource.Actions{
			"POST /v1/charges/{charge}/capture": captureCharge,
			"POST /v1/charges/{charge}/refund":  refundThisCharge,
		},
		Timers: map[string]resource.Hook{chargeExpiry: expireCharge},
	})
}

// makeCharge asks the processor and writes down what it says.
func makeCharge(op *resource.Op) error {
	charge := op.Object
	if err := checkCharge(op.Params); err != nil {
		return err
	}
	s, err := chargeSource(op)
	if err != nil {
		return err
	}
	outcome := cards.Charge(s.card)
	paid := outcome.Decline == nil
	capture := op.Params.Get("capture") != false
	charge.Set("paid", paid)
	charge.Set("captured", paid && capture)
	charge.Set("amount_captured", 0)
	if paid && capture {
		charge.Set("amount_captured", charge.Int("amount"))
	}
	charge.Set("status", "succeeded")
	if paid {
		charge.Set("receipt_url", op.BaseURL()+"/receipts/"+charge.ID())
	} else {
		charge.Set("status", "failed")
		charge.Set("failure_code", outcome.Decline.Code)
		charge.Set("failure_message", outcome.Decline.Message)
	}
	charge.Set("calculated_statement_descriptor", charge.Get("statement_descriptor"))
	charge.Set("outcome", chargeOutcome(outcome))
	charge.Set("billing_details", cardBillingDetails(s.holder))
	charge.Set("payment_method_details", cardPaymentDetails(s.card, charge.Int("amount")))
	if s.id == "" {
		s.id = op.NewID("card")
	}
	charge.Set("payment_method", s.id)
	charge.Delete("refunds") // shown when it is expanded
	return announceCharge(op, outcome.Decline)
}

// checkCharge checks what can be said without a card.
func checkCharge(params *object.Object) error {
	for _, name := range []string{"amount", "currency"} {
		if !params.Has(name) {
			return missingParam(name)
		}
	}
	if err := checkAmount(params.Int("amount"), params.String("currency")); err != nil {
		return err
	}
	if email := params.String("receipt_email"); email != "" && !isEmail(email) {
		return apierr.Invalid("email_invalid", "receipt_email", "Invalid email address: %s", email)
	}
	return nil
}

func missingParam(name string) *apierr.Error {
	return apierr.Invalid("parameter_missing", name, "Missing required param: %s.", name)
}

// isEmail is as strict as it can be without turning away an address that works.
func isEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(text, " \t\r\n") && !strings.Contains(domain, "@")
}

// checkAmount keeps an amount within what can be charged in its currency.
func checkAmount(amount int64, currency string) error {
	if err := checkCurrency(currency); err != nil {
		return err
	}
	switch {
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount < money.Minimum(currency):
		return apierr.Invalid("amount_too_small", "amount", "Amount must be at least %s", money.FormatCode(money.Minimum(currency), currency))
	case amount > money.Maximum:
		return apierr.Invalid("amount_too_large", "amount", "Amount must be no more than %s", money.Format(money.Maximum, currency))
	}
	return nil
}

// chargeSource finds what a charge is to be taken from: what was sent, or the customer's default.
func chargeSource(op *resource.Op) (cardSource, error) {
	customerID, sent := op.Params.String("customer"), op.Params.String("source")
	if customerID == "" {
		if sent == "" && !op.Params.Has("card") {
			return cardSource{}, apierr.Invalid("parameter_missing", "", "Must provide source or customer.")
		}
		return givenCard(op, op.Params)
	}
	if op.Params.Object("card") != nil {
		return givenCard(op, op.Params)
	}
	customer, err := op.Get("customer", customerID, "customer")
	if err != nil {
		return cardSource{}, err
	}
	id := sent
	if id == "" {
		id = customer.Ref("default_source")
	}
	if id == "" {
		return cardSource{}, apierr.Invalid("missing", "card", "Cannot charge a customer that has no active card")
	}
	kept, err := op.Find("card", id)
	if err != nil {
		return cardSource{}, err
	}
	if kept == nil || kept.Ref("customer") != customerID {
		return cardSource{}, apierr.Invalid("missing", "source", "Customer %s does not have a linked source with ID %s.", customerID, id)
	}
	return keptCard(op, kept), nil
}

func checkCurrency(currency string) error {
	if !money.Known(currency) {
		return apierr.Invalid("", "currency", "Invalid currency: %s. Use the three letters of a currency that can be charged, such as usd or eur.", currency)
	}
	return nil
}

// announceCharge writes the charge and its event. A declined charge stays, and the caller hears of the decline.
func announceCharge(op *resource.Op, declined *processor.Decline) error {
	charge := op.Object
	if err := op.EmitCreated(); err != nil {
		return err
	}
	if declined != nil {
		if err := op.Emit("charge.failed", charge); err != nil {
			return err
		}
		return resource.ErrKept{Err: cardError(declined, charge.ID())}
	}
	if !charge.Bool("captured") {
		if err := op.SetTimer(chargeExpiry, charge, op.Now().Add(authorizationLife)); err != nil {
			return err
		}
	}
	return op.Emit("charge.succeeded", charge)
}

// declinedCharge is the decline in an error, or nil if the error is something else.
func declinedCharge(err error) *apierr.Error {
	var kept resource.ErrKept
	if errors.As(err, &kept) {
		return kept.Err
	}
	return nil
}
