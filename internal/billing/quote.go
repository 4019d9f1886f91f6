package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A quote offers something to a customer at a price. Once it is accepted, it becomes what it offered: an invoice if nothing
// recurs, a subscription, or a subscription schedule if that begins later.
//
//	draft --finalize--> open --accept--> accepted
//	draft, open --cancel, expires_at--> canceled
//	open --a revision is finalized--> canceled
//
// A draft can be changed at will; of an open quote only expires_at and metadata. What is offered is in quote_items.go, what
// it comes to in quote_sum.go, finalizing in quote_finalize.go, copies and revisions in quote_copy.go, accepting in quote_accept.go.
//
// Emits quote.created, quote.finalized, quote.accepted, quote.canceled.
func init() {
	register(resource.Rules{
		Object: "quote",
		States: resource.States{"draft": {"open", "canceled"}, "open": {"accepted", "canceled"}}, StateCode: "status_transition_invalid",
		Unmerged: []string{"discounts", "line_items"},
		Prepare:  copyQuote, Create: createQuote, Update: updateQuote,
		Actions: resource.Actions{
			"POST /v1/quotes/{quote}/finalize":                   finalizeQuote,
			"POST /v1/quotes/{quote}/accept":                     acceptQuote,
			"POST /v1/quotes/{quote}/cancel":                     cancelQuote,
			"GET /v1/quotes/{quote}/line_items":                  listQuoteItems(quotedItems),
			"GET /v1/quotes/{quote}/computed_upfront_line_items": listQuoteItems(upfrontItems),
		},
		Include: map[string]func(g resource.Glance, o, private *object.Object) (any, error){
			"line_items":                  includeQuoteItems(quotedItems),
			"computed.upfront.line_items": includeQuoteItems(upfrontItems),
		},
		Timers:    map[string]resource.Hook{quoteExpiry: expireQuote},
		Downloads: map[string]resource.Download{"GET /v1/quotes/{quote}/pdf": quotePDF},
	})
}

const (
	quoteExpiry = "quote.expires_at"
	// quoteTime is how long an offer holds unless it says otherwise.
	quoteTime = 30 * 24 * time.Hour
)

func createQuote(op *resource.Op) error {
	q := op.Object
	q.Set("status", "draft")
	q.Set("discounts", []any{})
	if !op.Params.Has("expires_at") {
		q.Set("expires_at", op.Now().Add(quoteTime).Unix())
	}
	if sent := op.Params.Object("subscription_data").Object("billing_mode"); sent.String("type") != "classic" {
		mode := object.New(nil)
		flexible := newParams("proration_discounts", "included")
		if named := sent.Object("flexible").String("proration_discounts"); named != "" {
			flexible.Set("proration_discounts", named)
		}
		mode.Set("flexible", flexible)
		mode.Set("type", "flexible")
		q.Sub("subscription_data").Set("billing_mode", mode)
	}
	return changeQuote(op, q)
}

// openQuoteFields can be changed of an open quote; of one that is accepted or canceled, only the metadata.
var openQuoteFields = []string{"expires_at", "metadata", "expand"}

func updateQuote(op *resource.Op) error {
	q := op.Object
	status := q.String("status")
	if status == "draft" {
		if was := op.Before.Ref("customer"); was != "" && was != q.Ref("customer") {
			return apierr.Invalid("", "customer", "The customer of a quote cannot be changed once it is set.")
		}
		return changeQuote(op, q)
	}
	for _, name := range op.Params.Keys() {
		if !slices.Contains(openQuoteFields, name) || status != "open" && name == "expires_at" {
			return apierr.Invalid("status_transition_invalid", name, "This quote is %s, so `%s` cannot be changed any more.", status, name)
		}
	}
	return setExpiry(op, q)
}

// changeQuote settles a draft whose parameters were merged.
func changeQuote(op *resource.Op, q *object.Object) error {
	for _, step := range []func(*resource.Op, *object.Object) error{
		setExpiry, setQuoteCustomer, changeQuoteItems, discountQuote, setQuoteSubscription, checkQuoteTerms, sumQuote,
	} {
		if err := step(op, q); err != nil {
			return err
		}
	}
	return nil
}

func setExpiry(op *resource.Op, q *object.Object) error {
	if op.Params.Has("expires_at") && q.Int("expires_at") <= op.Now().Unix() {
		return apierr.Invalid("", "expires_at", "`expires_at` must be in the future.")
	}
	return op.SetTimer(quoteExpiry, q, unix(q.Int("expires_at")))
}

// setQuoteCustomer lets a quote live by the test clock of its customer.
func setQuoteCustomer(op *resource.Op, q *object.Object) error {
	if q.Ref("customer") == "" {
		return nil
	}
	customer, err := op.Get("customer", q.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if sent := op.Params.String("test_clock"); sent != "" && sent != customer.Ref("test_clock") {
		return apierr.Invalid("", "test_clock", "The customer %s does not live by the test clock %s.", customer.ID(), sent)
	}
	q.Set("test_clock", customer.Get("test_clock"))
	return nil
}

// discountQuote takes the discounts that were sent for the quote as a whole.
func discountQuote(op *resource.Op, q *object.Object) error {
	if !op.Params.Has("discounts") {
		return nil
	}
	given, err := offerDiscounts(op, q, "discounts", op.Params.Array("discounts"))
	q.Set("discounts", given)
	return err
}

// offerDiscounts are the discounts that a quote offers. Coupons are redeemed when it is accepted.
func offerDiscounts(op *resource.Op, q *object.Object, param string, sent []any) ([]any, error) {
	given, err := giving{param: param, currency: q.String("currency"), to: newParams("customer", q.Ref("customer")), offered: true}.give(op, sent)
	return deductionIDs(given), err
}

// setQuoteSubscription reads what holds for the subscription. Its metadata is what was sent last, as a whole.
func setQuoteSubscription(op *resource.Op, q *object.Object) error {
	sent := op.Params.Object("subscription_data")
	if sent.String("effective_date") == "current_period_end" {
		return apierr.Invalid("", "subscription_data[effective_date]", "`current_period_end` needs a quote that changes a subscription.")
	}
	data := q.Sub("subscription_data")
	if m := sent.Object("metadata"); m != nil {
		data.Set("metadata", m.Clone())
	}
	if days := data.Get("trial_period_days"); days != nil && data.Int("trial_period_days") < 1 {
		return apierr.Invalid("parameter_invalid_integer", "subscription_data[trial_period_days]", "This value must be greater than or equal to 1.")
	}
	return nil
}

// checkQuoteTerms checks how a quote is to be paid, and that its fees fit what it offers: amounts are for one invoice,
// percentages for all those of a subscription.
func checkQuoteTerms(op *resource.Op, q *object.Object) error {
	settleAutomaticTax(q)
	settings := q.Sub("invoice_settings")
	recurs, err := quoteRecurs(op, q)
	transfer := q.Object("transfer_data")
	switch sent := q.String("collection_method") == "send_invoice"; {
	case err != nil:
		return err
	case sent && settings.Get("days_until_due") == nil:
		return missingParam("invoice_settings[days_until_due]")
	case !sent && op.Params.Object("invoice_settings").Get("days_until_due") != nil:
		return apierr.Invalid("", "invoice_settings[days_until_due]", "You can only set `days_until_due` if `collection_method` is `send_invoice`.")
	case recurs && q.Get("application_fee_amount") != nil:
		return apierr.Invalid("", "application_fee_amount", "`application_fee_amount` cannot be used with recurring prices; use `application_fee_percent`.")
	case !recurs && q.Get("application_fee_percent") != nil:
		return apierr.Invalid("", "application_fee_percent", "`application_fee_percent` needs at least one recurring price; use `application_fee_amount`.")
	case recurs && transfer.Get("amount") != nil:
		return apierr.Invalid("", "transfer_data[amount]", "`amount` cannot be used with recurring prices; use `amount_percent`.")
	case !recurs && transfer.Get("amount_percent") != nil:
		return apierr.Invalid("", "transfer_data[amount_percent]", "`amount_percent` needs at least one recurring price; use `amount`.")
	case !sent:
		settings.Set("days_until_due", nil)
	}
	return nil
}

func cancelQuote(op *resource.Op) error { return endQuote(op, op.Object) }

// expireQuote ends an offer whose time is over.
func expireQuote(op *resource.Op) error {
	if status := op.Object.String("status"); status != "draft" && status != "open" {
		return nil
	}
	return endQuote(op, op.Object)
}

// endQuote takes an offer back.
// Emits quote.canceled.
func endQuote(op *resource.Op, q *object.Object) error {
	if err := op.Move(q, "canceled"); err != nil {
		return err
	}
	q.Sub("status_transitions").Set("canceled_at", op.Now().Unix())
	if err := op.SetTimer(quoteExpiry, q, time.Time{}); err != nil {
		return err
	}
	return op.Emit("quote.canceled", q)
}
