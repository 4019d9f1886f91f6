package billing

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What a customer has to do before a payment or setup intent can go on: authenticate, agree on the page of a method, or
// tell what was deposited in a bank account. Each time is an attempt with an id of its own, which nobody can guess.

// visit is how a customer is sent away and comes back.
type visit struct {
	returnURL string
	sdk       bool // the seller's page shows the challenge itself, through a script
}

// attemptLength is the number of characters of an attempt's id after its prefix.
const attemptLength = 24

// startAttempt keeps what is needed to go on once the customer has acted, and says what they have to do.
func startAttempt(op *resource.Op, intent, pm *object.Object, step processor.Step, v visit, a processor.Attempt) error {
	id := "payatt_" + op.Secret(attemptLength)
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	private.Set("attempt", newParams("id", id, "return_url", v.returnURL, "ready", a.Ready, "off_session", a.OffSession, "step", int64(step)))
	if err := op.SetPrivate(intent, private); err != nil {
		return err
	}
	intent.Set("next_action", nextAction(op, intent, pm.String("type"), id, step, v))
	return moveTo(op, intent, requiresAction)
}

// act waits for the customer.
// Emits payment_intent.requires_action.
func (t *try) act(op *resource.Op, answer processor.Answer) error {
	if t.noAction {
		e := apierr.Card("authentication_required", "", "", "This payment required an authentication action to complete, but `error_on_requires_action` was set. When you're ready, you can upgrade your integration to handle actions at https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.")
		return t.fail(op, e)
	}
	if t.attempt.OffSession && answer.Step != processor.Voucher {
		return t.fail(op, apierr.Card("authentication_required", "", "", "The payment requires an action of the customer, who is not there because `off_session` was set."))
	}
	if err := startAttempt(op, t.pi, t.pm, answer.Step, t.visit, t.attempt); err != nil {
		return err
	}
	if s := answer.Settlement; (answer.Step == processor.Voucher || s.Decline != nil) && !s.Never {
		if err := op.SetTimer(intentSettlement, t.pi, op.Now().Add(s.After)); err != nil {
			return err
		}
	}
	if err := op.Emit("payment_intent.requires_action", t.pi); err != nil {
		return err
	}
	return followCheckout(op, t.pi)
}

// Outcomes of what a customer did.
const (
	Authenticated = "succeeded"
	NotPassed     = "failed"
	GivenUp       = "canceled"
)

// DescribeAttempt finds the payment or setup intent whose customer has to act. The attempt is known by its id together
// with the intent's client secret, and only until the customer has acted.
func DescribeAttempt(op *resource.Op, attempt, clientSecret string) (*object.Object, error) {
	intent, _, err := findAttempt(op, attempt, clientSecret)
	return intent, err
}

// AttemptReturnURL is where the customer comes back to after an attempt, or nothing. What a script shows in a frame leads
// nowhere: the shop's page around it goes on.
func AttemptReturnURL(op *resource.Op, intent *object.Object) (string, error) {
	if intent.Object("next_action").String("type") == "use_stripe_sdk" {
		return "", nil
	}
	private, err := op.Private(intent)
	return private.Object("attempt").String("return_url"), err
}

func findAttempt(op *resource.Op, attempt, clientSecret string) (intent, kept *object.Object, err error) {
	gone := &apierr.Error{Status: http.StatusNotFound, Type: apierr.TypeInvalid, Code: "resource_missing", Param: "attempt", Message: "No such attempt: '" + attempt + "'. It may have been used already."}
	intent, err = intentBySecret(op, clientSecret)
	if err != nil {
		return nil, nil, err
	}
	if intent.String("status") != requiresAction {
		return nil, nil, gone
	}
	private, err := op.Private(intent)
	if err != nil {
		return nil, nil, err
	}
	kept = private.Object("attempt")
	if !sameSecret(kept.String("id"), attempt) {
		return nil, nil, gone
	}
	return intent, kept, nil
}

// intentBySecret finds a payment or setup intent by its client secret.
func intentBySecret(op *resource.Op, clientSecret string) (*object.Object, error) {
	id, _, _ := strings.Cut(clientSecret, "_secret_")
	kind := "payment_intent"
	if strings.HasPrefix(id, "seti_") {
		kind = "setup_intent"
	}
	intent, err := op.Find(kind, id)
	if err != nil {
		return nil, err
	}
	if intent == nil || !sameSecret(intent.String("client_secret"), clientSecret) {
		return nil, &apierr.Error{Status: http.StatusNotFound, Type: apierr.TypeInvalid, Code: "resource_missing", Param: "attempt", Message: "No such attempt. It may have been used already."}
	}
	return intent, nil
}

// sameSecret takes the same time wherever two secrets differ, as pages without a key hold them against what was sent.
func sameSecret(kept, sent string) bool {
	return subtle.ConstantTimeCompare([]byte(kept), []byte(sent)) == 1
}

// AuthenticateIntent lets the intent go on after its customer has acted, with one of the outcomes above. A payment that
// is declined then is no error here: the intent says so.
func AuthenticateIntent(op *resource.Op, attempt, clientSecret, outcome string) (*object.Object, error) {
	intent, kept, err := findAttempt(op, attempt, clientSecret)
	if err != nil {
		return nil, err
	}
	err = actedOn(op, intent, kept, outcome)
	if declinedCharge(err) != nil {
		err = nil
	}
	return intent, err
}

// authenticateForTest acts as the customer.
func authenticateForTest(op *resource.Op) error {
	intent := op.Object
	if op.Live() {
		return apierr.Invalid("", "", "This can only be used in test mode.")
	}
	if err := allowIn(intent, "authenticate", "authenticated", requiresAction); err != nil {
		return err
	}
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	outcome := op.Params.String("outcome")
	if outcome == "" {
		outcome = Authenticated
	}
	err = actedOn(op, intent, private.Object("attempt"), outcome)
	if declinedCharge(err) != nil {
		return nil // the intent says so
	}
	return err
}

// actedOn goes on with an intent whose customer has acted.
func actedOn(op *resource.Op, intent, kept *object.Object, outcome string) error {
	pm, err := op.Get("payment_method", intent.Ref("payment_method"), "")
	if err != nil {
		return err
	}
	if outcome == Authenticated && processor.Step(kept.Int("step")) == processor.Microdeposit {
		if err := noteMethod(op, pm, "verified", true); err != nil {
			return err
		}
	}
	if intent.String("object") == "setup_intent" {
		return setupActedOn(op, intent, pm, outcome)
	}
	intent.Set("next_action", nil)
	if outcome != Authenticated {
		return failIntent(op, intent, pm, notAuthenticated(intent, pm))
	}
	if intent.String("confirmation_method") == "manual" {
		private, err := op.Private(intent)
		if err != nil {
			return err
		}
		private.Set("authenticated", pm.ID())
		if err := op.SetPrivate(intent, private); err != nil {
			return err
		}
		return op.Move(intent, requiresConfirmation)
	}
	t, err := newTry(op, intent, pm, object.New(nil))
	if err != nil {
		return err
	}
	t.attempt.Authenticated, t.attempt.Ready, t.attempt.OffSession = true, kept.Bool("ready"), kept.Bool("off_session")
	return t.run(op)
}

// notAuthenticated is the error that an intent shows whose customer did not pass.
func notAuthenticated(intent, pm *object.Object) *apierr.Error {
	e := apierr.Invalid(intent.String("object")+"_authentication_failure", "", "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this %s again.", intentNoun(intent))
	if kind := pm.String("type"); kind == "card" {
		e.Message = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
	} else if intent.String("object") == "payment_intent" {
		e.Code, e.Message = "payment_intent_payment_attempt_failed", "The customer did not approve the "+strings.ReplaceAll(kind, "_", " ")+" payment."
	}
	e.Status = http.StatusPaymentRequired
	return e
}
