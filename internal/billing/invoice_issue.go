package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// billedItem is what one line of an invoice is for.
type billedItem struct {
	price    *object.Object
	quantity int64
}

// issueInvoice writes an open invoice for pieces at a price, in one go.
func issueInvoice(op *resource.Op, customer *object.Object, currency string, items []billedItem) (*object.Object, error) {
	in, err := op.Create("invoice", newParams("customer", customer.ID(), "currency", currency))
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		product, err := op.Get("product", item.price.Ref("product"), "")
		if err != nil {
			return nil, err
		}
		billed, err := op.Create("invoiceitem", newParams("customer", customer.ID(), "currency", currency, "description", product.String("name"),
			"quantity", item.quantity, "unit_amount_decimal", item.price.String("unit_amount_decimal")))
		if err != nil {
			return nil, err
		}
		if err := putOn(op, in, billed); err != nil {
			return nil, err
		}
	}
	return in, finalizeInvoice(op, in)
}

// payInvoice takes what is left to pay of an invoice from the customer's default.
func payInvoice(op *resource.Op, in *object.Object) error {
	return collectInvoice(op, in, object.New(nil), false)
}
