package version

import (
	"slices"
	"strconv"

	"sharesmart/internal/object"
)

var basilSubscriptions = []Gate{
	{
		Since: basilStart, Name: "subscription-periods", Objects: []string{"subscription", "subscription_item"},
		Newer: "Each item of a subscription has its period.",
		Older: "`current_period_start` and `current_period_end` are those of the subscription.",
		answers: map[string]turn{
			"subscription": func(_ *rendering, s *object.Object) error {
				for _, name := range []string{"current_period_start", "current_period_end"} {
					s.Set(name, periodEdge(s, name))
				}
				return nil
			},
			"subscription_item": func(_ *rendering, item *object.Object) error {
				item.Delete("current_period_start")
				item.Delete("current_period_end")
				return nil
			},
		},
	},
	{
		Since: basilStart, Name: "subscription-item-plan", Objects: []string{"subscription_item"},
		Newer: "An item of a subscription shows its price alone.",
		Older: "It shows the same as a `plan`, too, and is made for either.",
		request: func(r *Request) error {
			if r.goes("POST /v1/subscription_items", "POST /v1/subscription_items/*") {
				r.rename("plan", "price")
			}
			for _, items := range []string{"items", "subscription_items", "phases[*][items]", "phases[*][add_invoice_items]", "schedule_details[phases][*][items]", "add_invoice_items"} {
				r.rename(items+"[*][plan]", items+"[*][price]")
			}
			return nil
		},
		restores: map[string][]string{"subscription_item": {"plan"}},
		answers: map[string]turn{"subscription_item": func(r *rendering, item *object.Object) error {
			if price := item.Object("price"); price != nil {
				item.Set("plan", planOf(price))
			}
			return r.expandPlan(item)
		}},
	},
	{
		Since: basilStart, Name: "single-discount", Objects: []string{"subscription", "subscription_schedule", "invoice", "customer"},
		Newer:    "Subscriptions, schedules and previews take `discounts`.",
		Older:    "They also take one `coupon` or `promotion_code`; subscriptions and invoices show their first discount as `discount`, phases of schedules its `coupon`.",
		restores: map[string][]string{"subscription": {"discount"}, "invoice": {"discount"}},
		request:  singleDiscount,
		answers:  map[string]turn{"subscription": showDiscount("subscription"), "invoice": showDiscount("invoice"), "subscription_schedule": phaseCoupons},
	},
	{
		Since: basilStart, Name: "upcoming-invoice", Objects: []string{"invoice"},
		Newer: "The next invoice is previewed with `POST /v1/invoices/create_preview`.",
		Older: "`GET /v1/invoices/upcoming` and `/upcoming/lines` answer it, with the changes in parameters that begin with `subscription_`.",
		routes: []route{
			{method: "GET", path: "/v1/invoices/upcoming", newMethod: "POST", newPath: "/v1/invoices/create_preview", whole: upcomingInvoice},
			{method: "GET", path: "/v1/invoices/upcoming/lines", newMethod: "POST", newPath: "/v1/invoices/create_preview", whole: upcomingLines},
		},
		request: func(r *Request) error {
			if !r.goes("POST /v1/invoices/create_preview") {
				return nil
			}
			if r.whole != nil {
				r.page = map[string]string{}
				for _, name := range []string{"limit", "starting_after", "ending_before"} {
					r.page[name] = r.value(name)
					r.drop(name)
				}
			}
			for _, name := range []string{
				"billing_cycle_anchor", "cancel_at", "cancel_at_period_end", "cancel_now", "default_tax_rates", "items", "proration_behavior", "proration_date",
				"resume_at", "start_date", "trial_end",
			} {
				r.rename("subscription_"+name, "subscription_details["+name+"]")
			}
			r.drop("subscription_trial_from_plan")
			return nil
		},
	},
}

// periodEdge is where the period of a subscription begins or ends: as its first item's does.
func periodEdge(s *object.Object, name string) any {
	for _, v := range s.Object("items").Array("data") {
		if item, ok := v.(*object.Object); ok && item.Has(name) {
			return item.Get(name)
		}
	}
	return nil
}

// expandPlan expands what was asked for in an object's plan, which was made of a price.
func (r *rendering) expandPlan(o *object.Object) error {
	plan := o.Object("plan")
	below, _ := r.expands("plan")
	if plan == nil || len(below) == 0 {
		return nil
	}
	return r.inside("plan", func() error {
		price, err := r.get("price", plan.ID(), below)
		for _, name := range []string{"product", "tiers"} {
			if price.Has(name) {
				plan.Set(name, price.Get(name))
			}
		}
		return err
	})
}

// planOf is a price as a plan, with the product's id.
func planOf(price *object.Object) *object.Object {
	recurring := price.Object("recurring")
	plan := object.New(nil)
	plan.Set("id", price.ID())
	plan.Set("object", "plan")
	plan.Set("active", price.Get("active"))
	plan.Set("aggregate_usage", nil)
	plan.Set("amount", price.Get("unit_amount"))
	plan.Set("amount_decimal", price.Get("unit_amount_decimal"))
	for _, name := range []string{"billing_scheme", "created", "currency"} {
		plan.Set(name, price.Get(name))
	}
	for _, name := range []string{"interval", "interval_count"} {
		plan.Set(name, recurring.Get(name))
	}
	plan.Set("livemode", price.Get("livemode"))
	plan.Set("metadata", cloned(price.Get("metadata")))
	plan.Set("meter", recurring.Get("meter"))
	plan.Set("nickname", price.Get("nickname"))
	plan.Set("product", price.Ref("product"))
	plan.Set("tiers_mode", price.Get("tiers_mode"))
	plan.Set("transform_usage", cloned(price.Get("transform_quantity")))
	plan.Set("trial_period_days", nil)
	plan.Set("usage_type", recurring.Get("usage_type"))
	return plan
}

// singleDiscount turns a coupon or a promotion code into a list of one.
func singleDiscount(r *Request) error {
	if r.goes("POST /v1/subscriptions", "POST /v1/subscriptions/*", "POST /v1/customers/*/subscriptions", "POST /v1/customers/*/subscriptions/*", "POST /v1/invoices/create_preview") {
		for _, name := range []string{"coupon", "promotion_code"} {
			if r.has(name) && r.value(name) == "" { // takes the discount away
				r.drop(name)
				r.set("discounts", "")
			}
			r.rename(name, "discounts[0]["+name+"]")
		}
	}
	if r.goes("POST /v1/subscription_schedules", "POST /v1/subscription_schedules/*", "POST /v1/invoices/create_preview") {
		r.rename("phases[*][coupon]", "phases[*][discounts][0][coupon]")
		r.rename("schedule_details[phases][*][coupon]", "schedule_details[phases][*][discounts][0][coupon]")
	}
	return nil
}

// phaseCoupons shows the coupon of the first discount of each phase.
func phaseCoupons(_ *rendering, s *object.Object) error {
	for _, v := range s.Array("phases") {
		phase := v.(*object.Object)
		phase.Set("coupon", nil)
		if all := phase.Array("discounts"); len(all) > 0 {
			if id := all[0].(*object.Object).Ref("coupon"); id != "" {
				phase.Set("coupon", id)
			}
		}
	}
	return nil
}

// showDiscount shows the first discount of an object in full.
func showDiscount(kind string) turn {
	return func(r *rendering, o *object.Object) error {
		o.Set("discount", nil)
		all := o.Array("discounts")
		if len(all) == 0 || o.ID() == "" {
			return nil
		}
		if whole, ok := all[0].(*object.Object); ok {
			o.Set("discount", whole.Clone())
			return nil
		}
		owner, err := r.get(kind, o.ID(), [][]string{{"discounts"}})
		if err != nil {
			return err
		}
		if shown := owner.Array("discounts"); len(shown) > 0 {
			o.Set("discount", cloned(shown[0]))
		}
		return nil
	}
}

// upcomingInvoice is a preview without an id: the invoice does not exist yet.
func upcomingInvoice(_ *Request, preview *object.Object) (*object.Object, error) {
	preview.Delete("id")
	return preview, nil
}

// upcomingLines are the lines of a preview, a page of them.
func upcomingLines(r *Request, preview *object.Object) (*object.Object, error) {
	list := preview.Object("lines")
	if list == nil {
		return preview, nil
	}
	lines, limit := list.Array("data"), usualPage
	if n, err := strconv.Atoi(r.page["limit"]); err == nil && n > 0 {
		limit = n
	}
	at := func(name string) int {
		return slices.IndexFunc(lines, func(v any) bool { return r.page[name] != "" && v.(*object.Object).ID() == r.page[name] })
	}
	if i := at("starting_after"); i >= 0 {
		lines = lines[i+1:]
	}
	if i := at("ending_before"); i >= 0 {
		lines = lines[max(0, i-limit):i]
	}
	list.Set("data", lines[:min(limit, len(lines))])
	list.Set("has_more", len(lines) > limit)
	list.Set("url", "/v1/invoices/upcoming/lines")
	return list, nil
}

// usualPage is how long a page of a list is if nothing is said.
const usualPage = 10
