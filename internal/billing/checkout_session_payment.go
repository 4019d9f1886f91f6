package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a session in payment mode is paid.

// payAtSession pays what a session comes to. Every try is one of the same payment intent.
//
// Emits customer.created if one is needed, payment_intent.created, then what the intent does, and what completeSession
// does.
func payAtSession(op *resource.Op, s, pm *object.Object, back visit) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	data := private.Object("payment_intent_data").Clone()
	if data == nil {
		data = object.New(nil)
	}
	if private.Bool("saves") && data.String("setup_future_usage") == "" {
		data.Set("setup_future_usage", "on_session")
	}
	needed := s.String("customer_creation") == "always" || data.String("setup_future_usage") != "" || s.Object("invoice_creation").Bool("enabled")
	customer, err := payingCustomer(op, s, needed)
	if err != nil {
		return err
	}
	if s.Int("amount_total") == 0 {
		return completeSession(op, s, nothingToPay)
	}
	params := sessionPayment(s, data, customer)
	pi, err := op.Find("payment_intent", s.Ref("payment_intent"))
	switch {
	case err != nil:
		return err
	case pi == nil || pi.String("status") == canceled:
		if pi, err = op.Create("payment_intent", params); err != nil {
			return err
		}
		s.Set("payment_intent", pi.ID())
		if err := tieToSession(op, pi, s); err != nil {
			return err
		}
	default:
		if err := refreshPayment(op, pi, params); err != nil {
			return err
		}
	}
	return payIntent(op, pi, pm, back)
}

// sessionPayment are the parameters of the payment intent of a session.
func sessionPayment(s, data, customer *object.Object) *object.Object {
	p := object.New(nil)
	for name, v := range data.All() {
		p.Set(name, v)
	}
	p.Set("amount", s.Int("amount_total"))
	p.Set("currency", s.String("currency"))
	p.Set("payment_method_types", slices.Clone(s.Array("payment_method_types")))
	if options := s.Object("payment_method_options"); options != nil {
		p.Set("payment_method_options", options.Clone())
	}
	if customer != nil {
		p.Set("customer", customer.ID())
	}
	if shipping := s.Object("collected_information").Object("shipping_details"); shipping != nil && !data.Has("shipping") {
		p.Set("shipping", newParams("address", texts(shipping.Object("address")), "name", shipping.String("name"), "phone", s.Object("customer_details").String("phone")))
	}
	return p
}

// refreshPayment lets an intent follow what has changed since the last try.
func refreshPayment(op *resource.Op, pi, params *object.Object) error {
	changed := object.New(nil)
	for _, name := range []string{"amount", "customer", "shipping"} {
		if v := params.Get(name); v != nil && v != any(pi.Ref(name)) {
			changed.Set(name, v)
		}
	}
	if usage := params.String("setup_future_usage"); usage != pi.String("setup_future_usage") {
		changed.Set("setup_future_usage", usage)
	}
	return op.Update(pi, changed)
}

// tieToSession lets an intent know the session that it is for.
func tieToSession(op *resource.Op, intent, s *object.Object) error {
	private, err := op.Private(intent)
	if err != nil {
		return err
	}
	private.Set("checkout", s.ID())
	return op.SetPrivate(intent, private)
}

// payIntent confirms a payment intent with a method, its customer being there.
func payIntent(op *resource.Op, pi, pm *object.Object, back visit) error {
	if kind := any(pm.String("type")); !slices.Contains(pi.Array("payment_method_types"), kind) {
		pi.Set("payment_method_types", append(slices.Clone(pi.Array("payment_method_types")), kind))
	}
	if err := checkMethod(op, pi, pm); err != nil {
		return err
	}
	pi.Set("payment_method", pm.ID())
	return confirm(op, pi, newParams("return_url", back.returnURL, "use_stripe_sdk", back.sdk))
}
