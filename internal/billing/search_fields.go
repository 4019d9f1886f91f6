package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a search of each kind may ask for; the query language is in package resource.
const (
	token    = resource.SearchToken
	text     = resource.SearchString
	number   = resource.SearchNumber
	metaKeys = resource.SearchMetadata
)

type searchValues = map[string]func(o *object.Object) any

var searchFields = []resource.Rules{
	{Object: "charge", Search: chargeSearch(), SearchValues: searchValues{"refunded": refunded}},
	{Object: "customer", Search: map[string]resource.SearchField{
		"created": number, "email": text, "metadata": metaKeys, "name": text, "phone": text,
	}},
	{Object: "invoice", Search: map[string]resource.SearchField{
		"created": number, "currency": token, "customer": token, "last_finalization_error_code": token,
		"last_finalization_error_type": token, "metadata": metaKeys, "number": text, "receipt_number": text, "status": text,
		"subscription": text, "total": number,
	}, SearchValues: searchValues{
		"subscription":                 path("parent", "subscription_details", "subscription"),
		"last_finalization_error_code": path("last_finalization_error", "code"),
		"last_finalization_error_type": path("last_finalization_error", "type"),
	}},
	{Object: "payment_intent", Search: map[string]resource.SearchField{
		"amount": number, "created": number, "currency": token, "customer": token, "metadata": metaKeys, "status": token,
	}},
	{Object: "price", Search: map[string]resource.SearchField{
		"active": token, "currency": token, "lookup_key": text, "metadata": metaKeys, "product": text, "type": token,
	}},
	{Object: "product", Search: map[string]resource.SearchField{
		"active": token, "description": text, "metadata": metaKeys, "name": text, "shippable": token, "url": text,
	}},
	{Object: "subscription", Search: map[string]resource.SearchField{
		"canceled_at": number, "created": number, "metadata": metaKeys, "status": token,
	}},
}

// chargeSearch has the fields of each way in which a card can be used.
func chargeSearch() map[string]resource.SearchField {
	fields := map[string]resource.SearchField{
		"amount": number, "billing_details.address.postal_code": token, "created": number, "currency": token, "customer": token,
		"disputed": token, "metadata": metaKeys, "refunded": token, "status": token,
	}
	for _, way := range []string{"card", "card_present", "interac_present"} {
		for _, name := range []string{"last4", "exp_month", "exp_year", "brand", "fingerprint"} {
			fields["payment_method_details."+way+"."+name] = token
		}
	}
	return fields
}

// path reads a field that is deeper than its name says.
func path(names ...string) func(*object.Object) any {
	return func(o *object.Object) any { return o.At(names...) }
}

// refunded tells the three states of a charge apart: true when all of it was paid back, false when a part was, and
// null when nothing was.
func refunded(o *object.Object) any {
	if o.Int("amount_refunded") == 0 {
		return nil
	}
	return o.Bool("refunded")
}
