package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a payment link says of the sessions, subscriptions and invoices that come of it.

// settleLink checks and fills what can be changed later, too.
func settleLink(op *resource.Op, l *object.Object) error {
	p := op.Params
	after := l.Object("after_completion")
	if p.Has("after_completion") {
		redirects := after.String("type") == "redirect"
		switch url := p.Object("after_completion").Object("redirect").String("url"); {
		case redirects && url == "":
			return missingParam("after_completion[redirect][url]")
		case redirects && !isPlace(url):
			return apierr.Invalid("url_invalid", "after_completion[redirect][url]", "Not a valid URL")
		case redirects:
			after.Delete("hosted_confirmation")
		default:
			after.Delete("redirect")
			if after.Object("hosted_confirmation") == nil {
				after.Set("hosted_confirmation", nulls("custom_message"))
			}
		}
	}
	if err := limitLink(op, l); err != nil {
		return err
	}
	if p.Has("shipping_options") {
		options, err := offeredShipping(op, p.Array("shipping_options"), l.String("currency"))
		if err != nil {
			return err
		}
		l.Set("shipping_options", options)
	}
	if sent := p.Object("tax_id_collection"); sent != nil || op.Before == nil {
		required := sent.String("required")
		if required == "" {
			required = "never"
		}
		l.Set("tax_id_collection", newParams("enabled", sent.Bool("enabled"), "required", required))
	}
	if err := linkSubscription(op, l, p.Object("subscription_data")); err != nil {
		return err
	}
	if p.Has("invoice_creation") || op.Before == nil {
		if err := linkInvoices(op, l); err != nil {
			return err
		}
	}
	return checkCustomFields(p.Array("custom_fields"))
}

// limitLink reads how many sessions of a link may be complete.
func limitLink(op *resource.Op, l *object.Object) error {
	switch sent := op.Params.Object("restrictions"); {
	case sent == nil && op.Params.Has("restrictions"):
		l.Set("restrictions", nil)
	case sent != nil:
		limit := sent.Object("completed_sessions").Int("limit")
		if limit < 1 {
			return apierr.Invalid("parameter_invalid_integer", "restrictions[completed_sessions][limit]", "This value must be greater than or equal to 1.")
		}
		count := l.Object("restrictions").Object("completed_sessions").Int("count")
		l.Set("restrictions", newParams("completed_sessions", newParams("count", count, "limit", limit)))
	}
	return nil
}

// linkSubscription takes what was sent of subscription_data.
func linkSubscription(op *resource.Op, l, sent *object.Object) error {
	if sent == nil {
		return nil
	}
	const name = "subscription_data"
	data := l.Object(name)
	if data == nil {
		data = newParams("invoice_settings", newParams("issuer", newParams("type", "self")), "metadata", object.New(nil))
		for _, field := range []string{"description", "trial_period_days", "trial_settings"} {
			data.Set(field, nil)
		}
	}
	if days := sent.Get("trial_period_days"); sent.Has("trial_period_days") && days != "" && sent.Int("trial_period_days") < 1 {
		return apierr.Invalid("parameter_invalid_integer", inside(name, "trial_period_days"), "This value must be greater than or equal to 1.")
	}
	for _, field := range []string{"description", "trial_period_days", "trial_settings"} {
		if !sent.Has(field) {
			continue
		}
		data.Set(field, nil)
		if part := sent.Object(field); part != nil {
			data.Set(field, part.Clone())
		} else if v := sent.Get(field); v != "" {
			data.Set(field, v)
		}
	}
	if sent.Get("metadata") == "" {
		data.Set("metadata", object.New(nil))
	}
	for key, v := range sent.Object("metadata").All() {
		if v == "" {
			data.Sub("metadata").Delete(key)
		} else {
			data.Sub("metadata").Set(key, v)
		}
	}
	if issuer := sent.Object("invoice_settings").Object("issuer"); issuer != nil {
		if err := checkIssuer(op, issuer, inside(inside(name, "invoice_settings"), "issuer")); err != nil {
			return err
		}
		data.Set("invoice_settings", newParams("issuer", issuer.Clone()))
	}
	l.Set(name, data)
	return nil
}

// linkInvoices says whether an invoice is written for what was paid.
func linkInvoices(op *resource.Op, l *object.Object) error {
	if err := checkInvoiceData(op); err != nil {
		return err
	}
	items, err := lineItems(op, l)
	if err != nil {
		return err
	}
	l.Set("invoice_creation", nil)
	if !slices.ContainsFunc(items, recurs) {
		l.Set("invoice_creation", invoiceCreation(op.Params.Object("invoice_creation")))
	}
	return nil
}
