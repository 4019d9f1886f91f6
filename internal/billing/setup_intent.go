package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A setup intent makes a payment method ready for payments to come, and takes nothing.
//
//	requires_payment_method --method--> requires_confirmation --confirm--> succeeded
//	                                                                   --> requires_action --authenticated--> succeeded
//	                                                                                       --failed--> requires_payment_method
//	                                                                   --declined--> requires_payment_method
//	all but succeeded and canceled --cancel--> canceled
//
// Confirming is in setup_intent_confirm.go. Each try is kept as a setup attempt.
//
// Emits setup_intent.created, .requires_action, .succeeded, .setup_failed, .canceled.
func init() {
	register(resource.Rules{
		Object: "setup_intent",
		States: resource.States{
			requiresMethod:       {requiresConfirmation, requiresAction, processing, succeeded, canceled},
			requiresConfirmation: {requiresMethod, requiresAction, processing, succeeded, canceled},
			requiresAction:       {requiresMethod, requiresConfirmation, processing, succeeded, canceled},
			processing:           {requiresMethod, succeeded, canceled},
		},
		StateCode: "setup_intent_unexpected_state",
		Unmerged:  []string{"client_secret", "payment_method"},
		Create:    createSetup, Created: confirmCreatedSetup, Update: updateSetup,
		Actions: resource.Actions{
			"POST /v1/test_helpers/setup_intents/{intent}/authenticate": authenticateForTest,
			"POST /v1/setup_intents/{intent}/confirm":                   confirmSetupIntent,
			"POST /v1/setup_intents/{intent}/cancel":                    cancelSetup,
			"POST /v1/setup_intents/{intent}/verify_microdeposits":      verifySetupDeposits,
		},
		Jobs: map[string]resource.Job{askSetup: askForSetup},
	})
}

// setupSecretLength is the number of characters of a setup intent's client secret after its id.
const setupSecretLength = 31

func createSetup(op *resource.Op) error {
	si := op.Object
	if !op.Params.Bool("confirm") {
		for _, name := range []string{"mandate_data", "return_url", "use_stripe_sdk"} {
			if op.Params.Has(name) {
				return apierr.Invalid("", name, "`%s` can only be set if `confirm` is true.", name)
			}
		}
	}
	si.Set("client_secret", si.ID()+"_secret_"+op.Secret(setupSecretLength))
	if err := chooseMethodTypes(op, si, ""); err != nil {
		return err
	}
	si.Set("application", actingApplication(op))
	si.Set("status", requiresMethod)
	if !op.Params.Has("usage") {
		si.Set("usage", "off_session")
	}
	return chooseMethod(op, si)
}

func confirmCreatedSetup(op *resource.Op) error {
	if !op.Params.Bool("confirm") {
		return nil
	}
	return confirmSetup(op, op.Object, op.Params)
}

func updateSetup(op *resource.Op) error {
	si := op.Object
	if err := askedAlready(op, si); err != nil {
		return err
	}
	for _, name := range []string{"payment_method", "payment_method_data", "payment_method_types", "customer", "flow_directions", "payment_method_options"} {
		if status := op.Before.String("status"); op.Params.Has(name) && !isOpen(status) {
			e := unexpectedState(si, "This SetupIntent's %s could not be updated because it has a status of %s. You may only update the %s of a SetupIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.", name, status, name)
			e.Param = name
			return e
		}
	}
	if op.Params.Has("payment_method_types") {
		if err := chooseMethodTypes(op, si, ""); err != nil {
			return err
		}
	}
	return changeMethod(op, si)
}

// cancelSetup ends a setup intent that is no longer wanted.
// Emits setup_intent.canceled.
func cancelSetup(op *resource.Op) error {
	si := op.Object
	if err := allowIn(si, "cancel", "canceled", requiresMethod, requiresConfirmation, requiresAction); err != nil {
		return err
	}
	return endSetup(op, si, op.Params.String("cancellation_reason"))
}

// endSetup cancels a setup intent.
func endSetup(op *resource.Op, si *object.Object, reason string) error {
	if err := askedAlready(op, si); err != nil {
		return err
	}
	si.Set("cancellation_reason", textOrNull(reason))
	si.Set("next_action", nil)
	if err := op.Move(si, canceled); err != nil {
		return err
	}
	if err := letGo(op, si); err != nil {
		return err
	}
	return op.Emit("setup_intent.canceled", si)
}

// recordAttempt keeps a try to set up a payment method, as a setup attempt.
func recordAttempt(op *resource.Op, si, pm *object.Object, status string, failed *object.Object) error {
	kind := pm.String("type")
	details := newParams("type", kind)
	shown := object.New(nil)
	if kind == "card" {
		card := pm.Object("card")
		for _, name := range []string{"brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4"} {
			shown.Set(name, card.Get(name))
		}
		shown.Set("checks", card.Get("checks"))
		shown.Set("network", card.Get("brand"))
		shown.Set("three_d_secure", nil)
		shown.Set("wallet", nil)
	}
	details.Set(kind, shown)
	params := newParams("setup_intent", si.ID(), "payment_method", pm.ID(), "customer", textOrNull(si.Ref("customer")), "on_behalf_of", textOrNull(si.Ref("on_behalf_of")),
		"payment_method_details", details, "status", status, "usage", si.String("usage"))
	attempt, err := op.Make("setup_attempt", "", params, func(op *resource.Op) error {
		op.Object.Set("application", si.Get("application"))
		op.Object.Set("setup_error", nil)
		if failed != nil {
			op.Object.Set("setup_error", failed)
		}
		return nil
	})
	if err != nil {
		return err
	}
	si.Set("latest_attempt", attempt.ID())
	return nil
}
