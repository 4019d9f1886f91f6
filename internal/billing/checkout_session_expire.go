package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// recoveryLife is how long an expired session can be begun anew.
const recoveryLife = 30 * 24 * time.Hour

// expireAction ends a session that nobody is to use any more.
func expireAction(op *resource.Op) error {
	if status := op.Object.String("status"); status != "open" {
		return apierr.Invalid("", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.", status)
	}
	return expireSession(op, op.Object)
}

func expireDue(op *resource.Op) error {
	if op.Object.String("status") != "open" {
		return nil
	}
	return expireSession(op, op.Object)
}

// expireSession ends an open session. What was begun to be paid is ended with it.
//
// Emits payment_intent.canceled or setup_intent.canceled; in subscription mode what an unpaid subscription ends with;
// checkout.session.expired.
func expireSession(op *resource.Op, s *object.Object) error {
	if err := op.Move(s, "expired"); err != nil {
		return err
	}
	s.Set("url", nil)
	if err := op.SetTimer(sessionExpiry, s, time.Time{}); err != nil {
		return err
	}
	if err := dropIntents(op, s); err != nil {
		return err
	}
	if recovery := s.Object("after_expiration").Object("recovery"); recovery.Bool("enabled") {
		recovery.Set("url", op.BaseURL()+"/r/"+placedSecret(op, recoveryLetters))
		recovery.Set("expires_at", op.Now().Add(recoveryLife).Unix())
	}
	return op.Emit("checkout.session.expired", s)
}

// recoveryLetters is how much of the address for beginning anew cannot be guessed.
const recoveryLetters = 24

// dropIntents ends what a customer has begun at a session and not finished.
func dropIntents(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	sub, err := op.Find("subscription", private.String("subscription"))
	if err != nil {
		return err
	}
	if sub != nil {
		return expireSubscription(op, sub)
	}
	pi, err := op.Find("payment_intent", s.Ref("payment_intent"))
	if err != nil {
		return err
	}
	if pi != nil && isOpen(pi.String("status")) {
		if err := endIntent(op, pi, "expired", op.Now()); err != nil {
			return err
		}
	}
	for _, id := range []string{s.Ref("setup_intent"), private.String("setup_intent")} {
		si, err := op.Find("setup_intent", id)
		if err != nil {
			return err
		}
		if si != nil && isOpen(si.String("status")) {
			if err := endSetup(op, si, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

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

// sameAgain are the fields of a session that a new one takes over.
var sameAgain = []string{"billing_address_collection", "cancel_url", "client_reference_id", "currency", "customer", "customer_email", "locale", "mode", "payment_method_collection",
	"success_url", "submit_type", "ui_mode"}

// sessionAgain are the parameters of a session like another one.
func sessionAgain(op *resource.Op, old *object.Object) (*object.Object, error) {
	private, err := op.Private(old)
	if err != nil {
		return nil, err
	}
	p := newParams("recovered_from", old.ID(), "metadata", old.Object("metadata").Clone(), "payment_method_types", private.Get("payment_method_types"))
	for _, name := range sameAgain {
		if v := old.Get(name); v != nil && v != "" {
			p.Set(name, v)
		}
	}
	if old.String("mode") != modeSubscription {
		p.Delete("payment_method_collection")
	}
	for _, name := range []string{"automatic_tax", "phone_number_collection", "tax_id_collection"} {
		p.Set(name, newParams("enabled", old.Object(name).Bool("enabled")))
	}
	for _, name := range []string{"consent_collection", "custom_text", "name_collection", "shipping_address_collection"} {
		if part := old.Object(name); part != nil {
			p.Set(name, part.Clone())
		}
	}
	for _, name := range askedParams {
		if part := private.Object(name); part != nil {
			p.Set(name, part.Clone())
		}
	}
	if old.Object("after_expiration").Object("recovery").Bool("allow_promotion_codes") {
		p.Set("allow_promotion_codes", true)
	}
	return p, itemsAgain(op, old, p)
}

// itemsAgain adds the line items and ways of shipping of a session to the parameters of another.
func itemsAgain(op *resource.Op, old, p *object.Object) error {
	items, err := lineItems(op, old)
	if err != nil {
		return err
	}
	if lines, err := itemParams(op, items); err != nil {
		return err
	} else if len(lines) > 0 {
		p.Set("line_items", lines)
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
