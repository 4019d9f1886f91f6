package billing

import (
	"fmt"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A credit note takes back what a final invoice asked for, or a part of it.
//
//	(new) --> issued --void--> void
//
// What is not paid yet is lowered (the pre-payment part); what was paid is given back by refund, to the customer's
// balance, or outside (the post-payment part). All notes of an invoice together never exceed its total. Only memo and
// metadata can be changed; only a note that lowered an open invoice can be voided.
//
// What the lines come to is in credit_note_lines.go and credit_note_taxes.go, how the amount is divided in
// credit_note_amounts.go and credit_note_refunds.go, what it does to invoice, balance and charge in
// credit_note_effects.go.
//
// Emits refund.created, charge.refunded and customer.updated as needed, credit_note.created, invoice.updated, and
// invoice.paid and invoice.payment_succeeded if nothing is left to pay. Voiding emits credit_note.voided and
// invoice.updated.
func init() {
	register(resource.Rules{
		Object: "credit_note",
		States: resource.States{"issued": {"void"}}, StateCode: "status_transition_invalid", Audit: auditCreditNotes,
		Unmerged: []string{"lines", "refunds", "shipping_cost"}, Shared: pageToken, Index: filters{pageToken: tokenIn("pdf")},
		Create: createCreditNote, Created: creditInvoice,
		Actions: resource.Actions{
			"POST /v1/credit_notes/{id}/void":    voidCreditNote,
			"GET /v1/credit_notes/preview":       previewCreditNote,
			"GET /v1/credit_notes/preview/lines": previewCreditNoteLines,
		},
	})
	register(resource.Rules{
		Object: "credit_note_line_item", Create: fillCreditNoteLine,
		Unmerged: []string{"discount_amounts", "pretax_credit_amounts", "tax_rates", "taxes"},
	})
}

func createCreditNote(op *resource.Op) error {
	note, err := newCreditNote(op)
	if err != nil {
		return err
	}
	lines := make([]any, len(note.lines))
	for i := len(note.lines) - 1; i >= 0; i-- { // the last first, as lists begin with the newest
		line, err := op.CreateBelow("credit_note_line_item", op.Object.ID(), note.lines[i].fields())
		if err != nil {
			return err
		}
		lines[i] = line.Clone()
	}
	note.fill(op, op.Object, lines)
	if err := note.keep(op, op.Object); err != nil {
		return err
	}
	return note.payBack(op, op.Object)
}

// fillCreditNoteLine takes the fields as they are: no client makes lines.
func fillCreditNoteLine(op *resource.Op) error {
	for name, v := range op.Params.All() {
		op.Object.Set(name, v)
	}
	return nil
}

// previewCreditNote answers what a create would make, and keeps nothing.
func previewCreditNote(op *resource.Op) error {
	note, lines, err := draftCreditNote(op)
	op.Result = note
	if err == nil {
		note.Object("lines").Set("data", lines[:min(len(lines), embedded)])
	}
	return err
}

func previewCreditNoteLines(op *resource.Op) error {
	_, lines, err := draftCreditNote(op)
	if err != nil {
		return err
	}
	op.List, err = resource.PageOf(lines, op.Params, "/v1/credit_notes/preview/lines", "credit_note_line_item")
	return err
}

func draftCreditNote(op *resource.Op) (*object.Object, []any, error) {
	note, err := newCreditNote(op)
	if err != nil {
		return nil, nil, err
	}
	lines := make([]any, len(note.lines))
	for i := range note.lines {
		line, err := op.Draft("credit_note_line_item", object.New(nil))
		if err != nil {
			return nil, nil, err
		}
		for name, v := range note.lines[i].fields().All() {
			line.Set(name, v)
		}
		lines[i] = line
	}
	o, err := op.Draft("credit_note", op.Params)
	if err != nil {
		return nil, nil, err
	}
	note.fill(op, o, lines)
	return o, lines, nil
}

// fill writes into the object what was worked out.
func (n *creditNote) fill(op *resource.Op, o *object.Object, lines []any) {
	in := n.invoice
	o.Set("customer", in.Ref("customer"))
	o.Set("customer_account", in.Get("customer_account"))
	o.Set("currency", in.String("currency"))
	o.Set("number", fmt.Sprintf("%s-CN-%02d", in.String("number"), n.ordinal))
	o.Set("pdf", op.BaseURL()+"/credit_notes/"+op.ShareToken()+"/pdf")
	o.Set("status", "issued")
	if o.Get("effective_at") == nil {
		o.Set("effective_at", op.Now().Unix())
	}
	list := o.Sub("lines")
	list.Set("data", lines[:min(len(lines), embedded)])
	list.Set("has_more", len(lines) > embedded)
	n.fillAmounts(o)
}

// voidCreditNote takes a note back: what it had lowered is owed again.
func voidCreditNote(op *resource.Op) error {
	note := op.Object
	in, err := op.Get("invoice", note.Ref("invoice"), "invoice")
	if err != nil {
		return err
	}
	if note.String("status") == "issued" && (note.String("type") != "pre_payment" || in.String("status") != "open") {
		return apierr.Invalid("status_transition_invalid", "", "A credit note can only be voided while its invoice is open and if it lowered what is still to be paid. The invoice %s is %s, and this credit note is of type %s.",
			in.ID(), in.String("status"), note.String("type"))
	}
	if err := op.Move(note, "void"); err != nil {
		return err
	}
	note.Set("voided_at", op.Now().Unix())
	if err := op.Emit("credit_note.voided", note); err != nil {
		return err
	}
	lowerInvoice(in, -note.Int("pre_payment_amount"))
	if err := fitPayment(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}
