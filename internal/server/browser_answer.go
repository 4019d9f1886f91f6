package server

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// browserFields are what a publishable key sees of objects that hold more than a customer may know, by their kind; nil
// is everything but hiddenFields. Of an object of a kind that is not here it sees the id.
var browserFields = map[string][]string{
	"payment_intent": {
		"id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at", "cancellation_reason", "capture_method", "client_secret",
		"confirmation_method", "created", "currency", "description", "excluded_payment_method_types", "last_payment_error", "livemode", "next_action",
		"payment_method", "payment_method_configuration_details", "payment_method_types", "processing", "receipt_email", "setup_future_usage",
		"shipping", "source", "status",
	},
	"setup_intent": {
		"id", "object", "automatic_payment_methods", "cancellation_reason", "client_secret", "created", "description", "excluded_payment_method_types",
		"last_setup_error", "livemode", "next_action", "payment_method", "payment_method_configuration_details", "payment_method_types", "status", "usage",
	},
	"checkout.session": names(spec.Component("payment_page")),
	"elements_session": names(spec.Component("elements_session")),
	"install": {
		"id", "object", "browser", "client_secret", "created", "extension", "last_seen_at", "livemode", "name", "paired_at", "pairing", "platform", "status", "version",
	},
	"item":                      nil,
	"login_code":                nil,
	"member":                    names(spec.Component("member")),
	"product":                   {"id", "object", "active", "description", "images", "livemode", "marketing_features", "name"},
	"share":                     {"id", "object", "clicks", "clicks_by_day", "created", "deleted", "items", "livemode", "title", "type", "url"},
	"list":                      nil,
	"payment_method":            nil,
	"payment_method_preference": nil,
	"price":                     nil,
	"tax_rate":                  nil,
	"confirmation_token":        nil,
	"source":                    nil,
	"token":                     nil,
	"card":                      nil,
	"bank_account":              nil,
}

// names are the fields of a shape.
func names(s *spec.Schema) []string {
	out := make([]string, len(s.Props))
	for i := range s.Props {
		out[i] = s.Props[i].Name
	}
	return out
}

// hiddenFields are hidden from a publishable key wherever browserFields does not name them: what the seller knows of the customer and notes for
// itself, and what would tell that two cards are one.
var hiddenFields = map[string]bool{
	"application": true, "charge": true, "customer": true, "customer_account": true, "fingerprint": true, "metadata": true, "radar_options": true,
	"network_advice_code": true, "network_decline_code": true, "advice_code": true,
}

// forBrowser makes of an answer what a publishable key may see. What is not JSON is not for it.
func forBrowser(body []byte, features *object.Object) ([]byte, error) {
	v, err := object.ParseValue(body)
	if err != nil {
		return nil, err
	}
	if list, ok := v.(*object.Object); ok && features != nil && list.String("object") == "list" {
		keepRedisplayed(list, features)
	}
	return append(object.AppendValue(make([]byte, 0, len(body)), seenByBrowser(v), 0), '\n'), nil
}

// reduce changes an answer in place. It is no stored document as it is any more.
func (x *exchange) reduce(a *resource.Answer) error {
	body, err := forBrowser(a.Body, x.features)
	if err == nil {
		a.Body, a.ObjectID, a.ObjectVersion = body, "", 0
	}
	return err
}

// seenByBrowser reduces a value.
func seenByBrowser(v any) any {
	switch v := v.(type) {
	case *object.Object:
		return reduced(v)
	case []any:
		for i, part := range v {
			v[i] = seenByBrowser(part)
		}
	}
	return v
}

func reduced(o *object.Object) any {
	kind, _ := o.Get("object").(string)
	fields, known := browserFields[kind]
	if kind != "" && !known {
		return o.Get("id")
	}
	for _, name := range o.Keys() {
		if hiddenFields[name] && !slices.Contains(fields, name) || (fields != nil && !slices.Contains(fields, name)) {
			o.Delete(name)
			continue
		}
		if part := o.Object(name); name == "amount_details" && part != nil {
			keepFields(part, spec.Component("payment_flows_amount_details_client"))
		}
		o.Set(name, seenByBrowser(o.Get(name)))
	}
	return o
}

// keepFields deletes what a schema does not have.
func keepFields(o *object.Object, schema *spec.Schema) {
	for _, name := range o.Keys() {
		if schema.Prop(name) == nil {
			o.Delete(name)
		}
	}
}
