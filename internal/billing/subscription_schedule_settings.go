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
