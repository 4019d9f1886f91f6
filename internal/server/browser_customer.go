package server

import (
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A page that was given the secret of a customer session may show what the customer has saved, and let it be forgotten,
// as far as a component of the session allows that.

const (
	customerSecret = "customer_session_client_secret"
	mayRedisplay   = "payment_method_redisplay"
)

// actForCustomer turns to the customer of the session whose secret the call brings. From now on the key is for nothing
// but that customer.
func (x *exchange) actForCustomer(feature string) error {
	secret := formValue(x.query, customerSecret)
	if secret == "" {
		secret = formValue(string(x.body), customerSecret)
	}
	if secret == "" {
		return apierr.Validation("parameter_missing", customerSecret, "Missing required param: %s.", customerSecret)
	}
	s, err := x.Engine.Call(x.r.Context(), x.ns, func(op *resource.Op) error {
		found, err := op.Lookup("customer_session", "client_secret", secret)
		if len(found) > 0 {
			op.Result = found[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	if s == nil {
		return apierr.Validation("resource_missing", customerSecret, "The %s provided does not match any Customer Session on this account, or it has expired.", customerSecret)
	}
	if x.features = featuresWith(s.Object("components"), feature); x.features == nil {
		return forbidden("", "The Customer Session must enable `"+feature+"` in the features of a component to allow this request.")
	}
	x.query, x.body = withoutParam(x.query, customerSecret), []byte(withoutParam(string(x.body), customerSecret))
	if len(x.params.Values()) == 0 {
		x.query += "&customer=" + s.Ref("customer")
	}
	key := *x.grant.Key
	key.Subject = s.Ref("customer")
	x.grant = &access.Grant{Key: &key, Namespace: x.grant.Namespace}
	return nil
}

// featuresWith are the features of the component that has one of them enabled; nil if there is none. What a customer
// sheet has enabled always is to show.
func featuresWith(components *object.Object, feature string) *object.Object {
	for name := range components.All() {
		features := components.Object(name).Object("features")
		if features.String(feature) == "enabled" || name == "customer_sheet" && feature == mayRedisplay && features != nil {
			return features
		}
	}
	return nil
}

// keepRedisplayed takes from a list of payment methods what the features of a session do not let be shown. So a page of
// it can hold less than was asked for.
func keepRedisplayed(list, features *object.Object) {
	shown := features.Array("payment_method_allow_redisplay_filters")
	data := slices.DeleteFunc(list.Array("data"), func(v any) bool {
		pm, _ := v.(*object.Object)
		return !slices.Contains(shown, any(pm.String("allow_redisplay")))
	})
	if most := int(features.Int("payment_method_redisplay_limit")); most > 0 && len(data) > most {
		data = data[:most]
	}
	list.Set("data", data)
}

func withoutParam(form, name string) string {
	if form == "" {
		return ""
	}
	kept := slices.DeleteFunc(strings.Split(form, "&"), func(pair string) bool { return topName(pair) == name || strings.HasPrefix(pair, name+"=") })
	return strings.Join(kept, "&")
}
