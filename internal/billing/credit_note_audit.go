package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditCreditNotes proves that a credit note is divided to the cent, and that the issued notes of an invoice take back no
// more of a line than there is.
func auditCreditNotes(s *resource.Survey) (problems []string, err error) {
	credits := map[string]int64{}
	if err := s.Each("customer_balance_transaction", func(t *object.Object) error {
		if t.String("type") == "credit_note" {
			credits[t.Ref("credit_note")] -= t.Int("amount")
		}
		return nil
	}); err != nil {
		return nil, err
	}
	lines := map[string]*credited{}
	if err := s.Each("credit_note", func(note *object.Object) error {
		if why := auditDivision(note, credits[note.ID()]); why != "" {
			problems = append(problems, fmt.Sprintf("credit note %s: %s", note.ID(), why))
		}
		if note.String("status") != "issued" {
			return nil
		}
		private, err := s.Private("credit_note", note.ID())
		addCredited(lines, private)
		return err
	}); err != nil {
		return nil, err
	}
	err = s.Each("line_item", func(line *object.Object) error {
		done, whole := lines[line.ID()], line.Int("amount")
		if done != nil && (done.quantity > line.Int("quantity") || max(done.amount, -done.amount) > max(whole, -whole)) {
			problems = append(problems, fmt.Sprintf("line %s: %d of %d is credited", line.ID(), done.amount, whole))
		}
		return nil
	})
	return problems, err
}

// auditDivision says what is wrong with the division of a note whose entries in the customer's balance come to an amount;
// nothing if all is well.
func auditDivision(note *object.Object, credit int64) string {
	back := note.Int("out_of_band_amount") + credit
	for _, v := range note.Array("refunds") {
		back += v.(*object.Object).Int("amount_refunded")
	}
	pre, post := note.Int("pre_payment_amount"), note.Int("post_payment_amount")
	switch total := note.Int("total"); {
	case pre+post != total:
		return fmt.Sprintf("its parts are %d and %d of %d", pre, post, total)
	case back != post:
		return fmt.Sprintf("what is given back comes to %d, not %d", back, post)
	}
	return ""
}
