package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

func finalizeAction(op *resource.Op) error {
	if op.Params.Has("auto_advance") {
		op.Object.Set("auto_advance", op.Params.Bool("auto_advance"))
	}
	return finalizeInvoice(op, op.Object)
}

// finalizeInvoice ends a draft: it gets its number, meets the customer's balance, and is open, or paid if nothing is due.
// One with auto_advance is collected in a moment.
//
// Emits what voiding the invoice does that this one revises; customer.updated if the balance changed, invoice.finalized,
// and payment_intent.created or invoice.paid and invoice.payment_succeeded.
func finalizeInvoice(op *resource.Op, in *object.Object) error {
	return finalizeBy(op, in, startPayment)
}

// finalizePaid makes the invoice of what was paid already final.
func finalizePaid(op *resource.Op, in, pi *object.Object) error {
	return finalizeBy(op, in, func(op *resource.Op, in *object.Object) error {
		payment, err := attachIntent(op, in, pi, true)
		if err != nil {
			return err
		}
		return countPayment(op, in, payment, pi.Int("amount_received"))
	})
}

// finalizeBy is finalizeInvoice with another way to the payment of what is due.
func finalizeBy(op *resource.Op, in *object.Object, pay func(*resource.Op, *object.Object) error) error {
	if in.String("status") != "draft" {
		return apierr.Invalid("invoice_not_editable", "", "This invoice is already finalized, you can't re-finalize a non-draft invoice.")
	}
	if err := replaceRevised(op, in); err != nil {
		return err
	}
	if err := recountUsage(op, in); err != nil {
		return err
	}
	if err := sumFinal(op, in); err != nil {
		return err
	}
	if err := finalizable(op, in); err != nil {
		return err
	}
	customer, err := op.Get("customer", in.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if err := copyNumbers(op, in, customer); err != nil {
		return err
	}
	if err := numberInvoice(op, in, customer); err != nil {
		return err
	}
	if err := applyBalance(op, in); err != nil {
		return err
	}
	if err := makeFinal(op, in); err != nil {
		return err
	}
	if err := consumeDiscounts(op, in); err != nil {
		return err
	}
	if in.Int("amount_due") == 0 {
		return paidAtOnce(op, in)
	}
	if err := op.Move(in, "open"); err != nil {
		return err
	}
	if err := op.Emit("invoice.finalized", in); err != nil {
		return err
	}
	if err := pay(op, in); err != nil {
		return err
	}
	if err := watchDueDate(op, in); err != nil {
		return err
	}
	if in.Bool("auto_advance") {
		return op.SetTimer(invoiceCollection, in, op.Now())
	}
	return nil
}

// copyNumbers writes down the tax ids of both sides: the customer's, unless that was done just now, and the account's, if
// the invoice names none.
func copyNumbers(op *resource.Op, in, customer *object.Object) error {
	if in.Int("created") != op.Now().Unix() {
		if err := copyTaxIDs(op, in, customer); err != nil {
			return err
		}
	}
	if len(in.Array("account_tax_ids")) > 0 {
		return nil
	}
	seller, err := sellerOf(op)
	if err != nil {
		return err
	}
	if ids := seller.Object("settings").Object("invoices").Array("default_account_tax_ids"); len(ids) > 0 {
		in.Set("account_tax_ids", slices.Clone(ids))
	}
	return nil
}

// makeFinal fixes what does not change any more.
func makeFinal(op *resource.Op, in *object.Object) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	if days := private.Get("days_until_due"); days != nil {
		in.Set("due_date", op.Now().AddDate(0, 0, int(private.Int("days_until_due"))).Unix())
	}
	if in.Get("effective_at") == nil {
		in.Set("effective_at", op.Now().Unix())
	}
	in.Sub("status_transitions").Set("finalized_at", op.Now().Unix())
	in.Set("automatically_finalizes_at", nil)
	in.Set("next_payment_attempt", nil)
	in.Set("last_finalization_error", nil)
	page := op.BaseURL() + "/invoices/" + op.ShareToken()
	in.Set("hosted_invoice_url", page)
	in.Set("invoice_pdf", page+"/pdf")
	return op.SetTimer(invoiceAdvance, in, time.Time{})
}

// applyBalance takes from the customer's balance what it has for the invoice, or puts there what is not to be paid now.
func applyBalance(op *resource.Op, in *object.Object) error {
	starting := in.Int("starting_balance")
	_, ending, why := money.Due(in.Int("total"), starting, money.Minimum(in.String("currency")))
	in.Set("ending_balance", ending)
	return moveToBalance(op, in, ending-starting, balanceTypes[why])
}

// balanceTypes are the types of the entries that finalizing writes.
var balanceTypes = map[money.Waiting]string{money.NotWaiting: "applied_to_invoice", money.TooSmall: "invoice_too_small", money.TooLarge: "invoice_too_large"}

// moveToBalance writes an entry of an invoice into the customer's balance.
func moveToBalance(op *resource.Op, in *object.Object, amount int64, why string) error {
	if amount == 0 {
		return nil
	}
	customer := in.Ref("customer")
	_, err := op.CreateBelow("customer_balance_transaction", customer, newParams("customer", customer, "amount", amount,
		"currency", in.String("currency"), "invoice", in.ID(), "type", why))
	return err
}

// paidAtOnce ends an invoice on which nothing is due.
func paidAtOnce(op *resource.Op, in *object.Object) error {
	if err := op.Move(in, "paid"); err != nil {
		return err
	}
	in.Set("attempted", true)
	in.Set("auto_advance", false)
	in.Sub("status_transitions").Set("paid_at", op.Now().Unix())
	for _, event := range []string{"invoice.finalized", "invoice.paid", "invoice.payment_succeeded"} {
		if err := op.Emit(event, in); err != nil {
			return err
		}
	}
	return followInvoice(op, in)
}

// advanceInvoice finalizes a draft whose time has come, and collects it. What cannot be finalized stays a draft.
// Emits what finalizing and collecting do, or invoice.finalization_failed.
func advanceInvoice(op *resource.Op) error {
	in := op.Object
	if in.String("status") != "draft" || !in.Bool("auto_advance") {
		return nil
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	err := finalizable(op, in)
	failed := apierr.As(err)
	switch {
	case err == nil:
		if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" {
			return err
		}
		if err := op.SetTimer(invoiceCollection, in, time.Time{}); err != nil {
			return err
		}
		return collectDue(op)
	case failed == nil:
		return err
	}
	in.Set("last_finalization_error", shownError(op, failed, nil))
	in.Set("automatically_finalizes_at", nil)
	in.Set("auto_advance", false)
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	return op.Emit("invoice.finalization_failed", in)
}

// finalizable is why a draft cannot be made final, or nil.
func finalizable(op *resource.Op, in *object.Object) error {
	if err := taxTrouble(op, in); err != nil {
		return err
	}
	if id := in.Object("from_invoice").Ref("invoice"); id != "" {
		original, err := op.Get("invoice", id, "from_invoice[invoice]")
		if err != nil {
			return err
		}
		if original.Ref("latest_revision") != in.ID() {
			if err := revisable(op, original); err != nil {
				return err
			}
		}
	}
	due := in.Int("amount_due")
	if due == 0 {
		return nil
	}
	if err := checkAmount(due, in.String("currency")); err != nil {
		return err
	}
	pays, err := intentParams(op, in)
	if err != nil {
		return err
	}
	return checkConnect(op, pays)
}
