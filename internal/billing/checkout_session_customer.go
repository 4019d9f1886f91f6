package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// payingCustomer is the customer that a session is for. One is made if the session has none and needs one; of one that
// is there, what the seller allows is updated.
//
// Emits customer.created, customer.tax_id.created or customer.updated.
func payingCustomer(op *resource.Op, s *object.Object, needed bool) (*object.Object, error) {
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	id := s.Ref("customer")
	if id == "" {
		if !needed {
			return nil, nil
		}
		return newPayingCustomer(op, s, private)
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return nil, err
	}
	allowed := private.Object("customer_update")
	if private.Bool("made_customer") {
		allowed = newParams("address", "auto", "name", "auto", "shipping", "auto")
	}
	params := typedCustomer(s, allowed)
	if params.Len() > 0 {
		if err := op.Update(customer, params); err != nil {
			return nil, err
		}
	}
	return customer, addTaxIDs(op, s, customer)
}

func newPayingCustomer(op *resource.Op, s, private *object.Object) (*object.Object, error) {
	params := typedCustomer(s, newParams("address", "auto", "name", "auto", "shipping", "auto"))
	details := s.Object("customer_details")
	if email := details.String("email"); email != "" {
		params.Set("email", email)
	}
	if locale := s.String("locale"); locale != "" && locale != "auto" {
		params.Set("preferred_locales", []any{locale})
	}
	if ids := details.Array("tax_ids"); len(ids) > 0 {
		params.Set("tax_id_data", ids)
	}
	customer, err := op.Create("customer", params)
	if err != nil {
		return nil, err
	}
	s.Set("customer", customer.ID())
	private.Set("made_customer", true)
	private.Set("tax_ids", int64(len(details.Array("tax_ids"))))
	return customer, op.SetPrivate(s, private)
}

// typedCustomer are the parameters of a customer that were typed, as far as they may be kept.
func typedCustomer(s, allowed *object.Object) *object.Object {
	details, params := s.Object("customer_details"), object.New(nil)
	if allowed.String("name") == "auto" {
		for _, name := range []string{"business_name", "individual_name", "name", "phone"} {
			if text := details.String(name); text != "" {
				params.Set(name, text)
			}
		}
	}
	if address := details.Object("address"); address != nil && allowed.String("address") == "auto" {
		params.Set("address", texts(address))
	}
	shipping := s.Object("collected_information").Object("shipping_details")
	if shipping != nil && allowed.String("shipping") == "auto" {
		sent := newParams("address", texts(shipping.Object("address")), "name", shipping.String("name"), "phone", details.String("phone"))
		params.Set("shipping", sent)
	}
	return params
}

// texts are the fields of an object that say something.
func texts(o *object.Object) *object.Object {
	out := object.New(nil)
	for name, v := range o.All() {
		if text, _ := v.(string); text != "" {
			out.Set(name, text)
		}
	}
	return out
}

// addTaxIDs gives a customer who was there before the tax ids that were typed, once.
func addTaxIDs(op *resource.Op, s, customer *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	ids := s.Object("customer_details").Array("tax_ids")
	for _, v := range ids[min(len(ids), int(private.Int("tax_ids"))):] {
		id := v.(*object.Object)
		owner := newParams("type", "customer", "customer", customer.ID())
		if _, err := op.CreateBelow("tax_id", customer.ID(), newParams("type", id.String("type"), "value", id.String("value"), "owner", owner)); err != nil {
			return within(err, "customer_details[tax_ids]")
		}
	}
	private.Set("tax_ids", int64(len(ids)))
	return op.SetPrivate(s, private)
}
