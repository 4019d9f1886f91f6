package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Where a platform may send money to. Accounts in the United States, Canada and Europe that take payments themselves (the
// full service agreement) can be paid from any of these countries, all others only from their own. A platform in the United
// States may also pay recipients in many more.

const (
	fullAgreement      = "full"
	recipientAgreement = "recipient"
)

// agreementOf is the service agreement of an account.
func agreementOf(account *object.Object) string {
	if account.Object("tos_acceptance").String("service_agreement") == recipientAgreement {
		return recipientAgreement
	}
	return fullAgreement
}

// canPay reports whether money may go from one country to an account in another under an agreement.
func canPay(from, to, agreement string) bool {
	switch {
	case from == to:
		return true
	case agreement == recipientAgreement:
		return from == "US" && slices.Contains(strings.Fields(americanTransfers), to)
	}
	return crossesBorders(from) && crossesBorders(to)
}

func crossesBorders(code string) bool {
	return code == "US" || slices.ContainsFunc(countries, func(c country) bool { return c.code == code && c.region == "europe" })
}

// reaches reports whether the platform may send money to an account.
func reaches(op *resource.Op, account *object.Object) (bool, error) {
	home, err := op.Find("account", op.Account())
	return canPay(home.String("country"), account.String("country"), agreementOf(account)), err
}

// checkRegion refuses a transfer to where none can go.
func checkRegion(op *resource.Op, account *object.Object) error {
	if ok, err := reaches(op, account); ok || err != nil {
		return err
	}
	return apierr.Invalid("transfers_not_allowed", "destination",
		"Funds can't be sent to accounts located in %s when the account is under the `%s` service agreement.", account.String("country"), agreementOf(account))
}

// checkSettlement refuses a destination charge whose money would have to cross a border that it cannot, unless the
// destination itself is who the charge is made for.
func checkSettlement(op *resource.Op, account *object.Object, onBehalfOf string) error {
	if account == nil || onBehalfOf == account.ID() {
		return nil
	}
	if ok, err := reaches(op, account); ok || err != nil {
		return err
	}
	return apierr.Invalid("transfers_not_allowed", "transfer_data[destination]", "Cannot create a destination charge for connected accounts in %s because funds would be settled on the platform and the connected account is outside the platform's region. You may use the `on_behalf_of` parameter to have the charge settle in the connected account's country.",
		account.String("country"))
}
