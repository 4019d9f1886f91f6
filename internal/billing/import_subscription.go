package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// importSubscription begins a subscription whose first bill comes when the period ends that was paid elsewhere. Its discounts
// go on until they end there.
func importSubscription(op *resource.Op, doc *object.Object) error {
	switch status := doc.String("status"); {
	case status != "active" && status != "trialing":
		return leftOut("the subscription is %s", status)
	}
	given, err := couponsGiven(op, doc)
	if err != nil {
		return err
	}
	op.Choose("subscription", doc.ID())
	s, err := op.Create("subscription", importedTerms(doc, given))
	if err != nil {
		return err
	}
	if err := endDiscounts(op, s, doc, given); err != nil {
		return err
	}
	if err := goOnBySchedule(op, s, doc); err != nil {
		return err
	}
	if err := goOnPaused(op, s, doc.Object("pause_collection")); err != nil {
		return err
	}
	if err := importUsage(op, s, doc.Array(importedUsage)); err != nil {
		return err
	}
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if err == nil && in.Int("amount_due") > 0 { // as in the very moment of a renewal
		err = leftOut("it would be billed at once: run the import again a little later")
	}
	return err
}

// goOnPaused lets a subscription whose bills are not collected for a while stay so.
func goOnPaused(op *resource.Op, s, pause *object.Object) error {
	if pause == nil {
		return nil
	}
	p := newParams("behavior", pause.String("behavior"))
	if at := pause.Int("resumes_at"); at > 0 {
		p.Set("resumes_at", at)
	}
	return op.Update(s, newParams("pause_collection", p))
}

// couponsGiven are the coupons of a subscription's discounts, in their order and as they are before it comes.
func couponsGiven(op *resource.Op, doc *object.Object) (coupons []*object.Object, err error) {
	for _, v := range doc.Array("discounts") {
		d, _ := v.(*object.Object)
		coupon, err := op.Find("coupon", couponOf(d))
		if err != nil {
			return nil, err
		}
		if coupon == nil {
			return nil, leftOut("its coupon %s is not here", couponOf(d))
		}
		coupons = append(coupons, coupon.Clone())
	}
	return coupons, nil
}

// importedTerms are the parameters of a subscription that goes on, with its coupons.
func importedTerms(doc *object.Object, given []*object.Object) *object.Object {
	p := newParams("customer", doc.Ref("customer"), "currency", doc.String("currency"), "collection_method", doc.String("collection_method"),
		"cancel_at_period_end", doc.Bool("cancel_at_period_end"), "description", doc.String("description"), "proration_behavior", "none")
	var items []any
	end := doc.Int("current_period_end") // of older versions; now the items have it
	for _, v := range doc.Object("items").Array("data") {
		item, ok := v.(*object.Object)
		if !ok {
			continue
		}
		end = max(end, item.Int("current_period_end"))
		one := newParams("price", item.Ref("price"))
		if item.Object("price").Object("recurring").String("usage_type") != "metered" {
			one.Set("quantity", item.Get("quantity"))
		}
		items = append(items, one)
	}
	p.Set("items", items)
	for _, name := range []string{"default_payment_method", "days_until_due"} {
		if v := doc.Get(name); v != nil {
			p.Set(name, v)
		}
	}
	setNotes(p, doc)
	if doc.String("status") == "trialing" {
		p.Set("trial_end", doc.Int("trial_end"))
	} else {
		p.Set("billing_cycle_anchor", end)
	}
	discounts := make([]any, len(given))
	for i, coupon := range given {
		discounts[i] = newParams("coupon", coupon.ID(), asAgreed, true)
	}
	if len(discounts) > 0 {
		p.Set("discounts", discounts)
	}
	return p
}

// couponOf is the coupon of a discount.
func couponOf(d *object.Object) string {
	if source := d.Object("source"); source != nil {
		return source.Ref("coupon")
	}
	return d.Ref("coupon")
}

// endDiscounts lets the discounts of a subscription that goes on end when they end there. Their coupons were redeemed, and
// that was counted, before.
func endDiscounts(op *resource.Op, s, doc *object.Object, given []*object.Object) error {
	sent := doc.Array("discounts")
	for i, v := range s.Array("discounts") {
		id, _ := v.(string)
		d, err := op.Get("discount", id, "discounts")
		if err != nil {
			return err
		}
		from := sent[i].(*object.Object)
		d.Set("start", from.Int("start"))
		if end := from.Int("end"); end > 0 {
			d.Set("end", end)
			if err := op.SetTimer(discountEnd, d, unix(end)); err != nil {
				return err
			}
		}
		op.Save(d)
	}
	for _, before := range given {
		coupon, err := op.Get("coupon", before.ID(), "discounts")
		if err != nil {
			return err
		}
		coupon.Set("times_redeemed", before.Int("times_redeemed"))
		coupon.Set("valid", before.Bool("valid"))
		op.Save(coupon)
	}
	return nil
}

// importUsage counts what a customer has used in the period that goes on, once for each meter.
func importUsage(op *resource.Op, s *object.Object, sums []any) error {
	customer, err := op.Get("customer", s.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	private, err := op.Private(customer)
	if err != nil {
		return err
	}
	counted := private.Sub("imported_usage")
	for _, v := range sums {
		sum := v.(*object.Object)
		meter, err := op.Get("billing.meter", sum.String("meter"), "meter")
		if err != nil {
			return err
		}
		if counted.Bool(meter.ID()) {
			continue
		}
		if formula := meter.Object("default_aggregation").String("formula"); formula == "count" {
			return leftOut("it is billed by the number of its meter's events, of which only the sum can be read: begin it by hand")
		}
		counted.Set(meter.ID(), true)
		payload := newParams(meter.Object("customer_mapping").String("event_payload_key"), customer.ID(),
			meter.Object("value_settings").String("event_payload_key"), usedText(sum.Get("aggregated_value")))
		if _, err := op.Create("billing.meter_event", newParams("event_name", meter.String("event_name"), "payload", payload)); err != nil {
			return err
		}
	}
	return op.SetPrivate(customer, private)
}

// usedText writes a number of a summary.
func usedText(v any) string { return strings.Trim(string(object.AppendValue(nil, v, 0)), `"`) }
