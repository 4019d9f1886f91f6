package checkout

import (
	"iter"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
)

// field is one that a customer fills in: a line of text, one of a list, or a box to tick.
type field struct {
	Name, Label, Of, Hint, Type, Autocomplete, Mode, Value string
	Min, Max                                               string
	Length                                                 int
	Options                                                []option
	Check, Checked, Required, Half, First                  bool
	Fault, Error, Described                                string
	prompt                                                 string // what is said when it is empty
}

type option struct {
	Value, Label string
	Chosen       bool
}

// The names of the fields that are not about the order, beside those of a card.
const (
	fieldEmail      = "email"
	fieldPhone      = "phone"
	fieldBusiness   = "business_name"
	fieldIndividual = "individual_name"
	fieldHolder     = "name"
	fieldMethod     = "method"
	fieldSave       = "save"
	fieldSame       = "same"
	fieldTaxID      = "tax_id"
	fieldTerms      = "terms"
	fieldPromotions = "promotions"
	customOf        = "custom-"
	billingOf       = "billing-"
	shippingOf      = "shipping-"
)

// field is one for a line of text. What was typed stands in it, else what is known.
func (v *view) field(name, label, known string) *field {
	f := &field{Name: name, Label: label, Type: "text", Value: known, Length: 255, prompt: v.Words.FillIn}
	if v.form.Has(name) || v.form != nil && !isOrder(name) {
		f.Value = v.posted(name)
	}
	return f
}

// check is a box to tick.
func (v *view) check(name, label string, known bool) *field {
	f := &field{Name: name, Label: label, Value: "1", Check: true, Checked: known, prompt: v.Words.FillIn}
	if v.form != nil && (!v.fresh || !isOrder(name)) {
		f.Checked = v.posted(name) != ""
	}
	return f
}

// must is a field that has to be filled in.
func (f *field) must(prompt string) *field {
	f.Required, f.prompt = true, prompt
	return f
}

// may says of a field that it can be left empty.
func (v *view) may(f *field) *field {
	f.Label = put(v.Words.Optional, f.Label)
	return f
}

// countries is a field for a country: one of those that are allowed, or any.
func (v *view) countries(name, known string, allowed []any) *field {
	f := v.field(name, v.Words.Country, known)
	for _, c := range v.Words.countries {
		if len(allowed) == 0 || slices.Contains(allowed, any(c.Code)) {
			f.Options = append(f.Options, option{c.Code, c.Name, c.Code == f.Value})
		}
	}
	if !slices.ContainsFunc(f.Options, func(o option) bool { return o.Chosen }) {
		f.Options = append([]option{{"", v.Words.Choose, true}}, f.Options...)
		f.Value = ""
	}
	return f.must(v.Words.EnterCountry)
}

// address are the fields of one. of is what their names begin with.
func (v *view) address(of, section string, known *object.Object, allowed []any) []*field {
	w := v.Words
	line1 := v.field(of+"line1", w.Line1, known.String("line1")).must(w.EnterLine1)
	line2 := v.may(v.field(of+"line2", w.Line2, known.String("line2")))
	postal := v.field(of+"postal_code", w.PostalCode, known.String("postal_code"))
	city := v.field(of+"city", w.City, known.String("city")).must(w.EnterCity)
	state := v.may(v.field(of+"state", w.State, known.String("state")))
	country := v.countries(of+"country", v.homeOr(known), allowed)
	for f, complete := range map[*field]string{country: "country", line1: "address-line1", line2: "address-line2", postal: "postal-code", city: "address-level2", state: "address-level1"} {
		f.Autocomplete = section + " " + complete
	}
	postal.Half, city.Half = true, true
	return []*field{country, line1, line2, postal, city, state}
}

// homeOr is the country of an address, or that of the seller, where most customers are.
func (v *view) homeOr(known *object.Object) string {
	if country := known.String("country"); country != "" {
		return country
	}
	return v.page.Object("account_settings").String("country")
}

// all are the fields that count as the form was filled in, in the order in which they are seen.
func (v *view) all() iter.Seq[*field] {
	return func(yield func(*field) bool) {
		for _, it := range slices.Concat(v.Items, v.Optional) {
			if it.Field != nil && !yield(it.Field) {
				return
			}
		}
		if v.Promo != nil && !yield(v.Promo) {
			return
		}
		groups := [][]*field{v.Contact, v.Shipping}
		if v.typesCard() {
			groups = append(groups, v.Card)
		}
		if v.Same == nil || !v.Same.Checked {
			groups = append(groups, v.Billing)
		}
		for _, f := range slices.Concat(append(groups, v.Business, v.Custom, v.Consents)...) {
			if !yield(f) {
				return
			}
		}
	}
}

// missing finds what was not filled in.
func (v *view) missing() {
	for f := range v.all() {
		if empty := f.Value == "" || f.Check && !f.Checked; f.Required && empty {
			v.faults[f.Name] = f.prompt
		}
	}
	if pick := v.posted(fieldMethod); len(v.Methods) > 0 && v.offered(pick) == nil && v.kept() == nil {
		v.faults[fieldMethod] = v.Words.ChooseMethod // what they chose is not offered any more
	}
	if v.typesCard() && v.Remote != nil {
		if v.posted(card.RemoteMethod) == "" {
			v.faults[fieldMethod] = v.Words.NeedsScript
		}
	} else if v.typesCard() {
		for name, text := range card.Read(v.form).Missing(v.Words.Words) {
			v.faults[name] = text
		}
	}
}

// mark puts what is wrong beside the fields, and the customer into the first of them.
func (v *view) mark() {
	first := true
	for f := range v.all() {
		f.Fault, f.Error = v.faults[f.Name], v.Words.Error
		if f.Fault != "" {
			f.First, first = first, false
		}
		described := ""
		if f.Hint != "" {
			described = f.Name + "-hint "
		}
		if f.Fault != "" {
			described += f.Name + "-fault"
		}
		f.Described = strings.TrimSpace(described)
	}
	v.MethodFault = v.faults[fieldMethod]
	v.Error = len(v.faults) > 0
}
