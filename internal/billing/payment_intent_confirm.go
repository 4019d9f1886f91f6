package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// confirmIntent tries to take the payment.
func confirmIntent(op *resource.Op) error { return confirm(op, op.Object, op.Params) }

func confirm(op *resource.Op, pi, params *object.Object) error {
	if err := checkConfirm(pi, params); err != nil {
		return err
	}
	if err := op.Merge(pi, params); err != nil {
		return err
	}
	if len(params.Array("payment_method_types")) > 0 {
		pi.Set("automatic_payment_methods", nil)
	}
	pm, err := confirmedMethod(op, pi, params)
	if err != nil {
		return err
	}
	if err := checkReturn(pi, params); err != nil {
		return err
	}
	if err := moveTo(op, pi, requiresConfirmation); err != nil {
		return err
	}
	pi.Set("next_action", nil)
	pi.Set("last_payment_error", nil)
	try, err := newTry(op, pi, pm, params)
	if err != nil {
		return err
	}
	return try.run(op)
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

// confirmedMethod is the method that an intent is confirmed with: the one that the request names, or the one it had.
func confirmedMethod(op *resource.Op, intent, params *object.Object) (*object.Object, error) {
	pm, err := givenMethod(op, intent, params)
	if err != nil {
		return nil, err
	}
	if pm == nil && intent.Ref("payment_method") != "" {
		return op.Get("payment_method", intent.Ref("payment_method"), "payment_method")
	}
	if pm == nil {
		noun := intentNoun(intent)
		return nil, unexpectedState(intent, "You cannot confirm this %s because it's missing a payment method. You can either update the %s with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.", noun, noun)
	}
	if err := checkMethod(op, intent, pm); err != nil {
		return nil, err
	}
	intent.Set("payment_method", pm.ID())
	return pm, nil
}

// checkReturn wants to know where the customer comes back to, if a method may send them away.
func checkReturn(pi, params *object.Object) error {
	if params.String("return_url") != "" || params.Bool("use_stripe_sdk") {
		return nil
	}
	if pi.Object("automatic_payment_methods").String("allow_redirects") == "always" {
		return apierr.Invalid("", "return_url", "This %s is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.", intentNoun(pi))
	}
	return nil
}

// try is one attempt to pay a payment intent.
type try struct {
	pi, pm   *object.Object
	attempt  processor.Attempt
	with     instrument
	visit    visit // how the customer is sent away and comes back
	noAction bool  // an action that is needed is an error
}

func newTry(op *resource.Op, pi, pm, params *object.Object) (*try, error) {
	private, err := op.Private(pm)
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
		visit: visit{returnURL: params.String("return_url"), sdk: params.Bool("use_stripe_sdk")},
		attempt: processor.Attempt{
			Amount: pi.Int("amount"), Currency: pi.String("currency"), Ready: private.Bool("ready"), OffSession: isOffSession(params),
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
