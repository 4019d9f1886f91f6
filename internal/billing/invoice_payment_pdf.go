package billing

import (
	"cmp"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
)

// history reads what was paid and credited, the earliest first.
func (p *printing) history(in *object.Object) error {
	private, err := p.Private("invoice", in.ID())
	if err != nil {
		return err
	}
	var counted int64
	for _, v := range private.Array("payment_ids") {
		id, _ := v.(string)
		payment, err := p.Find("invoice_payment", id)
		if err != nil {
			return err
		}
		if payment.String("status") != "paid" {
			continue
		}
		method, err := p.paidWith(payment.Object("payment"))
		if err != nil {
			return err
		}
		counted += payment.Int("amount_paid")
		p.entry(paper.Entry{At: dayOf(payment.Object("status_transitions"), "paid_at"), Method: method, Amount: payment.Int("amount_paid")})
	}
	if outside := in.Int("amount_paid") - counted; outside > 0 {
		p.entry(paper.Entry{At: dayOf(in.Object("status_transitions"), "paid_at"), Amount: outside})
	}
	if err := p.credits(in); err != nil {
		return err
	}
	slices.SortStableFunc(p.doc.History, func(a, b paper.Entry) int { return cmp.Compare(a.At.Unix(), b.At.Unix()) })
	return nil
}

func (p *printing) entry(e paper.Entry) { p.doc.History = append(p.doc.History, e) }

// paidWith is what a payment was made with; empty if it was made elsewhere.
func (p *printing) paidWith(payment *object.Object) (string, error) {
	intent, err := p.Find("payment_intent", payment.Ref("payment_intent"))
	if err != nil {
		return "", err
	}
	charge, err := p.Find("charge", intent.Ref("latest_charge"))
	if err != nil {
		return "", err
	}
	details := charge.Object("payment_method_details")
	kind := details.String("type")
	part := details.Object(kind)
	return paper.Method(kind, part.String("brand"), part.String("last4")), nil
}

// credits reads the credit notes: those from before the payment lower what is due, the others are part of the history.
func (p *printing) credits(in *object.Object) error {
	if in.Int("pre_payment_credit_notes_amount") == 0 && in.Int("post_payment_credit_notes_amount") == 0 {
		return nil
	}
	return p.Lookup("credit_note", "invoice", in.ID(), func(note *object.Object) error {
		if note.String("status") != "issued" {
			return nil
		}
		if amount := note.Int("pre_payment_amount"); amount > 0 {
			p.doc.Sums.Credits = append(p.doc.Sums.Credits, paper.Deduction{Name: note.String("number"), Amount: amount})
		}
		if amount := note.Int("post_payment_amount"); amount > 0 {
			p.entry(paper.Entry{At: dayOf(note, "effective_at"), Credit: note.String("number"), Amount: -amount})
		}
		return nil
	})
}
