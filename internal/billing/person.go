package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A person stands behind a connected account: its representative, an owner, a director. An individual's account is about
// one person, whom it shows as "individual".
//
//	(new) unverified --what is required is given--> verified, or pending, or unverified with an error
//
// Emits person.created, person.updated, person.deleted, then account.updated and capability.updated for what follows.
func init() {
	register(resource.Rules{Object: "person", Prepare: takePersonToken, Create: createPerson, Created: followPerson, Update: updatePerson, Delete: deletePerson})
}

// roles are what a person may be in a company.
var roles = []string{"authorizer", "director", "executive", "legal_guardian", "owner", "representative"}

func takePersonToken(op *resource.Op) error {
	_, err := takeToken(op, "person")
	return err
}

func createPerson(op *resource.Op) error {
	p := op.Object
	p.Set("account", op.MadeBelow())
	for _, name := range []string{"id_number_provided", "ssn_last_4_provided"} {
		p.Set(name, false)
	}
	relationship := p.Sub("relationship")
	for _, role := range roles {
		if !relationship.Has(role) || relationship.Get(role) == nil {
			relationship.Set(role, false)
		}
	}
	addMissing(relationship, nulls("percent_ownership", "title"))
	addMissing(p, newParams("address", nulls("city", "country", "line1", "line2", "postal_code", "state"), "dob", nulls("day", "month", "year"),
		"verification", newParams("status", "unverified")))
	addMissing(p.Object("verification"), newParams("document", nulls("back", "details", "details_code", "front"),
		"additional_document", nulls("back", "details", "details_code", "front")))
	addMissing(p.Object("verification"), nulls("details", "details_code"))
	addMissing(p, nulls("email", "first_name", "last_name", "phone"))
	return notePerson(op, p, op.Params)
}

// notePerson checks what was sent of a person, and notes of what is not shown that it was given and whether it is right.
func notePerson(op *resource.Op, p, sent *object.Object) error {
	if email := sent.String("email"); email != "" && !isEmail(email) {
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", email)
	}
	dob := p.Object("dob")
	if sent.Object("dob") != nil && (dob.Int("month") < 1 || dob.Int("month") > 12 || dob.Int("day") < 1 || dob.Int("day") > 31) {
		return apierr.Invalid("", "dob", "Invalid date of birth: %d-%d-%d.", dob.Int("year"), dob.Int("month"), dob.Int("day"))
	}
	number, last4 := digitsOf(sent.String("id_number")), sent.String("ssn_last_4")
	if last4 != "" && len(digitsOf(last4)) != 4 {
		return apierr.Invalid("", "ssn_last_4", "SSN last 4 must be exactly 4 digits.")
	}
	if sent.String("id_number") != "" {
		p.Set("id_number_provided", true)
		if err := setNote(op, p, "id_number_wrong", number == badNumber); err != nil {
			return err
		}
	}
	if last4 != "" || len(number) >= 9 {
		p.Set("ssn_last_4_provided", true)
	}
	return nil
}

func followPerson(op *resource.Op) error { return reviewed(op, op.Object.String("account")) }

// updatePerson serves the person's own paths. The review of the account completes what is announced of the person.
func updatePerson(op *resource.Op) error {
	if err := mergeToken(op, "person"); err != nil {
		return err
	}
	if err := notePerson(op, op.Object, op.Params); err != nil {
		return err
	}
	a, err := op.Find("account", op.Object.String("account"))
	if a == nil || err != nil {
		return err
	}
	if err := reviewAccount(op, a); err != nil {
		return err
	}
	if err := op.EmitUpdated(op.Object); err != nil {
		return err
	}
	return op.EmitUpdated(a)
}

// changePerson takes what an account's update says of its individual, which is announced after the review.
func changePerson(op *resource.Op, person, sent *object.Object) error {
	if err := op.Merge(person, sent); err != nil {
		return err
	}
	op.Save(person)
	return notePerson(op, person, sent)
}

func deletePerson(op *resource.Op) error {
	p := op.Object
	a, err := op.Find("account", p.String("account"))
	if err != nil {
		return err
	}
	if err := op.Delete(p); err != nil || a == nil {
		return err
	}
	if a.Object("individual").ID() == p.ID() {
		a.Delete("individual")
	}
	return reviewAndTell(op, a)
}

// personsOf are the persons of an account, the first one first.
func personsOf(op *resource.Op, a *object.Object) ([]*object.Object, error) {
	all, err := op.Below("person", a)
	slices.Reverse(all)
	return all, err
}
