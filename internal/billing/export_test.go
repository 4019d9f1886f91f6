package billing

import "sharesmart/internal/object"

// What tests outside the package need of its inside: there is no way yet to finalize an invoice through the API, and a
// movement of the ledger is made by what moves the money.
var (
	IssueInvoice = issueInvoice
	PayInvoice   = payInvoice
	Post         = post
)

// ReleaseBatch is how many transactions become available at once.
const ReleaseBatch = releaseBatch

// Payment is a movement for Post.
func Payment(amount int64) posting {
	return posting{kind: "payment", amount: amount, currency: "usd"}
}

// BilledItem is a line of an invoice for IssueInvoice.
type BilledItem = billedItem

// NewBilledItem makes one.
func NewBilledItem(price *object.Object, quantity int64) BilledItem {
	return billedItem{price: price, quantity: quantity}
}
