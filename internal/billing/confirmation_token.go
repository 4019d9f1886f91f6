package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A confirmation token is what a customer chose on a page to pay with, until the payment is confirmed.
//
//	(new) --confirms a payment or a setup--> used
//	(new) --twelve hours--> expired
//
// Browsers make them; on a server they are made by the test helper.
func init() {
	register(resource.Rules{Object: "confirmation_token", Unmerged: []string{"payment_method_preview"}, Prepare: checkConfirmationToken, Create: createConfirmationToken})
}

// confirmationTokenLife is how long a page may take to confirm.
const confirmationTokenLife = 12 * time.Hour

func checkConfirmationToken(op *resource.Op) error {
	switch byID, typed := op.Params.Has("payment_method"), op.Params.Has("payment_method_data"); {
	case byID && typed:
		return apierr.Invalid("parameters_exclusive", "payment_method", "You may only specify one of these parameters: payment_method, payment_method_data.")
	case !byID && !typed:
		return missingParam("payment_method_data")
	}
	return nil
}

func createConfirmationToken(op *resource.Op) error {
	pm, err := chosenMethod(op)
	if err != nil {
		return err
	}
	token := op.Object
	token.Set("expires_at", op.Now().Add(confirmationTokenLife).Unix())
	token.Set("payment_method_preview", shaped(spec.Component("confirmation_tokens_resource_payment_method_preview"), pm))
	token.Set("use_stripe_sdk", false)
	return op.SetPrivate(token, newParams("payment_method", pm.ID()))
}

// chosenMethod is the payment method that was named, or is made of what was typed.
func chosenMethod(op *resource.Op) (*object.Object, error) {
	if id := op.Params.String("payment_method"); id != "" {
		return getMethod(op, id, "payment_method")
	}
	return newMethod(op, op.Params.Object("payment_method_data"), "payment_method_data")
}

// useConfirmationToken uses a token up for an intent, whose kind names the token's field, and finds what was chosen.
func useConfirmationToken(op *resource.Op, id, intentField, intentID string) (pm, token *object.Object, err error) {
	if pm, token, err = openConfirmationToken(op, id); err != nil {
		return nil, nil, err
	}
	token.Set(intentField, intentID)
	op.Save(token)
	return pm, token, nil
}

// openConfirmationToken finds a token that can still be used, and what was chosen.
func openConfirmationToken(op *resource.Op, id string) (pm, token *object.Object, err error) {
	token, err = op.Get("confirmation_token", id, "confirmation_token")
	if err != nil {
		return nil, nil, err
	}
	switch {
	case token.String("payment_intent") != "" || token.String("setup_intent") != "":
		return nil, nil, apierr.Invalid("token_already_used", "confirmation_token", "You cannot use a ConfirmationToken more than once: %s.", id)
	case op.Now().Unix() >= token.Int("expires_at"):
		return nil, nil, apierr.Invalid("", "confirmation_token", "The ConfirmationToken %s has expired.", id)
	}
	private, err := op.Private(token)
	if err != nil {
		return nil, nil, err
	}
	pm, err = op.Get("payment_method", private.String("payment_method"), "confirmation_token")
	return pm, token, err
}
