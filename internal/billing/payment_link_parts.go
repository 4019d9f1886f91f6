package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a payment link says of the subscriptions and invoices that come of it.

// linkSubscription takes what was sent of subscription_data.
func linkSubscription(l, sent *object.Object) error {
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
		data.Set("invoice_settings", newParams("issuer", issuer.Clone()))
	}
	l.Set(name, data)
	return nil
}

// linkInvoices says whether an invoice is written for what was paid.
func linkInvoices(op *resource.Op, l *object.Object) error {
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
