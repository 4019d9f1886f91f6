package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// confirmSetupIntent tries to make the method ready.
func confirmSetupIntent(op *resource.Op) error {
	si := op.Object
	if si.String("status") == succeeded {
		return unexpectedState(si, "You cannot confirm this SetupIntent because it has already succeeded.")
	}
	if err := allowIn(si, "confirm", "confirmed", requiresMethod, requiresConfirmation, requiresAction); err != nil {
		return err
	}
	if err := op.Merge(si, op.Params); err != nil {
		return err
	}
	if err := chooseMethod(op, si); err != nil {
		return err
	}
	return confirmSetup(op, si, op.Params)
}

// confirmSetup goes on with an intent that has its method.
func confirmSetup(op *resource.Op, si, params *object.Object) error {
	if err := askedAlready(op, si); err != nil {
		return err
	}
	pm, err := confirmedMethod(op, si)
	if err != nil {
		return err
	}
	v, err := visitOf(op, si, params)
	if err != nil {
		return err
	}
	if err := moveTo(op, si, requiresConfirmation); err != nil {
		return err
	}
	si.Set("next_action", nil)
	si.Set("last_setup_error", nil)
	notes, err := op.Private(pm)
	if err != nil {
		return err
	}
	terms := mandateTerms{notes.String("mandate"), "", params.Object("mandate_data").Object("customer_acceptance")}
	return trySetup(op, si, pm, v, terms, processor.Attempt{Setup: true, Verified: notes.Bool("verified"), Request3DS: requested3DS(si)})
}

// trySetup asks the processor and lets happen what it says. The customer is there while a method is set up, whatever it
// is to be used for.
func trySetup(op *resource.Op, si, pm *object.Object, v visit, terms mandateTerms, a processor.Attempt) error {
	if op.Live() {
		return askAbout(op, si, pm, newParams("return_url", v.returnURL))
	}
	answer := bank.Pay(keptMethod(op, pm), a)
	switch answer.Step {
	case processor.Approved, processor.Processing:
		return succeedSetup(op, si, pm, terms)
	case processor.Declined:
		return failSetup(op, si, pm, cardError(answer.Outcome.Decline, ""))
	case processor.Authenticate, processor.Redirect, processor.Microdeposit, processor.Voucher:
	}
	if err := startAttempt(op, si, pm, answer.Step, v, a); err != nil {
		return err
	}
	if err := recordAttempt(op, si, pm, requiresAction, nil); err != nil {
		return err
	}
	return op.Emit("setup_intent.requires_action", si)
}

// succeedSetup makes the method the customer's, ready to be used without them.
func succeedSetup(op *resource.Op, si, pm *object.Object, terms mandateTerms) error {
	if customer := si.Ref("customer"); customer != "" {
		if err := attachTo(op, pm, customer); err != nil {
			return err
		}
	}
	if si.String("usage") == "off_session" {
		if err := noteMethod(op, pm, "ready", true); err != nil {
			return err
		}
	}
	mandate, err := terms.agree(op, pm, true, 0, "")
	if err != nil {
		return err
	}
	if mandate != "" {
		si.Set("mandate", mandate)
	}
	if err := recordAttempt(op, si, pm, succeeded, nil); err != nil {
		return err
	}
	if err := op.Move(si, succeeded); err != nil {
		return err
	}
	if err := op.Emit("setup_intent.succeeded", si); err != nil {
		return err
	}
	return followCheckout(op, si)
}

// failSetup sends the intent back to where it needs another method, and tells the caller.
func failSetup(op *resource.Op, si, pm *object.Object, failed *apierr.Error) error {
	shown := shownError(op, failed, pm)
	if err := recordAttempt(op, si, pm, "failed", shown); err != nil {
		return err
	}
	si.Set("payment_method", nil)
	si.Set("next_action", nil)
	si.Set("last_setup_error", shown)
	if err := moveTo(op, si, requiresMethod); err != nil {
		return err
	}
	if err := op.Emit("setup_intent.setup_failed", si); err != nil {
		return err
	}
	failed.Objects = map[string][]byte{"setup_intent": si.JSON(), "payment_method": pm.AppendJSON(nil, 0)}
	return resource.ErrKept{Err: failed}
}

// setupActedOn goes on with a setup intent whose customer has acted.
func setupActedOn(op *resource.Op, si, pm *object.Object, outcome string) error {
	si.Set("next_action", nil)
	if outcome != Authenticated {
		return failSetup(op, si, pm, notAuthenticated(si, pm))
	}
	return trySetup(op, si, pm, visit{}, mandateTerms{}, processor.Attempt{Setup: true, Authenticated: true, Verified: true})
}

// verifySetupDeposits proves that a bank account is the customer's.
func verifySetupDeposits(op *resource.Op) error {
	kept, err := checkIntentDeposits(op, op.Object)
	if err != nil {
		return err
	}
	return actedOn(op, op.Object, kept, Authenticated)
}
