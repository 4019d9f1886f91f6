package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/param"
	"sharesmart/internal/resource"
)

// An invoice that is paid by hand: the customer chooses one of the ways that the seller offers (package manual), is told how
// to pay and by which reference, and may say when they have. The seller looks at their bank and marks it as paid.
//
//	open --customer chooses a way--> open, collection_method=send_invoice, due in so many days; a subscription that it begins
//	                                 stays incomplete until then
//	     --customer tells of the payment--> open, with what they said
//	     --seller reports a payment record and attaches it--> paid
//	     --its due date passes--> a subscription that it begins is incomplete_expired, any other is past_due
//
// The way, and what the customer said of it, are in the private part of the invoice. As at Stripe for bank
// transfers, nothing is charged by itself, and the invoice is sent.

// proofPurpose is why a customer's proof is kept: of Stripe's purposes it is the one for papers about a payment that somebody
// may doubt.
const proofPurpose = "dispute_evidence"

const (
	// maxProofs is how many files a customer may send for an invoice, for anybody who has its address could fill the disk.
	maxProofs = 3
	// maxTold is how long what they say may be.
	maxTold = 200
)

// ChooseManually lets an invoice be paid by hand, in the way with an id. It can be chosen anew.
// Emits invoice.updated, and invoice.sent and customer.subscription.updated the first time.
func ChooseManually(op *resource.Op, id, way string) error {
	in, err := visitedInvoice(op, id)
	if err != nil {
		return err
	}
	offer, err := manual.For(op)
	if err != nil {
		return err
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	_, pi, err := defaultPayment(op, in)
	if err != nil {
		return err
	}
	if pi.String("status") == processing {
		return apierr.Invalid("", "method", "A payment of this invoice is on its way.")
	}
	for _, m := range manual.PaymentOf(in, private, offer).Offered {
		if m.ID == way {
			return awaitManually(op, in, &m, offer.Days, nil)
		}
	}
	return apierr.Invalid("resource_missing", "method", "This invoice cannot be paid in that way.")
}

// visitedInvoice is an invoice whose page somebody has, at the customer's time.
func visitedInvoice(op *resource.Op, id string) (*object.Object, error) {
	in, err := op.Get("invoice", id, "invoice")
	if err != nil {
		return nil, err
	}
	if err := checkNotHeld(op, in); err != nil {
		return nil, err
	}
	return in, op.KeepTimeOf(in)
}

// awaitManually lets an invoice wait for a payment by hand. session is the checkout session that it is paid at, or nil.
func awaitManually(op *resource.Op, in *object.Object, way *manual.Method, days int64, session *object.Object) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	kept := private.Object(manual.Kept)
	isNew := kept == nil
	if isNew {
		kept = object.New(nil)
	}
	kept.Set("method", way.Object())
	if session != nil {
		kept.Set("session", session.ID())
		kept.Set("return", SessionRedirect(session))
	}
	private.Set(manual.Kept, kept)
	if err := op.SetPrivate(in, private); err != nil || !isNew {
		return err
	}
	if err := stopCharging(op, in, op.Now().Add(time.Duration(days)*24*time.Hour), days); err != nil {
		return err
	}
	return op.Emit("invoice.sent", in)
}

// stopCharging lets an invoice be sent that was to be charged by itself, and a subscription that it begins with it.
func stopCharging(op *resource.Op, in *object.Object, due time.Time, days int64) error {
	op.Save(in)
	if in.String("collection_method") == "send_invoice" {
		return nil
	}
	in.Set("collection_method", "send_invoice")
	in.Set("due_date", due.Unix())
	in.Set("next_payment_attempt", nil)
	if err := op.SetTimer(invoiceCollection, in, time.Time{}); err != nil {
		return err
	}
	if err := watchDueDate(op, in); err != nil {
		return err
	}
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	s, err := invoiceSubscription(op, in)
	if err != nil || s.String("status") != "incomplete" {
		return err
	}
	s.Set("collection_method", "send_invoice")
	s.Set("days_until_due", days)
	if err := op.SetTimer(subscriptionExpiry, s, due); err != nil {
		return err
	}
	return op.EmitUpdated(s)
}

// TellOfPayment takes down that a customer says they have paid an invoice by hand: what they wrote, and a file that proves
// it, or nil. Nothing is paid by that.
func TellOfPayment(op *resource.Op, id, text string, proof *param.File) error {
	in, err := visitedInvoice(op, id)
	if err != nil {
		return err
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	kept := private.Object(manual.Kept)
	switch {
	case kept == nil || !owed(in):
		return apierr.Invalid("", "told", "This invoice is not waiting for a payment.")
	case text == "" && proof == nil:
		return apierr.Invalid("parameter_missing", "told", "Say by what the payment can be found, or send a file.")
	case len([]rune(text)) > maxTold:
		return apierr.Invalid("", "told", "Use at most %d characters.", maxTold)
	case proof != nil && kept.Int("proofs") >= maxProofs:
		return apierr.Invalid("", "proof", "No more files are taken for this invoice.")
	}
	if proof != nil {
		file, err := op.MakeFile(proofPurpose, proof.Name, proof.ContentType, proof.Data)
		if err != nil {
			return within(err, "proof")
		}
		kept.Set("proof", file.ID())
		kept.Set("proofs", kept.Int("proofs")+1)
	}
	kept.Set("told", text)
	kept.Set("told_at", op.Now().Unix())
	return op.SetPrivate(in, private)
}

// followManually lets the checkout session at which an invoice was to be paid by hand follow what has become of it.
// Emits checkout.session.async_payment_succeeded or .async_payment_failed.
func followManually(op *resource.Op, in *object.Object) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	session := private.Object(manual.Kept).String("session")
	if session == "" {
		return nil
	}
	s, err := op.Find("checkout.session", session)
	if s == nil || err != nil || s.String("payment_status") != "unpaid" {
		return err
	}
	switch in.String("status") {
	case "paid":
		s.Set("payment_status", "paid")
		op.Save(s)
		return op.Emit("checkout.session.async_payment_succeeded", s)
	case "void":
		return op.Emit("checkout.session.async_payment_failed", s)
	}
	return nil
}
