package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// An elements session is what the fields for a payment ask for before they are shown: which methods the payment can be
// made with, who sells, and what the customer has saved. Nothing is kept of it.
//
//	type=payment_intent, setup_intent   the intent whose client_secret is given
//	type=deferred_intent                one that will be made as deferred_intent says
func init() {
	register(resource.Rules{Object: "elements_session", Actions: resource.Actions{"GET /v1/elements/sessions": showElements}})
}

func showElements(op *resource.Op) error {
	intent, err := elementsIntent(op)
	if err != nil {
		return err
	}
	account, err := op.Find("account", op.Account())
	if err != nil {
		return err
	}
	// What a session offers is read from where a checkout session has it.
	offer := newParams("payment_method_types", cardFirst(intent.Array("payment_method_types")))
	s := object.New(spec.Component("elements_session"))
	for name, v := range elementsSession(op, offer, account, sellerName(account)).All() {
		s.Set(name, v)
	}
	s.Set("object", "elements_session")
	s.Set("livemode", op.Live())
	s.Set("customer", nil)
	kind := op.Params.String("type")
	preference := s.Object("payment_method_preference")
	preference.Set("type", kind)
	if kind != deferredIntent {
		preference.Set(kind, intent.Clone())
	}
	op.Result = s
	return elementsCustomer(op, s, intent)
}

// cardFirst is the order in which types are shown: what most customers pay with, and then the others as they are.
func cardFirst(types []any) []any {
	others := slices.DeleteFunc(slices.Clone(types), func(v any) bool { return v == any("card") })
	if len(others) == len(types) {
		return others
	}
	return slices.Insert(others, 0, any("card"))
}

const deferredIntent = "deferred_intent"

// elementsIntent is the intent that is asked about. One that is not there yet is described as it would be.
func elementsIntent(op *resource.Op) (*object.Object, error) {
	kind := op.Params.String("type")
	if kind == deferredIntent {
		return describedIntent(op)
	}
	secret := op.Params.String("client_secret")
	if secret == "" {
		return nil, missingParam("client_secret")
	}
	id, _, _ := strings.Cut(secret, "_secret_")
	intent, err := op.Find(kind, id)
	if err != nil {
		return nil, err
	}
	if intent == nil || !sameSecret(intent.String("client_secret"), secret) {
		noun := intentNoun(newParams("object", kind))
		return nil, apierr.Invalid("resource_missing", "client_secret", "The client_secret provided does not match any associated %s on this account. "+
			"Ensure the publishable key used belongs to the same account that created the %s.", noun, noun)
	}
	return intent, nil
}

// describedIntent makes out which methods an intent will take, in the same way as the intent itself.
func describedIntent(op *resource.Op) (*object.Object, error) {
	described := op.Params.Object(deferredIntent)
	if described == nil {
		return nil, missingParam(deferredIntent)
	}
	mode, currency := described.String("mode"), described.String("currency")
	if mode == modeSetup {
		currency = "" // it takes whatever can be kept
	} else if err := checkDescribed(described); err != nil {
		return nil, within(err, deferredIntent)
	}
	types := described.Array("payment_method_types")
	if len(types) == 0 {
		types = offeredTypes(described, currency, true)
	}
	if mode != modePayment {
		types = slices.DeleteFunc(slices.Clone(types), func(v any) bool { kind, _ := v.(string); return !savable[kind] })
	}
	return newParams("payment_method_types", types), nil
}

// checkDescribed checks what shall be paid. What a subscription begins with can be free.
func checkDescribed(described *object.Object) error {
	currency := described.String("currency")
	switch {
	case currency == "":
		return missingParam("currency")
	case !described.Has("amount"):
		return missingParam("amount")
	case described.String("mode") == modePayment:
		return checkAmount(described.Int("amount"), currency)
	}
	return checkCurrency(currency)
}

// elementsCustomer shows what a customer has saved, as far as the Payment Element of their session may show it.
func elementsCustomer(op *resource.Op, s, intent *object.Object) error {
	secret := op.Params.String("customer_session_client_secret")
	if secret == "" {
		return nil
	}
	found, err := op.Lookup("customer_session", "client_secret", secret)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		const param = "customer_session_client_secret"
		return apierr.Invalid("resource_missing", param, "The %s provided does not match any Customer Session on this account, or it has expired.", param)
	}
	element := found[0].Object("components").Object("payment_element")
	if !element.Bool("enabled") {
		return nil
	}
	methods, err := redisplayed(op, found[0].Ref("customer"), element.Object("features"), intent.Array("payment_method_types"))
	if err != nil {
		return err
	}
	session := newParams("components", newParams("payment_element", element.Clone()))
	s.Set("customer", newParams("customer_session", session, "payment_methods", methods))
	return nil
}

// redisplayed are the saved payment methods that a customer shall see again.
func redisplayed(op *resource.Op, customer string, features *object.Object, types []any) ([]any, error) {
	shown := []any{}
	if features.String("payment_method_redisplay") != "enabled" {
		return shown, nil
	}
	methods, err := op.Lookup("payment_method", "customer", customer)
	if err != nil {
		return nil, err
	}
	allowed := features.Array("payment_method_allow_redisplay_filters")
	for _, pm := range methods {
		if int64(len(shown)) < features.Int("payment_method_redisplay_limit") && slices.Contains(allowed, any(pm.String("allow_redisplay"))) && slices.Contains(types, any(pm.String("type"))) {
			shown = append(shown, pm.Clone())
		}
	}
	return shown, nil
}
