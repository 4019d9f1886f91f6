package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a checkout session is begun anew that has expired.

const (
	// recoveryLife is how long an expired session can be begun anew.
	recoveryLife = 30 * 24 * time.Hour
	// recoveryLetters is how much of the address for that cannot be guessed.
	recoveryLetters = 24
)

// recoveryToken finds an expired session by the address for beginning anew.
func recoveryToken(s *object.Object) []string {
	if url := s.Object("after_expiration").Object("recovery").String("url"); url != "" {
		return []string{lastPart(url)}
	}
	return nil
}

// RecoverSession begins a new session like one that has expired, by the token of its recovery address.
func RecoverSession(op *resource.Op, token string) (*object.Object, error) {
	gone := apierr.Missing("checkout.session", token, "")
	found, err := op.Lookup("checkout.session", "recovery", token)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, gone
	}
	old := found[0]
	if recovery := old.Object("after_expiration").Object("recovery"); recovery.Int("expires_at") <= op.Now().Unix() {
		return nil, gone
	}
	params, err := sessionAgain(op, old)
	if err != nil {
		return nil, err
	}
	return op.Create("checkout.session", params)
}

// sameAgain are the fields of a session that a new one takes over. What the customer typed stays behind.
var sameAgain = []string{"billing_address_collection", "cancel_url", "client_reference_id", "consent_collection", "currency", "custom_text", "customer", "customer_email", "locale", "mode",
	"name_collection", "optional_items", "shipping_address_collection", "submit_type", "success_url", "ui_mode"}

// sessionAgain are the parameters of a session like another one.
func sessionAgain(op *resource.Op, old *object.Object) (*object.Object, error) {
	private, err := op.Private(old)
	if err != nil {
		return nil, err
	}
	recovery := old.Object("after_expiration").Object("recovery")
	allowed := recovery.Bool("allow_promotion_codes")
	p := newParams("recovered_from", old.ID(), "metadata", old.Object("metadata").Clone(), "payment_method_types", private.Get("payment_method_types"),
		"after_expiration", newParams("recovery", newParams("enabled", true, "allow_promotion_codes", allowed)), "custom_fields", blankFields(old.Array("custom_fields")))
	takeOver(p, old, sameAgain)
	takeOver(p, private, askedParams)
	if old.String("customer_creation") != "" { // the customer was made there
		p.Delete("customer")
	}
	switch old.String("mode") {
	case modeSubscription:
		takeOver(p, old, []string{"payment_method_collection"})
	case modePayment:
		takeOver(p, old, []string{"customer_creation", "invoice_creation"})
	}
	for _, name := range []string{"automatic_tax", "phone_number_collection", "tax_id_collection"} {
		p.Set(name, newParams("enabled", old.Object(name).Bool("enabled")))
	}
	if allowed {
		p.Set("allow_promotion_codes", true)
	}
	return p, itemsAgain(op, old, p)
}

// takeOver copies fields that have a value.
func takeOver(p, from *object.Object, names []string) {
	for _, name := range names {
		switch v := from.Get(name).(type) {
		case *object.Object:
			p.Set(name, v.Clone())
		case []any:
			p.Set(name, cloneAll(v))
		case string:
			p.Set(name, v)
		}
	}
}

// blankFields are custom fields with nothing typed into them.
func blankFields(fields []any) []any {
	fields = cloneAll(fields)
	for _, v := range fields {
		field := v.(*object.Object)
		field.Object(field.String("type")).Delete("value")
	}
	return fields
}

// itemsAgain adds the line items and ways of shipping of a session to the parameters of another.
func itemsAgain(op *resource.Op, old, p *object.Object) error {
	items, err := lineItems(op, old)
	if err != nil {
		return err
	}
	var lines []*object.Object
	for _, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return err
		}
		if !private.Bool("optional") {
			lines = append(lines, item)
		}
	}
	if len(lines) > 0 {
		sent, err := itemParams(op, lines)
		if err != nil {
			return err
		}
		p.Set("line_items", sent)
	}
	var options []any
	for _, v := range old.Array("shipping_options") {
		options = append(options, newParams("shipping_rate", v.(*object.Object).Ref("shipping_rate")))
	}
	if len(options) > 0 {
		p.Set("shipping_options", options)
	}
	return nil
}

// itemParams are the parameters of line items like these.
func itemParams(op *resource.Op, items []*object.Object) ([]any, error) {
	lines := make([]any, len(items))
	for i, item := range items {
		line, err := soldParams(op, item)
		if err != nil {
			return nil, err
		}
		if bounds := item.Object("adjustable_quantity"); bounds != nil {
			line.Set("adjustable_quantity", bounds.Clone())
		}
		lines[i] = line
	}
	return lines, nil
}
