package processor

import "time"

// Method is what a payment is made with.
type Method struct {
	Type string // of a payment method: "card", "us_bank_account", "sepa_debit", "ideal" ...
	Card Card   // when Type is card
	Bank Bank   // when Type is a bank debit
}

// Bank is a bank account as far as its holder, its seller and its bank can see it.
type Bank struct {
	Number      string // never shown, never stored
	Routing     string // routing number, sort code or BSB, its parts as in BankDetails; nothing beside an IBAN
	Country     string
	Currency    string
	Name        string // of the bank: "STRIPE TEST BANK"
	Fingerprint string // the same for the same account in the same account of ours
	// Verified says that nobody has to prove whose it is: it came from a template.
	Verified bool

	behaviour *bankBehaviour // nil for one without a test number
}

// Last4 are the characters that may be shown.
func (b Bank) Last4() string { return b.Number[max(0, len(b.Number)-4):] }

// BankDetails are what a customer or a seller types. An IBAN goes into Number.
// Where a number has parts, they go one after the other: transit and institution number of acss_debit, bank and branch code
// of nz_bank_account into Routing, account number and suffix of nz_bank_account into Number.
type BankDetails struct{ Country, Currency, Number, Routing string }

// Attempt is one try to take money, or to make a method ready for later.
type Attempt struct {
	Amount   int64
	Currency string
	Setup    bool // nothing is taken
	// OffSession says that the holder is not there to authenticate.
	OffSession bool
	// Ready says that the method was set up before for payments without its holder.
	Ready bool
	// Authenticated says that the holder has passed this attempt's authentication, or came back from the page of a
	// redirect method and agreed.
	Authenticated bool
	// Verified says that the holder of a bank account has proved to be it.
	Verified bool
	// Email is the holder's, which decides about the payment of a voucher.
	Email string
	// Request3DS is what the seller asks of cards: automatic (or nothing), any, challenge.
	Request3DS string
}

// Step is what comes next in an attempt.
type Step uint8

// The steps.
const (
	Approved     Step = iota // the money is taken, or authorized
	Declined                 // Outcome.Decline says why
	Authenticate             // the holder must pass 3D Secure
	Redirect                 // the holder must agree on the page of the method
	Processing               // the bank answers later: see Settlement
	Microdeposit             // the holder must tell what was deposited in the bank account; Settlement.Decline says why nothing can be
	Voucher                  // the holder is told how to pay, and goes and pays: see Settlement
)

// Answer is what becomes of an attempt.
type Answer struct {
	Step         Step
	Outcome      Outcome // of what was approved, declined or is processing
	ThreeDSecure *ThreeDSecure
	Settlement   Settlement // when Step is Processing, Voucher or Microdeposit, and of the mandate of a setup
	Aftermath    Aftermath  // when money was taken
}

// ThreeDSecure is what a charge shows of its authentication.
type ThreeDSecure struct {
	Flow         string // challenge, frictionless
	Result       string // authenticated, attempt_acknowledged, exempted, failed, not_supported, processing_error
	ResultReason string
	Version      string // 2.2.0
}

// Settlement is how a payment ends that its bank takes time for.
type Settlement struct {
	After   time.Duration // zero: at once, in the background
	Never   bool          // it stays in processing
	Decline *Decline      // nil if it succeeds
	// EndsMandate says that the bank takes no more debits under the mandate.
	EndsMandate bool
}

// Aftermath is what follows a payment that succeeded.
type Aftermath struct {
	Available    bool          // the money can be paid out at once
	Disputes     []DisputeCase // open by themselves
	FraudWarning string        // type of an early fraud warning, or nothing
	Review       bool          // it should be looked at
}

// DisputeCase is a dispute that a bank opens.
type DisputeCase struct {
	Reason      string // fraudulent, product_not_received ...
	Inquiry     bool   // asks first and moves no money
	NetworkCode string // 10.4 ...
	Amount      int64  // that is disputed; zero is all that was not given back
}

// Refund is how money goes back.
type Refund struct {
	Pending bool // it is pending first, and then succeeds
	// Fails is why it fails after it seemed to have succeeded, or nothing.
	Fails string
}

// PayoutFailure is why a bank refuses what it is sent; nothing if it does not.
type PayoutFailure struct{ Code, Message string }

// Verdict is what a bank makes of the evidence in a dispute.
type Verdict string

// The verdicts.
const (
	Undecided Verdict = ""
	Won       Verdict = "won"
	Lost      Verdict = "lost"
	Escalated Verdict = "escalated" // an inquiry becomes a dispute
)

// DepositCheck is what comes of telling what was deposited.
type DepositCheck string

// What can come of it.
const (
	DepositsMatch   DepositCheck = "match"
	DepositsDiffer  DepositCheck = "differ"
	DepositsTooMany DepositCheck = "attempts_exceeded"
	DepositsTimeout DepositCheck = "timeout"
)
