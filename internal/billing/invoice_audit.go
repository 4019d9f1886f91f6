package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditInvoices proves that an invoice is what its parts come to: the total of its subtotal, discounts, credits and taxes, and what
// was paid of its payments.
func auditInvoices(s *resource.Survey) (problems []string, err error) {
	paid := map[string]int64{}
	if err := s.Each("invoice_payment", func(p *object.Object) error {
		if p.String("status") == "paid" && p.Object("payment").String("type") == "payment_intent" {
			paid[p.Ref("invoice")] += p.Int("amount_paid")
		}
		return nil
	}); err != nil {
		return nil, err
	}
	lines := map[string]int64{}
	if err := s.Each("line_item", func(line *object.Object) error {
		lines[line.String("invoice")] += line.Int("amount")
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each("invoice", func(in *object.Object) error {
		problems = append(problems, auditInvoice(in, lines[in.ID()], paid[in.ID()])...)
		return nil
	})
	return problems, err
}

func auditInvoice(in *object.Object, lines, paid int64) (problems []string) {
	total := in.Int("subtotal") - creditedOn(in)
	for _, v := range in.Array("total_discount_amounts") {
		total -= v.(*object.Object).Int("amount")
	}
	for _, v := range in.Array("total_taxes") {
		if tax := v.(*object.Object); tax.String("tax_behavior") == "exclusive" {
			total += tax.Int("amount")
		}
	}
	for _, c := range []struct {
		what      string
		got, want int64
	}{
		{"its lines come to", lines, in.Int("subtotal")},
		{"its subtotal, discounts and taxes come to", total, in.Int("total")},
		{"its due and paid amounts leave", in.Int("amount_due") - in.Int("amount_paid"), in.Int("amount_remaining")},
		{"its payments come to", paid + in.Int("amount_paid_off_stripe"), in.Int("amount_paid") + in.Int("amount_overpaid")},
	} {
		if c.got != c.want {
			problems = append(problems, fmt.Sprintf("invoice %s: %s %d, not %d", in.ID(), c.what, c.got, c.want))
		}
	}
	return problems
}
