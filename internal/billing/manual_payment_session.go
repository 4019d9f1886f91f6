package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A checkout session in subscription mode that is paid by hand: it is complete and unpaid, its subscription incomplete, and
// its invoice waits. If nothing is due yet, the subscription begins, and its bills are sent.

// manualParam is where the page of a session names the way to pay by hand.
const manualParam = "manual_method"

// sessionOffer is what can be chosen at a session. A seller that names its payment methods offers no others.
func sessionOffer(op *resource.Op, s *object.Object) (*manual.Offer, error) {
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	offer, err := manual.For(op)
	if err == nil && (s.String("mode") != modeSubscription || len(private.Array("payment_method_types")) > 0) {
		offer.Methods = nil
	}
	return offer, err
}

// hostedManual shows the ways to pay by hand, and where somebody goes who has chosen one: to the page of the invoice.
func hostedManual(op *resource.Op, s, v *object.Object) error {
	offer, err := sessionOffer(op, s)
	if err != nil {
		return err
	}
	shown := make([]any, len(offer.Methods))
	for i, m := range offer.Methods {
		shown[i] = m.Object()
	}
	v.Set("manual", shown)
	if s.String("status") != "complete" || s.String("payment_status") != "unpaid" {
		return nil
	}
	in, err := op.Find("invoice", s.Ref("invoice"))
	if in == nil || err != nil {
		return err
	}
	private, err := op.Private(in)
	if err == nil && private.Object(manual.Kept) != nil {
		v.Set("redirect", in.String("hosted_invoice_url"))
	}
	return err
}

// confirmManually takes what a customer typed and lets the session wait for their payment.
//
// Emits customer.created, customer.updated, customer.subscription.created, invoice.created and .finalized, what
// awaitManually does, and checkout.session.completed.
func confirmManually(op *resource.Op, s, typed *object.Object) error {
	offer, err := sessionOffer(op, s)
	if err != nil {
		return err
	}
	way := offer.Find(typed.String(manualParam))
	if way == nil {
		return apierr.Invalid("resource_missing", "payment_method", "This cannot be paid in that way any more.")
	}
	if err := takeConfirmed(op, s, typed, nil); err != nil {
		return err
	}
	op.Save(s)
	if _, err := payingCustomer(op, s, true); err != nil {
		return err
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	if s.Int("amount_total") == 0 {
		private.Set("manual_days", offer.Days)
		if err := op.SetPrivate(s, private); err != nil {
			return err
		}
		return completeSession(op, s, nothingToPay)
	}
	in, err := sessionInvoice(op, s, private, nil)
	if err != nil {
		return err
	}
	if err := awaitManually(op, in, way, offer.Days, s); err != nil {
		return err
	}
	return completeSession(op, s, "unpaid")
}
