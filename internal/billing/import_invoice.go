package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// importInvoice takes an invoice with its lines, its payments and its credit notes. Its page and its paper are of this server.
// One that is open can be paid here from now on, so nobody may collect it at Stripe any more; until that is so it is held
// (import_held.go).
func importInvoice(op *resource.Op, doc *object.Object) error {
	if err := importableInvoice(op, doc); err != nil {
		return err
	}
	in, err := copyPast(op, "invoice", "", lacking(doc, "lines", "payments"))
	if err != nil {
		return err
	}
	if doc.String("status") == "draft" {
		return fillDraft(op, in, doc)
	}
	return fillInvoice(op, in, doc)
}

// fillInvoice takes what belongs to a final invoice, as far as it is not here yet, and proves that it adds up.
func fillInvoice(op *resource.Op, in, doc *object.Object) error {
	in.Set("auto_advance", false)
	in.Set("next_payment_attempt", nil)
	sums := &invoiceSums{}
	if err := importLines(op, in, doc, sums); err != nil {
		return err
	}
	if err := importPayments(op, in, doc.Object("payments").Array("data"), sums); err != nil {
		return err
	}
	for _, v := range doc.Array(importedNotes) {
		if err := importNote(op, v.(*object.Object), sums); err != nil {
			return err
		}
	}
	if problems := sums.audit(in); len(problems) > 0 {
		return leftOut("it does not add up: %s", strings.TrimPrefix(problems[0], "invoice "+in.ID()+": "))
	}
	if collectedThere(doc) {
		return hold(op, in)
	}
	page := op.BaseURL() + "/invoices/" + op.ShareToken()
	in.Set("hosted_invoice_url", page)
	in.Set("invoice_pdf", page+"/pdf")
	if in.String("status") != "open" {
		return nil
	}
	if in.Int("due_date") > op.Now().Unix() {
		if err := watchDueDate(op, in); err != nil {
			return err
		}
	}
	return startPayment(op, in)
}

// importableInvoice says why an invoice cannot come.
func importableInvoice(op *resource.Op, doc *object.Object) error {
	switch status := doc.String("status"); {
	case status == "paid", status == "void", status == "uncollectible":
		return nil
	case status != "open" && status != "draft":
		return leftOut("the invoice is %s", status)
	case status == "draft" && undraftable(doc) != "":
		return leftOut("%s", undraftable(doc))
	case doc.String("billing_reason") == "subscription_create":
		return leftOut("the invoice is open, and begins a subscription: run the import again when it is paid")
	}
	customer, err := op.Find("customer", doc.Ref("customer"))
	if err == nil && customer == nil {
		err = leftOut("its customer is not here")
	}
	return err
}

// noteOnInvoice says what is to be done at Stripe about an invoice that came.
func noteOnInvoice(doc *object.Object) string {
	switch {
	case collectedThere(doc):
		return "Stripe goes on collecting it, and nothing can be paid on it here: to collect it here, void it there or turn auto_advance off, and run the import again"
	case doc.String("status") == "open":
		return "void it at Stripe: it is paid here from now on"
	case doc.String("status") == "draft":
		return "delete it at Stripe: it is finalized here, when you say so"
	}
	return ""
}

// lacking is a document without some fields, whose contents are objects of their own here.
func lacking(doc *object.Object, names ...string) *object.Object {
	flat := doc.Clone()
	for _, name := range names {
		flat.Delete(name)
	}
	return flat
}

// linesSent are the lines of an invoice or a credit note: all of them, if there are more than it shows.
func linesSent(doc *object.Object) []any {
	if all := doc.Array(importedLines); len(all) > 0 {
		return all
	}
	return doc.Object("lines").Array("data")
}

func importLines(op *resource.Op, in, doc *object.Object, sums *invoiceSums) error {
	var ids []any
	var lines []*object.Object
	for _, v := range linesSent(doc) {
		line, err := copyOnce(op, "line_item", in.ID(), v.(*object.Object))
		if err != nil {
			return err
		}
		line.Set("invoice", in.ID())
		sums.addLine(line)
		ids, lines = append(ids, line.ID()), append(lines, line)
	}
	showLines(in, lines)
	in.Object("lines").Set("url", "/v1/invoices/"+in.ID()+"/lines")
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set("lines", ids)
	return op.SetPrivate(in, private)
}

func importPayments(op *resource.Op, in *object.Object, sent []any, sums *invoiceSums) error {
	var ids []any
	for _, v := range sent {
		payment, err := copyOnce(op, "invoice_payment", "", v.(*object.Object))
		if err != nil {
			return err
		}
		if payment.String("status") == "open" {
			payment.Set("status", canceled) // nothing of it goes on here
		}
		if payment.String("status") == "paid" && payment.Object("payment").String("type") != "payment_record" {
			sums.paid += payment.Int("amount_paid")
		}
		ids = append(ids, payment.ID())
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set("payment_ids", ids)
	if err := op.SetPrivate(in, private); err != nil {
		return err
	}
	return showPayments(op, in)
}

// importNote takes a credit note of an invoice with its lines.
func importNote(op *resource.Op, doc *object.Object, sums *invoiceSums) error {
	known, err := op.Find("credit_note", doc.ID())
	if err != nil {
		return err
	}
	if known != nil {
		if doc.String("status") == "issued" {
			sums.addNote(known)
		}
		return nil
	}
	note, err := copyPast(op, "credit_note", "", lacking(doc, "lines"))
	if err != nil {
		return err
	}
	note.Set("pdf", op.BaseURL()+"/credit_notes/"+op.ShareToken()+"/pdf")
	sent := linesSent(doc)
	lines := make([]any, len(sent))
	for i := len(sent) - 1; i >= 0; i-- { // the last first, as lists begin with the newest
		line, err := copyPast(op, "credit_note_line_item", note.ID(), sent[i].(*object.Object))
		if err != nil {
			return err
		}
		lines[i] = line.Clone()
	}
	list := note.Sub("lines")
	list.Set("data", lines[:min(len(lines), embedded)])
	list.Set("has_more", len(lines) > embedded)
	list.Set("url", "/v1/credit_notes/"+note.ID()+"/lines")
	entry, err := op.Find("customer_balance_transaction", note.Ref("customer_balance_transaction"))
	if err != nil {
		return err
	}
	if why := auditDivision(note, -entry.Int("amount")); why != "" {
		return leftOut("its credit note %s does not add up: %s", note.ID(), why)
	}
	if note.String("status") == "issued" {
		sums.addNote(note)
	}
	return nil
}
