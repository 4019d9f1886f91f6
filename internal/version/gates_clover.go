package version

import (
	"strconv"

	"sharesmart/internal/object"
)

const cloverStart = "2025-09-30.clover"

var clover = []Gate{
	{
		Since: cloverStart, Name: "discount-source", Objects: []string{"discount"},
		Newer:    "A discount names its coupon in `source`, by its id.",
		Older:    "`coupon` has the whole coupon.",
		restores: map[string][]string{"discount": {"coupon"}},
		answers: map[string]turn{"discount": func(r *rendering, d *object.Object) error {
			id := d.Object("source").Ref("coupon")
			d.Delete("source")
			return r.include(d, "coupon", "coupon", id)
		}},
	},
	{
		Since: cloverStart, Name: "promotion-code-promotion", Objects: []string{"promotion_code"},
		Newer:    "A promotion code is made for a `promotion`, which names the coupon by its id.",
		Older:    "It is made for a `coupon`, and shows the whole coupon.",
		restores: map[string][]string{"promotion_code": {"coupon"}},
		request: func(r *Request) error {
			if r.goes("POST /v1/promotion_codes") && r.has("coupon") {
				r.rename("coupon", "promotion[coupon]")
				r.set("promotion[type]", "coupon")
			}
			return nil
		},
		answers: map[string]turn{"promotion_code": func(r *rendering, c *object.Object) error {
			id := c.Object("promotion").Ref("coupon")
			c.Delete("promotion")
			return r.include(c, "coupon", "coupon", id)
		}},
	},
	{
		Since: cloverStart, Name: "schedule-iterations", Objects: []string{"subscription_schedule"},
		Newer:   "How long a phase of a schedule lasts is its `duration`.",
		Older:   "`iterations` counts periods of the phase's price.",
		request: iterations,
	},
	{
		Since: cloverStart, Name: "flexible-billing", Objects: []string{"subscription", "subscription_schedule", "quote", "checkout.session"},
		Newer: "Subscriptions are billed in `flexible` mode if nothing else is said.",
		Older: "They are billed in `classic` mode.",
		request: func(r *Request) error {
			for _, made := range [][2]string{
				{"POST /v1/subscriptions", ""}, {"POST /v1/customers/*/subscriptions", ""}, {"POST /v1/subscription_schedules", ""},
				{"POST /v1/quotes", "subscription_data"}, {"POST /v1/checkout/sessions", "subscription_data"},
			} {
				mode := "billing_mode"
				if made[1] != "" {
					mode = made[1] + "[billing_mode]"
				}
				subscribes := made[1] == "" || r.value("mode") == "subscription" || r.goes("POST /v1/quotes") && r.has("line_items")
				if r.goes(made[0]) && subscribes && !r.has(mode) && !r.has("from_subscription") {
					r.set(mode+"[type]", "classic")
				}
			}
			return nil
		},
	},
}

// iterations turns the iterations of phases into durations: so many intervals of the phase's first price.
func iterations(r *Request) error {
	for _, below := range []string{"", "schedule_details"} {
		at := func(rest string) string {
			if below == "" {
				return "phases" + rest
			}
			return below + "[phases]" + rest
		}
		for i := 0; r.has(at("[" + strconv.Itoa(i) + "]")); i++ {
			phase := at("[" + strconv.Itoa(i) + "]")
			count, err := strconv.Atoi(r.value(phase + "[iterations]"))
			if err != nil || count < 1 {
				continue
			}
			interval, each, err := interval(r, phase+"[items][0]")
			if err != nil {
				return err
			}
			if interval == "" {
				continue
			}
			r.rename(phase+"[iterations]", phase+"[duration][interval_count]")
			r.revalue(phase+"[duration][interval_count]", map[string]string{strconv.Itoa(count): strconv.Itoa(count * each)})
			r.set(phase+"[duration][interval]", interval)
		}
	}
	return nil
}

// interval is how long a period of an item is; empty if that cannot be told.
func interval(r *Request, item string) (unit string, count int, err error) {
	if unit = r.value(item + "[price_data][recurring][interval]"); unit != "" {
		count, _ = strconv.Atoi(r.value(item + "[price_data][recurring][interval_count]")) // 0 is not sent
		return unit, max(count, 1), nil
	}
	id := r.value(item + "[price]")
	if id == "" {
		id = r.value(item + "[plan]")
	}
	price, err := r.get("price", id)
	if price == nil || err != nil {
		return "", 0, err
	}
	recurring := price.Object("recurring")
	return recurring.String("interval"), int(recurring.Int("interval_count")), nil
}
