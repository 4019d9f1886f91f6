package version

import "sharesmart/internal/object"

var gates2022 = []Gate{
	{
		Since: "2022-11-15", Name: "payment-intent-charges", Objects: []string{"payment_intent"},
		Newer:    "A payment intent names its `latest_charge`.",
		Older:    "`charges` lists all of them.",
		restores: map[string][]string{"payment_intent": {"charges"}},
		answers: map[string]turn{"payment_intent": func(r *rendering, pi *object.Object) error {
			if pi.ID() == "" {
				return nil
			}
			return r.inside("charges", func() error {
				below, _ := r.expands("data")
				charges, err := r.list("/v1/charges?limit=10&payment_intent="+pi.ID(), "charge", below)
				if charges != nil {
					charges.Set("url", "/v1/charges?payment_intent="+pi.ID())
					pi.Set("charges", charges)
				}
				return err
			})
		}},
	},
	{
		Since: "2022-11-15", Name: "charge-refunds", Objects: []string{"charge"},
		Newer: "A charge shows its `refunds` when they are asked for.",
		Older: "It always shows them.",
		answers: map[string]turn{"charge": func(r *rendering, c *object.Object) error {
			return r.always(c, "/v1/charges/"+c.ID(), "refunds")
		}},
	},
	{
		Since: "2022-08-01", Name: "checkout-customer", Objects: []string{"checkout.session"},
		Newer: "A checkout session for a payment makes a customer only if it needs one.",
		Older: "It always makes one.",
		request: func(r *Request) error {
			mode := r.value("mode")
			if r.goes("POST /v1/checkout/sessions") && (mode == "payment" || mode == "") && !r.has("customer") && !r.has("customer_creation") {
				r.set("customer_creation", "always")
			}
			return nil
		},
	},
	{
		Since: "2022-08-01", Name: "checkout-line-items", Objects: []string{"checkout.session"},
		Newer:   "The lines of a new checkout session have a price, or `price_data`.",
		Older:   "They may have `name`, `description`, `images`, `amount` and `currency` instead; what is subscribed to may be in `subscription_data[items]`, and the one way to send things in `shipping_rates`.",
		request: checkoutLines,
	},
	{
		Since: "2022-08-01", Name: "checkout-shipping-cost", Objects: []string{"checkout.session"},
		Newer: "A checkout session has what sending costs in `shipping_cost`.",
		Older: "It has the rate in `shipping_rate`, and the address in `shipping`.",
		answers: map[string]turn{"checkout.session": func(_ *rendering, s *object.Object) error {
			s.Set("shipping_rate", nil)
			if id := s.Object("shipping_cost").Ref("shipping_rate"); id != "" {
				s.Set("shipping_rate", id)
			}
			s.Set("shipping", cloned(s.Get("shipping_details")))
			return nil
		}},
	},
	{
		Since: "2022-08-01", Name: "pending-invoice-items", Objects: []string{"invoice"},
		Newer: "A new invoice leaves out the items that wait, if nothing else is said.",
		Older: "It takes them in.",
		request: func(r *Request) error {
			if !r.goes("POST /v1/invoices") || r.has("subscription") || r.has("from_invoice") {
				return nil
			}
			if !r.has("pending_invoice_items_behavior") {
				r.set("pending_invoice_items_behavior", "include")
			}
			r.revalue("pending_invoice_items_behavior", map[string]string{"include_and_require": "include"})
			return nil
		},
	},
}

// checkoutLines gives the lines of a session price_data.
func checkoutLines(r *Request) error {
	if !r.goes("POST /v1/checkout/sessions") {
		return nil
	}
	for older, newer := range map[string]string{
		"amount": "[unit_amount]", "currency": "[currency]", "name": "[product_data][name]", "description": "[product_data][description]", "images": "[product_data][images]",
	} {
		r.rename("line_items[*]["+older+"]", "line_items[*][price_data]"+newer)
	}
	r.rename("subscription_data[items][*][plan]", "line_items[*][price]")
	r.rename("subscription_data[items][*][quantity]", "line_items[*][quantity]")
	r.rename("shipping_rates[*]", "shipping_options[*][shipping_rate]")
	return nil
}

// list reads a page of a list whose objects are of a kind; below is what is to be expanded in them.
func (r *rendering) list(path, kind string, below [][]string) (*object.Object, error) {
	var expand []string
	for _, names := range below {
		if newer, _ := cut(r.gates, shapesOf(kind), names); len(newer) > 0 {
			expand = append(expand, dotted(append([]string{"data"}, newer...)))
		}
	}
	return r.look(path, expand)
}

// always shows lists that are shown only when they are asked for.
func (r *rendering) always(o *object.Object, path string, names ...string) error {
	missing := names[:0:0]
	for _, name := range names {
		if o.Get(name) == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 || o.ID() == "" {
		return nil
	}
	whole, err := r.look(path, missing)
	for _, name := range missing {
		if whole.Object(name) != nil {
			o.Set(name, whole.Get(name))
		}
	}
	return err
}
