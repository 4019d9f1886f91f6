package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A token stands for a card that a customer typed, so that the seller never sees its number.
//
//	(new) --charged, kept with a customer--> used
//
// It can be used once. The published test tokens (tok_visa) are no such objects and can be used again and again.
func init() {
	register(resource.Rules{Object: "token", Unmerged: []string{"card"}, Create: createToken})
}

func createToken(op *resource.Op) error {
	token := op.Object
	token.Set("used", false)
	token.Delete("card")
	for _, kind := range []string{"bank_account", "account", "person", "pii", "cvc_update"} {
		if op.Params.Has(kind) {
			token.Set("type", kind)
			return nil
		}
	}
	token.Set("type", "card")
	s, err := givenCard(op, op.Params)
	if err != nil {
		return err
	}
	card, err := op.Draft("card", s.fields())
	if err != nil {
		return err
	}
	token.Set("card", card)
	return nil
}

// useToken takes the card out of a token, once.
func useToken(op *resource.Op, token *object.Object, param string) (cardSource, error) {
	if token.Bool("used") {
		return cardSource{}, apierr.Invalid("token_already_used", param, "You cannot use a Stripe token more than once: %s.", token.ID())
	}
	token.Set("used", true)
	op.Save(token)
	return keptCard(op, token.Object("card")), nil
}
