package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// importDispute takes a dispute of a charge that is here; what it moved is in the books. One that is not over goes on here: the
// processor knows it by the same id, takes the evidence that is given, and tells how it ends.
func importDispute(op *resource.Op, doc *object.Object) error {
	charge, pi, err := disputedHere(op, doc)
	if err != nil {
		return err
	}
	if charge == nil {
		return leftOut("its charge is not here")
	}
	for _, v := range doc.Array("balance_transactions") {
		t, _ := v.(*object.Object)
		known, err := op.Find("balance_transaction", t.ID())
		if err != nil {
			return err
		}
		if known == nil {
			return leftOut("what it moved is not in the books yet: run the import again")
		}
	}
	if isOpenDispute(doc) && pi == nil {
		return leftOut("it is not over, and its charge has no payment here to follow it by: answer it at Stripe")
	}
	d, err := copyPast(op, "dispute", "", doc)
	if err == nil && !charge.Bool("disputed") { // it came before
		charge.Set("disputed", true)
		op.Save(charge)
	}
	if err != nil || pi == nil {
		return err
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	if private.Sub("disputes").Has(d.ID()) {
		return leftOut("it is here under another id")
	}
	private.Sub("disputes").Set(d.ID(), d.ID())
	if err := op.SetPrivate(pi, private); err != nil {
		return err
	}
	own, err := op.Private(d)
	if err != nil {
		return err
	}
	own.Set("processor", newParams("id", d.ID()))
	return op.SetPrivate(d, own)
}

// disputedHere are the charge and the payment of a dispute as far as they are here.
func disputedHere(op *resource.Op, dispute *object.Object) (charge, pi *object.Object, err error) {
	if charge, err = op.Find("charge", dispute.Ref("charge")); charge == nil || err != nil {
		return nil, nil, err
	}
	pi, err = op.Find("payment_intent", charge.Ref("payment_intent"))
	return charge, pi, err
}

func isOpenDispute(d *object.Object) bool {
	switch d.String("status") {
	case "won", "lost", "warning_closed":
		return false
	}
	return true
}

// importableDispute says why what a dispute moved cannot come: what the processor told of it here is in the books already.
func importableDispute(op *resource.Op, dispute *object.Object) error {
	charge, pi, err := disputedHere(op, dispute)
	switch {
	case err != nil:
		return err
	case charge == nil:
		return leftOut("it is of the dispute of a charge that is not here")
	case pi == nil:
		return nil
	}
	private, err := op.Private(pi)
	if err == nil && private.Object("disputes").Has(dispute.ID()) {
		err = leftOut("its dispute goes on here, and is in the books under another id")
	}
	return err
}

// importPayout takes a payout that has come to its end. What it moved is in the books.
func importPayout(op *resource.Op, doc *object.Object) error {
	switch status := doc.String("status"); status {
	case "paid", "failed", canceled:
	default:
		return leftOut("the payout is %s: run the import again when it has arrived", status)
	}
	for _, name := range []string{"balance_transaction", "failure_balance_transaction"} {
		id := doc.Ref(name)
		known, err := op.Find("balance_transaction", id)
		if err != nil {
			return err
		}
		if id != "" && known == nil {
			return leftOut("what it moved is not in the books yet: run the import again")
		}
	}
	_, err := copyPast(op, "payout", "", doc)
	return err
}
