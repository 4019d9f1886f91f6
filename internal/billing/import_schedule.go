package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A schedule comes with the subscription that it changes, or by itself if that has not begun. Its phases go on from the one that
// it is in; what cannot be said of them here is not guessed.

// importSchedule takes a schedule that has not begun. Its subscription begins here.
func importSchedule(op *resource.Op, doc *object.Object) error {
	if status := doc.String("status"); status != "not_started" || len(doc.Array("phases")) == 0 {
		return leftOut("the schedule is %s", status)
	}
	settings := doc.Object("default_settings")
	if what := unsaid(settings); what != "" {
		return leftOut("it has %s: begin it by hand", what)
	}
	phases, err := importedPhases(doc.Array("phases"))
	if err != nil {
		return err
	}
	p := newParams("customer", doc.Ref("customer"), "end_behavior", doc.String("end_behavior"), "phases", phases,
		"start_date", doc.Array("phases")[0].(*object.Object).Int("start_date"), "default_settings", keptSettings(settings))
	setNotes(p, doc)
	op.Choose("subscription_schedule", doc.ID())
	_, err = op.Create("subscription_schedule", p)
	return err
}

// goOnBySchedule gives a subscription that was begun anew the schedule that it had.
func goOnBySchedule(op *resource.Op, s, doc *object.Object) error {
	id := doc.Ref("schedule")
	if id == "" {
		return nil
	}
	at := slices.IndexFunc(doc.Array(importedSchedules), func(v any) bool { return v.(*object.Object).ID() == id })
	if at < 0 {
		return leftOut("its schedule cannot be read")
	}
	from := doc.Array(importedSchedules)[at].(*object.Object)
	now := from.Object("current_phase")
	var later []any
	for _, v := range from.Array("phases") {
		if phase := v.(*object.Object); phase.Int("start_date") >= now.Int("end_date") {
			later = append(later, phase)
		}
	}
	phases, err := importedPhases(later)
	if err != nil {
		return err
	}
	op.Choose("subscription_schedule", id)
	schedule, err := op.Create("subscription_schedule", newParams("from_subscription", s.ID()))
	if err != nil {
		return err
	}
	sub, err := op.Get("subscription", s.ID(), "")
	if err != nil {
		return err
	}
	current, err := phaseOf(op, sub)
	if err != nil {
		return err
	}
	current.Set("end_date", now.Int("end_date"))
	p := newParams("end_behavior", from.String("end_behavior"), "phases", append([]any{current}, phases...), "proration_behavior", "none")
	setNotes(p, from)
	return op.Update(schedule, p)
}

// importedPhases are phases as parameters.
func importedPhases(sent []any) (phases []any, err error) {
	for _, v := range sent {
		doc := v.(*object.Object)
		if what := unsaid(doc); what != "" {
			return nil, leftOut("a phase of its schedule has %s: begin it by hand", what)
		}
		p := keptSettings(doc)
		p.Set("end_date", doc.Int("end_date"))
		p.Set("proration_behavior", doc.String("proration_behavior"))
		if at := doc.Int("trial_end"); at > 0 {
			p.Set("trial_end", at)
		}
		setNotes(p, doc)
		items, err := importedPhaseItems(doc)
		if err != nil {
			return nil, err
		}
		p.Set("items", items)
		coupons, err := couponsOfPhase(doc)
		if err != nil {
			return nil, err
		}
		if len(coupons) > 0 {
			p.Set("discounts", coupons)
		}
		phases = append(phases, p)
	}
	return phases, nil
}

func importedPhaseItems(phase *object.Object) (items []any, err error) {
	for _, v := range phase.Array("items") {
		item := v.(*object.Object)
		if len(item.Array("discounts"))+len(item.Array("tax_rates")) > 0 {
			return nil, leftOut("an item of its schedule has discounts or tax rates of its own: begin it by hand")
		}
		one := newParams("price", item.Ref("price"))
		if n := item.Get("quantity"); n != nil {
			one.Set("quantity", n)
		}
		setNotes(one, item)
		items = append(items, one)
	}
	return items, nil
}

func couponsOfPhase(phase *object.Object) (coupons []any, err error) {
	for _, v := range phase.Array("discounts") {
		coupon := v.(*object.Object).Ref("coupon")
		if coupon == "" {
			return nil, leftOut("a phase of its schedule has a discount that is no coupon's: begin it by hand")
		}
		coupons = append(coupons, newParams("coupon", coupon))
	}
	return coupons, nil
}

// unsaid names what a phase, or the settings of all phases, has that does not come along; empty if there is nothing.
func unsaid(doc *object.Object) string {
	for _, name := range []string{"application_fee_percent", "on_behalf_of", "transfer_data", "billing_thresholds"} {
		if doc.Get(name) != nil {
			return name
		}
	}
	for _, name := range []string{"add_invoice_items", "default_tax_rates"} {
		if len(doc.Array(name)) > 0 {
			return name
		}
	}
	if doc.Object("automatic_tax").Bool("enabled") {
		return "automatic_tax"
	}
	return ""
}

// keptSettings are those of a phase, or of all phases, that come along.
func keptSettings(doc *object.Object) *object.Object {
	p := newParams()
	for _, name := range []string{"billing_cycle_anchor", "collection_method", "default_payment_method", "description"} {
		if v := doc.Get(name); v != nil {
			p.Set(name, v)
		}
	}
	return p
}

// setNotes takes the metadata along.
func setNotes(p, doc *object.Object) {
	if notes := doc.Object("metadata"); notes.Len() > 0 {
		p.Set("metadata", notes.Clone())
	}
}
