package paper

import "strings"

// What a document says, as rows of text: the paper and the page are made of the same.

// Row is a text with an amount; strong ones are what the others come to.
type Row struct {
	Label, Amount string
	Strong        bool
}

// Cells are a line of goods as its reader sees it.
type Cells struct {
	Description                 string
	Notes                       []string // what it is for
	Off                         []Row    // what was taken off
	Quantity, Unit, Tax, Amount string
}

// Labels are the heads of the columns, by the cells below them; Tax is empty if no line has a tax.
func (d *Document) Labels() Cells {
	w := d.words()
	c := Cells{Description: w.description, Quantity: w.quantity, Unit: w.unitPrice, Amount: w.amount}
	for _, l := range d.Lines {
		if len(l.Taxes) > 0 {
			c.Tax = w.tax
		}
	}
	return c
}

// Cells writes a line.
func (d *Document) Cells(l Line) Cells {
	amount := l.Amount
	if d.ExcludeTax {
		amount -= l.Inclusive
	}
	c := Cells{Description: l.Description, Quantity: d.quantity(l.Quantity), Unit: d.unit(l.UnitAmount), Amount: d.Amount(amount)}
	if c.Description == "" && d.Kind == CreditNote {
		c.Description = put(d.words().creditFor, d.Of)
	}
	if often := d.often(l.Every); often != "" {
		c.Notes = append(c.Notes, often)
	}
	if period := d.Period(l); period != "" {
		c.Notes = append(c.Notes, period)
	}
	for _, off := range l.Discounts {
		c.Off = append(c.Off, Row{Label: d.deduction(off), Amount: d.Amount(-off.Amount)})
	}
	var taxes []string
	for _, rate := range l.Taxes {
		taxes = append(taxes, d.rate(rate))
	}
	c.Tax = strings.Join(taxes, ", ")
	return c
}

// rate writes a tax in a line: 19%, or 19% incl.
func (d *Document) rate(r Rate) string {
	percent := r.Percent
	if r.Reverse {
		percent = "0"
	}
	if r.Inclusive && !d.ExcludeTax {
		return put(d.words().inclusive, d.Percent(percent))
	}
	return d.Percent(percent)
}

func (d *Document) deduction(off Deduction) string {
	if off.Percent == "" {
		return off.Name
	}
	percent := put(d.words().off, d.Percent(off.Percent))
	if off.Name == "" {
		return percent
	}
	return off.Name + " (" + percent + ")"
}

// Headline says what the document is about in one line: $20.00 due October 1, 2026.
func (d *Document) Headline() string {
	w, s := d.words(), &d.Sums
	switch {
	case d.Kind == CreditNote:
		return put(w.credited, d.AmountWithCode(s.Total))
	case d.Kind == Quote:
		return d.AmountWithCode(s.Total)
	case d.Status == Void:
		return put(w.voided, d.AmountWithCode(s.Total))
	case d.isReceipt() || d.Status == Paid && s.Paid > 0:
		return put(w.paid, d.AmountWithCode(s.Paid), d.Date(d.Settled))
	case d.Status == Paid:
		return w.nothing
	case !d.DueBy.IsZero():
		return put(w.dueBy, d.AmountWithCode(s.Due), d.Date(d.DueBy))
	case d.Automatic:
		return put(w.takenBy, d.AmountWithCode(s.Due))
	}
	return put(w.dueNow, d.AmountWithCode(s.Due))
}

func (d *Document) isReceipt() bool { return d.Kind == Receipt || d.Kind == PaymentReceipt }

// Facts are what identifies the document, and the seller's own fields.
func (d *Document) Facts() []Field {
	w := d.words()
	facts := []Field{{w.numbers[d.Kind], d.Number}}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, Field{name, value})
		}
	}
	add(w.of, d.Of)
	for _, day := range []struct {
		name string
		date string
	}{
		{w.issued, d.day(d.Issued)}, {w.due, d.day(d.DueBy)}, {d.settledLabel(), d.day(d.Settled)}, {w.validUntil, d.day(d.Expires)},
	} {
		add(day.name, day.date)
	}
	add(w.reason, w.reasons[d.Reason])
	return append(facts, d.Fields...)
}

func (d *Document) settledLabel() string {
	if d.Status == Void {
		return d.words().voidedOn
	}
	return d.words().paidOn
}

// Stamp is the word for what became of the document, or empty.
func (d *Document) Stamp() string { return d.words().stamps[d.Status] }

// Role is a party with what it is called on the document.
type Role struct {
	Called string
	Party
}

// Roles are who the document is from and who it is for.
func (d *Document) Roles() []Role {
	w := d.words()
	roles := []Role{{w.from, d.Seller}, {w.billTo, d.Buyer}}
	if d.Recipient.Name != "" || d.Recipient.Address != (Address{}) {
		roles = append(roles, Role{w.shipTo, d.Recipient})
	}
	return roles
}

// PartyLines are what is written of a party below its name.
func (d *Document) PartyLines(p Party) []string {
	lines := p.Address.lines(d.words())
	for _, line := range []string{p.Email, p.Phone} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	for _, id := range p.TaxIDs {
		lines = append(lines, id.Name+" "+id.Value)
	}
	return lines
}

// Past is what was paid and credited, as rows of a day, a text and an amount.
func (d *Document) Past() [][3]string {
	rows := make([][3]string, len(d.History))
	for i, e := range d.History {
		text := e.Method
		if text == "" {
			text = d.words().elsewhere
		}
		if e.Refund {
			text = d.words().refunded
		}
		if e.Credit != "" {
			text = put(d.words().creditNote, e.Credit)
		}
		rows[i] = [3]string{d.Date(e.At), text, d.Amount(e.Amount)}
	}
	return rows
}

// Notes are the texts below the sums.
func (d *Document) Notes() []string {
	var notes []string
	for _, tax := range d.Sums.Taxes {
		if tax.Reverse {
			notes = append(notes, d.words().reverseNote)
			break
		}
	}
	for _, text := range []string{d.Memo, d.Footer} {
		if text != "" {
			notes = append(notes, text)
		}
	}
	return notes
}

// FileName is what the file is called: Invoice-7FE1103-0001.pdf.
func (d *Document) FileName() string {
	name := strings.ReplaceAll(d.Title(), " ", "-") + "-" + strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, d.Number)
	return name + ".pdf"
}
