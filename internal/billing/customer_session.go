package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
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
		}
	}
	return nil
}
