package checkout

import (
	"cmp"
	"strings"

	"sharesmart/internal/object"
)

// buildSums shows what it comes to: nothing but the total where there is nothing to add up.
func (v *view) buildSums(group *object.Object) {
	w := v.Words
	add := func(label string, amount int64) { v.Sums = append(v.Sums, sum{Label: label, Amount: v.money(amount)}) }
	for i, o := range group.Array("discount_amounts") {
		part := o.(*object.Object)
		add(v.discountLabel(part, i), -part.Int("amount"))
	}
	if rate := group.Object("shipping_rate"); rate != nil {
		add(put(w.ShippingBy, rate.String("display_name")), rate.Int("amount"))
	}
	for _, o := range group.Array("tax_amounts") {
		part := o.(*object.Object)
		add(v.taxLabel(part), part.Int("amount"))
	}
	if tax := v.page.Object("tax_meta"); tax.String("computation_type") == "automatic" && tax.String("status") == "requires_location_inputs" {
		v.Sums = append(v.Sums, sum{Label: w.Tax, Amount: w.TaxLater})
	}
	if len(v.Sums) > 0 {
		v.Sums = append([]sum{{Label: w.Subtotal, Amount: v.money(group.Int("subtotal"))}}, v.Sums...)
	}
	total := w.Total
	if v.kind == "subscription" {
		total = w.DueToday
	}
	v.Total = v.money(group.Int("due"))
	v.Sums = append(v.Sums, sum{total, v.Total, true})
}

// discountLabel says what a discount is called, how much it is, and for how long. What the seller did not name goes without.
func (v *view) discountLabel(part *object.Object, i int) string {
	var coupon *object.Object
	if coupons := v.visit.Array("coupons"); i < len(coupons) {
		coupon = coupons[i].(*object.Object)
	}
	label := coupon.String("name")
	if code := part.Object("promotion_code").String("code"); code != "" {
		label = code
	}
	if off := v.percentOff(coupon); off != "" && label != "" {
		label += ", " + off
	} else if label == "" {
		label = cmp.Or(off, v.Words.Discount)
	}
	months := coupon.Int("duration_in_months")
	switch {
	case v.kind != "subscription":
	case coupon.String("duration") == "repeating" && months > 0:
		label += " " + put(v.Words.For, v.Words.long(months, "month"))
	case coupon.String("duration") == "once":
		label += " " + v.Words.OnFirst
	}
	return label
}

// percentOff is how much a coupon takes off; empty for one that takes off an amount.
func (v *view) percentOff(coupon *object.Object) string {
	switch percent := coupon.Get("percent_off").(type) {
	case int64:
		return put(v.Words.PercentOff, v.Words.count(percent))
	case object.Number:
		return put(v.Words.PercentOff, strings.Replace(string(percent), ".", v.Words.point, 1))
	}
	return ""
}

func (v *view) taxLabel(part *object.Object) string {
	rate := part.Object("tax_rate")
	name := rate.String("display_name")
	if name == "" {
		name = v.Words.Tax
	}
	if part.Bool("inclusive") {
		return put(v.Words.Included, name)
	}
	return name
}

// trial reports whether a subscription is free at first.
func (v *view) trial() bool {
	t := v.visit.Object("recurring")
	return t.Int("trial_period_days") > 0 || t.Int("trial_end") > 0
}

// buildTerms says what a subscription costs: how long it is free, and what it costs from then on, as far as that can be
// said before anything is used.
func (v *view) buildTerms() {
	t, w := v.visit.Object("recurring"), v.Words
	if t == nil {
		return
	}
	later := ""
	if amount, known := t.Get("amount").(int64); known {
		later = put(w.Each, v.money(amount), w.often(t.String("interval"), t.Int("interval_count")))
	}
	switch days, end := t.Int("trial_period_days"), t.Int("trial_end"); {
	case days > 0:
		v.Terms.Free = put(w.FreeFor, w.long(days, "day"))
	case end > 0:
		v.Terms.Free = put(w.FreeUntil, v.day(end))
	}
	today := v.page.Object("total_summary").Int("due")
	switch amount, known := t.Get("amount").(int64); {
	case !known:
		v.Terms.Text = v.Terms.Free
	case v.Terms.Free != "":
		v.Terms.Text = put(w.FreeThen, v.Terms.Free, later)
	case amount == today:
		v.Terms.Text = later
	default:
		v.Terms.Text = put(w.TodayThen, v.money(today), later)
	}
}
