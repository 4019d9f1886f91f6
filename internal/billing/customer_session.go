package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A customer session lets a page that was given its secret show what a customer has saved, for half an hour.
//
//	(new) --half an hour--> gone
func init() {
	register(resource.Rules{
		Object: "customer_session", Create: createCustomerSession,
		Index:  map[string]func(*object.Object) []string{"client_secret": func(s *object.Object) []string { return []string{s.String("client_secret")} }},
		Timers: map[string]resource.Hook{customerSessionExpiry: func(op *resource.Op) error { return op.Delete(op.Object) }},
	})
}

const (
	customerSessionExpiry = "customer_session.expires"
	customerSessionLife   = 30 * time.Minute
	// mostRedisplayed is how many saved payment methods a component can be told to show.
	mostRedisplayed = 10
)

func createCustomerSession(op *resource.Op) error {
	s, sent, enabled := op.Object, op.Params.Object("components"), false
	if op.Params.String("customer") == "" {
		return missingParam("customer")
	}
	for name, v := range s.Object("components").All() {
		component, ok := v.(*object.Object)
		if !ok {
			continue
		}
		if err := checkComponent(sent.Object(name), "components["+name+"]"); err != nil {
			return err
		}
		component.Set("enabled", sent.Object(name).Bool("enabled"))
		enabled = enabled || component.Bool("enabled")
		showFeatures(component, name, sent.Object(name).Object("features"))
	}
	if !enabled {
		return apierr.Invalid("", "components", "At least one component must be enabled.")
	}
	s.Set("client_secret", "cuss_secret_"+op.Secret(48))
	expires := op.Now().Add(customerSessionLife)
	s.Set("expires_at", expires.Unix())
	return op.SetTimer(customerSessionExpiry, s, expires)
}

// checkComponent checks what a component that was sent shall be able to do.
func checkComponent(component *object.Object, param string) error {
	features := component.Object("features")
	if features == nil {
		return nil
	}
	param += "[features]"
	if !component.Bool("enabled") {
		return apierr.Invalid("", param, "You can only pass `features` for a component that is enabled.")
	}
	if features.Has("payment_method_redisplay_limit") {
		if n := features.Int("payment_method_redisplay_limit"); n < 1 || n > mostRedisplayed {
			return apierr.Invalid("", inside(param, "payment_method_redisplay_limit"), "This value must be between 1 and %d.", mostRedisplayed)
		}
	}
	return nil
}

// featureDefaults are what a component may do that the seller did not say otherwise of.
var featureDefaults = newParams("payment_method_allow_redisplay_filters", []any{"always"}, "payment_method_redisplay", "disabled", "payment_method_redisplay_limit", 3,
	"payment_method_remove", "disabled", "payment_method_save", "disabled")

// showFeatures puts onto a component that is enabled what it may do.
func showFeatures(component *object.Object, name string, sent *object.Object) {
	schema := spec.Component("customer_session_resource_components_resource_" + name + "_resource_features")
	switch {
	case schema == nil:
	case component.Bool("enabled"):
		component.Set("features", shaped(schema, sent, featureDefaults.Clone()))
	default:
		component.Set("features", nil)
	}
}
