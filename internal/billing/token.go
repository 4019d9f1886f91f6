package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A token stands for what a customer or a holder of an account typed, so that the seller never sees it: a card, a bank
// account, a person's data.
//
//	(new) --charged, kept with a customer, given to an account--> used
//
// It can be used once. The published test tokens (tok_visa) are no such objects and can be used again and again.
func init() {
	register(resource.Rules{Object: "token", Unmerged: []string{"card", "bank_account", "account"}, ID: tokenID, Prepare: checkToken, Create: createToken})
}

// tokenPrefixes are what the ids of tokens begin with, by what they stand for.
var tokenPrefixes = map[string]string{
	"account": "ct_", "bank_account": "btok_", "cvc_update": "cvctok_", "person": "cpt_", "pii": "pii_",
}

// tokenID makes the id that the type of a token asks for.
func tokenID(op *resource.Op) string {
	if prefix := tokenPrefixes[tokenType(op.Params)]; prefix != "" {
		return op.KinID(prefix, op.NewID("token"))
	}
	return ""
}

// tokenType is what a token is asked for; a customer alone stands for the customer's card.
func tokenType(params *object.Object) string {
	for _, kind := range []string{"account", "bank_account", "cvc_update", "person", "pii", "card"} {
		if params.Has(kind) {
			return kind
		}
	}
	if params.Has("customer") {
		return "card"
	}
	return ""
}

// checkToken wants one thing to make a token of.
func checkToken(op *resource.Op) error {
	var given []string
	for _, kind := range []string{"account", "bank_account", "card", "cvc_update", "person", "pii"} {
		if op.Params.Has(kind) {
			given = append(given, kind)
		}
	}
	if len(given) > 1 {
		return apierr.Invalid("parameters_exclusive", given[0], "You may only specify one of these parameters: %s, %s.", given[0], given[1])
	}
	if tokenType(op.Params) == "" {
		return missingParam("card")
	}
	return nil
}

func createToken(op *resource.Op) error {
	token := op.Object
	kind := tokenType(op.Params)
	token.Set("type", kind)
	token.Set("used", false)
	token.Delete("card")
	switch kind {
	case "card":
		return tokenizeCard(op)
	case "bank_account":
		return tokenizeAccount(op)
	case "account", "person", "pii":
		return op.SetPrivate(token, newParams("data", op.Params.Object(kind)))
	case "cvc_update":
		return checkCVCUpdate(op.Params.Object(kind).String("cvc"))
	}
	return nil
}

func tokenizeCard(op *resource.Op) error {
	s, err := cardToTokenize(op)
	if err != nil {
		return err
	}
	card, err := op.Draft("card", s.fields())
	if err != nil {
		return err
	}
	op.Object.Set("card", card)
	return nil
}

// cardToTokenize is a typed card, or a customer's card of the platform, for a charge on a connected account.
func cardToTokenize(op *resource.Op) (cardSource, error) {
	if !op.Params.Has("customer") {
		return givenCard(op, op.Params)
	}
	kept, err := platformSource(op)
	if err != nil {
		return cardSource{}, err
	}
	if kept.String("object") != "card" {
		return cardSource{}, apierr.Invalid("", "customer", "The customer's source is not a card.")
	}
	return keptCard(op, kept), nil
}

// platformSource is the source that a customer of the platform has: the one that "card" or "bank_account" names, or the
// default.
func platformSource(op *resource.Op) (*object.Object, error) {
	platform, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	customer, err := platform.Get("customer", op.Params.String("customer"), "customer")
	if err != nil {
		return nil, err
	}
	id, param := givenToken(op.Params)
	if id == "" {
		id, param = customer.Ref("default_source"), "customer"
	}
	kept, err := keptSource(platform, customer.ID(), id)
	if err == nil && kept == nil {
		err = apierr.Invalid("missing", param, "Customer %s does not have a linked source with ID %s.", customer.ID(), id)
	}
	return kept, err
}

func tokenizeAccount(op *resource.Op) error {
	s, err := typedAccount(op, op.Params.Object("bank_account"), "bank_account")
	if err != nil {
		return err
	}
	account, err := op.Draft("bank_account", s.fields())
	if err != nil {
		return err
	}
	op.Object.Set("bank_account", account)
	return nil
}

// checkCVCUpdate wants three or four digits.
func checkCVCUpdate(cvc string) error {
	digits := !slices.ContainsFunc([]byte(cvc), func(b byte) bool { return b < '0' || b > '9' })
	if digits && (len(cvc) == 3 || len(cvc) == 4) {
		return nil
	}
	return cardError(&processor.Decline{Code: "invalid_cvc", Param: "cvc", Message: "Your card's security code is invalid."}, "")
}

// spendToken marks a token as used. It is an error if it was.
func spendToken(op *resource.Op, token *object.Object, param string) error {
	if token.Bool("used") {
		return apierr.Invalid("token_already_used", param, "You cannot use a Stripe token more than once: %s.", token.ID())
	}
	token.Set("used", true)
	op.Save(token)
	return nil
}

// useToken takes the card out of a token, once.
func useToken(op *resource.Op, token *object.Object, param string) (cardSource, error) {
	if err := spendToken(op, token, param); err != nil {
		return cardSource{}, err
	}
	return keptCard(op, token.Object("card")), nil
}

// tokenAccount finds the bank account of a token: a published test token, or one that was made and not used yet.
func tokenAccount(op *resource.Op, id, param string) (bankSource, error) {
	if m, ok := bank.Template(op.Account(), id, op.Now()); ok && m.Type == "bank_account" {
		return bankSource{bank: m.Bank, holder: newParams("country", m.Bank.Country, "currency", "usd")}, nil
	}
	token, err := op.Get("token", id, param)
	if err != nil {
		return bankSource{}, err
	}
	account := token.Object("bank_account")
	if account == nil {
		return bankSource{}, apierr.MissingRef("token", id, param)
	}
	if err := spendToken(op, token, param); err != nil {
		return bankSource{}, err
	}
	return bankSource{id: account.ID(), bank: keptBank(op, account), holder: account}, nil
}

// tokenAddress is shown as the address from which the terms were agreed to: a token does not keep where it was made.
const tokenAddress = "127.0.0.1"

// takeToken reads the parameters that a token of an account or a person stands for, as if the request had said them, and
// returns them; nil without a token.
func takeToken(op *resource.Op, kind string) (*object.Object, error) {
	param := kind + "_token"
	id := op.Params.String(param)
	if id == "" {
		return nil, nil
	}
	data, err := tokenData(op, id, kind, param)
	if err != nil {
		return nil, err
	}
	data = data.Clone()
	if data.Bool("tos_shown_and_accepted") {
		data.Set("tos_acceptance", newParams("date", op.Now().Unix(), "ip", tokenAddress))
	}
	data.Delete("tos_shown_and_accepted")
	for name, v := range data.All() {
		if op.Params.Has(name) {
			return nil, exclusive(param, name)
		}
		op.Params.Set(name, v)
	}
	return data, nil
}

// mergeToken is takeToken for an update, whose parameters were merged already.
func mergeToken(op *resource.Op, kind string) error {
	data, err := takeToken(op, kind)
	if data == nil || err != nil {
		return err
	}
	return op.Merge(op.Object, data)
}

// tokenData takes out of a token what was typed about an account or a person, once.
func tokenData(op *resource.Op, id, kind, param string) (*object.Object, error) {
	token, err := op.Get("token", id, param)
	if err != nil {
		return nil, err
	}
	if token.String("type") != kind {
		return nil, apierr.Invalid("", param, "The token %s is of type %s, not %s.", id, token.String("type"), kind)
	}
	if err := spendToken(op, token, param); err != nil {
		return nil, err
	}
	private, err := op.Private(token)
	return private.Object("data"), err
}
