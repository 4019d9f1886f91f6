package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a session gets a payment method for payments to come: one in setup mode, or one for a subscription that costs
// nothing yet.

// startSetup makes the setup intent of a session in setup mode, which has it from the beginning.
// Emits setup_intent.created.
func startSetup(op *resource.Op, s *object.Object) error {
	if s.String("mode") != modeSetup {
		return nil
	}
	si, err := newSetup(op, s, op.Params.Object("setup_intent_data"))
	if err != nil {
		return err
	}
	s.Set("setup_intent", si.ID())
	return nil
}

func newSetup(op *resource.Op, s, data *object.Object) (*object.Object, error) {
	params := newParams("customer", s.Ref("customer"), "payment_method_types", slices.Clone(s.Array("payment_method_types")), "usage", "off_session",
		"description", data.String("description"), "on_behalf_of", data.String("on_behalf_of"))
	if notes := data.Object("metadata"); notes != nil {
		params.Set("metadata", notes.Clone())
	}
	si, err := op.Create("setup_intent", params)
	if err != nil {
		return nil, err
	}
	return si, tieToSession(op, si, s)
}

// setUpAtSession sets up the payment method of a session in setup mode.
// Emits customer.created if one is asked for, then what the setup intent does, and checkout.session.completed.
func setUpAtSession(op *resource.Op, s, pm *object.Object, back visit) error {
	customer, err := payingCustomer(op, s, s.String("customer_creation") == "always")
	if err != nil {
		return err
	}
	si, err := op.Get("setup_intent", s.Ref("setup_intent"), "")
	if err != nil {
		return err
	}
	if customer != nil && si.Ref("customer") == "" {
		si.Set("customer", customer.ID())
	}
	return setUpIntent(op, si, pm, back)
}

// setUpIntent confirms a setup intent with a method.
func setUpIntent(op *resource.Op, si, pm *object.Object, back visit) error {
	if pm.Ref("customer") != "" && pm.Ref("customer") != si.Ref("customer") {
		return apierr.Invalid("", "payment_method", "The PaymentMethod %s belongs to another Customer.", pm.ID())
	}
	if err := checkMethod(op, si, pm); err != nil {
		return err
	}
	si.Set("payment_method", pm.ID())
	return confirmSetup(op, si, newParams("return_url", back.returnURL, "use_stripe_sdk", back.sdk))
}
