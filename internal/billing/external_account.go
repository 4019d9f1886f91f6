package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An external account is a bank account or debit card that a connected account is paid out to. The first one of a
// currency is the default of it.
//
//	token or typed details --POST external_accounts--> new --DELETE, unless it is the default--> gone
//
// Emits account.external_account.created, .updated, .deleted, then account.updated.
func init() {
	register(resource.Rules{Object: "external_account", Actions: resource.Actions{
		"POST /v1/accounts/{account}/external_accounts":        addExternal,
		"POST /v1/accounts/{account}/bank_accounts":            addExternal,
		"POST /v1/accounts/{account}/external_accounts/{id}":   changeExternal,
		"POST /v1/accounts/{account}/bank_accounts/{id}":       changeExternal,
		"POST /v1/external_accounts/{id}":                      changeExternal,
		"DELETE /v1/accounts/{account}/external_accounts/{id}": removeExternal,
		"DELETE /v1/accounts/{account}/bank_accounts/{id}":     removeExternal,
	}})
}

// isExternal reports whether a bank account or card is paid out to.
func isExternal(o *object.Object) bool { return o.Ref("account") != "" }

func addExternal(op *resource.Op) error {
	account := op.Object
	made, err := keepExternal(op, account, op.Params)
	if err != nil {
		return err
	}
	op.Object = made
	return reviewAndTell(op, account)
}

// takeExternalAccount takes the place where an account is paid out of the account's own parameters. It replaces the
// default of its currency.
func takeExternalAccount(op *resource.Op) error {
	if !op.Params.Has("external_account") && !op.Params.Has("bank_account") {
		return nil
	}
	params := newParams("external_account", op.Params.Get("external_account"), "bank_account", op.Params.Get("bank_account"), "default_for_currency", true)
	_, err := keepExternal(op, op.Object, params)
	return err
}

// keepExternal keeps a new external account with an account.
func keepExternal(op *resource.Op, account, params *object.Object) (*object.Object, error) {
	kind, fields, err := givenExternal(op, account, params)
	if err != nil {
		return nil, err
	}
	others, err := externalAccounts(op, account)
	if err != nil {
		return nil, err
	}
	currency := fields.String("currency")
	alone := !slices.ContainsFunc(others, func(o *object.Object) bool { return o.String("currency") == currency })
	if m := params.Object("metadata"); m != nil {
		fields.Set("metadata", m)
	}
	made, err := op.Make(kind, account.ID(), fields, func(op *resource.Op) error {
		o := op.Object
		o.Set("account", account.ID())
		o.Set("customer", nil)
		o.Set("available_payout_methods", []any{"standard"})
		if kind == "card" {
			o.Set("available_payout_methods", []any{"standard", "instant"})
		}
		o.Set("default_for_currency", alone || params.Bool("default_for_currency"))
		return nil
	})
	if err != nil || alone || !params.Bool("default_for_currency") {
		return made, err
	}
	return made, dethrone(op, others, made)
}

// dethrone takes the default away from the others of a currency.
func dethrone(op *resource.Op, others []*object.Object, now *object.Object) error {
	for _, o := range others {
		if o == now || o.String("currency") != now.String("currency") || !o.Bool("default_for_currency") {
			continue
		}
		o.Set("default_for_currency", false)
		if err := op.EmitUpdated(o); err != nil {
			return err
		}
	}
	return nil
}

// externalAccounts are all that an account is paid out to, the newest first.
func externalAccounts(op *resource.Op, account *object.Object) ([]*object.Object, error) {
	var all []*object.Object
	for _, kind := range []string{"bank_account", "card"} {
		some, err := op.Below(kind, account)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// listExternal shows them in the account.
func listExternal(account *object.Object, all []*object.Object) {
	data := make([]any, 0, len(all))
	for _, o := range all[:min(len(all), 10)] {
		data = append(data, o.Clone())
	}
	account.Set("external_accounts", resource.NewList("/v1/accounts/"+account.ID()+"/external_accounts", data, len(all) > 10))
}

// givenExternal reads the bank account or card that a request brings: a token, or typed details.
func givenExternal(op *resource.Op, account, params *object.Object) (kind string, fields *object.Object, err error) {
	for _, name := range []string{"external_account", "bank_account"} {
		switch v := params.Get(name).(type) {
		case string:
			return tokenExternal(op, account, v, name)
		case *object.Object:
			if v.String("object") == "card" || v.Has("number") {
				return typedDebitCard(op, account, v, name)
			}
			s, err := typedExternal(op, account, v, name)
			if err != nil {
				return "", nil, err
			}
			return "bank_account", s.externalFields(), nil
		}
	}
	return "", nil, missingParam("external_account")
}

// tokenExternal takes what a token stands for, once. The published tokens can be used again and again.
func tokenExternal(op *resource.Op, account *object.Object, id, param string) (kind string, fields *object.Object, err error) {
	if strings.HasPrefix(id, "btok_") {
		s, err := tokenAccount(op, id, param)
		if err != nil {
			return "", nil, err
		}
		if s.id != "" {
			op.Choose("bank_account", s.id)
		}
		return "bank_account", s.externalFields(), nil
	}
	s, err := tokenCard(op, id, param)
	if err != nil {
		return "", nil, err
	}
	if s.id != "" {
		op.Choose("card", s.id)
	}
	fields, err = debitCard(account, s, param)
	return "card", fields, err
}

func typedDebitCard(op *resource.Op, account, typed *object.Object, param string) (kind string, fields *object.Object, err error) {
	card, declined := bank.Typed(op.Account(), cardDetails(typed), op.Now())
	if declined != nil {
		return "", nil, cardError(declined, "")
	}
	fields, err = debitCard(account, cardSource{card: card, holder: typed}, param)
	return "card", fields, err
}

// debitCard are the fields of a card that is paid out to, which only a debit card can be.
func debitCard(account *object.Object, s cardSource, param string) (*object.Object, error) {
	if s.card.Funding != "debit" {
		return nil, apierr.Invalid("invalid_card_type", param, "This card is not supported as an external account for payouts: only debit cards are.")
	}
	fields := s.fields()
	if fields.String("currency") == "" {
		fields.Set("currency", account.String("default_currency"))
	}
	return fields, nil
}

// typedExternal is a bank account as it was typed. What was not said is as the account has it.
func typedExternal(op *resource.Op, account, typed *object.Object, param string) (bankSource, error) {
	typed = typed.Clone()
	if typed.String("country") == "" {
		typed.Set("country", account.String("country"))
	}
	if typed.String("currency") == "" {
		typed.Set("currency", account.String("default_currency"))
	}
	return typedAccount(op, typed, param)
}

// externalFields are what a bank account shows that is paid into: nobody has to prove whose it is.
func (s bankSource) externalFields() *object.Object {
	fields := s.fields()
	fields.Set("status", "new")
	return fields
}
