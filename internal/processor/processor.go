// Package processor owns the question what becomes of a payment: which card a token stands for, whether it may be kept,
// and how a charge ends. The simulator answers it for the published test cards, without any network.
//
// It keeps nothing and does not know charges, customers or orders; package billing records what it says.
package processor

import "time"

// Processor decides about payments and what they are made with. A rule calls it inside its transaction, so an
// implementation that has to ask a bank must have done so before.
type Processor interface {
	// Template finds what a published test name stands for: tok_visa, pm_card_visa, pm_usBankAccount_success. That of a
	// btok_ name has the type bank_account, which is the older kind of source.
	Template(account, name string, now time.Time) (Method, bool)
	// Typed reads the details of a card as a customer typed them.
	Typed(account string, d Details, now time.Time) (Card, *Decline)
	// TypedBank reads a bank account as its holder typed it. methodType is the payment method's: us_bank_account,
	// sepa_debit ...; empty for an account that is paid into.
	TypedBank(account, methodType string, d BankDetails) (Bank, *Decline)
	// Stored finds a card or bank account again that was kept, by its fingerprint and what the bank said of its
	// security code. What has no number is found by its type alone.
	Stored(account, methodType, fingerprint, cvcCheck string) (Method, bool)
	// Ending is the fingerprint of a bank account that shows none, by the characters that it shows; empty for none.
	Ending(account, methodType, shown string) string
	// Verify says why a method cannot be kept for later; nil if it can.
	Verify(m Method) *Decline
	// Pay takes an amount, or makes a method ready.
	Pay(m Method, a Attempt) Answer
	// Refund says how money goes back to a method.
	Refund(m Method) Refund
	// Payout says why a bank account cannot be paid into; nil if it can.
	Payout(b Bank) *PayoutFailure
	// PayoutToCard says why a debit card cannot be paid into; nil if it can.
	PayoutToCard(c Card) *PayoutFailure
	// Evidence says what a bank makes of the evidence in a dispute.
	Evidence(text string) Verdict
	// CheckDeposits compares what a holder tells of the deposits in a bank account: two amounts or a code.
	CheckDeposits(b Bank, amounts []int64, code string) DepositCheck
}

// Card is a card as far as its holder, its seller and its bank can see it.
type Card struct {
	Number      string // never shown, never stored
	Brand       Brand
	Funding     string // credit, debit or prepaid
	Country     string
	ExpMonth    int64
	ExpYear     int64
	Fingerprint string // the same for the same number in the same account

	// What the bank says of the security code, the postal code and the street: pass, fail, unavailable, or
	// nothing when they were not given.
	CVCCheck, ZipCheck, Line1Check string

	behaviour *behaviour
}

// Networks are the brands that can carry a payment with the card: its own, after the national one that it has too.
func (c Card) Networks() []Brand {
	if c.behaviour == nil || c.behaviour.coBrand == "" {
		return []Brand{c.Brand}
	}
	return []Brand{c.behaviour.coBrand, c.Brand}
}

// ThreeDSecure says whether a payment with the card can be authenticated at all.
func (c Card) ThreeDSecure() bool {
	return c.behaviour == nil || c.behaviour.authentication != unsupported
}

// Last4 are the digits that may be shown.
func (c Card) Last4() string { return c.Number[len(c.Number)-4:] }

// Brand is a card network.
type Brand string

// The networks, as they are called in the details of a charge.
const (
	Visa       Brand = "visa"
	Mastercard Brand = "mastercard"
	Amex       Brand = "amex"
	Discover   Brand = "discover"
	Diners     Brand = "diners"
	JCB        Brand = "jcb"
	UnionPay   Brand = "unionpay"

	CartesBancaires Brand = "cartes_bancaires" // beside Visa or Mastercard, in France
	EftposAu        Brand = "eftpos_au"        // beside Visa or Mastercard, in Australia
	UnknownBrand    Brand = "unknown"
)

// Title is how a network is called on a card object.
func (b Brand) Title() string {
	switch b {
	case Visa:
		return "Visa"
	case Mastercard:
		return "MasterCard"
	case Amex:
		return "American Express"
	case Discover:
		return "Discover"
	case Diners:
		return "Diners Club"
	case JCB:
		return "JCB"
	case UnionPay:
		return "UnionPay"
	}
	return "Unknown"
}

// Details are what a customer types. Only Number, ExpMonth and ExpYear are needed.
type Details struct {
	Number            string
	ExpMonth, ExpYear int64
	CVC, Zip, Line1   string
}

// Decline is why a payment did not come about, in the words of the API.
type Decline struct {
	Code        string // card_declined, expired_card ...
	DeclineCode string // what the bank said, if it said more than the code
	Param       string
	Message     string

	AdviceCode         string // what the seller should do: try_again_later, do_not_try_again, confirm_card_data
	NetworkDeclineCode string // what the bank said, in the numbers of the card network
}

// Outcome is how a charge ended. Its texts are those of a charge's "outcome".
type Outcome struct {
	Decline       *Decline // nil for a charge that succeeded
	Type          string   // authorized, manual_review, issuer_declined, blocked, invalid
	NetworkStatus string
	Reason        string
	RiskLevel     string
	RiskScore     int64
	SellerMessage string
}
