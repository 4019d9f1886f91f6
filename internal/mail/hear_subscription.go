package mail

import (
	"cmp"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// changesPlan are updates that a customer chose: another price, or an end. A new period changes the items as well.
func changesPlan(a resource.Announcement) bool {
	return a.Previous.Has("items") && !slices.Equal(pricesOf(a.Previous), pricesOf(a.Object)) || stops(a.Object, a.Previous)
}

// pricesOf are the ids of the prices of a subscription.
func pricesOf(s *object.Object) (ids []string) {
	for _, v := range s.Object("items").Array("data") {
		item, _ := v.(*object.Object)
		ids = append(ids, item.Object("price").ID())
	}
	return ids
}

// stops reports whether an update lets a subscription end at a time, where it did not before.
func stops(s, previous *object.Object) bool {
	return s.Bool("cancel_at_period_end") && previous.Has("cancel_at_period_end") ||
		s.Int("cancel_at") > 0 && previous.Has("cancel_at") && previous.Int("cancel_at") == 0
}

// plan is what a subscription is for, as its customer knows it.
type plan struct {
	name    string
	price   string // "$9.00 a month"; empty if it is not that simple
	monthly float64
	free    bool
}

// planOf reads the items of a subscription.
func (d *desk) planOf(items *object.Object) (plan, error) {
	p, names := plan{free: true}, []string{}
	for _, v := range items.Array("data") {
		item, _ := v.(*object.Object)
		price := item.Object("price")
		product, err := d.Find("product", price.Ref("product"))
		if err != nil {
			return p, err
		}
		if name := product.String("name"); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
		p.free = p.free && price.Get("unit_amount") != nil && price.Int("unit_amount") == 0
		p.monthly += monthly(price, item.Int("quantity"))
		p.price = d.priceText(price, item)
	}
	if len(items.Array("data")) > 1 {
		p.price = ""
	}
	p.name = cmp.Or(oneLine(strings.Join(names, ", ")), d.words.yourPlan)
	return p, nil
}

// priceText is what an item costs; empty where a piece has no one price.
func (d *desk) priceText(price, item *object.Object) string {
	every := price.Object("recurring")
	if price.Get("unit_amount") == nil || every.String("usage_type") == "metered" {
		return ""
	}
	amount := d.words.amount(price.Int("unit_amount")*max(1, item.Int("quantity")), price.String("currency"))
	return amount + " " + d.words.often(every.String("interval"), every.Int("interval_count"))
}

// perMonth is how often an interval fits into a month, roughly: to tell more from less.
var perMonth = map[string]float64{"day": 30, "week": 4.3, "month": 1, "year": 1.0 / 12}

func monthly(price *object.Object, quantity int64) float64 {
	every := price.Object("recurring")
	return float64(price.Int("unit_amount")*quantity) * perMonth[every.String("interval")] / float64(max(1, every.Int("interval_count")))
}

func tellChange(d *desk) (bool, error) {
	now, err := d.planOf(d.object.Object("items"))
	if err != nil {
		return false, err
	}
	if stops(d.object, d.previous) {
		return d.tellStop(now), nil
	}
	before, err := d.planOf(d.previous.Object("items"))
	if err != nil {
		return false, err
	}
	w, text := d.words, ""
	switch {
	case now.monthly > before.monthly:
		text = put(w.upgraded, before.name, now.name)
	case now.monthly < before.monthly:
		text = put(w.downgraded, before.name, now.name)
	default:
		text = put(w.changed, before.name, now.name)
	}
	d.say(kindPlanChanged, put(w.plan, now.name), put(w.planHeading, now.name), text)
	d.with("old_plan", before.name, "plan", now.name, "price", now.price)
	d.fact(w.price, now.price)
	return true, nil
}

// tellStop says that a subscription will end.
func (d *desk) tellStop(p plan) bool {
	w := d.words
	at := w.day(cmp.Or(d.object.Int("cancel_at"), periodEnd(d.object)))
	d.say(kindCanceling, put(w.ending, at), put(w.endingHeading, at), put(w.endingText, p.name, at), w.endingAfter)
	d.with("plan", p.name, "date", at)
	return true
}

// periodEnd is when the current period of a subscription ends.
func periodEnd(s *object.Object) (end int64) {
	for _, v := range s.Object("items").Array("data") {
		item, _ := v.(*object.Object)
		end = max(end, item.Int("current_period_end"))
	}
	return end
}

func tellEnd(d *desk) (bool, error) {
	s, w := d.object, d.words
	if s.String("status") == "incomplete_expired" {
		return false, nil // it never began
	}
	p, err := d.planOf(s.Object("items"))
	if err != nil || p.free {
		return false, err // what cost nothing ends when something better takes its place
	}
	text := put(w.endedText, p.name)
	if s.Object("cancellation_details").String("reason") == "payment_failed" {
		text = put(w.endedUnpaid, p.name)
	}
	d.say(kindCanceled, w.ended, w.endedHeading, text)
	d.with("plan", p.name)
	return true, nil
}

func tellTrialEnd(d *desk) (bool, error) {
	s, w := d.object, d.words
	p, err := d.planOf(s.Object("items"))
	if err != nil {
		return false, err
	}
	method, err := d.methodFor(s)
	if err != nil {
		return false, err
	}
	end := w.day(s.Int("trial_end"))
	text := []string{put(w.trialText, p.name, end)}
	if p.price != "" && !s.Bool("cancel_at_period_end") {
		text[0] += " " + put(w.trialPrice, p.price)
	}
	switch {
	case s.Bool("cancel_at_period_end"):
		text = append(text, w.trialEnds)
	case method != "":
		text = append(text, put(w.trialTaken, method))
	case s.String("collection_method") == "charge_automatically":
		text = append(text, w.trialMethod)
	}
	d.with("plan", p.name, "date", end, "price", p.price, "method", method)
	d.say(kindTrialEnding, put(w.trial, p.name, end), put(w.trialHeading, end), text...)
	return true, nil
}

// methodFor is what a subscription will be paid with; empty if there is nothing yet.
func (d *desk) methodFor(s *object.Object) (string, error) {
	settings := d.receiver.Object("invoice_settings")
	id := cmp.Or(s.Ref("default_payment_method"), settings.Ref("default_payment_method"))
	if id == "" {
		return "", nil
	}
	pm, err := d.Find("payment_method", id)
	return methodText(pm), err
}
