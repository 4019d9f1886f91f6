package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// What must be known about the owner of an account, by country. Everybody tells who they are and where, and what they
// sell; the countries differ in what else they ask of a person's address and identity.

const (
	businessFields = "business_profile.mcc business_profile.url business_type external_account tos_acceptance.date tos_acceptance.ip"
	americanFields = "business_profile.name business_profile.product_description settings.card_payments.statement_descriptor_prefix settings.payments.statement_descriptor"
	addressFields  = "address.city address.line1 address.postal_code"
	personFields   = "dob.day dob.month dob.year email first_name last_name phone"
	japanese       = "address_kana.city address_kana.line1 address_kana.postal_code address_kana.state address_kana.town " +
		"address_kanji.city address_kanji.line1 address_kanji.postal_code address_kanji.state address_kanji.town"
)

// stateCountries are those whose addresses need a state or province.
const stateCountries = "AU BR CA IN MX MY US"

// idNumberCountries are those that want the number of a person's identity document.
const idNumberCountries = "BR HK IN MX MY SG TH US"

func (c country) verificationFields() *object.Object {
	o := object.New(spec.Component("country_spec_verification_fields"))
	o.Set("company", fieldDetails(c.companyFields()))
	o.Set("individual", fieldDetails(c.individualFields()))
	return o
}

func fieldDetails(minimum []string) *object.Object {
	slices.Sort(minimum)
	o := object.New(spec.Component("country_spec_verification_field_details"))
	o.Set("additional", []string{})
	o.Set("minimum", minimum)
	return o
}

func (c country) businessFields() []string {
	fields := strings.Fields(businessFields)
	if c.code == "US" {
		fields = append(fields, strings.Fields(americanFields)...)
	}
	return fields
}

func (c country) companyFields() []string {
	fields := append(c.businessFields(), below("company", c.addressFields())...)
	fields = append(fields, below("company", []string{"name", "owners_provided", "phone", "tax_id"})...)
	fields = append(fields, below("owners", c.addressFields())...)
	fields = append(fields, below("owners", strings.Fields(personFields))...)
	fields = append(fields, below("representative", c.personFields())...)
	return append(fields, "representative.relationship.title")
}

func (c country) individualFields() []string {
	return append(c.businessFields(), below("individual", c.personFields())...)
}

func (c country) personFields() []string {
	fields := append(c.addressFields(), strings.Fields(personFields)...)
	if c.in(idNumberCountries) {
		fields = append(fields, "id_number", "verification.document")
	}
	switch c.code {
	case "US":
		fields = append(fields, "ssn_last_4")
	case "JP":
		fields = append(fields, "first_name_kana", "first_name_kanji", "last_name_kana", "last_name_kanji")
	}
	return fields
}

func (c country) addressFields() []string {
	switch {
	case c.code == "JP":
		return strings.Fields(japanese)
	case c.code == "HK" || c.code == "AE":
		return []string{"address.city", "address.line1"}
	case c.in(stateCountries):
		return append(strings.Fields(addressFields), "address.state")
	}
	return strings.Fields(addressFields)
}

func (c country) in(codes string) bool { return slices.Contains(strings.Fields(codes), c.code) }

// below puts a name before each field.
func below(name string, fields []string) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = name + "." + f
	}
	return out
}
