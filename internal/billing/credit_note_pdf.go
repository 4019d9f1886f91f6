package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// CreditNotePaper is a credit note as its customer reads it. Who it is for is what its invoice says.
func CreditNotePaper(s *resource.Survey, note *object.Object) (*paper.Document, error) {
	p := printingOf(s, paper.CreditNote, note.String("currency"))
	in, err := s.Find("invoice", note.Ref("invoice"))
	if err != nil {
		return nil, err
	}
	d := p.doc
	d.Number, d.Of, d.Memo, d.Reason = note.String("number"), in.String("number"), note.String("memo"), note.String("reason")
	d.Issued = dayOf(note, "effective_at")
	if note.String("status") == "void" {
		d.Status, d.Settled = paper.Void, dayOf(note, "voided_at")
	}
	if err := p.parties(in); err != nil {
		return nil, err
	}
	p.layout(in.Object("rendering"))
	lines, err := s.Below("credit_note_line_item", note.ID())
	if err != nil {
		return nil, err
	}
	for i := len(lines) - 1; i >= 0; i-- { // they were made from the last to the first
		if err := p.creditLine(lines[i]); err != nil {
			return nil, err
		}
	}
	return d, p.creditSums(note)
}

func (p *printing) creditLine(line *object.Object) error {
	l := paper.Line{Description: line.String("description"), Amount: line.Int("amount"), Quantity: numberText(line.Get("quantity"))}
	if err := p.lineTaxes(&l, line.Array("taxes"), line.String("unit_amount_decimal")); err != nil {
		return err
	}
	credited, err := p.Find("line_item", line.String("invoice_line_item"))
	if err != nil {
		return err
	}
	if err := p.lineDiscounts(&l, line.Array("discount_amounts"), credited.Array("discounts")); err != nil {
		return err
	}
	p.doc.Lines = append(p.doc.Lines, l)
	return nil
}

func (p *printing) creditSums(note *object.Object) error {
	s := &p.doc.Sums
	s.Subtotal, s.SubtotalExcludingTax = note.Int("subtotal"), note.Int("subtotal_excluding_tax")
	s.Total, s.TotalExcludingTax, s.Shipping = note.Int("total"), note.Int("total_excluding_tax"), note.Int("amount_shipping")
	s.Lowered, s.Outside = note.Int("pre_payment_amount"), note.Int("out_of_band_amount")
	for _, v := range note.Array("refunds") {
		s.Refunded += v.(*object.Object).Int("amount_refunded")
	}
	s.Credited = note.Int("post_payment_amount") - s.Outside - s.Refunded
	if err := p.discounts(note.Array("discount_amounts")); err != nil {
		return err
	}
	return p.taxes(note.Array("total_taxes"))
}
