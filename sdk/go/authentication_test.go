package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// challenged is a payment whose bank wants to see the customer.
func challenged(s *seller) *stripe.PaymentIntentCreateParams {
	return s.payment("pm_card_threeDSecure2Required", 2000)
}

// act does through the API what a customer does on the page that next_action leads to.
func act[T any](s *seller, path, id, outcome string, intent *T) *T {
	s.t.Helper()
	raw(s.t, s.key, "/v1/test_helpers/"+path+"/"+id+"/authenticate", "outcome="+outcome, intent)
	return intent
}

func (s *seller) authenticate(pi *stripe.PaymentIntent, outcome string) *stripe.PaymentIntent {
	s.t.Helper()
	return act(s, "payment_intents", pi.ID, outcome, &stripe.PaymentIntent{})
}

func TestThreeDSecurePassed(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	asked := s.pay(challenged(s))
	same(t, "asked", []any{stripe.PaymentIntentStatusRequiresAction, "use_stripe_sdk"}, []any{asked.Status, string(asked.NextAction.Type)})
	if asked.LatestCharge != nil {
		t.Errorf("charged before the customer was seen: %s", asked.LatestCharge.ID)
	}
	paid := s.authenticate(asked, "succeeded")
	same(t, "paid", []any{stripe.PaymentIntentStatusSucceeded, int64(2000)}, []any{paid.Status, paid.AmountReceived})
	same(t, "charge", "authenticated", string(s.settled(paid).PaymentMethodDetails.Card.ThreeDSecure.Result))
	s.happened("payment_intent.created", "payment_intent.requires_action", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
}

func TestThreeDSecureNotPassed(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	failed := s.authenticate(s.pay(challenged(s)), "failed")
	same(t, "failed", []any{stripe.PaymentIntentStatusRequiresPaymentMethod, stripe.ErrorCodePaymentIntentAuthenticationFailure}, []any{failed.Status, failed.LastPaymentError.Code})
	if failed.NextAction != nil || failed.LatestCharge != nil {
		t.Errorf("left over: %v, %v", failed.NextAction, failed.LatestCharge)
	}
	s.happened("payment_intent.created", "payment_intent.requires_action", "payment_intent.payment_failed")
}

func TestThreeDSecurePassedAndThenDeclined(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	refused := s.authenticate(s.pay(s.payment("pm_card_threeDSecureRequiredChargeDeclined", 2000)), "succeeded")
	same(t, "declined", []any{stripe.PaymentIntentStatusRequiresPaymentMethod, stripe.ErrorCodeCardDeclined}, []any{refused.Status, refused.LastPaymentError.Code})
	same(t, "charge", stripe.ChargeStatusFailed, s.charge(refused.LatestCharge.ID).Status)
}

func TestThreeDSecureAsAnError(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	p := challenged(s)
	p.ErrorOnRequiresAction = stripe.Bool(true)
	_, err := s.V1PaymentIntents.Create(t.Context(), p)
	e := declined(t, err, stripe.ErrorCodeAuthenticationRequired, "")
	same(t, "intent", stripe.PaymentIntentStatusRequiresPaymentMethod, e.PaymentIntent.Status)
}

// setUp sets a card up for payments that its holder is not there for.
func (s *seller) setUp(c *stripe.Customer, method, returnURL string) (*stripe.SetupIntent, error) {
	p := &stripe.SetupIntentCreateParams{
		Customer: stripe.String(c.ID), PaymentMethod: stripe.String(method), Confirm: stripe.Bool(true),
		AutomaticPaymentMethods: &stripe.SetupIntentCreateAutomaticPaymentMethodsParams{Enabled: stripe.Bool(true), AllowRedirects: stripe.String("never")},
	}
	if returnURL != "" {
		p.ReturnURL = stripe.String(returnURL)
	}
	return s.V1SetupIntents.Create(s.t.Context(), p)
}

// absent is such a payment.
func (s *seller) absent(c *stripe.Customer, method string) *stripe.PaymentIntentCreateParams {
	p := s.payment(method, 2500)
	p.Customer, p.OffSession = stripe.String(c.ID), stripe.Bool(true)
	return p
}

func TestSetupThenOffSession(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	c := s.customer()
	asked, err := s.setUp(c, "pm_card_authenticationRequiredOnSetup", "")
	must(t, err)
	ready := act(s, "setup_intents", asked.ID, "succeeded", &stripe.SetupIntent{})
	same(t, "set up", stripe.SetupIntentStatusSucceeded, ready.Status)
	pm, err := s.V1PaymentMethods.Retrieve(t.Context(), ready.PaymentMethod.ID, nil)
	must(t, err)
	same(t, "holder", c.ID, pm.Customer.ID)
	for a, err := range s.V1SetupAttempts.List(t.Context(), &stripe.SetupAttemptListParams{SetupIntent: stripe.String(ready.ID)}).All(t.Context()) {
		must(t, err)
		same(t, "attempt", []string{ready.LatestAttempt.ID, "succeeded", pm.ID}, []string{a.ID, string(a.Status), a.PaymentMethod.ID})
		break
	}

	paid := s.pay(s.absent(c, pm.ID))
	same(t, "paid", []any{stripe.PaymentIntentStatusSucceeded, int64(2500), c.ID}, []any{paid.Status, paid.AmountReceived, paid.Customer.ID})
	s.settled(paid)
	s.happened("customer.created", "setup_intent.created", "setup_intent.requires_action", "payment_method.attached", "setup_intent.succeeded",
		"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
}

func TestOffSessionWhenTheBankWantsToSeeTheCustomer(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	c := s.customer()
	kept, err := s.V1PaymentMethods.Attach(t.Context(), "pm_card_authenticationRequired", &stripe.PaymentMethodAttachParams{Customer: stripe.String(c.ID)})
	must(t, err)
	_, err = s.V1PaymentIntents.Create(t.Context(), s.absent(c, kept.ID))
	e := declined(t, err, stripe.ErrorCodeAuthenticationRequired, stripe.DeclineCodeAuthenticationRequired)
	same(t, "error", []any{stripe.PaymentIntentStatusRequiresPaymentMethod, kept.ID}, []any{e.PaymentIntent.Status, e.PaymentMethod.ID})

	// The customer comes back.
	asked, err := s.V1PaymentIntents.Confirm(t.Context(), e.PaymentIntent.ID, &stripe.PaymentIntentConfirmParams{PaymentMethod: stripe.String(kept.ID)})
	must(t, err)
	same(t, "asked", stripe.PaymentIntentStatusRequiresAction, asked.Status)
	same(t, "paid", stripe.PaymentIntentStatusSucceeded, s.authenticate(asked, "succeeded").Status)
}

func TestSetupDeclined(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	_, err := s.setUp(s.customer(), "pm_card_visa_chargeDeclined", "")
	e := declined(t, err, stripe.ErrorCodeCardDeclined, stripe.DeclineCodeGenericDecline)
	same(t, "intent", []any{stripe.SetupIntentStatusRequiresPaymentMethod, stripe.ErrorCodeCardDeclined}, []any{e.SetupIntent.Status, e.SetupIntent.LastSetupError.Code})
}
