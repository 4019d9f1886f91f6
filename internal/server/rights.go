package server

import (
	"net/http"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
)

// ephemeral are the operations that an ephemeral key may call: what mobile apps need to show and change how a customer
// pays, to show a card or a verification, and to stream meter events. The engine keeps each key to its own subject.
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
	"PostV2BillingMeterEventStream":                   true,
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
		if !ownRights[x.op.ID] && !key.Rights.Allows(x.op.RightKind(), x.method() != http.MethodGet) {
			return forbidden("", "The provided key '"+key.Masked+"' does not have the required permissions for this endpoint on account '"+
				x.ns.Account+"'. Having the '"+x.op.Permission()+"' permission would allow this request to continue.")
		}
	}
	return nil
}

func forbidden(code, message string) error {
	return &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid, Code: code, Message: message, Early: true}
}
