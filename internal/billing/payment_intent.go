package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payment intent guides one payment from the first idea to the money.
//
//	requires_payment_method --method--> requires_confirmation --confirm--> succeeded
//	                                                                   --> requires_capture --capture--> succeeded
//	                                                                                        --seven days--> canceled
//	                                                                   --> requires_action --authenticated--> as confirm
//	                                                                                       --failed--> requires_payment_method
//	                                                                   --> processing --bank agrees--> succeeded
//	                                                                                  --bank refuses--> requires_payment_method
//	                                                                   --declined--> requires_payment_method
//	all but succeeded and canceled --cancel--> canceled
//
// Which method it uses is in intent_method.go, confirming in payment_intent_confirm.go, what comes of it in
// payment_intent_outcome.go, what the customer has to do in intent_action.go, capture in payment_intent_capture.go.
//
// Emits payment_intent.created, .requires_action, .processing, .amount_capturable_updated, .succeeded, .payment_failed,
// .canceled; its charges emit their own.
func init() {
	register(resource.Rules{
		Object: "payment_intent",
		States: resource.States{
			requiresMethod:       {requiresConfirmation, requiresAction, processing, requiresCapture, succeeded, canceled},
			requiresConfirmation: {requiresMethod, requiresAction, processing, requiresCapture, succeeded, canceled},
			requiresAction:       {requiresMethod, requiresConfirmation, processing, requiresCapture, succeeded, canceled},
			processing:           {requiresMethod, requiresCapture, succeeded, canceled},
			requiresCapture:      {succeeded, canceled},
		},
		StateCode: "payment_intent_unexpected_state", Audit: auditIntents,
		Unmerged: []string{"client_secret", "payment_method"},
		Create:   createIntent, Created: confirmCreatedIntent, Update: updateIntent,
		Actions: resource.Actions{
			"POST /v1/test_helpers/payment_intents/{intent}/authenticate": authenticateForTest,
			"POST /v1/payment_intents/{intent}/confirm":                   confirmIntent,
			"POST /v1/payment_intents/{intent}/capture":                   captureIntent,
			"POST /v1/payment_intents/{intent}/cancel":                    cancelIntent,
			"POST /v1/payment_intents/{intent}/increment_authorization":   incrementAuthorization,
			"POST /v1/payment_intents/{intent}/apply_customer_balance":    applyCustomerBalance,
			"POST /v1/payment_intents/{intent}/verify_microdeposits":      verifyPaymentDeposits,
		},
		Timers: map[string]resource.Hook{intentSettlement: settleIntent},
		Jobs:   map[string]resource.Job{askPayment: askForPayment},
	})
}

// The statuses of payment and setup intents.
const (
	requiresMethod       = "requires_payment_method"
	requiresConfirmation = "requires_confirmation"
	requiresAction       = "requires_action"
	requiresCapture      = "requires_capture"
	processing           = "processing"
	succeeded            = "succeeded"
	canceled             = "canceled"
)

func createIntent(op *resource.Op) error {
	pi := op.Object
	if err := checkCharge(op.Params); err != nil {
		return err
	}
	if err := checkOffSession(op.Params); err != nil {
		return err
	}
	if err := chooseMethodTypes(op, pi, pi.String("currency")); err != nil {
		return err
	}
	if !op.Params.Has("capture_method") {
		pi.Set("capture_method", "automatic_async")
	}
	if err := checkIntentShare(op, pi); err != nil {
		return err
	}
	pi.Set("application", actingApplication(op))
	pi.Set("status", requiresMethod)
	if err := keepAmountLines(op, pi); err != nil {
		return err
	}
	return chooseMethod(op, pi)
}

// checkOffSession refuses what only makes sense when the intent is confirmed at once.
func checkOffSession(params *object.Object) error {
	if params.Bool("confirm") {
		return nil
	}
	for _, name := range []string{"off_session", "error_on_requires_action", "return_url", "mandate", "mandate_data", "use_stripe_sdk"} {
		if params.Has(name) {
			return apierr.Invalid("", name, "`%s` can only be set if `confirm` is true.", name)
		}
	}
	return nil
}

// fixedParams are the parameters that cannot be changed once the intent has gone that far.
var fixedParams = []string{"amount", "currency", "payment_method", "payment_method_data", "payment_method_types", "customer", "capture_method",
	"payment_method_options", "setup_future_usage", "application_fee_amount", "confirmation_token", "transfer_data"}

func updateIntent(op *resource.Op) error {
	pi, params := op.Object, op.Params
	if err := askedAlready(op, pi); err != nil {
		return err
	}
	for _, name := range fixedParams {
		if status := op.Before.String("status"); params.Has(name) && !isOpen(status) {
			e := unexpectedState(pi, "This PaymentIntent's %s could not be updated because it has a status of %s. You may only update the %s of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.", name, status, name)
			e.Param = name
			return e
		}
	}
	if params.Has("amount") || params.Has("currency") {
		if err := checkAmount(pi.Int("amount"), pi.String("currency")); err != nil {
			return err
		}
	}
	if err := checkReceiptEmail(params); err != nil {
		return err
	}
	if err := checkTies(op, pi); err != nil {
		return err
	}
	if err := checkIntentShare(op, pi); err != nil {
		return err
	}
	if params.Has("payment_method_types") || params.Has("currency") {
		if err := chooseMethodTypes(op, pi, pi.String("currency")); err != nil {
			return err
		}
	}
	if err := keepAmountLines(op, pi); err != nil {
		return err
	}
	return changeMethod(op, pi)
}

// checkTies refuses to change what an intent is tied to: the currency that was tried to pay in, the customer, and whose cash
// in which currency it has taken.
func checkTies(op *resource.Op, pi *object.Object) error {
	before := op.Before
	customer, currency := pi.Ref("customer") != before.Ref("customer"), pi.String("currency") != before.String("currency")
	switch {
	case pi.Get("customer") == nil && customer:
		return apierr.Invalid("", "customer", "You cannot remove the customer of a PaymentIntent.")
	case currency && pi.Ref("latest_charge") != "":
		return apierr.Invalid("payment_intent_invalid_parameter", "currency", "You cannot change the currency of a PaymentIntent after a charge was attempted.")
	case !customer && !currency:
		return nil
	}
	funded, err := fundedBefore(op, pi)
	if err != nil || funded == 0 {
		return err
	}
	return apierr.Invalid("payment_intent_invalid_parameter", map[bool]string{true: "customer", false: "currency"}[customer],
		"You cannot change the customer or the currency of a PaymentIntent that is partially funded from a cash balance.")
}

// changeMethod follows an update that names another method, or none.
func changeMethod(op *resource.Op, intent *object.Object) error {
	if !op.Params.Has("payment_method") && !op.Params.Has("payment_method_data") && !op.Params.Has("confirmation_token") {
		return nil
	}
	if intent.String("status") == requiresAction {
		intent.Set("next_action", nil)
	}
	if op.Params.Has("payment_method") && op.Params.String("payment_method") == "" {
		intent.Set("payment_method", nil)
		return moveTo(op, intent, requiresMethod)
	}
	return chooseMethod(op, intent)
}

// isOpen reports whether an intent can still be changed.
func isOpen(status string) bool {
	return status == requiresMethod || status == requiresConfirmation || status == requiresAction
}

// moveTo moves an intent to a status, unless it has it already.
func moveTo(op *resource.Op, intent *object.Object, status string) error {
	if intent.String("status") == status {
		op.Save(intent)
		return nil
	}
	return op.Move(intent, status)
}

// unexpectedState is the error for a move that an intent's status does not allow. It carries the intent.
func unexpectedState(intent *object.Object, format string, args ...any) *apierr.Error {
	kind := intent.String("object")
	e := apierr.Invalid(kind+"_unexpected_state", "", format, args...)
	e.Objects = map[string][]byte{kind: intent.JSON()}
	return e
}

// allowIn refuses a verb unless the intent has one of the statuses.
func allowIn(intent *object.Object, verb, participle string, statuses ...string) error {
	status, list, noun := intent.String("status"), "", intentNoun(intent)
	for i, s := range statuses {
		if s == status {
			return nil
		}
		if i > 0 {
			list += ", "
		}
		list += s
	}
	return unexpectedState(intent, "You cannot %s this %s because it has a status of %s. Only a %s with one of the following statuses may be %s: %s.",
		verb, noun, status, noun, participle, list)
}

func intentNoun(intent *object.Object) string {
	if intent.String("object") == "setup_intent" {
		return "SetupIntent"
	}
	return "PaymentIntent"
}
