package billing

import (
	"context"
	"errors"
	"net/http"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// In live mode a processor moves the money. It is asked between two operations:
//
//	confirm, renew --records what is asked--> job --asks--> outcome: the charge, and all that follows from it
//	crash, no answer --> the job asks again with the same key, and hears the same
//	webhook, reconciliation --> job --looks how it stands--> outcome
//
// What is asked is in the private part of the intent under `asking`, what it is called at the processor under `processor`.
// While something is asked, nothing else can be done with the intent. Payments and setups are in remote_intent.go and
// remote_outcome.go, cards in remote_method.go, refunds and disputes in files of those names.

// The jobs that ask.
const (
	askPayment = "payment_intent.ask"
	askSetup   = "setup_intent.ask"
	askRefund  = "refund.ask"
	askDispute = "dispute.ask"
)

// lookAgain is when a question is asked again that was not answered.
const lookAgain = time.Minute

// noProcessor refuses to take money in live mode where nobody would move it.
func noProcessor() error {
	return apierr.Invalid("testmode_charges_only", "", "Your account cannot currently make live charges: no processor is set up that moves the money. Start the server with --stripe-key and --stripe-publishable-key, or mark invoices as paid that were paid in another way.")
}

// notLive refuses what no processor is asked for.
func notLive(what string) error {
	return apierr.Invalid("", "", "%s cannot be used in live mode. Payments are made with cards, by PaymentIntents and SetupIntents.", what)
}

// testOnly refuses in live mode what no processor is asked for.
func testOnly(op *resource.Op, what string) error {
	switch {
	case !op.Live():
		return nil
	case op.Processor() == nil:
		return noProcessor()
	}
	return notLive(what)
}

// rawCard refuses the number of a card, which has no business here: the processor's own fields take it.
func rawCard() error {
	return &apierr.Error{Status: http.StatusPaymentRequired, Type: apierr.TypeInvalid, Message: "Sending credit card numbers directly to the Stripe API is generally unsafe. In live mode a card is typed into the processor's own fields, which give you a PaymentMethod to name here."}
}

// askedAlready refuses to touch an intent while the processor is asked about it. Clients try again.
func askedAlready(op *resource.Op, intent *object.Object) error {
	if !op.Live() {
		return nil
	}
	private, err := op.Private(intent)
	if err != nil || private.Object("asking") == nil {
		return err
	}
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "lock_timeout", Retry: true,
		Message: "This object cannot be accessed right now because another request is asking the processor about it. Try again in a moment."}
}

// noteKept runs what records an outcome. What it wrote stays when it ends with an ErrKept, which is returned.
func noteKept(ctx context.Context, e *resource.Engine, ns *access.Namespace, rule resource.Hook) error {
	var declined *apierr.Error
	err := e.Note(ctx, ns, func(op *resource.Op) error {
		err := rule(op)
		if declined = declinedCharge(err); declined != nil {
			return nil
		}
		return err
	})
	if err == nil && declined != nil {
		return resource.ErrKept{Err: declined}
	}
	return err
}

// unanswered reports whether a question has to be asked again.
func unanswered(err error) bool {
	return err != nil && !errors.Is(err, processor.ErrRefused) && !errors.Is(err, processor.ErrNotThere)
}

// refusedBy is how a try ends that the processor would not take, such as with a key that does not count.
func refusedBy(p processor.Remote, err error) processor.Progress {
	return processor.Progress{Answer: processor.Answer{Step: processor.Declined, Outcome: processor.Outcome{
		Decline: &processor.Decline{Code: "processing_error", Message: "The payment could not be made: " + err.Error() + "."},
		Type:    "invalid", NetworkStatus: "not_sent_to_network", Reason: "processing_error", RiskLevel: "not_assessed", SellerMessage: p.Name() + " did not take the request.",
	}}}
}

// remoteID is what an intent is called at the processor; empty if it was never asked.
func remoteID(op *resource.Op, intent *object.Object) (string, error) {
	private, err := op.Private(intent)
	return private.Object("processor").String("id"), err
}
