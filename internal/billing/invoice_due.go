package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// dueWarning is how long before its due date an invoice is said to be due. Stripe's accounts choose that, and how long
// after it an invoice is overdue, by automations; here it is as soon as the date passes.
const dueWarning = 7 * 24 * time.Hour

// watchDueDate lets it be told when an invoice is about to be due, and when it was not paid in time. An invoice that is due
// within less than the warning has none.
func watchDueDate(op *resource.Op, in *object.Object) error {
	due := in.Int("due_date")
	if due == 0 {
		return nil
	}
	warn := unix(due).Add(-dueWarning)
	if !warn.After(op.Now()) {
		warn = time.Time{}
	}
	if err := op.SetTimer(invoiceDueSoon, in, warn); err != nil {
		return err
	}
	return op.SetTimer(invoiceOverdue, in, unix(due))
}

// warnOfDueDate tells that an invoice is about to be due. Emits invoice.will_be_due.
func warnOfDueDate(op *resource.Op) error { return tellIfOpen(op, "invoice.will_be_due") }

// markOverdue tells that an invoice was not paid in time. A subscription whose newest it is is past due until it is paid.
// Emits invoice.overdue, customer.subscription.updated.
func markOverdue(op *resource.Op) error {
	in := op.Object
	if err := tellIfOpen(op, "invoice.overdue"); err != nil {
		return err
	}
	if in.String("status") != "open" || in.String("collection_method") != "send_invoice" {
		return nil
	}
	s, err := invoiceSubscription(op, in)
	if s == nil || err != nil {
		return err
	}
	if newest, err := newestFinal(op, s); newest == nil || newest.ID() != in.ID() || err != nil {
		return err
	}
	return failSubscription(op, s, in)
}

func tellIfOpen(op *resource.Op, event string) error {
	if op.Object.String("status") != "open" {
		return nil
	}
	return op.Emit(event, op.Object)
}
