package paper

// Totals are what the lines come to, down to what is due.
func (d *Document) Totals() []Row {
	w, s := d.words(), &d.Sums
	t := &table{d: d}
	subtotal := s.Subtotal
	if d.ExcludeTax {
		subtotal = s.SubtotalExcludingTax
	}
	t.add(w.subtotal, subtotal)
	for _, off := range s.Discounts {
		t.add(d.deduction(off), -off.Amount)
	}
	t.some(w.shipping, s.Shipping)
	if len(s.Taxes) > 0 {
		t.add(w.excludingTax, s.TotalExcludingTax)
	}
	for _, tax := range s.Taxes {
		t.add(d.taxLabel(tax), tax.Amount)
	}
	switch d.Kind {
	case CreditNote:
		t.strong(w.totalCredited, s.Total)
		t.some(w.lowered, s.Lowered)
		t.some(w.refunded, s.Refunded)
		t.some(w.toBalance, s.Credited)
		t.some(w.outside, s.Outside)
	case Quote:
		t.strong(w.total, s.Total)
		for _, r := range s.Recurring {
			t.add(put(w.then, d.often(r.Every)), r.Amount)
		}
	case Invoice, Receipt, PaymentReceipt:
		t.strong(w.total, s.Total)
		if d.Status == Void {
			break // nothing is due of it, and what it took from the balance is there again
		}
		t.some(w.balance, s.Balance)
		for _, note := range s.Credits {
			t.add(put(w.creditNote, note.Name), -note.Amount)
		}
		if d.isReceipt() {
			t.strong(w.amountPaid, s.Paid)
			break
		}
		t.some(w.amountPaid, -s.Paid)
		t.strong(w.amountDue, s.Due)
	}
	return t.rows
}

func (d *Document) taxLabel(t Tax) string {
	w, name := d.words(), t.Name
	if t.Percent != "" {
		name += " " + d.Percent(t.Percent)
	}
	switch {
	case t.Reverse:
		return name + ", " + w.reverse
	case t.Inclusive && !d.ExcludeTax:
		return put(w.including, name, d.Amount(t.Taxable))
	}
	return put(w.taxOn, name, d.Amount(t.Taxable))
}

type table struct {
	d    *Document
	rows []Row
}

func (t *table) add(label string, amount int64) {
	t.rows = append(t.rows, Row{Label: label, Amount: t.d.Amount(amount)})
}

// some is add for an amount that is left out when it is nothing.
func (t *table) some(label string, amount int64) {
	if amount != 0 {
		t.add(label, amount)
	}
}

func (t *table) strong(label string, amount int64) {
	t.rows = append(t.rows, Row{label, t.d.Amount(amount), true})
}
