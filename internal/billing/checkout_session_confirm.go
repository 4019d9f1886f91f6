package billing

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a customer pays at a checkout session. The page and the test helper both come here.
//
//	confirmSession --payment--> payment intent --succeeds, or will later--> completeSession
//	               --subscription--> subscription, whose first invoice has one; or setup intent, if nothing is due
//	               --setup--> setup intent
//	               --nothing to pay--> completeSession
//
// A decline leaves the session open, with the same intent. So does an action that is needed: once the customer has acted,
// the intent completes the session (followCheckout).

// completeForTest acts as the customer.
func completeForTest(op *resource.Op) error {
	if op.Live() {
		return apierr.Invalid("", "", "This can only be used in test mode.")
	}
	return confirmSession(op, op.Object, op.Params)
}

// confirmSession takes what a customer typed and lets them pay. A decline ends with an ErrKept.
func confirmSession(op *resource.Op, s, typed *object.Object) error {
	pm, token, err := confirmingMethod(op, typed)
	if err != nil {
		return err
	}
	if err := takeConfirmed(op, s, typed, pm); err != nil {
		return err
	}
	if pm, err = neededMethod(s, pm); err != nil {
		return err
	}
	if pm != nil {
		nameHolder(op, s, pm)
	}
	op.Save(s)
	back := visit{returnURL: cmp.Or(typed.String("return_url"), token.String("return_url")), sdk: typed.Bool("use_stripe_sdk")}
	if back.returnURL == "" {
		back.returnURL = sessionReturn(op, s)
	}
	pay := setUpAtSession
	switch s.String("mode") {
	case modePayment:
		pay = payAtSession
	case modeSubscription:
		pay = subscribeAtSession
	}
	return useAtSession(op, s, token, pay(op, s, pm, back))
}

// takeConfirmed takes what a customer typed, if the session can still be paid, and nothing is missing or has changed.
func takeConfirmed(op *resource.Op, s, typed, pm *object.Object) error {
	if err := checkActive(s); err != nil {
		return err
	}
	if err := checkLinkLimit(op, s); err != nil {
		return err
	}
	if err := takeTyped(op, s, typed, pm); err != nil {
		return err
	}
	if err := checkTyped(s); err != nil {
		return err
	}
	return checkExpected(s, typed, pm)
}

// confirmingMethod is what the customer pays with: named, or in a confirmation token, which may say where to send it, too.
func confirmingMethod(op *resource.Op, typed *object.Object) (pm, token *object.Object, err error) {
	named, id := typed.String("payment_method"), typed.String("confirmation_token")
	switch {
	case named != "" && id != "":
		return nil, nil, exclusiveParams("confirmation_token", "payment_method")
	case named != "":
		pm, err = getMethod(op, named, "payment_method")
		return pm, nil, err
	case id == "":
		return nil, nil, nil
	}
	if pm, token, err = openConfirmationToken(op, id); err != nil {
		return nil, nil, err
	}
	if shipping := token.Object("shipping"); shipping != nil && !typed.Has("shipping") {
		typed.Set("shipping", shipping.Clone())
	}
	return pm, token, nil
}

// useAtSession uses up the token that a customer confirmed with, whether that was declined or not.
func useAtSession(op *resource.Op, s, token *object.Object, err error) error {
	var kept resource.ErrKept
	if token == nil || err != nil && !errors.As(err, &kept) {
		return err
	}
	intent, failed := pageIntent(op, s)
	if intent == nil || failed != nil {
		return errors.Join(failed, err)
	}
	token.Set(intent.String("object"), intent.ID())
	op.Save(token)
	return err
}

// checkActive refuses to use a session that is over.
func checkActive(s *object.Object) error {
	switch s.String("status") {
	case "open":
		return nil
	case "complete":
		return apierr.Invalid("checkout_succeeded_session", "", "This Checkout Session has already been processed.")
	}
	return apierr.Invalid("checkout_not_active_session", "", "This Checkout Session is no longer active.")
}

// checkExpected holds what the customer was shown against what they are about to pay.
func checkExpected(s, typed, pm *object.Object) error {
	if typed.Has("expected_amount") && typed.Int("expected_amount") != s.Int("amount_total") {
		return apierr.Invalid("checkout_amount_mismatch", "expected_amount", "The expected amount (%d) is not the amount of this Checkout Session (%d). It may have changed since the page was loaded.", typed.Int("expected_amount"), s.Int("amount_total"))
	}
	if kind := typed.String("expected_payment_method_type"); kind != "" && pm != nil && kind != pm.String("type") {
		return apierr.Invalid("", "expected_payment_method_type", "The payment method is of the type `%s`, not `%s`.", pm.String("type"), kind)
	}
	return nil
}

// neededMethod wants a payment method that the session takes, if it needs one; nil if it needs none.
func neededMethod(s, pm *object.Object) (*object.Object, error) {
	if s.String("mode") != modeSetup && s.Int("amount_total") == 0 && s.String("payment_method_collection") == "if_required" {
		return nil, nil
	}
	if pm == nil {
		return nil, missingParam("payment_method")
	}
	if kind, types := pm.String("type"), s.Array("payment_method_types"); !slices.Contains(types, any(kind)) {
		return nil, apierr.Invalid("", "payment_method", "The PaymentMethod provided (%s) is not allowed for this Checkout Session. It takes: %s.", kind, joinTexts(types))
	}
	return pm, nil
}

// nameHolder notes on a payment method that is nobody's yet who typed it.
func nameHolder(op *resource.Op, s, pm *object.Object) {
	if pm.Ref("customer") != "" {
		return
	}
	billing, details := pm.Object("billing_details"), s.Object("customer_details")
	for _, name := range []string{"email", "name", "phone"} {
		if text := details.String(name); text != "" && billing.String(name) == "" {
			billing.Set(name, text)
		}
	}
	if address := details.Object("address"); address != nil && !hasText(billing.Object("address")) {
		billing.Set("address", address.Clone())
	}
	op.Save(pm)
}

// sessionReturn is where the customer comes back to from a page of their bank: the session's page, or the seller's.
func sessionReturn(op *resource.Op, s *object.Object) string {
	if s.String("ui_mode") == hosted {
		return sessionURL(op, s)
	}
	return withSessionID(s, s.String("return_url"))
}

// SessionRedirect is where the customer goes when a session is complete; empty if they stay.
func SessionRedirect(s *object.Object) string {
	if url := s.String("success_url"); url != "" {
		return withSessionID(s, url)
	}
	return withSessionID(s, s.String("return_url"))
}

// withSessionID is an address of the seller's with the session's id where it has a place for it.
func withSessionID(s *object.Object, url string) string {
	return strings.ReplaceAll(url, "{CHECKOUT_SESSION_ID}", s.ID())
}
