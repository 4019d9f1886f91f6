package billing

import "sharesmart/internal/object"

// What tests outside the package need of its inside: there is no way yet to finalize an invoice through the API.
var (
	IssueInvoice = issueInvoice
	PayInvoice   = payInvoice
)

// BilledItem is a line of an invoice for IssueInvoice.
type BilledItem = billedItem

// NewBilledItem makes one.
func NewBilledItem(price *object.Object, quantity int64) BilledItem {
	return billedItem{price: price, quantity: quantity}
}
