package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// confirmIntent tries to take the payment.
func confirmIntent(op *resource.Op) error {
	pi, params := op.Object, op.Params
	if err := checkConfirm(pi, params); err != nil {
		return err
	}
	if err := op.Merge(pi, params); err != nil {
		return err
	}
	if err := keepAmountLines(op, pi); err != nil {
		return err
	}
	if len(params.Array("payment_method_types")) > 0 {
		pi.Set("automatic_payment_methods", nil)
	}
	if err := chooseMethod(op, pi); err != nil {
		return err
	}
	return confirm(op, pi, params)
}

// confirmCreatedIntent confirms an intent in the request that makes it.
func confirmCreatedIntent(op *resource.Op) error {
	if !op.Params.Bool("confirm") {
		return nil
	}
	return confirm(op, op.Object, op.Params)
}

// confirm goes on with an intent that has its method.
func confirm(op *resource.Op, pi, params *object.Object) error {
	if err := askedAlready(op, pi); err != nil {
		return err
	}
	if isOffSession(params) && pi.String("setup_future_usage") != "" {
		return apierr.Invalid("", "off_session", "You cannot confirm with the `off_session` parameter when `setup_future_usage` is also set on the PaymentIntent because you cannot set up future usages when processing payments off-session.")
	}
	pm, err := confirmedMethod(op, pi)
	if err != nil {
		return err
	}
	if err := checkBlikCode(pm, params); err != nil {
		return err
	}
	v, err := visitOf(op, pi, params)
	if err != nil {
		return err
	}
	if err := moveTo(op, pi, requiresConfirmation); err != nil {
		return err
	}
	pi.Set("next_action", nil)
	pi.Set("last_payment_error", nil)
	t, err := newTry(op, pi, pm, params)
	if err != nil {
		return err
	}
	t.visit = v
	return t.run(op)
}

func checkConfirm(pi, params *object.Object) error {
	switch status := pi.String("status"); {
	case status == succeeded:
		return unexpectedState(pi, "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.")
	case !isOpen(status):
		return allowIn(pi, "confirm", "confirmed", requiresMethod, requiresConfirmation, requiresAction)
	}
	if params.Has("amount_to_confirm") && params.Int("amount_to_confirm") != pi.Int("amount") {
		return apierr.Invalid("payment_intent_invalid_parameter", "amount_to_confirm", "The amount to confirm (%d) is not the amount of this PaymentIntent (%d).", params.Int("amount_to_confirm"), pi.Int("amount"))
	}
	return checkReceiptEmail(params)
}

// checkBlikCode refuses a code that no bank in Poland gives: they have six digits. A code that is none is not an attempt.
func checkBlikCode(pm, params *object.Object) error {
	code := params.Object("payment_method_options").Object("blik").String("code")
	if pm.String("type") != "blik" || code == "" || len(code) == 6 && strings.Trim(code, "0123456789") == "" {
		return nil
	}
	return apierr.Invalid("payment_method_invalid_parameter", "payment_method_options[blik][code]", "The code passed wasn't a valid BLIK code.")
}

// try is one attempt to pay a payment intent.
type try struct {
	pi, pm   *object.Object
	attempt  processor.Attempt
	with     instrument
	visit    visit               // how the customer is sent away and comes back
	noAction bool                // an action that is needed is an error
	collects bool                // it is for an invoice, which waits if the customer is needed
	remote   *processor.Progress // what the processor said, in live mode
	mandate  mandateTerms
}

func newTry(op *resource.Op, pi, pm, params *object.Object) (*try, error) {
	notes, err := op.Private(pm)
	if err != nil {
		return nil, err
	}
	authenticated := false
	if pi.String("confirmation_method") == "manual" {
		kept, err := op.Private(pi)
		if err != nil {
			return nil, err
		}
		authenticated = kept.String("authenticated") == pm.ID()
	}
	return &try{
		pi: pi, pm: pm, with: methodInstrument(op, pm), noAction: params.Bool("error_on_requires_action"),
		mandate: mandateTerms{notes.String("mandate"), params.String("mandate"), params.Object("mandate_data").Object("customer_acceptance")},
		attempt: processor.Attempt{
			Amount: pi.Int("amount"), Currency: pi.String("currency"), Ready: notes.Bool("ready"), Verified: notes.Bool("verified"), OffSession: isOffSession(params),
			Authenticated: authenticated, Request3DS: requested3DS(pi), Email: pm.Object("billing_details").String("email"),
		},
	}, nil
}

// isOffSession reads off_session, which is a boolean, or a word for what kind of payment it is.
func isOffSession(params *object.Object) bool {
	return params.Bool("off_session") || params.String("off_session") != ""
}

func requested3DS(intent *object.Object) string {
	options := intent.Object("payment_method_options").Object("card")
	return options.String("request_three_d_secure")
}

// run asks the processor and lets happen what it says.
func (t *try) run(op *resource.Op) error {
	if t.pm.String("type") == cashMethod {
		return t.payFromCash(op)
	}
	if _, err := keepFunds(op, t.pi, 0); err != nil {
		return err
	}
	if op.Live() {
		return t.ask(op)
	}
	answer := bank.Pay(t.with.method, t.attempt)
	switch answer.Step {
	case processor.Approved, processor.Processing:
		return t.paid(op, answer)
	case processor.Declined:
		return t.declined(op, answer)
	case processor.Authenticate, processor.Redirect, processor.Microdeposit, processor.Voucher:
	}
	return t.act(op, answer)
}

// capturesNow reports whether the money is taken with the confirmation.
func (t *try) capturesNow() bool {
	method := t.pi.String("capture_method")
	if own := t.pi.Object("payment_method_options").Object(t.pm.String("type")).String("capture_method"); own != "" {
		method = own
	}
	return !strings.HasPrefix(method, "manual")
}
