package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What tests outside the package need of its inside: there is no way yet to do these through the API.
var (
	IssueInvoice         = issueInvoice
	PayInvoice           = payInvoice
	TakeCash             = takeCash
	ReturnCash           = returnCash
	RefundToCash         = refundToCash
	MakeMandate          = makeMandate
	EndMandate           = endMandate
	UseConfirmationToken = useConfirmationToken
	TokenData            = tokenData
	Usage                = usage
	ReturnCredits        = returnCredits
	Monthly              = monthly
)

// ReleaseBatch is how many transactions become available at once.
const ReleaseBatch = releaseBatch

// Posting is a movement of money for Post.
type Posting struct {
	Kind, Source, Currency, Fund string
	Amount, Fee                  int64
	Available                    bool
}

// Post writes a movement into the ledger.
func Post(op *resource.Op, p Posting) (*object.Object, error) {
	return post(op, posting{
		kind: p.Kind, source: p.Source, amount: p.Amount, currency: p.Currency, fund: p.Fund, available: p.Available,
		fees: []fee{{kind: "stripe_fee", amount: p.Fee, description: "Stripe processing fees"}},
	})
}

// BilledItem is a line of an invoice for IssueInvoice.
type BilledItem = billedItem

// NewBilledItem makes one.
func NewBilledItem(price *object.Object, quantity int64) BilledItem {
	return billedItem{price: price, quantity: quantity}
}

// Creditable is a line of an invoice for ApplyCredits, and AppliedCredit what was paid of one.
type (
	Creditable struct {
		Invoice, Line, Price string
		Amount               int64
	}
	AppliedCredit struct {
		Line, Grant, Transaction string
		Amount                   int64
	}
)

// ApplyCredits pays for lines with credits.
func ApplyCredits(op *resource.Op, customer, currency string, lines []Creditable) ([]AppliedCredit, error) {
	in := make([]creditable, len(lines))
	for i, l := range lines {
		in[i] = creditable{invoice: l.Invoice, line: l.Line, price: l.Price, amount: l.Amount}
	}
	applied, err := applyCredits(op, customer, currency, in)
	out := make([]AppliedCredit, len(applied))
	for i, a := range applied {
		out[i] = AppliedCredit{Line: a.line, Grant: a.grant, Transaction: a.transaction, Amount: a.amount}
	}
	return out, err
}
