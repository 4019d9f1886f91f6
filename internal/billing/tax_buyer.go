package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// buyerOf reads who a customer is to the tax office: where (shipping address, else billing address), the tax ids, and
// whether tax is left out. source says which address it was: "shipping", "billing", or empty for neither.
func buyerOf(op *resource.Op, customer *object.Object) (buyer taxBuyer, ids []any, source string, err error) {
	buyer.address, source = taxAddress(customer)
	buyer.exemption = map[string]string{"exempt": exemptBuyer, "reverse": reverseCharge}[customer.String("tax_exempt")]
	if buyer.exemption == "" {
		buyer.exemption = "none"
	}
	known, err := op.Below("tax_id", customer)
	if err != nil {
		return buyer, nil, source, err
	}
	ids = []any{}
	for _, id := range known {
		buyer.ids = append(buyer.ids, id.String("type"))
		ids = append(ids, newParams("type", id.String("type"), "value", id.String("value")))
	}
	return buyer, ids, source, nil
}

// taxAddress is the address that a customer is taxed at. A shipping address counts even if it does not say enough.
func taxAddress(customer *object.Object) (address *object.Object, source string) {
	if address := customer.Object("shipping").Object("address"); address.String("country") != "" {
		return address, "shipping"
	}
	if address := customer.Object("address"); address.String("country") != "" {
		return address, "billing"
	}
	return nil, ""
}
