package version

import (
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

var gates2019 = []Gate{
	{
		Since: "2019-12-03", Name: "line-item-ids", Objects: []string{"line_item"},
		Newer: "The id of an invoice's line begins with `il_`.",
		Older: "It is that of the invoice item or the subscription's item that made it; `unique_id` has the other one.",
		answers: map[string]turn{"line_item": func(_ *rendering, line *object.Object) error {
			id := line.ID()
			line.Set("unique_id", id)
			for _, name := range []string{"subscription_item", "invoice_item"} {
				if by := line.Ref(name); by != "" {
					line.Set("id", by)
				}
			}
			return nil
		}},
	},
	{
		Since: "2019-12-03", Name: "credit-note-out-of-band", Objects: []string{"credit_note"},
		Newer:   "What a credit note of a paid invoice neither refunds nor credits must be in `out_of_band_amount`.",
		Older:   "It is taken to be settled elsewhere.",
		request: outOfBand,
	},
	{
		Since: "2019-11-05", Name: "schedule-default-settings", Objects: []string{"subscription_schedule"},
		Newer: "What holds for all phases of a schedule is in `default_settings`.",
		Older: "It is in the schedule itself: `billing_thresholds`, `collection_method`, `default_payment_method`, `invoice_settings`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/subscription_schedules", "POST /v1/subscription_schedules/*") {
				for _, name := range sharedSettings {
					r.rename(name, "default_settings["+name+"]")
				}
			}
			return nil
		},
		answers: map[string]turn{"subscription_schedule": func(_ *rendering, s *object.Object) error {
			settings := s.Object("default_settings")
			s.Delete("default_settings")
			for _, name := range sharedSettings {
				s.Set(name, cloned(settings.Get(name)))
			}
			return nil
		}},
	},
	{
		Since: "2019-10-17", Name: "collection-method", Objects: []string{"invoice", "subscription", "subscription_schedule"},
		Newer: "How an invoice is paid is its `collection_method`.",
		Older: "`billing` says so, for subscriptions and schedules, too.",
		request: func(r *Request) error {
			if r.goes("POST /v1/invoices", "POST /v1/invoices/*", "POST /v1/subscriptions", "POST /v1/subscriptions/*", "POST /v1/customers/*/subscriptions",
				"POST /v1/customers/*/subscriptions/*", "POST /v1/subscription_schedules", "POST /v1/subscription_schedules/*", "GET /v1/invoices", "GET /v1/subscriptions") {
				r.rename("billing", "collection_method")
				r.rename("phases[*][billing]", "phases[*][collection_method]")
			}
			return nil
		},
		answers: map[string]turn{"invoice": billing, "subscription": billing, "subscription_schedule": billing},
	},
	{
		Since: "2019-10-17", Name: "customer-balance", Objects: []string{"customer"},
		Newer: "What a customer has to their credit is the `balance`.",
		Older: "It is called `account_balance`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/customers", "POST /v1/customers/*") {
				r.rename("account_balance", "balance")
			}
			return nil
		},
		answers: map[string]turn{"customer": func(_ *rendering, c *object.Object) error { move(c, "balance", "account_balance"); return nil }},
	},
	{
		Since: "2019-10-17", Name: "subscription-start", Objects: []string{"subscription"},
		Newer: "A subscription began at its `start_date`.",
		Older: "`start` says when it began to be as it is.",
		answers: map[string]turn{"subscription": func(_ *rendering, s *object.Object) error {
			s.Set("start", s.Get("start_date"))
			return nil
		}},
	},
	{
		Since: "2019-10-17", Name: "schedule-end-behavior", Objects: []string{"subscription_schedule"},
		Newer: "What follows the last phase of a schedule is its `end_behavior`.",
		Older: "It is called `renewal_behavior`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/subscription_schedules", "POST /v1/subscription_schedules/*") {
				r.rename("renewal_behavior", "end_behavior")
			}
			return nil
		},
		answers: map[string]turn{"subscription_schedule": func(_ *rendering, s *object.Object) error {
			s.Set("renewal_behavior", s.Get("end_behavior"))
			return nil
		}},
	},
}

// sharedSettings are what schedules said of themselves.
var sharedSettings = []string{"billing_thresholds", "collection_method", "default_payment_method", "invoice_settings"}

func billing(_ *rendering, o *object.Object) error {
	o.Set("billing", o.Get("collection_method"))
	return nil
}

// outOfBand settles elsewhere what a credit note of a paid invoice does not refund or credit.
func outOfBand(r *Request) error {
	if !r.goes("POST /v1/credit_notes", "GET /v1/credit_notes/preview") || r.has("out_of_band_amount") {
		return nil
	}
	amount, err := strconv.ParseInt(r.value("amount"), 10, 64)
	if err != nil {
		return nil
	}
	invoice, err := r.get("invoice", r.value("invoice"))
	if err != nil || invoice.String("status") != "paid" {
		return err
	}
	for _, name := range []string{"refund_amount", "credit_amount"} {
		n, _ := strconv.ParseInt(r.value(name), 10, 64) // what cannot be read is refused later
		amount -= n
	}
	if id := r.value("refunds[0][refund]") + r.value("refund"); id != "" {
		refund, err := r.get("refund", id)
		if err != nil {
			return err
		}
		amount -= refund.Int("amount")
	}
	if amount > 0 {
		r.set("out_of_band_amount", strconv.FormatInt(amount, 10))
	}
	return nil
}

func dotted(names []string) string { return strings.Join(names, ".") }
