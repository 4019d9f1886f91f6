package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/resource"
)

// An invoice that is not what its parts come to is found.
func TestInvoiceAudit(t *testing.T) {
	t.Parallel()
	for field, problem := range map[string]string{
		"subtotal": "its lines come to 10000, not 10001", "total": "its lines, discounts, credits, taxes and shipping come to 10000, not 10001",
		"amount_remaining": "its due and paid amounts leave 10000, not 10001", "amount_overpaid": "its payments come to 0, not 1",
		"pre_payment_credit_notes_amount": "its notes of what was not paid come to 0, not 1", "post_payment_credit_notes_amount": "its notes of what was paid come to 0, not 1",
		"starting_balance": "its due amount, its notes and the balance leave 9999, not 10000", "amount_shipping": "its lines, discounts, credits, taxes and shipping come to 10001, not 10000",
	} {
		b := newBiller(t)
		id := b.invoice("open", hundred)
		b.do(func(op *resource.Op) error {
			in, err := op.Get("invoice", id, "")
			if err != nil {
				return err
			}
			in.Set(field, in.Int(field)+1)
			op.Save(in)
			return nil
		})
		problems, err := b.Engine.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(problems, "\n"); !strings.Contains(all, problem) {
			t.Errorf("%s is wrong, but the problems are %q", field, all)
		}
	}
}

// An invoice shows its first lines; the list has them all, in order.
func TestManyInvoiceLines(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	for range 11 {
		v.item("amount", "100")
	}
	path := v.invoice("100")
	in := v.Get(path).OK()
	wantFields(t, in, map[string]any{"total": 1200, "lines.has_more": true})
	if n := len(in.Object("lines").Array("data")); n != 10 {
		t.Errorf("the invoice shows %d lines, want ten", n)
	}
	first := v.Get(path+"/lines", "limit", "5")
	rest := v.Get(path+"/lines", "limit", "100", "starting_after", first.IDs()[4])
	if n := len(rest.IDs()); n != 7 {
		t.Errorf("after the first five lines come %d, want seven", n)
	}
}
