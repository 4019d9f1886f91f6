package server

import (
	"net/http"
	"strings"
	"sync"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
)

// ephemeral are the operations that an ephemeral key may call: what mobile apps need to show and change how a customer
// pays, and to show a card or a verification. The engine keeps each key to its own subject.
var ephemeral = map[string]bool{
	"GetCustomersCustomer":                            true,
	"PostCustomersCustomer":                           true,
	"PostCustomersCustomerSources":                    true,
	"DeleteCustomersCustomerSourcesId":                true,
	"GetCustomersCustomerPaymentMethods":              true,
	"GetCustomersCustomerPaymentMethodsPaymentMethod": true,
	"GetPaymentMethods":                               true,
	"GetPaymentMethodsPaymentMethod":                  true,
	"PostPaymentMethodsPaymentMethod":                 true,
	"PostPaymentMethodsPaymentMethodAttach":           true,
	"PostPaymentMethodsPaymentMethodDetach":           true,
	"GetIssuingCardsCard":                             true,
	"GetIdentityVerificationSessionsSession":          true,
}

// ownRights are the operations whose rules look at the rights of a key themselves, object by object.
var ownRights = map[string]bool{
	"PostAvaEndpointIds": true,
}

// authorise checks that the key may call the operation.
func (x *exchange) authorise() error {
	key := x.grant.Key
	if browserOnly[x.op.ID] && !x.fromBrowser() {
		return forbidden("", "This API call can only be made with a publishable API key. With a secret key, make a confirmation token with POST /v1/test_helpers/confirmation_tokens.")
	}
	switch key.Kind {
	case access.PublishableKey:
		if _, may := browserCalls[x.op.ID]; !may {
			return forbidden("secret_key_required", "This API call cannot be made with a publishable API key. Please use a secret API key. "+
				"You can find a list of your API keys with: sharesmart keys list")
		}
	case access.EphemeralKey:
		if !ephemeral[x.op.ID] {
			return forbidden("secret_key_required", "This API call cannot be made with an ephemeral key. Please use a secret API key from your server.")
		}
	case access.RestrictedKey:
		kind, write := rightKind(x.op), x.op.Method != http.MethodGet
		if !ownRights[x.op.ID] && !key.Rights.Allows(kind, write) {
			return forbidden("", "The provided key '"+key.Masked+"' does not have the required permissions for this endpoint on account '"+
				x.ns.Account+"'. Having the '"+permission(kind, write)+"' permission would allow this request to continue.")
		}
	}
	return nil
}

// permission is Stripe's name of a right: rak_customer_read.
func permission(kind string, write bool) string {
	level := "_read"
	if write {
		level = "_write"
	}
	return "rak_" + strings.ReplaceAll(kind, ".", "_") + level
}

// rightKind is the kind of object whose right an operation needs: what it answers, if that can be had on its own, else
// what it belongs to. The lines of an invoice need the right to the invoice; a customer's subscriptions need the right
// to subscriptions.
func rightKind(op *spec.Operation) string {
	switch {
	case ownKinds()[op.Kind]:
		return op.Kind
	case op.Parent != "":
		return op.Parent
	case op.Target != "":
		return op.Target
	}
	return op.Kind
}

// ownKinds are the kinds that have a collection of their own.
var ownKinds = sync.OnceValue(func() map[string]bool {
	kinds := map[string]bool{}
	for _, op := range spec.Operations() {
		switch op.Class {
		case spec.Create, spec.Retrieve, spec.List, spec.Search, spec.Upload:
			kinds[op.Kind] = true
		}
	}
	delete(kinds, "")
	return kinds
})

func forbidden(code, message string) error {
	return &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid, Code: code, Message: message, Early: true}
}
