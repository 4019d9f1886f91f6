package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A payment method is what a customer pays with: a card, a bank account, a wallet.
//
//	(new) --attach--> customer's --detach--> nobody's, for good
//	(new) --paid with, without a customer--> used up
//
// The published names (pm_card_visa) stand for a fresh payment method each time that they are used.
// What each type shows and takes is in payment_method_types.go.
//
// Emits payment_method.attached, .updated, .detached.
func init() {
	register(resource.Rules{
		Object: "payment_method", ID: usualID, Unmerged: methodTypes, Create: createMethod, Update: updateMethod, Resolve: resolveMethod,
		Actions: resource.Actions{
			"POST /v1/payment_methods/{payment_method}/attach": attachMethod,
			"POST /v1/payment_methods/{payment_method}/detach": detachMethod,
		},
		Jobs: map[string]resource.Job{detachRemote: askToDetach},
	})
}

// createMethod makes a payment method of what was typed, or of a token.
func createMethod(op *resource.Op) error {
	if id := op.Params.String("payment_method"); id != "" {
		return cloneMethod(op, id)
	}
	m, err := typedMethod(op, op.Params, "")
	if err != nil {
		return err
	}
	return fillMethod(op, m)
}

// fillMethod puts onto op.Object, which its parameters were merged into, what a payment method shows.
func fillMethod(op *resource.Op, m processor.Method) error {
	pm := op.Object
	pm.Set("type", m.Type)
	pm.Set("billing_details", fullBillingDetails(op.Params.Object("billing_details")))
	if !op.Params.Has("allow_redisplay") {
		pm.Set("allow_redisplay", "unspecified")
	}
	pm.Set("customer", nil)
	showMethod(pm, m, op.Params.Object(m.Type))
	if m.Bank.Verified {
		return noteMethod(op, pm, "verified", true)
	}
	return nil
}

// fullBillingDetails has every field of billing_details, those that were not given as null.
func fullBillingDetails(given *object.Object) *object.Object {
	address := object.New(nil)
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		address.Set(name, textOrNull(given.Object("address").String(name)))
	}
	out := newParams("address", address)
	for _, name := range []string{"email", "name", "phone", "tax_id"} {
		out.Set(name, textOrNull(given.String(name)))
	}
	return out
}

// newMethod makes a payment method that a request brings along in payment_method_data.
func newMethod(op *resource.Op, data *object.Object, param string) (*object.Object, error) {
	pm, err := op.Create("payment_method", data)
	if err != nil {
		return nil, within(err, param)
	}
	return pm, nil
}

// resolveMethod makes the payment method that a published name stands for, or the id of a card or source that was kept in
// the older way.
func resolveMethod(op *resource.Op, id string) (string, error) {
	if kept, err := legacyMethod(op, id); kept != nil || err != nil {
		return kept.ID(), err
	}
	m, ok := bank.Template(op.Account(), id, op.Now())
	if !ok || op.Live() {
		return "", nil
	}
	pm, err := op.Make("payment_method", "", newParams("type", m.Type), func(op *resource.Op) error { return fillMethod(op, m) })
	if err != nil {
		return "", err
	}
	return pm.ID(), nil
}

// getMethod finds the payment method that a parameter names: by its id, a published name, or the id of a card or source
// that was kept in the older way.
func getMethod(op *resource.Op, id, param string) (*object.Object, error) {
	made, err := resolveMethod(op, id)
	if err != nil {
		return nil, err
	}
	if made != "" {
		id = made
	}
	if err := elsewhereMethod(op, id, param); err != nil {
		return nil, err
	}
	return op.Get("payment_method", id, param)
}

// methodInstrument is a payment method, ready to be charged.
func methodInstrument(op *resource.Op, pm *object.Object) instrument {
	return instrument{id: pm.ID(), method: keptMethod(op, pm), billing: pm.Object("billing_details").Clone(), shown: pm.Object(pm.String("type"))}
}

// cloneMethod copies a customer's payment method of the platform to a connected account.
func cloneMethod(op *resource.Op, id string) error {
	platform, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	pm, err := platform.Get("payment_method", id, "payment_method")
	if err != nil {
		return err
	}
	kind := pm.String("type")
	op.Object.Set("type", kind)
	op.Object.Set("billing_details", pm.Object("billing_details").Clone())
	op.Object.Set(kind, pm.Object(kind).Clone())
	return nil
}

func updateMethod(op *resource.Op) error {
	pm := op.Object
	if pm.Ref("customer") == "" {
		return apierr.Invalid("", "", "You must save this PaymentMethod to a customer before you can update it.")
	}
	if op.Params.Has("billing_details") {
		pm.Set("billing_details", fullBillingDetails(pm.Object("billing_details")))
	}
	return updateTypedMethod(op)
}

// attachMethod gives a payment method to a customer.
// Emits payment_method.attached.
func attachMethod(op *resource.Op) error {
	id := op.Params.String("customer")
	if id == "" {
		return missingParam("customer")
	}
	if _, err := op.Get("customer", id, "customer"); err != nil {
		return err
	}
	if op.Live() {
		return notLive("Attaching a PaymentMethod without a payment or a SetupIntent")
	}
	if err := checkSavable(op.Object); err != nil {
		return err
	}
	return attachTo(op, op.Object, id)
}

func attachTo(op *resource.Op, pm *object.Object, customer string) error {
	switch owner := pm.Ref("customer"); {
	case owner == customer:
		return nil
	case owner != "":
		return apierr.Invalid("", "", "The payment method you provided has already been attached to a customer.")
	}
	private, err := op.Private(pm)
	if err != nil {
		return err
	}
	if why := private.String("spent"); why != "" {
		return apierr.Invalid("payment_method_unexpected_state", "", "This PaymentMethod was previously %s. It may not be used again.", why)
	}
	if d := bank.Verify(keptMethod(op, pm)); d != nil {
		return cardError(d, "")
	}
	pm.Set("customer", customer)
	showChecks(pm)
	op.Save(pm)
	return op.Emit("payment_method.attached", pm)
}

func detachMethod(op *resource.Op) error {
	if op.Object.Ref("customer") == "" {
		return apierr.Invalid("", "", "The payment method you provided is not attached to a customer so detachment is impossible.")
	}
	return detach(op, op.Object)
}

// detach takes a payment method from its customer, for good.
// Emits payment_method.detached.
func detach(op *resource.Op, pm *object.Object) error {
	customer := pm.Ref("customer")
	pm.Set("customer", nil)
	if err := spendMethod(op, pm, "detached from a Customer"); err != nil {
		return err
	}
	op.Save(pm)
	if op.Processor() != nil {
		if err := op.Ask(detachRemote, pm); err != nil {
			return err
		}
	}
	if err := deleteLegacySource(op, pm, customer); err != nil {
		return err
	}
	return op.EmitChanged("payment_method.detached", pm, newParams("customer", customer))
}

// spendMethod notes why a payment method cannot be attached any more.
func spendMethod(op *resource.Op, pm *object.Object, why string) error {
	return noteMethod(op, pm, "spent", why)
}

// noteMethod remembers something about a payment method that no answer shows: why it is "spent", that it is "ready" for
// payments without its holder, that the bank account is "verified" to be the holder's, and its "mandate".
func noteMethod(op *resource.Op, pm *object.Object, name string, value any) error {
	notes, err := op.Private(pm)
	if err != nil {
		return err
	}
	notes.Set(name, value)
	return op.SetPrivate(pm, notes)
}

// showChecks says that the bank has been asked: what is checked when a card is kept is a pass from then on.
func showChecks(pm *object.Object) {
	checks := pm.Object("card").Object("checks")
	for _, name := range []string{"address_line1_check", "address_postal_code_check", "cvc_check"} {
		if checks.String(name) == "unchecked" {
			checks.Set(name, "pass")
		}
	}
}
