package checkout

import (
	"cmp"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
)

// What a form says of the customer.

// readRegion reads where the customer is, so that the tax is worked out before they pay.
func (v *view) readRegion(t *typed) {
	of := billingOf
	if len(v.Shipping) > 0 {
		of = shippingOf
	}
	if where := v.postal(of); v.taxed() && where.String("country") != "" {
		t.params.Set("tax_region", where)
	}
}

// postal reads an address.
func (v *view) postal(of string) *object.Object {
	var pairs []string
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		pairs = append(pairs, name, v.posted(of+name))
	}
	return hash(pairs...)
}

// billing is the billing address as it was typed, or that to which things are sent.
func (v *view) billing() *object.Object {
	if v.Same != nil && v.Same.Checked {
		return v.postal(shippingOf)
	}
	return v.postal(billingOf)
}

// readBuyer reads all that is not about the order.
func (v *view) readBuyer(t *typed) {
	details := hash(fieldPhone, v.posted(fieldPhone), fieldBusiness, v.posted(fieldBusiness), fieldIndividual, v.posted(fieldIndividual))
	if email := cmp.Or(v.Email, v.posted(fieldEmail)); email != "" {
		details.Set("email", email)
	}
	if v.typesCard() && v.posted(fieldHolder) != "" {
		details.Set("name", v.posted(fieldHolder))
	}
	if where := v.billing(); len(v.Billing) > 0 || v.typesCard() {
		details.Set("address", where)
	}
	if v.typesCard() && v.Remote != nil {
		t.params.Set("payment_method", v.posted(card.RemoteMethod))
	}
	if v.paysManually() {
		t.params.Set("manual_method", v.picked())
	}
	v.readTaxID(details)
	t.params.Set("customer_details", details)
	if len(v.Shipping) > 0 {
		sent := hash("name", v.posted(shippingOf+"name"))
		sent.Set("address", v.postal(shippingOf))
		t.params.Set("shipping_details", sent)
	}
	v.readCustom(t)
	if len(v.Consents) > 0 {
		t.params.Set("consent", v.consent())
	}
	if v.Save != nil && v.keepable() {
		t.params.Set("save_payment_method", v.Save.Checked)
	}
	for param, name := range map[string]string{
		"customer_details[email]": fieldEmail, "customer_details[phone]": fieldPhone, "customer_details[business_name]": fieldBusiness, "customer_details[individual_name]": fieldIndividual,
		"customer_details[address]": v.placeField(), "customer_details[tax_ids]": fieldTaxID, "shipping_details": shippingOf + "country", "consent[terms_of_service]": fieldTerms, "payment_method": fieldMethod,
	} {
		t.place(param, name)
	}
}

// placeField is the field by which the customer says where they are.
func (v *view) placeField() string {
	if len(v.Shipping) > 0 && (len(v.Billing) == 0 || v.Same != nil && v.Same.Checked) {
		return shippingOf + "country"
	}
	return billingOf + "country"
}

// readTaxID finds out which kind of number a tax id is: customers know theirs, and seldom what it is called elsewhere.
func (v *view) readTaxID(details *object.Object) {
	number := v.posted(fieldTaxID)
	if len(v.Business) == 0 {
		return
	}
	if number == "" {
		details.Set("tax_ids", []any{})
		return
	}
	country := v.billing().String("country")
	if country == "" {
		country = v.session.Object("customer_details").Object("address").String("country")
	}
	kind := v.taxIDKind(country, number)
	if kind == "" {
		v.faults[fieldTaxID] = v.Words.WrongTaxID
		return
	}
	details.Set("tax_ids", []any{hash("type", kind, "value", number)})
}

func (v *view) readCustom(t *typed) {
	var sent []any
	for _, f := range v.Custom {
		if f.Value == "" {
			continue
		}
		t.place("custom_fields["+strconv.Itoa(len(sent))+"]", f.Name)
		sent = append(sent, hash("key", strings.TrimPrefix(f.Name, customOf), "value", f.Value))
	}
	if len(sent) > 0 {
		t.params.Set("custom_fields", sent)
	}
}

func (v *view) consent() *object.Object {
	given := object.New(nil)
	for _, f := range v.Consents {
		switch {
		case f.Name == fieldTerms && f.Checked:
			given.Set("terms_of_service", "accepted")
		case f.Name == fieldPromotions && f.Checked:
			given.Set("promotions", "opt_in")
		case f.Name == fieldPromotions:
			given.Set("promotions", "opt_out")
		}
	}
	return given
}
