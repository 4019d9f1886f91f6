package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a phase changes of the items and the discounts of its subscription, and what it adds to the next invoice.

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

// addedItems are the items that a phase adds to the next invoice when it begins, as a subscription takes them.
func addedItems(s, phase *object.Object) []any {
	var added []any
	for _, v := range phase.Array("add_invoice_items") {
		item := v.(*object.Object)
		p := newParams("price", item.Ref("price"), "quantity", item.Get("quantity"), "discountable", item.Get("discountable"), "schedule", s.ID())
		if m := item.Object("metadata"); m.Len() > 0 {
			p.Set("metadata", m.Clone())
		}
		if rates := rateIDs(item.Array("tax_rates")); len(rates) > 0 {
			p.Set("tax_rates", rates)
		}
		var discounts []any
		for _, d := range item.Array("discounts") {
			discounts = append(discounts, said(d.(*object.Object)))
		}
		if len(discounts) > 0 {
			p.Set("discounts", discounts)
		}
		p.Set("period", newParams("start", edge(item, phase, "start"), "end", edge(item, phase, "end")))
		added = append(added, p)
	}
	return added
}

// edge is one end of the period of an added item: those of a phase are dates for its subscription.
func edge(item, phase *object.Object, name string) *object.Object {
	at := item.Object("period").Object(name)
	if at.String("type") == "phase_"+name {
		return newParams("type", "timestamp", "timestamp", phase.Int(name+"_date"))
	}
	return said(at)
}
