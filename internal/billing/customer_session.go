package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// customerSessionLife is how long a page may show what a customer has saved.
const customerSessionLife = 30 * time.Minute

// A customer session lets a page show what a customer has saved, for half an hour.
func init() {
	register(resource.Rules{Object: "customer_session", Create: createCustomerSession})
}

func createCustomerSession(op *resource.Op) error {
	s := op.Object
	s.Set("client_secret", "cuss_secret_"+op.Secret(48))
	s.Set("expires_at", op.Now().Add(customerSessionLife).Unix())
	sent := op.Params.Object("components")
	for name, v := range s.Object("components").All() {
		if component, ok := v.(*object.Object); ok {
			component.Set("enabled", sent.Object(name).Bool("enabled"))
			showFeatures(component, name, sent.Object(name).Object("features"))
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
