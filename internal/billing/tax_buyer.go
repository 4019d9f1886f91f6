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
	known, err := op.Lookup("tax_id", "customer", customer.ID())
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

// customerTax is what is known of where a customer pays taxes, and whether the account collects any there.
func customerTax(g resource.Glance, customer, _ *object.Object) (any, error) {
	tax := object.New(nil)
	tax.Set("automatic_tax", "unrecognized_location")
	tax.Set("ip_address", nil)
	tax.Set("location", nil)
	tax.Set("provider", "stripe")
	address, source := taxAddress(customer)
	where, ok := locate(address)
	if !ok {
		return tax, nil
	}
	location := newParams("country", where.country, "source", map[string]string{"billing": "billing_address", "shipping": "shipping_destination"}[source])
	location.Set("state", textOrNull(where.state))
	tax.Set("location", location)
	collect, err := registered(g, g.Now())
	if err != nil {
		return nil, err
	}
	tax.Set("automatic_tax", notCollecting)
	if place := where.place(); place != nil {
		for _, levied := range place.taxes {
			if collect.collects(where, levied.kind, true) || collect.collects(where, levied.kind, false) {
				tax.Set("automatic_tax", "supported")
			}
		}
	}
	return tax, nil
}
