package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What has happened at Stripe: movements of money, and what moved it.

// The fields under which the reader of an account sends along what belongs to an object (package transfer).
const (
	importedRefunds   = "imported_refunds"   // of a charge
	importedBalance   = "imported_balance"   // of a customer: the entries of their balance, newest first
	importedLines     = "imported_lines"     // of an invoice or a credit note
	importedNotes     = "imported_notes"     // of an invoice
	importedItems     = "imported_items"     // of a draft
	importedSchedules = "imported_schedules" // of a subscription: those of its customer
	importedUsage     = "imported_usage"     // of a subscription: what its customer has used since its period began
)

// importMovement takes a movement that came with nothing else. What moved it tells whether it was made here; a refund of a
// charge that came before comes with it.
func importMovement(op *resource.Op, doc *object.Object) error {
	source := expanded(doc, "source")
	if madeHere(source) {
		return leftOut("it is of a payment that was made here")
	}
	if source.String("object") == "dispute" {
		if err := importableDispute(op, source); err != nil {
			return err
		}
	}
	doc = flattened(doc, "source")
	if source.String("object") != "refund" {
		return importTransaction(op, doc)
	}
	charge, err := op.Find("charge", source.Ref("charge"))
	if err != nil {
		return err
	}
	known, err := op.Find("refund", source.ID())
	switch {
	case err != nil:
		return err
	case charge == nil:
		return leftOut("it is of the refund of a charge that is not here")
	case known != nil:
		return importTransaction(op, doc)
	}
	return importLateRefund(op, charge, source, doc)
}

// importLateRefund takes a refund of a charge that is here already, unless the processor has told of it before.
func importLateRefund(op *resource.Op, charge, refund, moved *object.Object) error {
	pi, err := op.Find("payment_intent", charge.Ref("payment_intent"))
	if err != nil {
		return err
	}
	if pi != nil {
		private, err := op.Private(pi)
		if err != nil {
			return err
		}
		if private.Object("refunds").Has(refund.ID()) {
			return leftOut("its refund is in the books under another id")
		}
		private.Sub("refunds").Set(refund.ID(), refund.ID())
		if err := op.SetPrivate(pi, private); err != nil {
			return err
		}
	}
	refund = refund.Clone()
	refund.Set("balance_transaction", moved)
	counts, err := importRefund(op, charge, refund)
	if err != nil {
		return err
	}
	charge.Set("amount_refunded", charge.Int("amount_refunded")+counts)
	charge.Set("refunded", charge.Int("amount_refunded") == charge.Int("amount"))
	op.Save(charge)
	return nil
}

// importTransaction books a movement of the account's money. One that came with a charge is known already.
func importTransaction(op *resource.Op, doc *object.Object) error {
	known, err := op.Find("balance_transaction", doc.ID())
	if known != nil || err != nil {
		return err
	}
	_, moves := movements[doc.String("type")]
	var fees int64
	for _, v := range doc.Array("fee_details") {
		d, _ := v.(*object.Object)
		if feeBooks[d.String("type")] == "" {
			return leftOut("it has a fee of a type that is not known: %s", d.String("type"))
		}
		fees += d.Int("amount")
	}
	switch {
	case !moves:
		return leftOut("movements of the type %s are not known", doc.String("type"))
	case fees != doc.Int("fee"), doc.Int("net") != doc.Int("amount")-doc.Int("fee"):
		return leftOut("its fees or its net amount do not add up")
	}
	p := posting{kind: doc.String("type"), source: doc.Ref("source"), currency: doc.String("currency"), fund: cardFund}
	balance, err := op.Singleton("balance")
	if err != nil {
		return err
	}
	terms, err := resource.Consult(op, balance, termsOf)
	if err != nil {
		return err
	}
	t, err := copyPast(op, "balance_transaction", terms.place(p), doc)
	if err != nil {
		return err
	}
	if t.Int("available_on") <= op.Now().Unix() {
		t.Set("status", "available")
	}
	if !terms.kept {
		op.Save(balance)
	}
	return op.Tally(balance, enter(t, p))
}

// expanded is an object that a field has whole; nil if it has only its id, or nothing.
func expanded(doc *object.Object, name string) *object.Object {
	o, _ := doc.Get(name).(*object.Object)
	return o
}

// flattened is a document with the id in the place of an object that was asked for whole.
func flattened(doc *object.Object, names ...string) *object.Object {
	flat := doc.Clone()
	for _, name := range names {
		if o := expanded(doc, name); o != nil {
			flat.Set(name, o.ID())
		}
	}
	return flat
}

// importCharge takes a charge with its refunds and what they all moved.
func importCharge(op *resource.Op, doc *object.Object) error {
	switch {
	case doc.String("status") == "pending":
		return leftOut("the bank has not answered yet: run the import again later")
	case doc.String("status") == succeeded && !doc.Bool("captured") && !doc.Bool("refunded"):
		return leftOut("it holds an authorization: capture or release it at Stripe")
	case doc.Ref("application_fee") != "" || doc.Object("transfer_data") != nil || doc.Ref("transfer") != "":
		return leftOut("it is shared with a connected account")
	}
	moved := expanded(doc, "balance_transaction")
	if moved == nil && doc.Bool("captured") && doc.String("status") == succeeded {
		return leftOut("it is not in the books at Stripe yet: run the import again a little later")
	}
	if moved != nil && moved.String("currency") == doc.String("currency") && moved.Int("amount") != doc.Int("amount_captured") {
		return leftOut("its balance transaction moved another amount")
	}
	charge, err := copyPast(op, "charge", "", flattened(lacking(doc, "refunds"), "balance_transaction"))
	if err != nil {
		return err
	}
	if moved != nil {
		if err := importTransaction(op, moved); err != nil {
			return err
		}
	}
	var sum int64
	for _, v := range doc.Array(importedRefunds) {
		back, err := importRefund(op, charge, v.(*object.Object))
		if err != nil {
			return err
		}
		sum += back
	}
	if why := auditCharge(charge, sum); why != "" {
		return leftOut("it does not add up: %s", why)
	}
	return nil
}

// importRefund takes a refund of a charge with what it moved, and returns how much of it counts.
func importRefund(op *resource.Op, charge, doc *object.Object) (counts int64, err error) {
	switch status := doc.String("status"); {
	case status != succeeded && status != "failed" && status != canceled:
		return 0, leftOut("its refund %s is not over yet: run the import again later", doc.ID())
	case status == succeeded && charge.Bool("captured") && doc.Get("balance_transaction") == nil:
		return 0, leftOut("its refund %s is not in the books at Stripe yet: run the import again a little later", doc.ID())
	}
	if _, err := copyPast(op, "refund", "", flattened(doc, "balance_transaction", "failure_balance_transaction")); err != nil {
		return 0, err
	}
	var moved int64
	same := true
	for _, name := range []string{"balance_transaction", "failure_balance_transaction"} {
		t := expanded(doc, name)
		if t == nil {
			continue
		}
		if err := importTransaction(op, t); err != nil {
			return 0, err
		}
		moved += t.Int("amount")
		same = same && t.String("currency") == doc.String("currency")
	}
	want := -doc.Int("amount")
	if doc.String("status") != succeeded {
		want = 0
	}
	if same && moved != want && doc.Get("balance_transaction") != nil {
		return 0, leftOut("its refund %s does not add up", doc.ID())
	}
	return -want, nil
}

// importIntent takes a payment that has come to its end. Its processor is the account that it comes from, where it can still
// be refunded.
func importIntent(op *resource.Op, doc *object.Object) error {
	if !isOver(doc) {
		return leftOut("the payment is not over: it goes on at Stripe")
	}
	charge := expanded(doc, "latest_charge")
	if why := contradiction(doc, charge); why != "" {
		return leftOut("it does not add up: it is %s, but %s", doc.String("status"), why)
	}
	if charge != nil {
		known, err := op.Find("charge", charge.ID())
		if err != nil {
			return err
		}
		if known == nil && doc.String("status") == succeeded {
			return leftOut("its charge %s was left out", charge.ID())
		}
		if known == nil {
			doc.Set("latest_charge", nil)
		}
	}
	pi, err := copyPast(op, "payment_intent", "", flattened(doc, "latest_charge"))
	if err != nil {
		return err
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	private.Set("processor", newParams("id", pi.ID()))
	refunds, err := refundsOfCharge(op, charge.ID())
	if err != nil {
		return err
	}
	known := private.Sub("refunds")
	for _, id := range refunds {
		known.Set(id, id)
	}
	return op.SetPrivate(pi, private)
}

// refundsOfCharge are the ids of the refunds of a charge.
func refundsOfCharge(op *resource.Op, charge string) (ids []string, err error) {
	if charge == "" {
		return nil, nil
	}
	refunds, err := op.Lookup("refund", "charge", charge)
	for _, r := range refunds {
		ids = append(ids, r.ID())
	}
	return ids, err
}

// importBalance takes the entries of a customer's balance, which come newest first, and holds them against the balance.
func importBalance(op *resource.Op, customer *object.Object, entries []any) error {
	ends := map[string]int64{}
	for _, v := range slices.Backward(entries) {
		entry := v.(*object.Object)
		currency := entry.String("currency")
		if ends[currency] += entry.Int("amount"); ends[currency] != entry.Int("ending_balance") {
			return leftOut("the entries of the customer's balance do not add up")
		}
		if _, err := copyPast(op, "customer_balance_transaction", customer.ID(), entry); err != nil {
			return err
		}
	}
	for currency, end := range ends {
		if balanceIn(customer, currency) != end {
			return leftOut("the customer's balance is not what its entries come to")
		}
	}
	if len(entries) == 0 && customer.Int("balance") != 0 {
		return leftOut("the customer has a balance without entries: settle it first")
	}
	return nil
}
