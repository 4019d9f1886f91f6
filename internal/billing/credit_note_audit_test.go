package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/resource"
)

// A note that is not divided to the cent is found, and so are notes that take back more than there is.
func TestCreditNoteAudit(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice := b.invoice("paid", billedLine{unit: 1000, quantity: 3})
	line := b.lines(invoice)[0]
	form := []string{"invoice", invoice, "lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", line, "lines[0][quantity]", "2", "credit_amount", "2000"}
	note := b.Post("/v1/credit_notes", form...).OK().ID()
	for _, c := range []struct {
		kind, id, field string
		to              int64
		problem         string
	}{
		{"credit_note", note, "pre_payment_amount", 1, "its parts are 1 and 2000 of 2000"},
		{"credit_note", note, "out_of_band_amount", 5, "what is given back comes to 2005, not 2000"},
		{"line_item", line, "quantity", 1, "2000 of 3000 is credited"},
		{"invoice", invoice, "total", 1999, "its notes come to 2000 of 1999"},
	} {
		was := int64(0)
		set := func(to int64) {
			b.do(func(op *resource.Op) error {
				o, err := op.Get(c.kind, c.id, "")
				if err != nil {
					return err
				}
				was = o.Int(c.field)
				o.Set(c.field, to)
				op.Save(o)
				return nil
			})
		}
		set(c.to)
		problems, err := b.Engine.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(problems, "\n"); !strings.Contains(all, c.problem) {
			t.Errorf("%s of a %s is wrong, but the problems are %q", c.field, c.kind, all)
		}
		set(was)
	}
	if problems, err := b.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("in the end there are the problems %q, %v", problems, err)
	}
}
