package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A balance transaction is one movement of the account's money. See ledger.go for how it comes about.
//
//	(new) --> pending --available_on--> available
//	(new) --> available
//
// There are no events but balance.available, which announces the balance.
func init() {
	register(resource.Rules{
		Object: "balance_transaction",
		Index:  map[string]func(*object.Object) []string{"release": releaseIndex},
	})
}
