package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
)

// What an account has to give before it can do what it asks for. This is what Stripe asks for in the United States, and
// what of it makes sense elsewhere; other countries' own documents are not asked for.

// needs are the fields that are missing.
type needs struct {
	due      []string         // nothing goes on without them
	later    []string         // wanted, but not in the way
	pending  []string         // given, and being looked at
	errors   []*object.Object // why something that was given will not do
	payouts  []string         // needed to be paid out, and for nothing else
	payments []string         // needed to take payments, and not for transfers
}

// missing adds the paths that lead to nothing in o, with what they are called in requirements.
func missing(to *[]string, o *object.Object, prefix string, paths ...string) {
	for _, path := range paths {
		switch v := o.At(strings.Split(path, ".")...); v {
		case nil, "", false, int64(0):
			*to = append(*to, prefix+path)
		}
	}
}

// accountNeeds looks at an account, its persons and whether it has somewhere to be paid.
func accountNeeds(a *object.Object, persons []review, paid, wrongTaxID bool) *needs {
	n := &needs{}
	missing(&n.due, a, "", "business_type", "tos_acceptance.date", "tos_acceptance.ip")
	profile := a.Object("business_profile")
	missing(&n.payments, profile, "business_profile.", "mcc")
	if profile.String("product_description") == "" {
		missing(&n.payments, profile, "business_profile.", "url")
	}
	if !paid {
		n.payouts = append(n.payouts, "external_account")
	}
	country := a.String("country")
	switch a.String("business_type") {
	case "", "individual":
		n.person("individual.", country, individualOf(persons), false)
	default:
		n.company(a.Object("company"), country, wrongTaxID)
		n.persons(persons, country)
	}
	return n
}

func individualOf(persons []review) review {
	for _, p := range persons {
		if p.person.Object("relationship").Bool("representative") {
			return p
		}
	}
	return review{person: object.New(nil)}
}

// company looks at a company.
func (n *needs) company(c *object.Object, country string, wrongTaxID bool) {
	const prefix = "company."
	missing(&n.due, c, prefix, addressNeeds(country)...)
	missing(&n.due, c, prefix, "name")
	missing(&n.payments, c, prefix, "phone")
	if country == "US" {
		if !c.Bool("tax_id_provided") {
			n.due = append(n.due, prefix+"tax_id")
		}
	}
	document := c.Object("verification").Object("document").Ref("front")
	if wrongTaxID && document != documentPasses {
		n.fail(prefix+"verification.document", "verification_failed_tax_id_match", "The company's tax id does not match its name.")
	}
}

// persons looks at the people of a company. One of them must act for it.
func (n *needs) persons(persons []review, country string) {
	acts := false
	for _, p := range persons {
		acts = acts || p.person.Object("relationship").Bool("representative")
		n.person(p.person.ID()+".", country, p, true)
	}
	if !acts {
		n.person("representative.", country, review{person: object.New(nil)}, true)
	}
}

// person looks at one person. A person of a company has a place in it.
func (n *needs) person(prefix, country string, r review, ofCompany bool) {
	p := r.person
	missing(&n.due, p, prefix, "first_name", "last_name", "dob.day", "dob.month", "dob.year")
	missing(&n.payments, p, prefix, "email", "phone")
	relationship := p.Object("relationship")
	if ofCompany && (p.ID() == "" || relationship.Bool("representative")) {
		missing(&n.payments, relationship, prefix+"relationship.", "title")
	}
	if country == "US" {
		missing(&n.due, p, prefix, addressNeeds(country)...)
		if !p.Bool("ssn_last_4_provided") && !p.Bool("id_number_provided") {
			n.due = append(n.due, prefix+"ssn_last_4")
		}
	} else {
		missing(&n.payments, p, prefix, addressNeeds(country)...)
	}
	r.add(n, prefix)
}

func addressNeeds(country string) []string {
	fields := []string{"address.city", "address.line1", "address.postal_code"}
	if country == "US" || country == "CA" || country == "AU" {
		fields = append(fields, "address.state")
	}
	return fields
}

// fail asks for something because of what was given.
func (n *needs) fail(requirement, code, reason string) {
	n.due = append(n.due, requirement)
	n.errors = append(n.errors, newParams("code", code, "reason", reason, "requirement", requirement))
}

// of are the needs of some capabilities together: those that take payments need more.
func (n *needs) of(takesPayments bool) []string {
	due := slices.Clone(n.due)
	if takesPayments {
		due = append(due, n.payments...)
	}
	slices.Sort(due)
	return due
}

// show writes what is due as requirements. disabled is why something cannot be done, or nothing.
func (n *needs) show(due []string, disabled string) *object.Object {
	r := noRequirements()
	r.Set("currently_due", anyOf(due))
	r.Set("past_due", anyOf(due))
	eventually := append(slices.Clone(due), n.later...)
	slices.Sort(eventually)
	r.Set("eventually_due", anyOf(eventually))
	r.Set("pending_verification", anyOf(n.pending))
	errors := []any{}
	for _, e := range n.errors {
		errors = append(errors, e.Clone())
	}
	r.Set("errors", errors)
	r.Set("disabled_reason", textOrNull(disabled))
	return r
}

func anyOf(texts []string) []any {
	out := make([]any, len(texts))
	for i, text := range texts {
		out[i] = text
	}
	return out
}
