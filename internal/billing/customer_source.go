package billing

import (
	"cmp"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a customer was given in the older way to pay with: cards, bank accounts and sources, in one list.
//
// A customer's first source becomes the default; when that one goes, the newest that is left takes its place.
//
// Emits customer.source.created, then customer.updated if the default changed.

// sourceKinds are the kinds of what a customer may keep.
var sourceKinds = []string{"card", "bank_account", "source"}

func addSource(op *resource.Op) error {
	kept, err := attachSource(op, op.Object.ID(), op.Params)
	op.Object = kept
	return err
}

// attachSource keeps with a customer what a request brings along: a token or a source in "source", typed details or a
// token in "card" or "bank_account".
func attachSource(op *resource.Op, customer string, params *object.Object) (*object.Object, error) {
	id, param := givenToken(params)
	switch {
	case strings.HasPrefix(id, "src_"):
		return attachLegacySource(op, customer, id, param)
	case typedBankIn(params) != "":
		in := typedBankIn(params)
		b, err := typedAccount(op, params.Object(in), in)
		if err != nil {
			return nil, err
		}
		return keepBankAccount(op, customer, b, params.Object("metadata"))
	case param == "bank_account" || strings.HasPrefix(id, "btok_"):
		b, err := tokenAccount(op, id, param)
		if err != nil {
			return nil, err
		}
		return keepBankAccount(op, customer, b, params.Object("metadata"))
	}
	s, err := givenCard(op, params)
	if err != nil {
		return nil, err
	}
	return keepCard(op, customer, s, params.Object("metadata"))
}

// typedBankIn is the parameter that has a bank account as it was typed, or empty.
func typedBankIn(params *object.Object) string {
	if params.Object("bank_account") != nil {
		return "bank_account"
	}
	if source := params.Object("source"); source.String("object") == "bank_account" || source.Has("account_number") {
		return "source"
	}
	return ""
}

// givenToken is the id that a request names, and in which parameter.
func givenToken(params *object.Object) (id, param string) {
	for _, param := range []string{"source", "card", "bank_account"} {
		if id := params.String(param); id != "" {
			return id, param
		}
	}
	return "", ""
}

// makeDefaultSource lets a customer's first source be the one that is charged.
func makeDefaultSource(op *resource.Op) error { return defaultTo(op, op.Object) }

func defaultTo(op *resource.Op, source *object.Object) error {
	if source.Ref("customer") == "" { // an account's, to be paid into
		return nil
	}
	customer, err := op.Find("customer", source.Ref("customer"))
	if err != nil || customer == nil || customer.Ref("default_source") != "" {
		return err
	}
	customer.Set("default_source", source.ID())
	return op.EmitUpdated(customer)
}

// deleteSource gives the customer another default source before one is forgotten.
func deleteSource(op *resource.Op) error {
	source := op.Object
	customer := source.Ref("customer")
	if err := op.Delete(source); err != nil {
		return err
	}
	if err := forgetLegacyMethod(op, source.ID()); err != nil {
		return err
	}
	return replaceDefault(op, customer, source.ID())
}

// replaceDefault finds another default source for a customer who had the one that is gone.
func replaceDefault(op *resource.Op, customerID, gone string) error {
	if customerID == "" { // an account's, to be paid into
		return nil
	}
	customer, err := op.Find("customer", customerID)
	if err != nil || customer == nil || customer.Ref("default_source") != gone {
		return err
	}
	left, err := sourcesOf(op, customerID)
	if err != nil {
		return err
	}
	customer.Set("default_source", nil)
	if len(left) > 0 {
		customer.Set("default_source", left[0].ID())
	}
	return op.EmitUpdated(customer)
}

// sourcesOf are all sources of a customer, newest first.
func sourcesOf(op *resource.Op, customer string) ([]*object.Object, error) {
	var all []*object.Object
	for _, kind := range sourceKinds {
		some, err := op.Lookup(kind, "customer", customer)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b *object.Object) int { return cmp.Compare(b.Int("created"), a.Int("created")) })
	return all, nil
}

// keptSource finds a source of a customer by its id; nil if the customer has none of that id.
func keptSource(op *resource.Op, customer, id string) (*object.Object, error) {
	for _, kind := range sourceKinds {
		o, err := op.Find(kind, id)
		if err != nil {
			return nil, err
		}
		if o != nil && o.Ref("customer") == customer {
			return o, nil
		}
	}
	return nil, nil
}

// keptInstrument is a customer's source of whatever kind, ready to be charged.
func keptInstrument(op *resource.Op, customer, id string) (instrument, error) {
	kept, err := keptSource(op, customer, id)
	if err != nil {
		return instrument{}, err
	}
	switch {
	case kept == nil:
		return instrument{}, apierr.Invalid("missing", "source", "Customer %s does not have a linked source with ID %s.", customer, id)
	case kept.String("object") == "bank_account":
		return bankInstrument(op, kept)
	case kept.String("object") == "source":
		return sourceInstrument(op, kept)
	}
	return keptCard(op, kept).instrument(), nil
}
