package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a subscription begins in the past: its first invoice charges for the time gone by. With flexible billing there is a
// line for each period, and the periods are counted from the start; with classic billing there is one line for all of it.
// Source: Stripe, Backdate subscriptions.

// maxPastLines is how many lines the time gone by may take.
const maxPastLines = 250

// backdate lets the periods of a new subscription begin where the last one gone by ends, and its discounts with it.
func backdate(op *resource.Op, s *object.Object) error {
	start, now := s.Int("start_date"), op.Now().Unix()
	if start >= now {
		return nil
	}
	items, err := itemsOf(op, s)
	if err != nil {
		return err
	}
	if err := backdateDiscounts(op, s.Array("discounts"), start); err != nil {
		return err
	}
	for _, item := range items {
		if err := backdateDiscounts(op, item.Array("discounts"), start); err != nil {
			return err
		}
		if p := periodOf(item); isFlexible(s) && s.Int("trial_end") == 0 {
			p.Start = max(start, fullPeriod(s, item, op.Now()).Start)
			setPeriodOf(item, p)
			op.Save(item)
			showItem(s, item)
		}
		if !isMetered(item) {
			continue
		}
		if err := countUsageFrom(op, item.ID(), item.Int("current_period_start")); err != nil {
			return err
		}
	}
	return nil
}

// backdateDiscounts lets the discounts that come with a subscription begin when it does. One that is over by now is for the
// time gone by alone.
func backdateDiscounts(op *resource.Op, given []any, start int64) error {
	for _, v := range given {
		d, err := op.Get("discount", v.(string), "discounts")
		if err != nil {
			return err
		}
		if d.Int("start") != op.Now().Unix() {
			continue // it was given before
		}
		terms, err := op.Private(d)
		if err != nil {
			return err
		}
		d.Set("start", start)
		if err := endLater(op, d, terms.Int("months")); err != nil {
			return err
		}
		op.Save(d)
	}
	return nil
}

// pastCharges are for the time of an item before its first period.
func pastCharges(op *resource.Op, s, item *object.Object) ([]itemCharge, error) {
	past := money.Span{Start: s.Int("start_date"), End: item.Int("current_period_start")}
	if past.Start >= past.End {
		return nil, nil
	}
	if !isFlexible(s) {
		one, err := pastCharge(op, s, item, past)
		one.over = true
		return []itemCharge{one}, err
	}
	var all []itemCharge
	for at := past.Start; at < past.End; at = all[len(all)-1].period.End {
		full := fullPeriod(s, item, unix(at))
		one, err := pastCharge(op, s, item, money.Span{Start: at, End: min(full.End, past.End)})
		if err != nil {
			return nil, err
		}
		if one.period != full {
			one.full = full
		}
		if all = append(all, one); len(all) > maxPastLines {
			return nil, apierr.Invalid("", "backdate_start_date", "A backdated subscription can have up to %d lines for the time gone by.", maxPastLines)
		}
	}
	return all, nil
}

func pastCharge(op *resource.Op, s, item *object.Object, period money.Span) (itemCharge, error) {
	if isMetered(item) {
		return usedBetween(op, s, item, period, period)
	}
	return itemCharge{item: item, period: period, quantity: quantityOf(item)}, nil
}
