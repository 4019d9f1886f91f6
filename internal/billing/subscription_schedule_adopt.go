package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// adoptSubscription makes a schedule for a subscription that there is. Its one phase is the period that the subscription
// is in, or what is left of it until it ends.
//
// Emits customer.subscription.updated.
func adoptSubscription(op *resource.Op, s *object.Object) error {
	for _, name := range op.Params.Keys() {
		if name != "from_subscription" && name != "expand" {
			return apierr.Invalid("", name, "You cannot set `%s` if `from_subscription` is set.", name)
		}
	}
	sub, err := op.Get("subscription", op.Params.String("from_subscription"), "from_subscription")
	if err != nil {
		return err
	}
	switch {
	case hasEnded(sub):
		return apierr.Invalid("", "from_subscription", "You cannot migrate a subscription that is currently in the `%s` status.", sub.String("status"))
	case sub.Ref("schedule") != "":
		return apierr.Invalid("", "from_subscription", "You cannot migrate a subscription that is already attached to a schedule: `%s`.", sub.Ref("schedule"))
	}
	s.Set("customer", sub.Ref("customer"))
	s.Set("subscription", sub.ID())
	s.Set("test_clock", sub.Get("test_clock"))
	s.Set("billing_mode", sub.Object("billing_mode").Clone())
	phase, err := phaseOf(op, sub)
	if err != nil {
		return err
	}
	if sub.Int("cancel_at") > 0 {
		s.Set("end_behavior", "cancel")
		phase.Set("end_date", sub.Int("cancel_at"))
	}
	if err := op.Merge(s, newParams("default_settings", settingsOf(sub), "phases", []any{phase})); err != nil {
		return err
	}
	if err := setPhase(op, s, phasesOf(s)[0]); err != nil {
		return err
	}
	return op.Update(sub, newParams("schedule", s.ID()))
}

// phaseOf is the phase that a subscription is in, as the parameters of one.
func phaseOf(op *resource.Op, sub *object.Object) (*object.Object, error) {
	items, err := itemsOf(op, sub)
	if err != nil {
		return nil, err
	}
	shown := make([]any, len(items))
	for i, item := range items {
		shown[i] = phaseItem(item)
	}
	next := slices.MinFunc(items, func(a, b *object.Object) int { return int(periodOf(a).End - periodOf(b).End) })
	phase := newParams("start_date", periodOf(next).Start, "end_date", periodOf(next).End, "currency", sub.String("currency"),
		"proration_behavior", "create_prorations", "items", shown, "discounts", keptDiscounts(sub.Array("discounts")),
		"default_tax_rates", rateIDs(sub.Array("default_tax_rates")), "metadata", sub.Object("metadata").Clone())
	if end := sub.Int("trial_end"); end > op.Now().Unix() {
		phase.Set("trial_end", end)
	}
	return phase, nil
}

// phaseItem is an item of a subscription as the parameters of one of a phase.
func phaseItem(item *object.Object) *object.Object {
	i := item.Clone()
	return newParams("price", i.Ref("price"), "quantity", i.Get("quantity"), "metadata", i.Object("metadata"), "tax_rates", i.Array("tax_rates"),
		"discounts", keptDiscounts(i.Array("discounts")))
}

// settingsOf are the settings of a subscription that hold in every phase unless it says otherwise.
func settingsOf(sub *object.Object) *object.Object {
	settings := object.New(nil)
	for _, name := range []string{"application_fee_percent", "collection_method", "default_payment_method", "description", "on_behalf_of"} {
		if v := sub.Get(name); v != nil {
			settings.Set(name, v)
		}
	}
	for _, name := range []string{"automatic_tax", "billing_thresholds", "transfer_data"} {
		if v := said(sub.Object(name)); v != nil {
			settings.Set(name, v)
		}
	}
	invoices := object.New(nil)
	if v := said(sub.Object("invoice_settings")); v != nil {
		invoices = v
	}
	if days := sub.Get("days_until_due"); days != nil {
		invoices.Set("days_until_due", days)
	}
	settings.Set("invoice_settings", invoices)
	return settings
}

// said is what an object says: a copy without what is null, or nil if nothing is left.
func said(o *object.Object) *object.Object {
	out := object.New(nil)
	for name, v := range o.Clone().All() {
		if inner, ok := v.(*object.Object); ok {
			if inner = said(inner); inner == nil {
				continue
			}
			v = inner
		}
		if v != nil {
			out.Set(name, v)
		}
	}
	if out.Len() == 0 {
		return nil
	}
	return out
}
