package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// voidAction answers a request to void an invoice. What it refuses it refuses in Stripe's words.
func voidAction(op *resource.Op, in *object.Object) error {
	switch in.String("status") {
	case "open", "uncollectible":
		return voidInvoice(op, in)
	case "paid":
		return errPaidFor()
	}
	return errNotOpen()
}

// giveUpAction answers a request to mark an invoice as uncollectible.
func giveUpAction(op *resource.Op, in *object.Object) error {
	switch in.String("status") {
	case "open":
		return giveUpInvoice(op, in)
	case "uncollectible":
		return apierr.Invalid("status_transition_invalid", "", "This invoice has already been marked uncollectible.")
	}
	return errNotOpen()
}

func errPaidFor() error {
	return apierr.Invalid("status_transition_invalid", "", "Invoices with `paid` payments cannot be voided.")
}

func errNotOpen() error {
	return apierr.Invalid("status_transition_invalid", "", "You can only pass in open invoices. This invoice isn't open.")
}

// voidInvoice takes an invoice back as if it had never been. What it took from the customer's balance and credits is there
// again.
// Emits payment_intent.canceled, customer.updated, billing.credit_balance_transaction.created, invoice.voided.
func voidInvoice(op *resource.Op, in *object.Object) error {
	if err := op.Move(in, "void"); err != nil {
		return err
	}
	if err := checkPayments(op, in, false); err != nil {
		return err
	}
	if err := endPayment(op, in, "void_invoice"); err != nil {
		return err
	}
	if err := moveToBalance(op, in, in.Int("starting_balance")-in.Int("ending_balance"), "unapplied_from_invoice"); err != nil {
		return err
	}
	if creditedOn(in) > 0 {
		if err := returnCredits(op, in.ID()); err != nil {
			return err
		}
	}
	in.Sub("status_transitions").Set("voided_at", op.Now().Unix())
	if err := endInvoice(op, in, "invoice.voided"); err != nil {
		return err
	}
	return followManually(op, in)
}

// giveUpInvoice says that an invoice will hardly be paid. It still can be.
// Emits invoice.marked_uncollectible.
func giveUpInvoice(op *resource.Op, in *object.Object) error {
	if err := op.Move(in, "uncollectible"); err != nil {
		return err
	}
	if err := checkPayments(op, in, true); err != nil {
		return err
	}
	in.Sub("status_transitions").Set("marked_uncollectible_at", op.Now().Unix())
	return endInvoice(op, in, "invoice.marked_uncollectible")
}

func endInvoice(op *resource.Op, in *object.Object, event string) error {
	if err := stopAdvance(op, in); err != nil {
		return err
	}
	previous, err := op.Changes(in)
	if err != nil {
		return err
	}
	if err := op.EmitChanged("invoice.updated", in, previous); err != nil {
		return err
	}
	if err := op.Emit(event, in); err != nil {
		return err
	}
	return followInvoice(op, in)
}

// stopAdvance lets nothing happen to an invoice by itself any more.
func stopAdvance(op *resource.Op, in *object.Object) error {
	in.Set("auto_advance", false)
	in.Set("next_payment_attempt", nil)
	for _, timer := range []string{invoiceCollection, invoiceDueSoon, invoiceOverdue} {
		if err := op.SetTimer(timer, in, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// sendInvoice sends an invoice to the customer; a draft is finalized first. Mail is not sent, the event tells of it.
// Emits invoice.sent.
func sendInvoice(op *resource.Op) error {
	in := op.Object
	if in.String("collection_method") != "send_invoice" {
		return apierr.Invalid("", "", "You can only manually send an invoice if its collection method is 'send_invoice'.")
	}
	switch in.String("status") {
	case "draft":
		if err := finalizeInvoice(op, in); err != nil {
			return err
		}
	case "open":
	default:
		return apierr.Invalid("status_transition_invalid", "", "This invoice cannot be sent right now.")
	}
	return op.Emit("invoice.sent", in)
}
