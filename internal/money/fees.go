package money

// Fees are what is kept of payments. The zero value keeps nothing.
type Fees struct {
	Percent Percent // of each payment
	Fixed   int64   // of each payment, in the smallest unit of its currency
}

// StandardFees are what Stripe keeps in the United States: 2.9 % + 30 cents.
var StandardFees = Fees{Percent: 29_000, Fixed: 30}

const (
	// abroad comes on top for a card of a bank outside of the United States.
	abroad Percent = 15_000
	// A bank debit costs a share of its own, up to a limit.
	debitShare Percent = 8_000
	debitLimit int64   = 500

	disputeFee int64 = 1500
)

// Card is the fee for a payment that settles in the currency it was made in. foreign says that the bank of the card is
// outside of the United States.
func (f Fees) Card(amount int64, foreign bool) int64 {
	if f == (Fees{}) {
		return 0
	}
	share := f.Percent
	if foreign {
		share += abroad
	}
	return share.Of(amount) + f.Fixed
}

// BankDebit is the fee for a payment from an American bank account.
func (f Fees) BankDebit(amount int64) int64 {
	if f == (Fees{}) {
		return 0
	}
	return min(debitShare.Of(amount), debitLimit)
}

// Dispute is the fee for a payment that was disputed. It is given back if the dispute is won.
func (f Fees) Dispute() int64 {
	if f == (Fees{}) {
		return 0
	}
	return disputeFee
}
