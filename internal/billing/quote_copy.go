package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// copyQuote lets a new quote say what another one does, if it is to be made from that. A revision is one of an open quote;
// what is neither canceled nor a draft's revision can be copied.
func copyQuote(op *resource.Op) error {
	from := op.Params.Object("from_quote")
	if from == nil {
		return nil
	}
	for _, name := range op.Params.Keys() {
		if name != "from_quote" && name != "expires_at" && name != "expand" {
			return apierr.Invalid("parameters_exclusive", name, "You cannot send `%s` with `from_quote`. Only `expires_at` can be sent with it; change the draft afterwards.", name)
		}
	}
	source, err := op.Get("quote", from.String("quote"), "from_quote[quote]")
	if err != nil {
		return err
	}
	switch status := source.String("status"); {
	case from.Bool("is_revision") && status != "open":
		return apierr.Invalid("status_transition_invalid", "from_quote[quote]", "Only an open quote can be revised; the quote %s is %s.", source.ID(), status)
	case status == "canceled":
		return apierr.Invalid("status_transition_invalid", "from_quote[quote]", "The quote %s is canceled and cannot be copied.", source.ID())
	}
	return copyQuoteParams(op, source)
}

// copyQuoteParams puts what a quote says into the parameters of a new one.
func copyQuoteParams(op *resource.Op, source *object.Object) error {
	p := op.Params
	for _, name := range []string{
		"application_fee_amount", "application_fee_percent", "collection_method", "customer", "customer_account", "default_tax_rates", "description", "footer",
		"header", "on_behalf_of", "test_clock",
	} {
		if v := source.Get(name); v != nil {
			p.Set(name, v)
		}
	}
	for _, name := range []string{"invoice_settings", "metadata", "subscription_data", "transfer_data"} {
		if part := source.Object(name); part != nil {
			p.Set(name, withoutNulls(part))
		}
	}
	p.Set("automatic_tax", newParams("enabled", source.Object("automatic_tax").Bool("enabled"), "liability", withoutNulls(source.Object("automatic_tax").Object("liability"))))
	p.Set("discounts", keptDiscounts(source.Array("discounts")))
	items, err := quoteItems(op, source, quotedItems)
	if err != nil {
		return err
	}
	lines := make([]any, len(items))
	for i, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return err
		}
		lines[i] = newParams("price", item.Object("price").ID(), "quantity", item.Get("quantity"),
			"discounts", keptDiscounts(private.Array(discountIDs)), "tax_rates", private.Array(taxRateIDs))
	}
	p.Set("line_items", lines)
	return nil
}

// withoutNulls is an object as parameters would say it.
func withoutNulls(o *object.Object) *object.Object {
	p := object.New(nil)
	for name, v := range o.All() {
		switch v := v.(type) {
		case nil:
		case *object.Object:
			p.Set(name, withoutNulls(v))
		default:
			p.Set(name, v)
		}
	}
	return p
}
