package billing

import (
	"strconv"
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
//	draft --DELETE--> gone; its items wait again
//
// Its lines are in invoice_lines.go, what they come to in invoice_sum.go, finalizing in invoice_finalize.go, collecting
// in invoice_collect.go, what was paid in invoice_payment.go, the other ends in invoice_end.go.
//
// Emits invoice.created, invoice.updated, invoice.deleted, invoice.finalized, invoice.finalization_failed, invoice.sent,
// invoice.overdue, invoice.payment_failed, invoice.payment_action_required, invoice.paid, invoice.payment_succeeded,
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
		Unmerged: []string{"discounts"},
		Create:   createInvoice, Update: updateInvoice, Delete: deleteInvoice,
		Actions: resource.Actions{
			"POST /v1/invoices/{invoice}/finalize":           finalizeAction,
			"POST /v1/invoices/{invoice}/pay":                payInvoiceAction,
			"POST /v1/invoices/{invoice}/send":               sendInvoice,
			"POST /v1/invoices/{invoice}/void":               onInvoice(voidInvoice),
			"POST /v1/invoices/{invoice}/mark_uncollectible": onInvoice(giveUpInvoice),
			"POST /v1/invoices/{invoice}/attach_payment":     attachPayment,
			"POST /v1/invoices/{invoice}/add_lines":          addLines,
			"POST /v1/invoices/{invoice}/update_lines":       updateLines,
			"POST /v1/invoices/{invoice}/remove_lines":       removeLines,
		},
		Previews: resource.Actions{"POST /v1/invoices/create_preview": previewInvoice},
		Timers:   map[string]resource.Hook{invoiceAdvance: advanceInvoice, invoiceCollection: collectDue, invoiceOverdue: markOverdue},
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
	invoiceOverdue    = "invoice.overdue"
)

// draftTime is how long a draft can be changed before it is finalized by itself.
const draftTime = time.Hour

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
	if err := op.Hide(in, "confirmation_secret"); err != nil {
		return err
	}
	if err := setTerms(op, in); err != nil {
		return err
	}
	if err := giveToInvoice(op, in); err != nil {
		return err
	}
	if op.Params.String("pending_invoice_items_behavior") == "include" {
		if err := takePending(op, in); err != nil {
			return err
		}
	}
	if err := sumInvoice(op, in); err != nil || !op.Requested(in) {
		return err
	}
	return taxTrouble(op, in)
}

// copyCustomer writes down who the invoice is for. It follows the customer as long as it is a draft.
func copyCustomer(in, customer *object.Object) {
	for _, name := range []string{"email", "name", "phone", "tax_exempt"} {
		in.Set("customer_"+name, customer.Get(name))
	}
	for _, name := range []string{"address", "shipping"} {
		if known := customer.Object(name); known != nil {
			in.Set("customer_"+name, known.Clone())
		}
	}
}

// setTerms reads how and when the invoice is collected.
func setTerms(op *resource.Op, in *object.Object) error {
	p, sent := op.Params, in.String("collection_method") == "send_invoice"
	switch {
	case p.Get("days_until_due") != nil && p.Get("due_date") != nil:
		return onlyOne("days_until_due", "due_date")
	case !sent && p.Get("days_until_due") != nil:
		return apierr.Invalid("", "days_until_due", "You can only set `days_until_due` if `collection_method` is `send_invoice`.")
	case !sent && p.Get("due_date") != nil:
		return apierr.Invalid("", "due_date", "You can only set `due_date` if `collection_method` is `send_invoice`.")
	case p.Get("due_date") != nil && p.Int("due_date") <= op.Now().Unix():
		return apierr.Invalid("", "due_date", "`due_date` must be in the future.")
	case p.Get("days_until_due") != nil && p.Int("days_until_due") < 0:
		return apierr.Invalid("parameter_invalid_integer", "days_until_due", "This value must be greater than or equal to 0.")
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	if p.Get("days_until_due") != nil {
		private.Set("days_until_due", p.Int("days_until_due"))
		in.Set("due_date", op.Now().AddDate(0, 0, int(p.Int("days_until_due"))).Unix())
	} else if p.Get("due_date") != nil {
		private.Delete("days_until_due")
	}
	keepSplit(private, p)
	if err := op.SetPrivate(in, private); err != nil {
		return err
	}
	if sent && in.Get("due_date") == nil {
		return missingParam("days_until_due")
	}
	return scheduleAdvance(op, in)
}

// keepSplit keeps what a connected account gets of the payment, which only the payment shows.
func keepSplit(private, p *object.Object) {
	for _, name := range []string{"application_fee_amount", "transfer_data"} {
		if p.Has(name) {
			private.Delete(name)
			if v := p.Get(name); v != "" {
				private.Set(name, v)
			}
		}
	}
}

// scheduleAdvance lets a draft with auto_advance be finalized by itself.
func scheduleAdvance(op *resource.Op, in *object.Object) error {
	at := op.Params.Int("automatically_finalizes_at")
	switch {
	case at != 0 && at <= op.Now().Unix():
		return apierr.Invalid("", "automatically_finalizes_at", "`automatically_finalizes_at` must be in the future.")
	case at == 0 && op.Before == nil:
		at = op.Now().Add(draftTime).Unix()
	case at == 0:
		at = max(in.Int("automatically_finalizes_at"), in.Int("created")+int64(draftTime.Seconds()))
	}
	if op.Params.Int("automatically_finalizes_at") != 0 {
		in.Set("auto_advance", true)
	}
	in.Set("next_payment_attempt", nil)
	if !in.Bool("auto_advance") {
		in.Set("automatically_finalizes_at", nil)
		return op.SetTimer(invoiceAdvance, in, time.Time{})
	}
	in.Set("automatically_finalizes_at", at)
	if in.String("collection_method") == "charge_automatically" {
		in.Set("next_payment_attempt", at)
	}
	return op.SetTimer(invoiceAdvance, in, unix(at))
}

// giveToInvoice takes the discounts that were sent for the whole invoice.
func giveToInvoice(op *resource.Op, in *object.Object) error {
	if !op.Params.Has("discounts") {
		return nil
	}
	given, err := giving{param: "discounts", currency: in.String("currency"), to: newParams("customer", in.Ref("customer"), "invoice", in.ID()), spends: in.Int("subtotal")}.
		give(op, op.Params.Array("discounts"))
	in.Set("discounts", deductionIDs(given))
	return err
}

// alwaysEditable can be changed once an invoice is final.
var alwaysEditable = map[string]bool{"auto_advance": true, "default_payment_method": true, "default_source": true, "due_date": true, "expand": true, "metadata": true, "payment_settings": true,
	"days_until_due": true, "statement_descriptor": true}

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
	if err := setTerms(op, in); err != nil {
		return err
	}
	if err := giveToInvoice(op, in); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil || !op.Params.Has("automatic_tax") {
		return err
	}
	return taxTrouble(op, in)
}

// updateOpen lets an open invoice be collected by itself, or not any more, and moves the day when it is overdue.
func updateOpen(op *resource.Op, in *object.Object) error {
	if days := op.Params.Get("days_until_due"); days != nil {
		in.Set("due_date", op.Now().AddDate(0, 0, int(op.Params.Int("days_until_due"))).Unix())
	}
	if due := in.Int("due_date"); due > 0 && due != op.Before.Int("due_date") {
		if err := op.SetTimer(invoiceOverdue, in, unix(due)); err != nil {
			return err
		}
	}
	switch {
	case in.Bool("auto_advance") == op.Before.Bool("auto_advance"):
		return nil
	case in.Bool("auto_advance"):
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
		if err := dropLine(op, line); err != nil {
			return err
		}
	}
	return nil
}

// numberInvoice gives an invoice the customer's next number: prefix, hyphen, four digits.
func numberInvoice(op *resource.Op, in, customer *object.Object) {
	if in.String("number") != "" {
		return
	}
	next := max(customer.Int("next_invoice_sequence"), 1)
	digits := strconv.FormatInt(10000+next, 10)[1:]
	if next > 9999 {
		digits = strconv.FormatInt(next, 10)
	}
	in.Set("number", customer.String("invoice_prefix")+"-"+digits)
	customer.Set("next_invoice_sequence", next+1)
	op.Save(customer)
}
