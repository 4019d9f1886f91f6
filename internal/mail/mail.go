// Package mail writes to customers: what they paid, what could not be taken, what ends, how they sign in.
//
// A message is a document of its own (mail). It comes about in the transaction that hears of an event, or in the one of
// whoever asks for it, and is sent after that; so nothing is told that was not committed, and a crash loses nothing.
//
//	(new) --goes by SMTP--> queued --server takes it--> sent
//	                               --server refuses it, or a day is over--> failed
//	      --stays here--> held
//	      --no address--> failed
//
// After 30 days it is deleted, as events are forgotten then: what was written to people is not kept for ever.
//
// What is written is in words.go and the files named after it, when in hear*.go, how it looks in letter.go, and how it
// leaves in send.go and smtp.go.
package mail

import (
	"log/slog"
	netmail "net/mail"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// What messages tell: the values of a mail's kind.
const (
	kindDashboard       = "dashboard"
	kindEndpointFailing = "endpoint_failing"
	kindInvoice         = "invoice"
	kindPaymentFailed   = "payment_failed"
	kindPlanChanged     = "plan_changed"
	kindReceipt         = "receipt"
	kindRefund          = "refund"
	kindSignIn          = "sign_in_code"
	kindCanceled        = "subscription_canceled"
	kindCanceling       = "subscription_canceling"
	kindTrialEnding     = "trial_ending"
	kindWelcome         = "welcome"
)

// Options are what mail is sent with.
type Options struct {
	// Server is where messages go; nil keeps all of them here.
	Server *Server
	From   netmail.Address
	// Test lets messages about test mode go as well.
	Test bool
	// Tried is told how each attempt to send a message went; nil is told nothing.
	Tried func(err error)
	// Invoice and Receipt read what stands on a file that goes with a message.
	Invoice, Receipt func(s *resource.Survey, o *object.Object) (*paper.Document, error)
}

// Mailer writes and sends. Account and Log are set before timers run.
type Mailer struct {
	Options
	// Account is the one whose messages may leave.
	Account string
	Log     *slog.Logger
}

// New returns one.
func New(o Options) *Mailer { return &Mailer{Options: o, Log: slog.New(slog.DiscardHandler)} }

// Rules are the rules of mails, for the engine.
func (m *Mailer) Rules() resource.Rules {
	return resource.Rules{
		Object: "mail",
		States: resource.States{"queued": {"sent", "failed", "held"}},
		Index: map[string]func(o *object.Object) []string{
			indexReady: ready,
		},
		Listener: &resource.Listener{Wants: wants, Hear: m.hear},
		Timers:   map[string]resource.Hook{timerRetry: retry, timerForget: forget},
		Jobs:     map[string]resource.Job{jobSend: m.send},
	}
}

// leaves is the one place that says which messages go by SMTP: those of the default account, in live mode; in test mode
// only what somebody waits for who stands before the site or runs the business, so that no customer that a test made up is
// ever written to.
// What sandboxes and connected accounts write is held.
func (m *Mailer) leaves(op *resource.Op, kind string) bool {
	switch {
	case m.Server == nil, op.Account() != m.Account, op.Sandbox():
		return false
	case op.Live(), m.Test:
		return true
	}
	return kind == kindSignIn || kind == kindWelcome || kind == kindDashboard
}
