package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A bank account belongs to a customer, who pays from it, or to a connected account, which is paid into it.
//
// Emits customer.source.created, .updated, .deleted, or the same of account.external_account.
func init() {
	register(resource.Rules{Object: "bank_account", EventFamily: sourceFamily})
}

// sourceFamily is what the events of a bank account or card are called.
func sourceFamily(o *object.Object) string {
	if isExternal(o) {
		return "account.external_account"
	}
	return "customer.source"
}
