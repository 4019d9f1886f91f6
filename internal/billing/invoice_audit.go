package billing

import (
	"fmt"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditInvoices proves that an invoice is what its parts come to: its subtotal and its total are those of its lines,
// discounts, credits, taxes and shipping; what is due is the total less the balance and the credit notes; what was paid is what its
// payments paid; and its notes take back no more than it asked for.
func auditInvoices(s *resource.Survey) ([]string, error) {
	sums := map[string]*invoiceSums{}
	of := func(invoice string) *invoiceSums {
		if sums[invoice] == nil {
			sums[invoice] = &invoiceSums{}
		}
		return sums[invoice]
	}
	for _, look := range []struct {
		kind string
		add  func(o *object.Object) error
	}{
		{"invoice_payment", func(p *object.Object) error {
			if p.String("status") == "paid" && p.Object("payment").String("type") != "payment_record" {
				of(p.Ref("invoice")).paid += p.Int("amount_paid")
			}
			return nil
		}},
		{"line_item", func(line *object.Object) error {
			of(line.String("invoice")).addLine(line)
			return nil
		}},
		{"credit_note", func(note *object.Object) error {
			if note.String("status") == "issued" {
				of(note.Ref("invoice")).addNote(note)
			}
			return nil
		}},
	} {
		if err := s.Each(look.kind, look.add); err != nil {
			return nil, err
		}
	}
	var problems []string
	err := s.Each("invoice", func(in *object.Object) error {
		problems = append(problems, of(in.ID()).audit(in)...)
		return nil
	})
	return problems, err
}

// invoiceSums is what the parts of an invoice come to.
type invoiceSums struct {
	lines, own       int64 // what the lines cost, and what their own discounts take off
	untaxed          int64 // inclusive tax that is not paid
	paid             int64 // by payment intents and charges
	notes, pre, post int64 // the totals of issued credit notes
}

func (s *invoiceSums) addLine(line *object.Object) {
	s.lines += line.Int("amount")
	s.untaxed += untaxedOfLine(line)
	for _, v := range line.Array("discount_amounts") {
		d := v.(*object.Object)
		if slices.Contains(line.Array("discounts"), any(d.Ref("discount"))) {
			s.own += d.Int("amount")
		}
	}
}

func (s *invoiceSums) addNote(note *object.Object) {
	s.notes += note.Int("total")
	s.pre += note.Int("pre_payment_amount")
	s.post += note.Int("post_payment_amount")
}

func (s *invoiceSums) audit(in *object.Object) (problems []string) {
	type check struct {
		what      string
		got, want int64
	}
	checks := []check{
		{"its lines come to", s.lines - s.own, in.Int("subtotal")},
		{"its lines, discounts, credits, taxes and shipping come to", s.total(in), in.Int("total")},
		{"its due and paid amounts leave", in.Int("amount_due") - in.Int("amount_paid"), in.Int("amount_remaining")},
		{"its payments come to", s.paid + in.Int("amount_paid_off_stripe"), in.Int("amount_paid") + in.Int("amount_overpaid")},
		{"its notes of what was not paid come to", s.pre, in.Int("pre_payment_credit_notes_amount")},
		{"its notes of what was paid come to", s.post, in.Int("post_payment_credit_notes_amount")},
	}
	if status := in.String("status"); status != "draft" {
		checks = append(checks, check{
			"its due amount, its notes and the balance leave", in.Int("amount_due") + s.pre + in.Int("ending_balance") - in.Int("starting_balance"), in.Int("total"),
		})
	}
	for _, c := range checks {
		if c.got != c.want {
			problems = append(problems, fmt.Sprintf("invoice %s: %s %d, not %d", in.ID(), c.what, c.got, c.want))
		}
	}
	if s.notes > max(in.Int("total"), 0) {
		problems = append(problems, fmt.Sprintf("invoice %s: its notes come to %d of %d", in.ID(), s.notes, in.Int("total")))
	}
	if in.String("status") == "paid" && in.Int("amount_remaining") != 0 {
		problems = append(problems, fmt.Sprintf("invoice %s: it is paid, but %d is left", in.ID(), in.Int("amount_remaining")))
	}
	return problems
}

// total is what an invoice comes to.
func (s *invoiceSums) total(in *object.Object) int64 {
	total := s.lines - s.untaxed + in.Int("amount_shipping") - creditedOn(in)
	for _, v := range in.Array("total_discount_amounts") {
		total -= v.(*object.Object).Int("amount")
	}
	for _, v := range in.Array("total_taxes") {
		if tax := v.(*object.Object); tax.String("tax_behavior") == "exclusive" {
			total += tax.Int("amount")
		}
	}
	return total
}
