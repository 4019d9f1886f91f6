package processor

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Remote moves real money. It is asked over a network, so between two operations and never inside one: the first records
// what will be asked, the second what came of it. Every question that moves money has a key; the same key asks the same
// thing again and moves nothing twice, so a question whose answer was lost is asked again.
//
// An error is a question that was not answered, and may have been heard. What the processor refuses is no error but an
// answer, as far as it is about the payment; ErrRefused is a question that can never be answered.
type Remote interface {
	// Name is how people call it, for messages: "Stripe".
	Name() string
	// Browser is what a page needs so that a card is typed into a field of the processor's and not of ours.
	Browser() Browser
	// Method finds what a customer left with the processor.
	Method(ctx context.Context, id string) (RemoteMethod, error)
	// Customer makes a customer there, and answers the id that it has there.
	Customer(ctx context.Context, key string, c RemoteCustomer) (string, error)
	// Pay takes an amount, or makes a method ready.
	Pay(ctx context.Context, key string, p RemotePayment) (Progress, error)
	// Payment is how one stands that was begun.
	Payment(ctx context.Context, id string, setup bool) (Progress, error)
	// Capture takes what was authorized, or a part of it.
	Capture(ctx context.Context, key, id string, amount int64) (Progress, error)
	// Cancel gives up a payment or a setup that has not come about.
	Cancel(ctx context.Context, key, id string, setup bool) error
	// Detach lets go of a method that a customer does not want kept.
	Detach(ctx context.Context, id string) error
	// Refund gives back what a payment took, or a part of it. ours is the refund's id here.
	Refund(ctx context.Context, key, payment, ours string, amount int64) (RemoteRefund, error)
	// Refunds and Disputes are what has become of a payment since.
	Refunds(ctx context.Context, payment string) ([]RemoteRefund, error)
	Disputes(ctx context.Context, payment string) ([]RemoteDispute, error)
	// Dispute sends the evidence, or gives in.
	Dispute(ctx context.Context, key, id string, e Evidence) error
	// Notice reads what the processor tells us of its own accord. An error is a forgery, or of no use.
	Notice(body []byte, h http.Header) (Notice, error)
	// Notices are those since a time, for what was not told or got lost.
	Notices(ctx context.Context, since time.Time) ([]Notice, error)
}

// The metadata by which we know our own at a processor: the ids that they have here.
const (
	OurIntent   = "sharesmart_intent"
	OurRefund   = "sharesmart_refund"
	OurCustomer = "sharesmart_customer"
)

// ErrRefused is wrapped by errors that asking again will not mend: a wrong key, a parameter that the processor does not take.
var ErrRefused = errors.New("the processor refused the request")

// ErrNotThere is a question about something that the processor does not know.
var ErrNotThere = errors.New("the processor does not know it")

// Browser is what pages load from the processor, and the key that they show it.
type Browser struct {
	Script string // address of its script
	Key    string
	// Scripts, Frames and Connects are the origins that the script and its parts come from, show fields from and talk to.
	Scripts, Frames, Connects []string
}

// RemoteMethod is a payment method as the processor knows it.
type RemoteMethod struct {
	ID         string
	Type       string // "card"
	Card       Card   // its Number has only the digits that may be shown
	Owned      bool   // a customer there has it
	Wallet     string // apple_pay, google_pay ...; empty for a card that was typed
	Name       string
	Email      string
	Phone      string
	PostalCode string
	Country    string
}

// RemoteCustomer is who pays. ID is ours.
type RemoteCustomer struct{ ID, Email, Name string }

// RemotePayment is one try to take money or to make a method ready. ID is that of our payment or setup intent.
type RemotePayment struct {
	ID          string
	Setup       bool
	Amount      int64
	Currency    string
	Customer    string // the processor's id; empty for none
	Method      string
	OffSession  bool
	Capture     bool   // with the confirmation, not later
	FutureUsage string // off_session, on_session or nothing
	ReturnURL   string // where the customer comes back to
	Description string
	Suffix      string // of the statement descriptor
	Email       string // for the processor's receipt; empty for none
	Request3DS  string
}

// Progress is how a payment or a setup stands. Its Step is Approved, Declined, Processing, or Authenticate with the address
// where the customer has to go.
type Progress struct {
	ID   string // of the payment or setup, the processor's
	Ours string // the id that it was begun with
	Answer
	URL      string
	Waiting  bool // nothing has been tried, or the customer gave up: Step says nothing
	Canceled bool
	Captured int64
	Method   RemoteMethod // that it was tried with
	Fee      int64        // what the processor keeps, if it says so
	HasFee   bool
}

// RemoteRefund is a refund at the processor. Ours is empty if it was not asked for by us.
type RemoteRefund struct {
	ID, Ours string
	Amount   int64
	Status   string // pending, succeeded, failed, canceled, requires_action
	Failure  string
	Reason   string
}

// RemoteDispute is a dispute at the processor.
type RemoteDispute struct {
	DisputeCase
	ID      string
	Amount  int64
	Status  string // as the API's
	Created int64
	DueBy   int64
}

// Evidence is what a seller says in a dispute, by the API's names.
type Evidence struct {
	Texts  map[string]string
	Submit bool
	GiveIn bool
}

// Notice says that something has become of a payment or a setup: which, is asked for. So it does no harm that notices come
// twice, late, or in the wrong order.
type Notice struct {
	ID    string // of the payment or setup, the processor's; empty for what is of no concern to us
	Ours  string // our id, where the notice says it
	Setup bool
}
