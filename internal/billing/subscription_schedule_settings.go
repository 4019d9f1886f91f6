package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a phase makes of its subscription: the parameters that a client would send to create it, or to update it. What it
// says already is left out, so that nothing happens where nothing differs.
//
// All of them, and each item, carry "schedule", which no client can send: it says who asks (bySchedule).

// bySchedule reports whether a schedule changes its subscription, and not a client.
func bySchedule(params *object.Object) bool { return params.Has("schedule") }

// phaseParams are the parameters that make a subscription what a phase says; sub is nil while there is none.
func phaseParams(op *resource.Op, s, phase, sub *object.Object) (*object.Object, error) {
	p := newParams("schedule", s.ID(), "proration_behavior", phase.String("proration_behavior"))
	for _, name := range []string{"application_fee_percent", "description", "on_behalf_of", "collection_method"} {
		setDiffering(p, sub, name, settingOf(s, phase, name))
	}
	for _, name := range []string{"billing_thresholds", "transfer_data", "automatic_tax"} {
		sent, _ := settingOf(s, phase, name).(*object.Object)
		setObject(p, sub, name, sent)
	}
	if collectionOf(s, phase) == "send_invoice" {
		setDiffering(p, sub, "days_until_due", daysOf(s, phase))
	}
	setInvoices(p, s, phase, sub)
	if rates := rateIDs(phase.Array("default_tax_rates")); !slices.Equal(rates, rateIDs(sub.Array("default_tax_rates"))) {
		p.Set("default_tax_rates", rates)
	}
	if m := phase.Object("metadata"); m.Len() > 0 {
		p.Set("metadata", m.Clone())
	}
	setCancelDate(p, s, sub)
	setTrial(op, p, phase, sub)
	for _, set := range []func(op *resource.Op, p, s, phase, sub *object.Object) error{setMethod, setDiscounts, setItems} {
		if err := set(op, p, s, phase, sub); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// setDiffering sets a parameter where the subscription says something else; nil takes away what it says.
func setDiffering(p, sub *object.Object, name string, v any) {
	switch now := sub.Get(name); {
	case v == nil && now == nil, object.Equal(v, now):
	case v == nil:
		p.Set(name, "")
	default:
		p.Set(name, v)
	}
}

// setObject is setDiffering for a hash.
func setObject(p, sub *object.Object, name string, v *object.Object) {
	sent, now := said(v), said(sub.Object(name))
	switch {
	case object.Equal(sent, now):
	case sent != nil:
		p.Set(name, sent)
	case now != nil:
		p.Set(name, "")
	}
}

// setInvoices sets what the invoices of a phase show.
func setInvoices(p, s, phase, sub *object.Object) {
	own, shared, now := phase.Object("invoice_settings"), s.Object("default_settings").Object("invoice_settings"), sub.Object("invoice_settings")
	settings := object.New(nil)
	for _, name := range []string{"account_tax_ids", "custom_fields", "description", "footer", "issuer"} {
		v := own.Get(name)
		if v == nil {
			v = shared.Get(name)
		}
		if o, ok := v.(*object.Object); ok {
			setObject(settings, now, name, o)
			continue
		}
		setDiffering(settings, now, name, v)
	}
	if settings.Len() > 0 {
		p.Set("invoice_settings", settings)
	}
}

// setCancelDate lets the subscription end with the schedule, or not.
func setCancelDate(p, s, sub *object.Object) {
	if s.String("end_behavior") == "cancel" {
		setDiffering(p, sub, "cancel_at", scheduleEnd(s))
	} else {
		setDiffering(p, sub, "cancel_at", nil)
	}
}

// setTrial sets until when the subscription is free. A trial that ends this second ends by itself.
func setTrial(op *resource.Op, p, phase, sub *object.Object) {
	now := op.Now().Unix()
	switch end := phase.Int("trial_end"); {
	case end > now:
		setDiffering(p, sub, "trial_end", end)
	case sub.String("status") == "trialing" && sub.Int("trial_end") > now:
		p.Set("trial_end", "now")
	}
}

// setMethod sets what the subscription is paid with. A method that was detached meanwhile is not used.
func setMethod(op *resource.Op, p, s, phase, sub *object.Object) error {
	v := settingOf(s, phase, "default_payment_method")
	if id, _ := v.(string); id != "" {
		pm, err := op.Find("payment_method", id)
		if err != nil {
			return err
		}
		if pm.Ref("customer") != s.Ref("customer") {
			v = nil
		}
	}
	setDiffering(p, sub, "default_payment_method", v)
	return nil
}

// setDiscounts sets the discounts of the subscription as a whole.
func setDiscounts(op *resource.Op, p, _, phase, sub *object.Object) error {
	given, err := discountParams(op, phase.Array("discounts"), sub.Array("discounts"))
	if err == nil && given != nil {
		p.Set("discounts", given)
	}
	return err
}

// discountParams are the parameters that give discounts, or nil if they are had already. A coupon that was given before
// goes on as it is; one that cannot be given any more is left out.
func discountParams(op *resource.Op, wanted, had []any) ([]any, error) {
	given := []any{}
	for _, v := range wanted {
		one, err := discountParam(op, v.(*object.Object), had)
		if err != nil {
			return nil, err
		}
		if one != nil {
			given = append(given, one)
		}
	}
	if object.Equal(given, keptDiscounts(had)) {
		return nil, nil
	}
	return given, nil
}

func discountParam(op *resource.Op, wanted *object.Object, had []any) (*object.Object, error) {
	if id := wanted.Ref("discount"); id != "" {
		d, err := op.Find("discount", id)
		if d == nil || err != nil {
			return nil, err
		}
		return newParams("discount", id), nil
	}
	code, id := wanted.Ref("promotion_code"), wanted.Ref("coupon")
	for _, v := range had {
		d, err := op.Find("discount", v.(string))
		if err != nil {
			return nil, err
		}
		if code != "" && d.Ref("promotion_code") == code || code == "" && d.Object("source").Ref("coupon") == id {
			return newParams("discount", d.ID()), nil
		}
	}
	if code != "" {
		promotion, err := op.Find("promotion_code", code)
		if err != nil || !promotion.Bool("active") {
			return nil, err
		}
		id = promotion.Object("promotion").Ref("coupon")
	}
	coupon, err := op.Find("coupon", id)
	if err != nil || !coupon.Bool("valid") {
		return nil, err
	}
	return newParams("coupon", wanted.Ref("coupon"), "promotion_code", code), nil
}

// setItems sets the items. One whose price stays is kept; the others take the new prices in turn, and what is left over is
// added or removed.
func setItems(op *resource.Op, p, s, phase, sub *object.Object) error {
	wanted := make([]*object.Object, 0, len(phase.Array("items")))
	for _, v := range phase.Array("items") {
		wanted = append(wanted, v.(*object.Object))
	}
	held, err := itemsOf(op, sub)
	if err != nil {
		return err
	}
	var changes []any
	take := func(item, as *object.Object) error {
		change, err := itemChange(op, s, item, as)
		if change != nil {
			changes = append(changes, change)
		}
		return err
	}
	var loose []*object.Object
	for _, item := range held {
		i := slices.IndexFunc(wanted, func(w *object.Object) bool { return w.Ref("price") == item.Ref("price") })
		if i < 0 {
			loose = append(loose, item)
			continue
		}
		if err := take(item, wanted[i]); err != nil {
			return err
		}
		wanted = slices.Delete(wanted, i, i+1)
	}
	for i, w := range wanted {
		var item *object.Object
		if i < len(loose) {
			item = loose[i]
		}
		if err := take(item, w); err != nil {
			return err
		}
	}
	for _, item := range loose[min(len(wanted), len(loose)):] {
		changes = append(changes, newParams("id", item.ID(), "deleted", true, "schedule", s.ID()))
	}
	if len(changes) > 0 {
		p.Set("items", changes)
	}
	return nil
}

// itemChange are the parameters that make an item what one of a phase says, or nil if it is that already. item is nil for
// a new one.
func itemChange(op *resource.Op, s, item, wanted *object.Object) (*object.Object, error) {
	c := object.New(nil)
	if item.Ref("price") != wanted.Ref("price") {
		c.Set("price", wanted.Ref("price"))
	}
	if wanted.Get("quantity") != nil && (c.Has("price") || wanted.Int("quantity") != item.Int("quantity")) {
		c.Set("quantity", wanted.Int("quantity"))
	}
	if m := wanted.Object("metadata"); m.Len() > 0 && !object.Equal(m, item.Object("metadata")) {
		c.Set("metadata", m.Clone())
	}
	if rates := rateIDs(wanted.Array("tax_rates")); !slices.Equal(rates, rateIDs(item.Array("tax_rates"))) {
		c.Set("tax_rates", rates)
	}
	given, err := discountParams(op, wanted.Array("discounts"), item.Array("discounts"))
	if err != nil {
		return nil, err
	}
	if given != nil {
		c.Set("discounts", given)
	}
	if c.Len() == 0 {
		return nil, nil
	}
	if item != nil {
		c.Set("id", item.ID())
	}
	c.Set("schedule", s.ID())
	return c, nil
}
