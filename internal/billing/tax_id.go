package billing

import (
	"regexp"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax id is the number under which a tax office knows a customer, or the account itself.
//
//	(new) --DELETE--> gone
//
// Emits customer.tax_id.created, customer.tax_id.deleted.
func init() {
	register(resource.Rules{Object: "tax_id", Create: createTaxID})
}

func createTaxID(op *resource.Op) error {
	t := op.Object
	kind, value := t.String("type"), t.String("value")
	if form := taxIDForms[kind]; form != nil && !form.MatchString(strings.ToUpper(value)) {
		return apierr.Invalid("tax_id_invalid", "value", "Invalid value for %s.", kind)
	}
	t.Set("country", taxCountry(kind, value))
	if err := ownTaxID(op, t); err != nil {
		return err
	}
	status := "unavailable"
	if verified[kind] {
		status = "pending"
	}
	verification := object.New(nil)
	verification.Set("status", status)
	verification.Set("verified_address", nil)
	verification.Set("verified_name", nil)
	t.Set("verification", verification)
	return nil
}

// ownTaxID says whose the number is: the customer's below whom it was made or who is named, or the account's own.
func ownTaxID(op *resource.Op, t *object.Object) error {
	owner := t.Object("owner")
	if owner == nil {
		owner = object.New(nil)
		owner.Set("type", "self")
		if customer := t.Ref("customer"); customer != "" {
			owner.Set("customer", customer)
			owner.Set("customer_account", nil)
			owner.Set("type", "customer")
		}
		t.Set("owner", owner)
	}
	if owner.String("type") != "customer" {
		return nil
	}
	customer := owner.Ref("customer")
	if customer == "" {
		return missingParam("owner[customer]")
	}
	t.Set("customer", customer)
	return nil
}

// taxCountry is the country that a number is of: by its type, or for numbers of the European Union by its beginning.
func taxCountry(kind, value string) any {
	head, _, _ := strings.Cut(kind, "_")
	if kind == "eu_vat" && len(value) > 2 {
		head = value[:2]
	}
	switch code := strings.ToUpper(head); {
	case code == "EL":
		return "GR"
	case len(code) == 2 && code != "EU":
		return code
	}
	return nil
}

// verified are the types that are looked up with the tax office.
var verified = map[string]bool{"au_abn": true, "eu_vat": true, "gb_vat": true}

// taxIDForms are the forms of the numbers that are asked for most.
var taxIDForms = map[string]*regexp.Regexp{
	"au_abn":     regexp.MustCompile(`^\d{2} ?\d{3} ?\d{3} ?\d{3}$`),
	"br_cnpj":    regexp.MustCompile(`^\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}$`),
	"br_cpf":     regexp.MustCompile(`^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$`),
	"ca_bn":      regexp.MustCompile(`^\d{9}$`),
	"ca_gst_hst": regexp.MustCompile(`^\d{9}RT\d{4}$`),
	"ch_vat":     regexp.MustCompile(`^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA|HR)?$`),
	"eu_vat":     regexp.MustCompile(`^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[0-9A-Z+*]{2,12}$`),
	"gb_vat":     regexp.MustCompile(`^(XI|GB)(\d{9}|\d{12}|GD\d{3}|HA\d{3})$`),
	"in_gst":     regexp.MustCompile(`^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$`),
	"us_ein":     regexp.MustCompile(`^\d{2}-\d{7}$`),
}
