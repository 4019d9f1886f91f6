package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A bank account belongs to a customer, who pays from it, or to a connected account, which is paid into it.
//
// Emits customer.source.created, .updated, .deleted, or the same of account.external_account.
func init() {
	register(resource.Rules{Object: "bank_account", EventFamily: func(o *object.Object) string {
		if o.Ref("account") != "" {
			return "account.external_account"
		}
		return "customer.source"
	}})
}
