package version

import (
	"slices"

	"sharesmart/internal/object"
)

const in2020 = "2020-08-27"

var gates2020 = []Gate{
	{
		Since: in2020, Name: "customer-lists", Objects: []string{"customer"},
		Newer: "A customer shows `sources`, `subscriptions` and `tax_ids` when they are asked for.",
		Older: "It always shows them.",
		answers: map[string]turn{"customer": func(r *rendering, c *object.Object) error {
			return r.always(c, "/v1/customers/"+c.ID(), "sources", "subscriptions", "tax_ids")
		}},
	},
	{
		Since: in2020, Name: "plan-tiers", Objects: []string{"plan"},
		Newer: "A plan shows its `tiers` when they are asked for.",
		Older: "It always shows them.",
		answers: map[string]turn{"plan": func(r *rendering, p *object.Object) error {
			if p.String("billing_scheme") != "tiered" || p.Get("tiers") != nil {
				return nil
			}
			whole, err := r.look("/v1/plans/"+p.ID(), []string{"tiers"})
			if whole != nil {
				p.Set("tiers", whole.Get("tiers"))
			}
			return err
		}},
	},
	{
		Since: in2020, Name: "proration-behavior", Objects: []string{"subscription", "subscription_item", "subscription_schedule", "invoice"},
		Newer:   "`proration_behavior` says whether a change is prorated.",
		Older:   "`prorate` (and `subscription_prorate` for previews) is true or false.",
		request: proration,
	},
	{
		Since: in2020, Name: "tax-percent", Objects: []string{"subscription", "invoice"},
		Newer:   "Subscriptions and invoices have `default_tax_rates`.",
		Older:   "`tax_percent` shows the rate, where there is just one and it comes on top.",
		answers: map[string]turn{"subscription": taxPercent, "invoice": taxPercent},
	},
	{
		Since: in2020, Name: "subscription-plan", Objects: []string{"subscription"},
		Newer: "What is subscribed to is in the items alone.",
		Older: "A subscription with one item also has its `plan` and `quantity`, and can be made with them.",
		request: func(r *Request) error {
			if r.goes("POST /v1/subscriptions", "POST /v1/customers/*/subscriptions") && r.has("plan") {
				r.rename("plan", "items[0][price]")
				r.rename("quantity", "items[0][quantity]")
			}
			return nil
		},
		restores: map[string][]string{"subscription": {"plan"}},
		answers: map[string]turn{"subscription": func(r *rendering, s *object.Object) error {
			s.Set("plan", nil)
			s.Set("quantity", nil)
			if items := s.Object("items").Array("data"); len(items) == 1 {
				item := items[0].(*object.Object)
				s.Set("plan", cloned(item.Get("plan")))
				s.Set("quantity", item.Get("quantity"))
			}
			return r.expandPlan(s)
		}},
	},
	{
		Since: in2020, Name: "schedule-items", Objects: []string{"subscription_schedule"},
		Newer: "A phase of a schedule has `items`.",
		Older: "It has `plans`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/subscription_schedules", "POST /v1/subscription_schedules/*") {
				r.rename("phases[*][plans][*][plan]", "phases[*][items][*][price]")
				r.rename("phases[*][plans]", "phases[*][items]")
			}
			return nil
		},
		answers: map[string]turn{"subscription_schedule": func(_ *rendering, s *object.Object) error {
			for _, v := range s.Array("phases") {
				phase := v.(*object.Object)
				for _, item := range phase.Array("items") {
					item := item.(*object.Object)
					item.Set("plan", cloned(item.Get("price")))
				}
				move(phase, "items", "plans")
			}
			return nil
		}},
	},
	{
		Since: in2020, Name: "checkout-display-items", Objects: []string{"checkout.session"},
		Newer:   "What a checkout session sells is in `line_items`, when they are asked for.",
		Older:   "`display_items` always shows it.",
		answers: map[string]turn{"checkout.session": displayItems},
	},
	{
		Since: in2020, Name: "three-d-secure-result", Objects: []string{"charge"},
		Newer: "What came of 3D Secure is the `result` in the details of a charge's card.",
		Older: "`authenticated` and `succeeded` are true or false.",
		answers: map[string]turn{"charge": func(_ *rendering, c *object.Object) error {
			if check := c.Object("payment_method_details").Object("card").Object("three_d_secure"); check != nil {
				result := check.String("result")
				check.Set("authenticated", result == "authenticated")
				check.Set("succeeded", slices.Contains([]string{"authenticated", "attempt_acknowledged", "exempted"}, result))
			}
			return nil
		}},
	},
	{
		Since: in2020, Name: "account-capabilities", Objects: []string{"account"},
		Newer: "What an account shall be able to do is requested in `capabilities`.",
		Older: "`requested_capabilities` lists it.",
		request: func(r *Request) error {
			if !r.goes("POST /v1/accounts", "POST /v1/accounts/*") {
				return nil
			}
			for _, p := range slices.Clone(r.params) {
				if p.name[0] == "requested_capabilities" && p.value != "" {
					r.set("capabilities["+p.value+"][requested]", "true")
				}
			}
			r.drop("requested_capabilities")
			return nil
		},
	},
	{
		Since: in2020, Name: "account-link-urls", Objects: []string{"account_link"},
		Newer: "An account link has a `return_url` and a `refresh_url`.",
		Older: "They are called `success_url` and `failure_url`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/account_links") {
				r.rename("success_url", "return_url")
				r.rename("failure_url", "refresh_url")
				r.revalue("type", map[string]string{"custom_account_verification": "account_onboarding", "custom_account_update": "account_update"})
			}
			return nil
		},
	},
	{
		Since: in2020, Name: "automatically-updated", Objects: []string{"payment_method"},
		Newer:  "A card that its bank replaced is told of by `payment_method.automatically_updated`.",
		Older:  "The event is `payment_method.card_automatically_updated`.",
		events: map[string]string{"payment_method.automatically_updated": "payment_method.card_automatically_updated"},
	},
}

// proration turns true and false into what is done.
func proration(r *Request) error {
	behavior := map[string]string{"true": "create_prorations", "True": "create_prorations", "false": "none", "False": "none"} // as Python writes them, too
	for older, newer := range map[string]string{"prorate": "proration_behavior", "subscription_prorate": "subscription_proration_behavior"} {
		if !r.has(older) {
			continue
		}
		if r.goes("DELETE /v1/subscriptions/*", "DELETE /v1/customers/*/subscriptions/*") {
			continue // it is still called so there
		}
		r.revalue(older, behavior)
		r.rename(older, newer)
	}
	return nil
}

// taxPercent shows the one exclusive rate of an object.
func taxPercent(_ *rendering, o *object.Object) error {
	o.Set("tax_percent", nil)
	if rates := o.Array("default_tax_rates"); len(rates) == 1 {
		if rate, ok := rates[0].(*object.Object); ok && !rate.Bool("inclusive") {
			o.Set("tax_percent", rate.Get("percentage"))
		}
	}
	return nil
}

// displayItems shows what a session sells: plans, or things with a price of their own.
func displayItems(r *rendering, s *object.Object) error {
	s.Set("display_items", nil)
	if s.ID() == "" || s.String("mode") == "setup" {
		return nil
	}
	lines, err := r.look("/v1/checkout/sessions/"+s.ID()+"/line_items?limit=100", nil)
	if err != nil {
		return err
	}
	items := []any{}
	for _, v := range lines.Array("data") {
		line := v.(*object.Object)
		price := line.Object("price")
		item := object.New(nil)
		item.Set("amount", price.Get("unit_amount"))
		item.Set("currency", line.Get("currency"))
		item.Set("quantity", line.Get("quantity"))
		if price.Object("recurring") != nil {
			item.Set("plan", planOf(price))
			item.Set("type", "plan")
		} else {
			own := object.New(nil)
			own.Set("description", nil)
			own.Set("images", nil)
			own.Set("name", line.Get("description"))
			item.Set("custom", own)
			item.Set("type", "custom")
		}
		items = append(items, item)
	}
	s.Set("display_items", items)
	return nil
}
