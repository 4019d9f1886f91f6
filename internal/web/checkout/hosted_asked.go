package checkout

import "sharesmart/internal/object"

// asked is what the customer is asked for.
type asked struct {
	Email                              string // the one that cannot be changed
	Contact, Shipping, Billing, Custom []*field
	Business, Consents                 []*field
	Methods                            []choice // nil if nothing is paid
	Card                               []*field
	Save, Same                         *field
	ShippingUpdate, RegionUpdate       bool // the total may depend on the address
	MethodFault                        string
	ShippingText, SubmitText, Agreed   string
	AfterText                          string
	Pay, Paying, Forgetting            string
}

func (v *view) buildAsked() {
	v.buildContact()
	v.buildShipping()
	v.buildMethods()
	v.buildBilling()
	v.buildCustom()
	v.buildConsents()
	text := v.page.Object("custom_text")
	v.SubmitText, v.AfterText = text.Object("submit").String("message"), text.Object("after_submit").String("message")
	v.Pay, v.Paying = v.payLabel()
	v.ShippingUpdate, v.RegionUpdate = v.taxed(), v.taxed() && len(v.Shipping) == 0
	v.Agreed, v.Forgetting = v.agreement(), put(v.Words.ForgetText, v.Seller)
}

// buildContact asks who the customer is. The seller may know their e-mail address already, and then that one counts.
func (v *view) buildContact() {
	w, details := v.Words, v.session.Object("customer_details")
	known := details.String("email")
	if v.known() && known != "" || v.session.String("customer_email") != "" && v.session.Ref("payment_link") == "" {
		v.Email = known
	} else {
		email := v.field(fieldEmail, w.Email, known)
		email.Type, email.Autocomplete, email.Mode = "email", "email", "email"
		if v.kind != "setup" {
			email.must(w.EnterEmail)
		} else {
			v.may(email)
		}
		v.Contact = append(v.Contact, email)
	}
	if v.session.Object("phone_number_collection").Bool("enabled") {
		phone := v.field(fieldPhone, w.Phone, details.String("phone")).must(w.EnterPhone)
		phone.Type, phone.Autocomplete, phone.Mode, phone.Length = "tel", "tel", "tel", 20
		v.Contact = append(v.Contact, phone)
	}
	for _, name := range []struct{ part, field, label, complete string }{{"individual", fieldIndividual, w.Individual, "name"}, {"business", fieldBusiness, w.BusinessName, "organization"}} {
		asked := v.session.Object("name_collection").Object(name.part)
		if !asked.Bool("enabled") {
			continue
		}
		f := v.field(name.field, name.label, details.String(name.field))
		f.Autocomplete, f.Length = name.complete, 150
		if asked.Bool("optional") {
			v.may(f)
		} else {
			f.must(w.FillIn)
		}
		v.Contact = append(v.Contact, f)
	}
}

func (v *view) buildShipping() {
	collects := v.session.Object("shipping_address_collection")
	if collects == nil {
		return
	}
	known := v.page.Object("shipping")
	name := v.field(shippingOf+"name", v.Words.Recipient, known.String("name")).must(v.Words.EnterName)
	name.Autocomplete = "shipping name"
	v.Shipping = append([]*field{name}, v.address(shippingOf, "shipping", known.Object("address"), collects.Array("allowed_countries"))...)
	v.ShippingText = v.page.Object("custom_text").Object("shipping_address").String("message")
}

// wholeAddress reports whether the whole billing address is asked for.
func (v *view) wholeAddress() bool {
	return v.session.String("billing_address_collection") == "required" && v.kind != "setup"
}

// place is where the customer is, as far as they have said.
func (v *view) place() *object.Object {
	if address := v.session.Object("customer_details").Object("address"); address != nil {
		return address
	}
	return v.visit.Object("region")
}

// region asks for as much of the billing address as banks, and most taxes, want to know.
func (v *view) region() []*field {
	known := v.place()
	country := v.countries(billingOf+"country", v.homeOr(known), nil)
	postal := v.may(v.field(billingOf+"postal_code", v.Words.PostalCode, known.String("postal_code")))
	country.Autocomplete, postal.Autocomplete = "billing country", "billing postal-code"
	country.Half, postal.Half = true, true
	return []*field{country, postal}
}

// buildBilling asks for the billing address, as much of it as is needed and not asked for with the card.
func (v *view) buildBilling() {
	switch {
	case v.wholeAddress():
		v.Billing = v.address(billingOf, "billing", v.place(), nil)
		if len(v.Shipping) > 0 {
			v.Same = v.check(fieldSame, v.Words.SameAddress, true)
		}
	case v.asksRegion():
		v.Billing = v.region()
	}
	if !v.session.Object("tax_id_collection").Bool("enabled") {
		return
	}
	known, _ := v.session.At("customer_details", "tax_ids").([]any)
	number := ""
	if len(known) > 0 {
		number = known[0].(*object.Object).String("value")
	}
	id := v.field(fieldTaxID, v.Words.TaxID, number)
	id.Hint, id.Length, id.Autocomplete = v.Words.TaxIDHint, 50, "off"
	v.Business = []*field{id}
}

// taxed reports whether the tax depends on where the customer is.
func (v *view) taxed() bool { return v.session.Object("automatic_tax").Bool("enabled") }

// asksRegion reports whether the customer is asked where they are because of the tax. That of a customer whom the seller
// knows is worked out by the address that the seller has.
func (v *view) asksRegion() bool {
	return v.taxed() && len(v.Shipping) == 0 && (!v.known() || !v.visit.Bool("located"))
}

// known reports whether the session is for a customer whom the seller knew before.
func (v *view) known() bool {
	return v.session.Ref("customer") != "" && v.session.String("customer_creation") == ""
}
