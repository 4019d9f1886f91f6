package billing

import (
	"context"
	"errors"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What comes of a payment or a setup that the processor was asked for.

// outcome records the answer to a try, unless it is known by now.
func (q *question) outcome(op *resource.Op, got processor.Progress) error {
	intent, err := op.Find(q.kind, q.id)
	if intent == nil || err != nil {
		return err
	}
	private, err := op.Private(intent)
	if err != nil || private.Object("asking").String("attempt") != q.asking.String("attempt") {
		return err
	}
	if err := q.keepRemote(op, got.ID); err != nil {
		return err
	}
	return settleRemote(op, intent, q.asking, got)
}

// keepRemote keeps what a try is called at the processor. What was asked is answered then.
func (q *question) keepRemote(op *resource.Op, id string) error {
	intent, err := op.Get(q.kind, q.id, "")
	if err != nil {
		return err
	}
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	private.Delete("asking")
	private.Delete("looks")
	private.Set("asked", q.asking.Clone())
	if id != "" {
		private.Set("processor", newParams("id", id))
	}
	return op.SetPrivate(intent, private)
}

// look asks how a try stands, and what has become of the payment since.
func (q *question) look(ctx context.Context, e *resource.Engine, ns *access.Namespace, remote processor.Remote) error {
	got, err := remote.Payment(ctx, q.remote, q.kind == "setup_intent")
	if err != nil {
		return err
	}
	var refunds []processor.RemoteRefund
	var disputes []processor.RemoteDispute
	if q.kind == "payment_intent" && got.Step == processor.Approved && !got.Canceled && !got.Waiting {
		if refunds, err = remote.Refunds(ctx, q.remote); err != nil {
			return err
		}
		if disputes, err = remote.Disputes(ctx, q.remote); err != nil {
			return err
		}
	}
	waits := false
	err = noteKept(ctx, e, ns, func(op *resource.Op) error {
		intent, err := op.Get(q.kind, q.id, "")
		if err != nil {
			return err
		}
		private, err := op.Private(intent)
		if err != nil || private.Object("asking") != nil || private.Object("processor").String("id") != q.remote {
			return err // another try has begun
		}
		if err := settleRemote(op, intent, private.Object("asked"), got); err != nil {
			return err
		}
		if err := errors.Join(followRefunds(op, intent, refunds), followDisputes(op, intent, disputes)); err != nil {
			return err
		}
		if s := intent.String("status"); s != processing && s != requiresAction {
			return nil
		}
		waits = true
		return lookLater(op, intent)
	})
	if err == nil && waits {
		return resource.ErrSet
	}
	return err
}

// settleRemote brings an intent to where it stands at the processor. What it says already is no news.
func settleRemote(op *resource.Op, intent, asked *object.Object, got processor.Progress) error {
	status := intent.String("status")
	switch {
	case got.Canceled, got.Waiting:
		if got.Canceled && (status == requiresAction || status == processing) {
			return remoteFailed(op, intent, apierr.Card("payment_intent_payment_attempt_expired", "", "", "The payment attempt expired before the customer authenticated it."))
		}
		return nil
	case isOver(intent), got.Step == processor.Processing:
		return nil
	case status == requiresCapture:
		if got.Step == processor.Approved && got.Captured > 0 {
			return takeCaptured(op, intent, got)
		}
		return nil
	case got.Step == processor.Authenticate && status == requiresAction, got.Step == processor.Declined && status == requiresMethod:
		return nil
	}
	pm, err := tried(op, intent, got)
	if pm == nil || err != nil {
		return err
	}
	if intent.String("object") == "setup_intent" {
		return settleRemoteSetup(op, intent, pm, asked, got)
	}
	return settleRemotePayment(op, intent, pm, asked, got)
}

// tried is the payment method of a try.
func tried(op *resource.Op, intent *object.Object, got processor.Progress) (*object.Object, error) {
	id := intent.Ref("payment_method")
	if id == "" {
		id = got.Method.ID
	}
	pm, err := op.Find("payment_method", id)
	if pm != nil && got.Method.ID == id && pm.Ref("customer") == "" { // its bank has checked it by now
		pm.Object("card").Set("checks", cardChecks(got.Method.Card))
		op.Save(pm)
	}
	return pm, err
}

func settleRemotePayment(op *resource.Op, pi, pm, asked *object.Object, got processor.Progress) error {
	t, err := newTry(op, pi, pm, newParams("off_session", asked.Bool("off_session")))
	if err != nil {
		return err
	}
	t.remote = &got
	t.noAction, t.collects = asked.Bool("no_action"), asked.Bool("collects")
	pi.Set("next_action", nil)
	switch got.Step {
	case processor.Approved:
		return t.paid(op, got.Answer)
	case processor.Declined:
		return t.declined(op, got.Answer)
	}
	return t.sendAway(op, asked, got.URL)
}

// sendAway leads the customer to their bank.
// Emits payment_intent.requires_action.
func (t *try) sendAway(op *resource.Op, asked *object.Object, bankURL string) error {
	if t.noAction || t.attempt.OffSession && !t.collects || bankURL == "" {
		return t.fail(op, apierr.Card("authentication_required", "authentication_required", "", "Your card was declined. This transaction requires authentication."))
	}
	if err := leadAway(op, t.pi, asked, bankURL); err != nil {
		return err
	}
	if err := op.Emit("payment_intent.requires_action", t.pi); err != nil {
		return err
	}
	if err := followCheckout(op, t.pi); err != nil || !t.collects {
		return err
	}
	payment, err := paymentBy(op, t.pi)
	if payment == nil || err != nil {
		return err
	}
	in, err := op.Get("invoice", payment.Ref("invoice"), "")
	if err != nil {
		return err
	}
	return needAction(op, in, t.pi)
}

// leadAway lets an intent wait until its customer comes back.
func leadAway(op *resource.Op, intent, asked *object.Object, bankURL string) error {
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	private.Set("attempt", newParams("id", asked.String("attempt"), "return_url", asked.String("return_url")))
	if err := op.SetPrivate(intent, private); err != nil {
		return err
	}
	to := action("redirect_to_url", "url", bankURL)
	to.Object("redirect_to_url").Set("return_url", textOrNull(asked.String("return_url")))
	intent.Set("next_action", to)
	return moveTo(op, intent, requiresAction)
}

func settleRemoteSetup(op *resource.Op, si, pm, asked *object.Object, got processor.Progress) error {
	si.Set("next_action", nil)
	switch {
	case got.Step == processor.Approved:
		return succeedSetup(op, si, pm, mandateTerms{})
	case got.Step == processor.Declined, got.URL == "":
		return failSetup(op, si, pm, cardError(got.Outcome.Decline, ""))
	}
	if err := leadAway(op, si, asked, got.URL); err != nil {
		return err
	}
	if err := recordAttempt(op, si, pm, requiresAction, nil); err != nil {
		return err
	}
	return op.Emit("setup_intent.requires_action", si)
}

// remoteFailed sends an intent back whose try came to nothing.
func remoteFailed(op *resource.Op, intent *object.Object, failed *apierr.Error) error {
	pm, err := op.Find("payment_method", intent.Ref("payment_method"))
	if err != nil {
		return err
	}
	if intent.String("object") == "payment_intent" {
		return failIntent(op, intent, pm, failed)
	}
	failed.Code = "setup_intent_authentication_failure"
	if err := failSetup(op, intent, pm, failed); declinedCharge(err) == nil {
		return err
	}
	return nil
}

// askCapture lets the processor take what was authorized.
func askCapture(op *resource.Op, pi *object.Object, amount int64) error {
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	private.Set("capturing", newParams("amount", amount))
	if err := op.SetPrivate(pi, private); err != nil {
		return err
	}
	op.Save(pi)
	return op.Ask(askPayment, pi)
}

func (q *question) captureIt(ctx context.Context, e *resource.Engine, ns *access.Namespace, remote processor.Remote) error {
	got, failed := remote.Capture(ctx, "sharesmart-capture-"+q.remote, q.remote, q.capture)
	if unanswered(failed) {
		return failed
	}
	return noteKept(ctx, e, ns, func(op *resource.Op) error {
		pi, err := op.Get("payment_intent", q.id, "")
		if err != nil {
			return err
		}
		private, err := op.Private(pi)
		if err != nil || private.Object("capturing") == nil {
			return err
		}
		private.Delete("capturing")
		if err := op.SetPrivate(pi, private); err != nil {
			return err
		}
		op.Save(pi)
		if failed != nil {
			return resource.ErrKept{Err: apierr.Invalid("payment_intent_unexpected_state", "", "The payment could not be captured: %v.", failed)}
		}
		got.Captured = q.capture
		return takeCaptured(op, pi, got)
	})
}

// takeCaptured records what was captured of an authorization, here or by the processor's own Dashboard.
func takeCaptured(op *resource.Op, pi *object.Object, got processor.Progress) error {
	if pi.String("status") != requiresCapture {
		return nil
	}
	charge, err := op.Get("charge", pi.Ref("latest_charge"), "")
	if err != nil {
		return err
	}
	if err := noteFee(op, charge, got); err != nil {
		return err
	}
	if err := takeAuthorized(op, charge, min(got.Captured, charge.Int("amount"))); err != nil {
		return err
	}
	return succeedIntent(op, pi, charge)
}

// noteFee keeps what the processor keeps of a charge, for the books.
func noteFee(op *resource.Op, charge *object.Object, got processor.Progress) error {
	if !got.HasFee {
		return nil
	}
	private, err := op.Private(charge)
	if err != nil {
		return err
	}
	private.Set("fee", got.Fee)
	return op.SetPrivate(charge, private)
}

// remoteFee is what the processor keeps of a charge, if it has said so. Where it has not, the fees of the configuration are
// taken for it.
func remoteFee(op *resource.Op, charge *object.Object) (fee int64, known bool, err error) {
	if !op.Live() {
		return 0, false, nil
	}
	private, err := op.Private(charge)
	return private.Int("fee"), private.Has("fee"), err
}

// letGo lets the processor give up what was canceled here.
func letGo(op *resource.Op, intent *object.Object) error {
	if !op.Live() {
		return nil
	}
	id, err := remoteID(op, intent)
	if id == "" || err != nil {
		return err
	}
	return op.Ask(askJob(intent), intent)
}
