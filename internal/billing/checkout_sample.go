package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// SampleCheckout is what the page of a made-up subscription shows. Whoever calls it throws away what it makes.
func SampleCheckout(op *resource.Op) (*object.Object, error) {
	price, err := op.Create("price", newParams("currency", "usd", "unit_amount", int64(900), "recurring", newParams("interval", "month"), "product_data", newParams("name", "Pro")))
	if err != nil {
		return nil, err
	}
	s, err := op.Create("checkout.session", newParams("mode", modeSubscription, "line_items", []any{newParams("price", price.ID(), "quantity", int64(1))}, "success_url", op.BaseURL()))
	if err != nil {
		return nil, err
	}
	return VisitCheckout(op, s.ID(), "")
}
