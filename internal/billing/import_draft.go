package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What is not billed yet: drafts of invoices with their items, and items that wait for their customer's next invoice. They are
// worked out anew here, and come only if that gives what it gives at Stripe. Nothing finalizes a draft that came by itself.

// undraftable says why a draft cannot come; empty if it can.
func undraftable(doc *object.Object) string {
	switch {
	case doc.String("billing_reason") != "manual":
		return "it is a subscription's draft, which Stripe finalizes within the hour: run the import again then"
	case doc.Object("from_invoice") != nil:
		return "it is the draft of a revision: finalize or delete it at Stripe"
	case doc.Object("automatic_tax").Bool("enabled"):
		return "it is a draft whose taxes Stripe works out: finalize or delete it there"
	case doc.Get("shipping_cost") != nil, len(doc.Array("discounts")) > 0:
		return "it is a draft with discounts or shipping: finalize or delete it at Stripe"
	case doc.Get("on_behalf_of") != nil, doc.Object("issuer").String("type") == "account", doc.Get("transfer_data") != nil, doc.Get("application_fee_amount") != nil:
		return "it is a draft that is shared with a connected account: it stays at Stripe"
	}
	return ""
}

// fillDraft takes the items and lines of a draft.
func fillDraft(op *resource.Op, in, doc *object.Object) error {
	rates := map[string][]any{}
	for _, v := range doc.Array(importedItems) {
		item, err := importItem(op, v.(*object.Object))
		if err != nil {
			return err
		}
		rates[item.ID()] = itemRates(item)
	}
	in.Set("auto_advance", false)
	in.Set("automatically_finalizes_at", nil)
	if err := op.Hide(in, "confirmation_secret"); err != nil {
		return err
	}
	if err := importLines(op, in, doc, &invoiceSums{}); err != nil {
		return err
	}
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	for _, line := range lines {
		of, known := rates[lineItemID(line)]
		if !known {
			return leftOut("it is a draft with the line %s, which is of no invoice item", line.ID())
		}
		if len(of) == 0 {
			continue
		}
		if err := op.SetPrivate(line, newParams("tax_rates", of)); err != nil {
			return err
		}
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	for _, name := range []string{"subtotal", "total", "amount_due"} {
		if in.Int(name) != doc.Int(name) {
			return leftOut("it does not add up: its %s comes to %d here, not %d", name, in.Int(name), doc.Int(name))
		}
	}
	return nil
}

// importPending takes an item that waits.
func importPending(op *resource.Op, doc *object.Object) error {
	if doc.Ref("invoice") != "" {
		return leftOut("it is on the invoice %s", doc.Ref("invoice"))
	}
	_, err := importItem(op, doc)
	return err
}

// importItem takes an item, which may have come before when it was on no invoice yet.
func importItem(op *resource.Op, doc *object.Object) (*object.Object, error) {
	customer, err := op.Find("customer", doc.Ref("customer"))
	if err != nil {
		return nil, err
	}
	sub, err := op.Find("subscription", itemSubscription(doc))
	switch {
	case err != nil:
		return nil, err
	case customer == nil:
		return nil, leftOut("its customer is not here")
	case itemSubscription(doc) != "" && sub == nil:
		return nil, leftOut("the subscription %s is not here, which its item %s belongs to", itemSubscription(doc), doc.ID())
	case len(doc.Array("discounts")) > 0:
		return nil, leftOut("the item %s has discounts of its own", doc.ID())
	}
	known, err := op.Find("invoiceitem", doc.ID())
	if err != nil {
		return nil, err
	}
	if on := known.Ref("invoice"); on != "" && on != doc.Ref("invoice") {
		return nil, leftOut("its item %s is on the invoice %s here", doc.ID(), on)
	}
	return copyOnce(op, "invoiceitem", "", doc)
}
