package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An invoice says what one customer owes.
//
//	draft --finalize, or an hour with auto_advance--> open --paid, credited--> paid
//	                                                        --void--> void
//	                                                        --mark_uncollectible--> uncollectible --paid--> paid
//	                                                                                             --void--> void
//	draft --finalize, nothing due--> paid
//	draft --DELETE--> gone; its items wait again, those of a revision are gone
//	open, uncollectible --a revision (from_invoice) is finalized--> void
//
// What it says beside its amounts is in invoice_terms.go, its lines in invoice_lines.go, what they come to in
// invoice_sum.go, finalizing in invoice_finalize.go, collecting in invoice_collect.go, what was paid in invoice_payment.go,
// the other ends in invoice_end.go, its revision in invoice_revision.go.
//
// What a subscription's next invoice will be is told of before (subscription_upcoming.go).
//
// Emits invoice.created, invoice.updated, invoice.deleted, invoice.finalized, invoice.finalization_failed, invoice.sent,
// invoice.will_be_due, invoice.overdue, invoice.payment_failed, invoice.payment_action_required, invoice.paid, invoice.payment_succeeded,
// invoice.overpaid, invoice.voided, invoice.marked_uncollectible.
func init() {
	register(resource.Rules{
		Object: "invoice",
		States: resource.States{
			"draft":         {"open", "paid"},
			"open":          {"paid", "void", "uncollectible"},
			"uncollectible": {"paid", "void"},
		},
		StateCode: "status_transition_invalid", Audit: auditInvoices,
		Unmerged: []string{"discounts", "shipping_cost"}, Shared: pageToken, Index: filters{pageToken: tokenIn("hosted_invoice_url")},
		EventFamily: func(in *object.Object) string {
			if in.String("billing_reason") == "upcoming" {
				return "" // it is told of as invoice.upcoming alone
			}
			return "invoice"
		},
		Prepare: prepareInvoice, Create: createInvoice, Update: updateInvoice, Delete: deleteInvoice,
		Actions: unlessHeld(resource.Actions{
			"POST /v1/invoices/{invoice}/finalize":           finalizeAction,
			"POST /v1/invoices/{invoice}/pay":                payInvoiceAction,
			"POST /v1/invoices/{invoice}/send":               sendInvoice,
			"POST /v1/invoices/{invoice}/void":               onInvoice(voidAction),
			"POST /v1/invoices/{invoice}/mark_uncollectible": onInvoice(giveUpAction),
			"POST /v1/invoices/{invoice}/attach_payment":     attachPayment,
			"POST /v1/invoices/{invoice}/add_lines":          addLines,
			"POST /v1/invoices/{invoice}/update_lines":       updateLines,
			"POST /v1/invoices/{invoice}/remove_lines":       removeLines,
		}),
		Previews: resource.Actions{"POST /v1/invoices/create_preview": previewInvoice},
		Timers: map[string]resource.Hook{
			invoiceAdvance: advanceInvoice, invoiceCollection: collectDue, invoiceDueSoon: warnOfDueDate, invoiceOverdue: markOverdue,
		},
	})
}

// onInvoice is an action on the invoice that the path names.
func onInvoice(do func(op *resource.Op, in *object.Object) error) resource.Hook {
	return func(op *resource.Op) error { return do(op, op.Object) }
}

// The timers of invoices.
const (
	invoiceAdvance    = "invoice.finalize"
	invoiceCollection = "invoice.collect"
	invoiceDueSoon    = "invoice.will_be_due"
	invoiceOverdue    = "invoice.overdue"
)

// draftTime is how long a draft can be changed before it is finalized by itself.
const draftTime = time.Hour

// prepareInvoice completes the parameters from what they name: the invoice that is revised, or the subscription that is
// billed.
func prepareInvoice(op *resource.Op) error {
	if err := reviseInvoice(op); err != nil {
		return err
	}
	return billSubscription(op)
}

func createInvoice(op *resource.Op) error {
	in := op.Object
	if in.Ref("customer") == "" {
		return missingParam("customer")
	}
	customer, err := op.Get("customer", in.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if op.Params.String("currency") == "" {
		in.Set("currency", accountCurrency)
		if known := customer.String("currency"); known != "" {
			in.Set("currency", known)
		}
	} else if err := checkCurrency(in.String("currency")); err != nil {
		return err
	}
	if in.Get("billing_reason") == nil || !op.Params.Has("billing_reason") {
		in.Set("billing_reason", "manual")
	}
	in.Set("status", "draft")
	in.Set("test_clock", customer.Get("test_clock"))
	in.Set("webhooks_delivered_at", op.Now().Unix())
	if err := copySeller(op, in); err != nil {
		return err
	}
	if err := copyTaxIDs(op, in, customer); err != nil {
		return err
	}
	if err := op.Hide(in, "confirmation_secret"); err != nil {
		return err
	}
	for _, step := range []func(*resource.Op, *object.Object) error{setTerms, shipInvoice, giveToInvoice} {
		if err := step(op, in); err != nil {
			return err
		}
	}
	if err := copyLines(op, in); err != nil {
		return err
	}
	if err := takeItems(op, in); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil || !op.Requested(in) {
		return err
	}
	return taxTrouble(op, in)
}

// giveToInvoice takes the discounts that were sent for the whole invoice. A new one without has the customer's.
func giveToInvoice(op *resource.Op, in *object.Object) error {
	if !op.Params.Has("discounts") {
		if op.Before != nil {
			return nil
		}
		given, err := inherited(op, in.Ref("customer"), in.String("currency"), op.Now().Unix())
		if len(given) > 0 {
			in.Set("discounts", given)
		}
		return err
	}
	given, err := giving{param: "discounts", currency: in.String("currency"), to: newParams("customer", in.Ref("customer"), "invoice", in.ID()), spends: in.Int("subtotal")}.
		give(op, op.Params.Array("discounts"))
	in.Set("discounts", deductionIDs(given))
	return err
}

// alwaysEditable can be changed once an invoice is final.
var alwaysEditable = map[string]bool{"auto_advance": true, "default_payment_method": true, "default_source": true, "expand": true, "metadata": true, "payment_settings": true,
	"statement_descriptor": true}

func updateInvoice(op *resource.Op) error {
	in := op.Object
	if status := in.String("status"); status != "draft" {
		for _, name := range op.Params.Keys() {
			if !alwaysEditable[name] || status != "open" && name != "metadata" && name != "expand" {
				e := notEditable()
				e.Param = name
				return e
			}
		}
		if status != "open" {
			return nil
		}
		return updateOpen(op, in)
	}
	for _, step := range []func(*resource.Op, *object.Object) error{setTerms, shipInvoice, giveToInvoice} {
		if err := step(op, in); err != nil {
			return err
		}
	}
	if err := sumInvoice(op, in); err != nil || !op.Params.Has("automatic_tax") {
		return err
	}
	return taxTrouble(op, in)
}

// updateOpen lets an open invoice be collected by itself, or not any more.
func updateOpen(op *resource.Op, in *object.Object) error {
	switch {
	case in.Bool("auto_advance") == op.Before.Bool("auto_advance"):
		return nil
	case in.Bool("auto_advance"):
		if err := checkNotHeld(op, in); err != nil {
			return err
		}
		return op.SetTimer(invoiceCollection, in, op.Now())
	}
	in.Set("next_payment_attempt", nil)
	return op.SetTimer(invoiceCollection, in, time.Time{})
}

func notEditable() *apierr.Error {
	return apierr.Invalid("invoice_not_editable", "", "This invoice is no longer editable")
}

func deleteInvoice(op *resource.Op) error {
	in := op.Object
	if status := in.String("status"); status != "draft" {
		return apierr.Invalid("invoice_not_editable", "", "You can only delete draft invoices, and this one is %s. Void it instead.", status)
	}
	if in.Object("parent").String("type") == "subscription_details" {
		return apierr.Invalid("invoice_not_editable", "", "Invoices created by subscriptions cannot be deleted.")
	}
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	for _, line := range lines {
		item := lineItemID(line)
		if err := dropLine(op, line); err != nil {
			return err
		}
		if in.Object("from_invoice") == nil {
			continue
		}
		copied, err := op.Get("invoiceitem", item, "")
		if err != nil {
			return err
		}
		if err := op.Delete(copied); err != nil {
			return err
		}
	}
	return nil
}
