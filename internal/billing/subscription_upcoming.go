package billing

import (
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Before a period ends, it is told what the invoice will be that comes then.

const (
	subscriptionUpcoming = "subscription.upcoming"
	// upcomingTime is how long before. Stripe's accounts choose it; this is what they begin with. A period that is not
	// longer is not told of.
	upcomingTime = 7 * 24 * time.Hour
)

// watchUpcoming asks to tell of the invoice that comes at a moment.
func watchUpcoming(op *resource.Op, s *object.Object, next int64) error {
	at := unix(next).Add(-upcomingTime)
	if !at.After(op.Now()) {
		at = time.Time{}
	}
	return op.SetTimer(subscriptionUpcoming, s, at)
}

// tellUpcoming tells of the next invoice of a subscription. The invoice is made for the event alone.
// Emits invoice.upcoming.
func tellUpcoming(op *resource.Op) error {
	s := op.Object
	next, _ := periodEnds(s)
	status := s.String("status")
	switch {
	case status != "active" && status != "trialing" && status != "past_due", next <= op.Now().Unix(), s.Int("cancel_at") > 0 && s.Int("cancel_at") <= next:
		return nil
	}
	told, err := playedUpcoming(op, s, next)
	if told || err != nil {
		return err
	}
	b, err := foreseenBill(op, s.Clone(), next)
	if err != nil {
		return err
	}
	lines, err := b.foresee(op)
	if err != nil || len(lines) == 0 {
		return err
	}
	return announceUpcoming(op, "upcoming_"+op.NewID("invoice"), b.params(), func(op *resource.Op) error { return fillUpcoming(op, b, lines) })
}

// announceUpcoming makes an invoice for its event.
func announceUpcoming(op *resource.Op, id string, params *object.Object, fill resource.Hook) error {
	op.Choose("invoice", id)
	in, err := op.Make("invoice", "", params, fill)
	if err != nil {
		return err
	}
	if err := op.Emit("invoice.upcoming", in); err != nil {
		return err
	}
	return op.Delete(in)
}

// playedUpcoming tells of the next invoice of a subscription whose schedule moves on before: as a preview does, it plays
// that and takes it back. Working out the lines alone is enough for all others, and costs a tenth.
func playedUpcoming(op *resource.Op, s *object.Object, next int64) (told bool, err error) {
	schedule, err := op.Find("subscription_schedule", s.Ref("schedule"))
	if err != nil || schedule == nil {
		return false, err
	}
	if end := schedule.Object("current_phase").Int("end_date"); end == 0 || end > next {
		return false, nil
	}
	var shown *object.Object
	told, err = op.Foresee(func(trial *resource.Op) error {
		s, err := trial.Get("subscription", s.ID(), "")
		if err != nil {
			return err
		}
		in, err := nextInvoice(trial, s)
		if in == nil || err != nil {
			return err
		}
		if err := showPreview(trial, in); err != nil {
			return err
		}
		shown = trial.Result
		return nil
	})
	if !told || shown == nil {
		return told, err
	}
	return true, announceUpcoming(op, shown.ID(), newParams("customer", shown.Ref("customer")), func(op *resource.Op) error {
		for name, v := range shown.All() {
			op.Object.Set(name, v)
		}
		return nil
	})
}

// foreseenBill is what nextBill will be at a moment, as far as it is known now. s is a copy that may be changed.
func foreseenBill(op *resource.Op, s *object.Object, at int64) (*subscriptionBill, error) {
	b := &subscriptionBill{s: s, reason: "upcoming", to: at}
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, err
	}
	for _, item := range newestFirst(items) {
		old := periodOf(item)
		if old.End > at {
			continue
		}
		if b.from == 0 || old.Start < b.from {
			b.from = old.Start
		}
		if isMetered(item) && s.String("status") == "trialing" {
			continue
		}
		next := item.Clone()
		openPeriod(s, next, unix(at))
		c := itemCharge{item: next, period: periodOf(next), full: partOf(s, next), quantity: quantityOf(next)}
		if isMetered(item) {
			if c, err = usageCharge(op, s, item, old); err != nil {
				return nil, err
			}
		}
		b.charges = append(b.charges, c)
	}
	return b, nil
}

// foresee are the lines that a bill will have: of what waits, then of the items. They are not kept.
func (b *subscriptionBill) foresee(op *resource.Op) ([]*object.Object, error) {
	waiting, err := op.Lookup("invoiceitem", "waiting", b.s.Ref("customer"))
	if err != nil {
		return nil, err
	}
	var lines []*object.Object
	add := func(fields *object.Object) error {
		line, err := op.Draft("line_item", object.New(nil))
		if err != nil {
			return err
		}
		for _, name := range []string{"discounts", "discount_amounts", "pretax_credit_amounts", "taxes"} {
			line.Set(name, []any{})
		}
		for name, v := range fields.All() {
			line.Set(name, v)
		}
		line.Set("id", "il_tmp_"+line.ID()[len("il_"):])
		line.Set("currency", b.s.String("currency"))
		lines = append(lines, line)
		return nil
	}
	for _, item := range waiting {
		if of := itemSubscription(item); (of == "" || of == b.s.ID()) && item.Ref("invoice") == "" && item.String("currency") == b.s.String("currency") {
			if err := add(itemLine(item)); err != nil {
				return nil, err
			}
		}
	}
	for _, c := range b.charges {
		fields, err := c.foresee(op, b.s)
		if err != nil {
			return nil, err
		}
		for _, f := range fields {
			if err := add(f); err != nil {
				return nil, err
			}
		}
	}
	return lines, nil
}

// foresee are the fields of the lines of a charge.
func (c itemCharge) foresee(op *resource.Op, s *object.Object) ([]*object.Object, error) {
	product, err := op.Get("product", c.item.Object("price").Ref("product"), "price")
	if err != nil {
		return nil, err
	}
	parts, err := c.parts(op, s)
	if err != nil {
		return nil, err
	}
	discounts, err := lasting(op, c.item.Array("discounts"), op.Now().Unix())
	if err != nil {
		return nil, err
	}
	lines := make([]*object.Object, len(parts))
	for i, part := range parts {
		lines[i] = c.line(s, part)
		lines[i].Set("discounts", slices.Clone(discounts))
		lines[i].Set("description", c.text(s, part, product.String("name")))
	}
	return lines, nil
}

// fillUpcoming completes the invoice that is told of.
func fillUpcoming(op *resource.Op, b *subscriptionBill, lines []*object.Object) error {
	in := op.Object
	in.Set("status", "draft")
	in.Set("created", b.to)
	in.Set("period_start", b.from)
	in.Set("period_end", b.to)
	in.Set("test_clock", b.s.Get("test_clock"))
	in.Delete("confirmation_secret")
	in.Sub("lines").Set("url", "/v1/invoices/"+in.ID()+"/lines")
	if in.String("collection_method") == "charge_automatically" {
		in.Set("next_payment_attempt", unix(b.to).Add(draftTime).Unix())
	} else {
		in.Set("due_date", unix(b.to).AddDate(0, 0, int(b.s.Int("days_until_due"))).Unix())
	}
	settleAutomaticTax(in)
	discounts, err := sharedDiscounts(op, b.s, op.Now().Unix())
	if err != nil {
		return err
	}
	in.Set("discounts", append([]any{}, discounts...))
	if err := copySeller(op, in); err != nil {
		return err
	}
	sums := &bill{in: in, lines: lines, rates: map[string][]*object.Object{}}
	for _, line := range lines {
		line.Set("invoice", in.ID())
		if err := sums.foreseeRates(op, b, line); err != nil {
			return err
		}
	}
	if err := sums.sum(op); err != nil {
		return err
	}
	showLines(in, lines)
	return nil
}

// foreseeRates are the tax rates of a line that is not kept: those of its item.
func (b *bill) foreseeRates(op *resource.Op, of *subscriptionBill, line *object.Object) error {
	if id := lineItemID(line); id != "" {
		item, err := op.Get("invoiceitem", id, "")
		if err != nil {
			return err
		}
		for _, v := range item.Array("tax_rates") {
			b.rates[line.ID()] = append(b.rates[line.ID()], v.(*object.Object))
		}
		return nil
	}
	id, _ := line.At("parent", "subscription_item_details", "subscription_item").(string)
	for _, c := range of.charges {
		if c.item.ID() == id {
			for _, v := range c.item.Array("tax_rates") {
				b.rates[line.ID()] = append(b.rates[line.ID()], v.(*object.Object))
			}
		}
	}
	return nil
}
