package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// creditLine is one line of a credit note.
type creditLine struct {
	invoiceLine string // id, or empty for a line of the seller's own
	plain       bool   // stands for the parameter "amount"
	description any
	amount      int64 // without exclusive tax and before discounts
	quantity    any
	unitAmount  any
	unitDecimal any
	discounts   []discountPart
	own         int64          // what the invoice line's own discounts are of these
	credits     []discountPart // what credits had paid, by their transactions
	taxes       []taxPart
	untaxed     int64 // what untaxed is of the invoice line
	rates       []any // the tax rates, whole
	metadata    any
}

type discountPart struct {
	discount string
	amount   int64
}

type taxPart struct {
	rate            string
	amount, taxable int64
	inclusive       bool
	reason          string
}

// readLines makes the lines: those that were sent, or one that carries the amount.
func (n *creditNote) readLines(op *resource.Op, issued []*object.Object) error {
	p := op.Params
	sent := p.Array("lines")
	if p.Has("amount") {
		for _, other := range []string{"lines", "shipping_cost"} {
			if p.Has(other) {
				return apierr.Invalid("parameters_exclusive", "amount", "You may only specify one of these parameters: amount, %s.", other)
			}
		}
		amount := p.Int("amount")
		if amount < 1 {
			return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
		}
		n.lines = []creditLine{{plain: true, amount: amount, quantity: int64(1), unitAmount: amount, unitDecimal: strconv.FormatInt(amount, 10)}}
		return nil
	}
	if len(sent) == 0 && !p.Has("shipping_cost") {
		return apierr.Invalid("parameter_missing", "", "You must specify one of these parameters: amount, lines, shipping_cost.")
	}
	before, err := creditedBefore(op, issued)
	if err != nil {
		return err
	}
	for i, v := range sent {
		line, err := n.readLine(op, v.(*object.Object), "lines["+strconv.Itoa(i)+"]", before)
		if err != nil {
			return err
		}
		n.lines = append(n.lines, line)
	}
	return nil
}

func (n *creditNote) readLine(op *resource.Op, sent *object.Object, param string, before map[string]*credited) (creditLine, error) {
	if sent.Has("tax_amounts") && n.invoice.Object("automatic_tax").Bool("enabled") {
		return creditLine{}, apierr.Invalid("", param+"[tax_amounts]", "The invoice %s has automatic tax, so tax amounts cannot be set.", n.invoice.ID())
	}
	if sent.Has("tax_rates") && sent.Has("tax_amounts") {
		return creditLine{}, apierr.Invalid("parameters_exclusive", param+"[tax_rates]", "You may only specify one of these parameters: tax_rates, tax_amounts.")
	}
	var line creditLine
	var err error
	if sent.String("type") == "custom_line_item" {
		line, err = customLine(sent, param)
	} else {
		line, err = n.invoiceLine(op, sent, param, before)
	}
	if err != nil {
		return line, err
	}
	if text := sent.String("description"); text != "" {
		line.description = text
	}
	if m := sent.Object("metadata"); m != nil {
		line.metadata = m.Clone()
	}
	return line, line.readTaxes(op, sent, param)
}

// customLine is a line that the seller describes. It cannot be negative.
func customLine(sent *object.Object, param string) (creditLine, error) {
	for _, name := range []string{"invoice_line_item", "amount"} {
		if sent.Has(name) {
			return creditLine{}, apierr.Invalid("", param+"["+name+"]", "This is only for lines of type invoice_line_item.")
		}
	}
	for _, name := range []string{"description", "quantity"} {
		if !sent.Has(name) {
			return creditLine{}, missingParam(param + "[" + name + "]")
		}
	}
	if sent.Has("unit_amount") == sent.Has("unit_amount_decimal") {
		return creditLine{}, apierr.Invalid("", param+"[unit_amount]", "Specify one of unit_amount and unit_amount_decimal.")
	}
	quantity := sent.Int("quantity")
	if quantity < 1 {
		return creditLine{}, apierr.Invalid("parameter_invalid_integer", param+"[quantity]", "This value must be greater than or equal to 1.")
	}
	unit, name := sent.String("unit_amount_decimal"), "[unit_amount_decimal]"
	var whole any
	if sent.Has("unit_amount") {
		unit, name, whole = strconv.FormatInt(sent.Int("unit_amount"), 10), "[unit_amount]", sent.Int("unit_amount")
	}
	amount, err := money.Times(unit, quantity)
	if err != nil {
		return creditLine{}, apierr.Invalid("", param+name, "Invalid decimal: %s", unit)
	}
	if amount < 0 {
		return creditLine{}, apierr.Invalid("parameter_invalid_integer", param+name, "This value must be greater than or equal to 0.")
	}
	return creditLine{amount: amount, quantity: quantity, unitAmount: whole, unitDecimal: unit}, nil
}

// credited is how much of an invoice's line earlier lines took back: pieces or an amount, but never both kinds.
type credited struct {
	quantity, amount     int64
	byQuantity, byAmount bool
}

// creditedBefore adds up what the issued notes credited of each line of the invoice. Their private parts tell.
func creditedBefore(op *resource.Op, issued []*object.Object) (map[string]*credited, error) {
	before := map[string]*credited{}
	for _, note := range issued {
		private, err := op.Private(note)
		if err != nil {
			return nil, err
		}
		addCredited(before, private)
	}
	return before, nil
}

// addCredited adds what one note credited of each line.
func addCredited(before map[string]*credited, private *object.Object) {
	for _, v := range private.Array("credited") {
		part := v.(*object.Object)
		id := part.String("line")
		if before[id] == nil {
			before[id] = &credited{}
		}
		before[id].add(part.Get("quantity"), part.Int("amount"))
	}
}

// keep writes into the private part of the note what only later notes and answers that expand need.
func (n *creditNote) keep(op *resource.Op, note *object.Object) error {
	var parts []any
	for i := range n.lines {
		if line := &n.lines[i]; line.invoiceLine != "" {
			parts = append(parts, newParams("line", line.invoiceLine, "quantity", line.quantity, "amount", line.amount))
		}
	}
	private := newParams("credited", parts)
	if len(n.shipTax) > 0 {
		private.Set("shipping_cost", newParams("taxes", n.shipTax))
	}
	return op.SetPrivate(note, private)
}

func (c *credited) add(quantity any, amount int64) {
	c.amount += amount
	if n, ok := quantity.(int64); ok {
		c.quantity += n
		c.byQuantity = true
	} else {
		c.byAmount = true
	}
}

// invoiceLine credits pieces of a line of the invoice, or an amount of it, with its share of the line's discounts and
// taxes. Shares are differences of what was credited before and after, so that they sum to the whole.
func (n *creditNote) invoiceLine(op *resource.Op, sent *object.Object, param string, before map[string]*credited) (creditLine, error) {
	id := sent.String("invoice_line_item")
	if id == "" {
		return creditLine{}, missingParam(param + "[invoice_line_item]")
	}
	for _, name := range []string{"unit_amount", "unit_amount_decimal", "tax_rates"} {
		if sent.Has(name) {
			return creditLine{}, apierr.Invalid("", param+"["+name+"]", "This is only for lines of type custom_line_item.")
		}
	}
	from, err := op.Get("line_item", id, param+"[invoice_line_item]")
	if err != nil {
		return creditLine{}, err
	}
	if from.String("invoice") != n.invoice.ID() {
		return creditLine{}, apierr.Invalid("", param+"[invoice_line_item]", "The line %s is not on the invoice %s.", id, n.invoice.ID())
	}
	done := before[id]
	if done == nil {
		done = &credited{}
		before[id] = done
	}
	s, err := n.lineShare(sent, from, done, param)
	if err != nil {
		return creditLine{}, err
	}
	line := creditLine{invoiceLine: id, description: from.Get("description"), amount: s.of(from.Int("amount")), quantity: sent.Get("quantity")}
	for _, v := range from.Array("discount_amounts") {
		d := v.(*object.Object)
		line.discounts = append(line.discounts, discountPart{d.Ref("discount"), s.of(d.Int("amount"))})
	}
	line.own = ownDiscount(from, line.discounts)
	for _, v := range from.Array("pretax_credit_amounts") {
		if c := v.(*object.Object); c.String("type") == "credit_balance_transaction" {
			line.credits = append(line.credits, discountPart{c.Ref("credit_balance_transaction"), s.of(c.Int("amount"))})
		}
	}
	for _, t := range taxesOfLine(from) {
		t.amount, t.taxable = s.of(t.amount), s.of(t.taxable)
		line.taxes = append(line.taxes, t)
	}
	line.untaxed = s.of(untaxedOfLine(from))
	done.add(line.quantity, line.amount)
	return line, nil
}

// share is a part of a line, from what was credited before to what will be after.
type share struct{ before, after, whole int64 }

func (s share) of(total int64) int64 {
	return money.Share(total, s.after, s.whole) - money.Share(total, s.before, s.whole)
}

// lineShare reads how much of a line to credit, and keeps it within what is left.
func (n *creditNote) lineShare(sent, from *object.Object, done *credited, param string) (share, error) {
	switch {
	case sent.Has("quantity") == sent.Has("amount"):
		return share{}, apierr.Invalid("", param, "Specify one of quantity and amount.")
	case sent.Has("quantity") && done.byAmount, sent.Has("amount") && done.byQuantity:
		return share{}, apierr.Invalid("", param, "The line %s was credited before by the other of quantity and amount; the two cannot be mixed.", from.ID())
	case sent.Has("quantity"):
		s := share{done.quantity, done.quantity + sent.Int("quantity"), from.Int("quantity")}
		if s.after <= s.before || s.after > s.whole {
			return s, apierr.Invalid("", param+"[quantity]", "Between 1 and %d of the line %s can be credited.", s.whole-s.before, from.ID())
		}
		return s, nil
	}
	s := share{done.amount, done.amount + sent.Int("amount"), from.Int("amount")}
	amount, left := sent.Int("amount"), s.whole-s.before
	if amount == 0 || (amount < 0) != (s.whole < 0) || max(amount, -amount) > max(left, -left) {
		return s, apierr.Invalid("", param+"[amount]", "At most %s of the line %s can be credited.", n.format(left), from.ID())
	}
	return s, nil
}
