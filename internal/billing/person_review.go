package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What becomes of a person's data when it is verified. The published test values decide:
//
//	date of birth   1901-01-01 and 1902-01-01 are found, 1900-01-01 is on a list of sanctions
//	address line 1  address_full_match is found, address_no_match is not
//	number          000000000 (or 0000) and 222222222 are right, 111111111 is wrong
//	document        file_identity_document_success and file_identity_document_failure, given in the place of a file
//
// Whom none of these decides about is not found, which is no hindrance yet: a document is wanted in time.

// The documents of the published tests.
const (
	documentPasses = "file_identity_document_success"
	documentFails  = "file_identity_document_failure"
)

// testDocument lets the documents of the tests stand for files that nobody uploaded.
func testDocument(op *resource.Op, id string) (string, error) {
	if !op.Live() && (id == documentPasses || id == documentFails) {
		return id, nil
	}
	return "", nil
}

// verdict is how a verification ends.
type verdict uint8

const (
	notFound   verdict = iota // not found, for now
	isFound                   // found
	isLookedAt                // looked at by somebody
	isWrong                   // wrong
	isRejected                // the document will not do
)

// review is a person and what the verification makes of it.
type review struct {
	person  *object.Object
	verdict verdict
}

// reviewPersons verifies the persons of an account.
func reviewPersons(op *resource.Op, a *object.Object) ([]review, error) {
	persons, err := personsOf(op, a)
	if err != nil {
		return nil, err
	}
	reviews := make([]review, 0, len(persons))
	for _, p := range persons {
		private, err := op.Private(p)
		if err != nil {
			return nil, err
		}
		reviews = append(reviews, review{p, judge(p, private.Bool("id_number_wrong"))})
	}
	return reviews, nil
}

// judge is the verdict about a person.
func judge(p *object.Object, wrongNumber bool) verdict {
	dob, line1 := p.Object("dob"), p.Object("address").String("line1")
	first := dob.Int("day") == 1 && dob.Int("month") == 1
	document := p.Object("verification").Object("document").Ref("front")
	switch {
	case document == documentFails:
		return isRejected
	case first && dob.Int("year") == 1900:
		return isLookedAt
	case document != "":
		return isFound
	case wrongNumber || line1 == "address_no_match":
		return isWrong
	case first && (dob.Int("year") == 1901 || dob.Int("year") == 1902) || line1 == "address_full_match":
		return isFound
	}
	return notFound
}

// add says what a verdict asks for.
func (r review) add(n *needs, prefix string) {
	document := prefix + "verification.document"
	switch r.verdict {
	case isWrong:
		n.fail(document, "verification_failed_keyed_identity", "The person's keyed-in identity information could not be verified.")
	case isRejected:
		n.fail(document, "verification_document_failed_test_mode", "A test data helper was supplied to simulate verification failure.")
	case isLookedAt:
		n.pending = append(n.pending, document)
	case notFound:
		if r.person.ID() != "" {
			n.later = append(n.later, document)
		}
	}
}

// verdictStatuses are what a person's verification shows.
var verdictStatuses = map[verdict]string{isFound: "verified", isLookedAt: "pending"}

// showPersons writes the verdicts into the persons, and the person of an individual's account into the account.
func showPersons(op *resource.Op, a *object.Object, reviews []review) {
	individual := a.String("business_type") == "individual" || a.String("business_type") == ""
	for _, r := range reviews {
		before := r.person.Clone()
		r.show(a.String("country"), !individual)
		if !object.Equal(before, r.person) {
			op.Save(r.person)
		}
		if individual && r.person.Object("relationship").Bool("representative") {
			a.Set("individual", r.person.Clone())
		}
	}
}

func (r review) show(country string, ofCompany bool) {
	n := &needs{}
	n.person("", country, r, ofCompany)
	status := verdictStatuses[r.verdict]
	if status == "" || len(n.of(true)) > 0 && r.verdict != isLookedAt {
		status = "unverified"
	}
	v := r.person.Object("verification")
	v.Set("status", status)
	v.Set("details", nil)
	v.Set("details_code", nil)
	if len(n.errors) > 0 {
		v.Set("details", n.errors[0].Get("reason"))
		v.Set("details_code", map[verdict]string{isWrong: "failed_keyed_identity", isRejected: "failed_other"}[r.verdict])
	}
	shown := n.show(n.of(true), "")
	for _, name := range []string{"current_deadline", "disabled_reason"} {
		shown.Delete(name)
	}
	r.person.Set("requirements", shown)
	future := noRequirements()
	for _, name := range []string{"current_deadline", "disabled_reason"} {
		future.Delete(name)
	}
	r.person.Set("future_requirements", future)
}
