package billing

import (
	"context"
	"errors"
	"net/url"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// How a payment or a setup is asked for.

// ask records a try and lets the processor be asked, at once.
func (t *try) ask(op *resource.Op) error {
	return askAbout(op, t.pi, t.pm, newParams("return_url", t.visit.returnURL, "off_session", t.attempt.OffSession, "no_action", t.noAction, "collects", t.collects))
}

// askAbout records a try of an intent with a payment method.
func askAbout(op *resource.Op, intent, pm, asking *object.Object) error {
	switch {
	case op.Processor() == nil:
		return noProcessor()
	case pm.String("type") != "card":
		return notLive("A payment method of the type " + pm.String("type"))
	}
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	asking.Set("attempt", "payatt_"+op.Secret(attemptLength))
	private.Set("asking", asking)
	if err := op.SetPrivate(intent, private); err != nil {
		return err
	}
	op.Save(intent)
	return op.Ask(askJob(intent), intent)
}

func askJob(intent *object.Object) string {
	if intent.String("object") == "setup_intent" {
		return askSetup
	}
	return askPayment
}

// The jobs of both kinds of intents.
func askForPayment(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	return askForIntent(ctx, e, ns, "payment_intent", id)
}

func askForSetup(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	return askForIntent(ctx, e, ns, "setup_intent", id)
}

// question is what is to be asked about an intent. All of it is read in one transaction.
type question struct {
	kind, id string
	status   string
	asking   *object.Object // the try that is recorded; nil if there is none
	key      string
	payment  processor.RemotePayment
	customer processor.RemoteCustomer // that has to be made first
	remote   string                   // what the last try is called at the processor
	capture  int64                    // that is to be captured
}

// askForIntent asks what is to be asked about an intent, and otherwise how it stands.
func askForIntent(ctx context.Context, e *resource.Engine, ns *access.Namespace, kind, id string) error {
	remote := e.Processor(ns)
	if remote == nil {
		return errors.New("ask the processor: none is set up any more")
	}
	var q question
	if err := e.Note(ctx, ns, func(op *resource.Op) (err error) { q, err = questionOf(op, kind, id); return err }); err != nil {
		return err
	}
	switch {
	case q.asking != nil:
		return q.tryIt(ctx, e, ns, remote)
	case q.remote == "":
		return nil
	case q.status == canceled:
		return q.giveUp(ctx, remote)
	case q.capture > 0:
		return q.captureIt(ctx, e, ns, remote)
	}
	return q.look(ctx, e, ns, remote)
}

// tryIt asks for the payment or the setup.
func (q *question) tryIt(ctx context.Context, e *resource.Engine, ns *access.Namespace, remote processor.Remote) error {
	got, over, err := q.giveUpLast(ctx, remote)
	if err == nil && !over {
		if err = q.makeCustomer(ctx, e, ns, remote); err == nil {
			got, err = remote.Pay(ctx, q.key, q.payment)
		}
	}
	if d := got.Outcome.Decline; err == nil && q.asking.Bool("collects") && d != nil && needsHolder(d) {
		// Asked again with the customer there, so that the payment waits for them.
		q.payment.OffSession = false
		got, err = remote.Pay(ctx, q.key+"-present", q.payment)
	}
	if unanswered(err) {
		return q.wait(ctx, e, ns, err)
	}
	if err != nil {
		got = refusedBy(remote, err)
	}
	if got.Step == processor.Processing && !got.Waiting {
		if err := e.Note(ctx, ns, func(op *resource.Op) error { return q.keepRemote(op, got.ID) }); err != nil {
			return err
		}
		return q.wait(ctx, e, ns, nil)
	}
	return noteKept(ctx, e, ns, func(op *resource.Op) error { return q.outcome(op, got) })
}

func needsHolder(d *processor.Decline) bool {
	return d.Code == "authentication_required" || d.DeclineCode == "authentication_required"
}

// giveUpLast cancels the try before this one, if it may still come about, so that nobody pays twice. over says that it has
// come about after all; then there is nothing more to ask.
func (q *question) giveUpLast(ctx context.Context, remote processor.Remote) (got processor.Progress, over bool, err error) {
	if q.remote == "" {
		return got, false, nil
	}
	setup := q.kind == "setup_intent"
	err = remote.Cancel(ctx, "sharesmart-cancel-"+q.remote, q.remote, setup)
	if err == nil || unanswered(err) {
		return got, false, err
	}
	got, err = remote.Payment(ctx, q.remote, setup)
	if errors.Is(err, processor.ErrNotThere) {
		return got, false, nil
	}
	return got, err == nil && got.Step == processor.Approved && !got.Canceled && !got.Waiting, err
}

// giveUp cancels at the processor what was canceled here. Money that came in meanwhile goes back: nobody expects it any
// more.
func (q *question) giveUp(ctx context.Context, remote processor.Remote) error {
	got, over, err := q.giveUpLast(ctx, remote)
	if err != nil || !over || got.Captured == 0 {
		return err
	}
	_, err = remote.Refund(ctx, "sharesmart-unwanted-"+q.remote, q.remote, "", got.Captured)
	if unanswered(err) {
		return err
	}
	return nil // it was given back already
}

// makeCustomer makes the customer at the processor, once.
func (q *question) makeCustomer(ctx context.Context, e *resource.Engine, ns *access.Namespace, remote processor.Remote) error {
	if q.customer.ID == "" {
		return nil
	}
	id, err := remote.Customer(ctx, "sharesmart-"+ns.Account+"-"+q.customer.ID, q.customer)
	if err != nil {
		return err
	}
	q.payment.Customer = id
	return e.Note(ctx, ns, func(op *resource.Op) error { return noteRemoteCustomer(op, q.customer.ID, id) })
}

func noteRemoteCustomer(op *resource.Op, customer, id string) error {
	c, err := op.Find("customer", customer)
	if c == nil || err != nil {
		return err
	}
	private, err := op.Private(c)
	if err != nil {
		return err
	}
	private.Set("processor_customer", id)
	return op.SetPrivate(c, private)
}

// wait says that the outcome comes later, and asks again then.
func (q *question) wait(ctx context.Context, e *resource.Engine, ns *access.Namespace, why error) error {
	err := e.Note(context.WithoutCancel(ctx), ns, func(op *resource.Op) error {
		intent, err := op.Get(q.kind, q.id, "")
		if err != nil {
			return err
		}
		if err := op.SetTimer(askJob(intent), intent, op.Now().Add(lookAgain)); err != nil || intent.String("status") == processing {
			return err
		}
		if err := moveTo(op, intent, processing); err != nil || q.kind == "setup_intent" {
			return err
		}
		if err := op.Emit("payment_intent.processing", intent); err != nil {
			return err
		}
		return followCheckout(op, intent)
	})
	switch {
	case err != nil:
		return errors.Join(why, err)
	case why != nil:
		return resource.Again{Err: why}
	}
	return resource.ErrSet
}

// questionOf reads what is to be asked.
func questionOf(op *resource.Op, kind, id string) (q question, err error) {
	q = question{kind: kind, id: id}
	intent, err := op.Find(kind, id)
	if intent == nil || err != nil {
		return q, err
	}
	private, err := op.Private(intent)
	if err != nil {
		return q, err
	}
	q.status, q.remote, q.capture = intent.String("status"), private.Object("processor").String("id"), private.Object("capturing").Int("amount")
	if q.asking = private.Object("asking").Clone(); q.asking == nil {
		return q, nil
	}
	attempt := q.asking.String("attempt")
	q.key = "sharesmart-" + attempt
	q.payment = processor.RemotePayment{
		ID: id, Setup: kind == "setup_intent", Amount: intent.Int("amount"), Currency: intent.String("currency"), Method: intent.Ref("payment_method"),
		OffSession: q.asking.Bool("off_session"), FutureUsage: intent.String("setup_future_usage"), Description: intent.String("description"),
		Suffix: intent.String("statement_descriptor_suffix"), Request3DS: requested3DS(intent), ReturnURL: attemptURL(op, intent, attempt),
		Capture: (&try{pi: intent, pm: newParams("type", "card")}).capturesNow(),
	}
	if q.payment.Setup {
		q.payment.FutureUsage = intent.String("usage")
	}
	return q, q.readCustomer(op, intent.Ref("customer"))
}

func (q *question) readCustomer(op *resource.Op, id string) error {
	c, err := op.Find("customer", id)
	if id == "" || c == nil || err != nil {
		return err
	}
	private, err := op.Private(c)
	if err != nil {
		return err
	}
	if q.payment.Customer = private.String("processor_customer"); q.payment.Customer == "" {
		q.customer = processor.RemoteCustomer{ID: id, Email: c.String("email"), Name: c.String("name")}
	}
	return nil
}

// attemptURL is the page that a customer comes back to from their bank.
func attemptURL(op *resource.Op, intent *object.Object, attempt string) string {
	return op.BaseURL() + "/authenticate/" + attempt + "?client_secret=" + url.QueryEscape(intent.String("client_secret")) + "&in=" + op.Place()
}

// ReturnFromBank finds the intent whose customer comes back from their bank, and where they go on to. Where the outcome is
// not known yet, it is asked for.
func ReturnFromBank(op *resource.Op, attempt, clientSecret string) (intent *object.Object, back string, err error) {
	intent, err = intentBySecret(op, clientSecret)
	if err != nil {
		return nil, "", err
	}
	private, err := op.Private(intent)
	if err != nil {
		return nil, "", err
	}
	kept := private.Object("attempt")
	if !op.Live() || !sameSecret(kept.String("id"), attempt) {
		return nil, "", apierr.Missing(intent.String("object"), attempt, "attempt")
	}
	if intent.String("status") == requiresAction {
		err = op.Ask(askJob(intent), intent)
	}
	return intent, kept.String("return_url"), err
}

// lookLater sets the time of the next look at what has not come to an end, ever more rarely: webhooks are quicker.
func lookLater(op *resource.Op, intent *object.Object) error {
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	const most = 12
	looks := min(private.Int("looks")+1, most)
	private.Set("looks", looks)
	if err := op.SetPrivate(intent, private); err != nil {
		return err
	}
	return op.SetTimer(askJob(intent), intent, op.Now().Add(lookAgain*time.Duration(1<<looks)))
}
