package billing

import (
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax id is the number under which a tax office knows a customer, or the account itself.
//
//	(new) --DELETE--> gone
//
// What its form can be is checked at once (tax_id_forms.go). Numbers of some types are then looked up, which takes a
// moment: as no tax office is asked, Stripe's test numbers decide, and all others stay unavailable.
//
// Emits customer.tax_id.created, customer.tax_id.updated, customer.tax_id.deleted; nothing for those of the account.
func init() {
	register(resource.Rules{
		Object: "tax_id", Create: createTaxID, Timers: map[string]resource.Hook{taxIDVerification: verifyTaxID},
		EventFamily: func(t *object.Object) string {
			if t.Ref("customer") == "" {
				return "tax_id" // has no events
			}
			return "customer.tax_id"
		},
	})
}

const (
	taxIDVerification = "tax_id.verify"
	// verificationTime is how long it takes to look a number up.
	verificationTime = 5 * time.Second
)

func createTaxID(op *resource.Op) error {
	t := op.Object
	kind, value := t.String("type"), t.String("value")
	if !validTaxID(kind, value) {
		return apierr.Invalid("tax_id_invalid", "value", "Invalid value for %s.", kind)
	}
	t.Set("country", taxCountry(kind, value))
	if err := ownTaxID(op, t); err != nil {
		return err
	}
	t.Set("verification", nil)
	if t.Ref("customer") == "" {
		return nil
	}
	verification := object.New(nil)
	verification.Set("status", "unavailable")
	verification.Set("verified_address", nil)
	verification.Set("verified_name", nil)
	t.Set("verification", verification)
	if !verifiable[kind] {
		return nil
	}
	verification.Set("status", "pending")
	return op.SetTimer(taxIDVerification, t, op.Now().Add(verificationTime))
}

// verifiable are the types that are looked up.
var verifiable = map[string]bool{"au_abn": true, "eu_vat": true, "gb_vat": true}

// verifyTaxID ends a look-up. Of Stripe's test numbers, zeros are found, ones are not, and twos are looked up for ever.
func verifyTaxID(op *resource.Op) error {
	status, value := "unavailable", op.Object.String("value")
	switch all := func(digit string) bool {
		return !strings.ContainsAny(value, strings.ReplaceAll("0123456789", digit, ""))
	}; {
	case all("0"):
		status = "verified"
	case all("1"):
		status = "unverified"
	case all("2"):
		return nil
	}
	op.Object.Object("verification").Set("status", status)
	return op.EmitUpdated(op.Object)
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
	switch owner.String("type") {
	case "account":
		if owner.Ref("account") == "" {
			return missingParam("owner[account]")
		}
		return nil
	case "customer":
	default:
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
	case code == "XI":
		return "GB"
	case code == "IC":
		return "ES"
	case len(code) == 2 && code != "EU":
		return code
	}
	return nil
}
