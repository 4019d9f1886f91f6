package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/country"
)

// details is the form of what a customer says of themselves.
type details struct {
	Groups []group
	TaxIDs []*object.Object
	Tax    bool // tax ids can be changed
}

// group is a part of the form with a name; empty for none.
type group struct {
	Name   string
	Fields []*field
}

// field is a line of text, or a country.
type field struct {
	Name, Label, Type, Autocomplete, Value string
	Hint                                   string
	Half                                   bool
	Countries                              []country.Country
	Fault                                  string
	First                                  bool // where the customer goes on
}

// Updates reports whether the configuration lets customers change something of themselves.
func (v *visit) Updates(what string) bool {
	return slices.Contains(v.features(customerUpdate).Array("allowed_updates"), any(what))
}

func showCustomer(v *visit) error {
	d := &details{}
	if err := v.load(func(op *resource.Op) error { return v.readDetails(op, d) }); err != nil {
		return err
	}
	return v.show("customer", "Your details", d)
}

func (v *visit) readDetails(op *resource.Op, d *details) (err error) {
	d.Tax = v.Updates("tax_id")
	d.Groups = v.groups()
	if d.Tax {
		d.TaxIDs, err = op.Below("tax_id", v.Customer)
	}
	return err
}

// groups are the fields of what can be changed, with what is known or was typed.
func (v *visit) groups() []group {
	c, shipping := v.Customer, v.Customer.Object("shipping")
	var all []group
	var contact []*field
	for _, f := range []struct{ what, label, kind, autocomplete string }{
		{"name", "Name", "text", "name"}, {"email", "E-mail", "email", "email"}, {"phone", "Phone", "tel", "tel"},
	} {
		if v.Updates(f.what) {
			contact = append(contact, &field{Name: f.what, Label: f.label, Type: f.kind, Autocomplete: f.autocomplete, Value: c.String(f.what)})
		}
	}
	all = append(all, group{"", contact})
	if v.Updates("address") {
		all = append(all, group{"Billing address", v.address("address", "billing", c.Object("address"))})
	}
	if v.Updates("shipping") {
		to := &field{Name: "shipping[name]", Label: "Name", Type: "text", Autocomplete: "shipping name", Value: shipping.String("name")}
		all = append(all, group{"Shipping address", append([]*field{to}, v.address("shipping[address]", "shipping", shipping.Object("address"))...)})
	}
	if v.Updates("tax_id") {
		all = append(all, group{"Tax ID", []*field{{Name: "tax_id", Label: "Add a tax ID", Type: "text", Hint: "Such as a VAT number. It stands on your invoices."}}})
	}
	all = slices.DeleteFunc(all, func(g group) bool { return len(g.Fields) == 0 })
	for _, g := range all {
		for _, f := range g.Fields {
			if v.r.PostForm.Has(f.Name) {
				f.Value = strings.TrimSpace(v.r.PostForm.Get(f.Name))
			}
		}
	}
	return all
}

// address are the fields of one; of is what their names are within.
func (v *visit) address(of, section string, known *object.Object) []*field {
	fields := []*field{
		{Name: "country", Label: "Country", Autocomplete: "country", Countries: country.In(v.Lang)},
		{Name: "line1", Label: "Address", Autocomplete: "address-line1"},
		{Name: "line2", Label: "Address, second line", Autocomplete: "address-line2"},
		{Name: "postal_code", Label: "Postal code", Autocomplete: "postal-code", Half: true},
		{Name: "city", Label: "City", Autocomplete: "address-level2", Half: true},
		{Name: "state", Label: "State or region", Autocomplete: "address-level1"},
	}
	for _, f := range fields {
		f.Value, f.Type, f.Autocomplete = known.String(f.Name), "text", section+" "+f.Autocomplete
		f.Name = of + "[" + f.Name + "]"
	}
	return fields
}

// updateCustomer takes what the customer says of themselves. What cannot be changed is not taken, whatever the form has.
func updateCustomer(v *visit) error {
	d := &details{}
	if err := v.load(func(op *resource.Op) error { return v.readDetails(op, d) }); err != nil {
		return err
	}
	form, taxID := v.typed(d)
	if faults := v.wrong(form); len(faults) > 0 {
		return v.correct(d, faults)
	}
	kind := ""
	if taxID != "" {
		if kind = v.TaxID(v.countryOf(form), taxID); kind == "" {
			return v.correct(d, map[string]string{"tax_id": "This is no tax ID of your country. Check the number, and the country of your address"})
		}
	}
	if len(form) > 0 {
		if _, err := v.Engine.Do(v.r.Context(), v.ns, "POST /v1/customers/"+v.Customer.ID(), form); err != nil {
			return v.blame(d, err)
		}
	}
	if taxID != "" && !slices.ContainsFunc(d.TaxIDs, func(t *object.Object) bool { return t.String("value") == taxID }) {
		if _, err := v.call("POST /v1/customers/"+v.Customer.ID()+"/tax_ids", "type", kind, "value", taxID); err != nil {
			return v.blame(d, err)
		}
	}
	return v.act("customer", func(*resource.Op) error { return nil }, customerUpdate)
}

// typed is what was typed into the fields, and the tax id. A shipping address that is empty is none.
func (v *visit) typed(d *details) (form url.Values, taxID string) {
	form = url.Values{}
	for _, g := range d.Groups {
		for _, f := range g.Fields {
			switch {
			case f.Name == "tax_id":
				taxID = f.Value
			case v.r.PostForm.Has(f.Name):
				form.Set(f.Name, f.Value)
			}
		}
	}
	const shipping = "shipping["
	given := false
	for name := range form {
		given = given || strings.HasPrefix(name, shipping) && name != "shipping[address][country]" && form.Get(name) != ""
	}
	if v.Updates("shipping") && !given {
		for name := range form {
			if strings.HasPrefix(name, shipping) {
				form.Del(name)
			}
		}
		if v.Customer.Object("shipping") != nil && v.r.PostForm.Has("shipping[name]") {
			form.Set("shipping", "")
		}
	}
	return form, taxID
}

// wrong is what has to be filled in, and was not.
func (v *visit) wrong(form url.Values) map[string]string {
	faults := map[string]string{}
	if form.Has("email") && !strings.Contains(form.Get("email"), "@") {
		faults["email"] = "Enter an address such as jenny@example.com"
	}
	if form.Has("shipping[name]") && form.Get("shipping[name]") == "" {
		faults["shipping[name]"] = "Enter who it is for"
	}
	if form.Has("shipping[name]") && form.Get("shipping[address][line1]") == "" {
		faults["shipping[address][line1]"] = "Enter the street and the number"
	}
	return faults
}

// countryOf is where the customer is: as they typed it, or as it is known.
func (v *visit) countryOf(form url.Values) string {
	if code := form.Get("address[country]"); code != "" {
		return code
	}
	return v.Customer.Object("address").String("country")
}

// blame puts what a rule refuses beside the field that it is about.
func (v *visit) blame(d *details, err error) error {
	refused := refusal(err)
	if refused == nil {
		return err
	}
	text, name := "This cannot be used", refused.Param
	if name == "email" {
		text = "Enter an address such as jenny@example.com"
	}
	if name == "value" || name == "type" {
		name, text = "tax_id", "This is no tax ID of your country. Check the number, and the country of your address"
	}
	for _, g := range d.Groups {
		if slices.ContainsFunc(g.Fields, func(f *field) bool { return f.Name == name }) {
			return v.correct(d, map[string]string{name: text})
		}
	}
	return v.note(refused.Status, "This cannot be done", refused.Message)
}

// correct shows the form once more, with what is wrong beside the fields.
func (v *visit) correct(d *details, faults map[string]string) error {
	first := true
	for _, g := range d.Groups {
		for _, f := range g.Fields {
			if f.Fault = faults[f.Name]; f.Fault != "" {
				f.First, first = first, false
			}
		}
	}
	return v.render(http.StatusUnprocessableEntity, "customer", &page{Title: "Your details", Data: d, Faults: faults})
}

// removeTaxID forgets a tax id.
func removeTaxID(v *visit) error {
	known := false
	if err := v.load(func(op *resource.Op) error {
		if !v.Updates("tax_id") {
			return errOff
		}
		ids, err := op.Below("tax_id", v.Customer)
		known = slices.ContainsFunc(ids, func(t *object.Object) bool { return t.ID() == v.r.PathValue("tax_id") })
		return err
	}); err != nil {
		return err
	}
	if known {
		if _, err := v.call("DELETE /v1/customers/" + v.Customer.ID() + "/tax_ids/" + v.r.PathValue("tax_id")); err != nil && !missing(err) {
			return err
		}
	}
	v.lead(v.Base + "/customer")
	return nil
}
