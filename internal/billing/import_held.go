package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An open invoice that Stripe collects by itself comes as it is, with Stripe's page to pay it, and is held: here it can
// neither be paid nor end, so that nobody pays twice. The next import follows what has become of it there.
//
//	held --paid at Stripe--> paid
//	     --void there, or auto_advance off--> open, paid here from now on
//	     --uncollectible there--> uncollectible, and can be paid here

// heldMark is in the private part of an invoice that is held.
const heldMark = "collected_at_stripe"

// collectedThere reports whether Stripe collects an invoice by itself.
func collectedThere(doc *object.Object) bool {
	return doc.String("status") == "open" && doc.Bool("auto_advance")
}

func hold(op *resource.Op, in *object.Object) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set(heldMark, true)
	return op.SetPrivate(in, private)
}

func isHeld(op *resource.Op, o *object.Object) (bool, error) {
	if o.String("object") != "invoice" || o.String("status") != "open" {
		return false, nil
	}
	private, err := op.Private(o)
	return private.Bool(heldMark), err
}

// checkNotHeld refuses to let anything become of an invoice that Stripe collects.
func checkNotHeld(op *resource.Op, in *object.Object) error {
	held, err := isHeld(op, in)
	if held {
		return apierr.Invalid("invoice_not_editable", "", "The invoice %s came from Stripe, which goes on collecting it. Void it there or turn off its auto_advance, and run the import again: then it is collected here.", in.ID())
	}
	return err
}

// unlessHeld are actions that are refused for an invoice that is held.
func unlessHeld(actions resource.Actions) resource.Actions {
	checked := resource.Actions{}
	for path, do := range actions {
		checked[path] = func(op *resource.Op) error {
			if err := checkNotHeld(op, op.Object); err != nil {
				return err
			}
			return do(op)
		}
	}
	return checked
}

// followHeld lets an invoice that is held become what it is at Stripe by now. Anything else that is known stays as it is.
func followHeld(op *resource.Op, o, doc *object.Object) error {
	held, err := isHeld(op, o)
	if !held || err != nil || collectedThere(doc) {
		return err
	}
	private, err := op.Private(o)
	if err != nil {
		return err
	}
	private.Delete(heldMark)
	if err := op.SetPrivate(o, private); err != nil {
		return err
	}
	now := lacking(doc, "lines", "payments")
	if doc.String("status") == "void" { // by who lets it be paid here
		now = lacking(now, "status", "status_transitions")
	}
	copyFields(o, now, func(name string) bool { return !isOurs(name) })
	op.Save(o)
	return fillInvoice(op, o, doc)
}
