package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A checkout session that is paid by hand: it is complete and unpaid, and its invoice waits. A subscription that it begins
// is incomplete meanwhile; if nothing is due yet, it begins, and its bills are sent. In payment mode the invoice is made for
// it, and stays open until the seller marks it as paid or voids it.

const (
	// manualParam is where the page of a session names the way to pay by hand.
	manualParam = "manual_method"
	// manualWay and manualDays are where the private part of a session has the way and the days to pay.
	manualWay, manualDays = "manual_method", "manual_days"
)

// cardOnly are the parts of payment_intent_data that nobody but a processor can do.
var cardOnly = []string{"application_fee_amount", "capture_method", "on_behalf_of", "setup_future_usage", "transfer_data", "transfer_group"}

// sessionOffer is what can be chosen at a session. A seller that names its payment methods, or wants of the payment what only
// a processor can do, offers none.
func sessionOffer(op *resource.Op, s *object.Object) (*manual.Offer, error) {
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	offer, err := manual.For(op)
	if err == nil && (s.String("mode") == modeSetup || len(private.Array("payment_method_types")) > 0 || slices.ContainsFunc(cardOnly, private.Object("payment_intent_data").Has)) {
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
// Emits customer.created, customer.updated, customer.subscription.created or invoiceitem.created, invoice.created and
// .finalized, what awaitManually does, and checkout.session.completed.
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
	switch {
	case s.Int("amount_total") == 0:
		private.Set(manualDays, offer.Days)
		return completeManually(op, s, private, nothingToPay)
	case s.String("mode") == modePayment:
		if err := dropIntents(op, s); err != nil { // of a card that was tried before
			return err
		}
		private.Set(manualDays, offer.Days)
		private.Set(manualWay, way.Object())
		return completeManually(op, s, private, "unpaid")
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

// completeManually completes a session whose private part says how it is to be paid.
func completeManually(op *resource.Op, s, private *object.Object, status string) error {
	if err := op.SetPrivate(s, private); err != nil {
		return err
	}
	return completeSession(op, s, status)
}

// billManually makes the invoice by which a session in payment mode is paid by hand.
//
// Emits invoiceitem.created for each line, invoice.created, invoice.finalized, and what awaitManually does.
func billManually(op *resource.Op, s *object.Object, discounts []any, way manual.Method, days int64) error {
	in, err := draftOfSession(op, s, discounts)
	if err != nil {
		return err
	}
	if err := finalizeInvoice(op, in); err != nil {
		return err
	}
	return awaitManually(op, in, &way, days, s)
}
