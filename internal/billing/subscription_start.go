package billing

import (
	"errors"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// incompleteTime is how long the first invoice of a subscription can be paid.
const incompleteTime = 23 * time.Hour

func createSubscription(op *resource.Op) error { return beginSubscription(op, startBilling) }

// beginSubscription makes a subscription. start writes its first invoice and tells of both.
func beginSubscription(op *resource.Op, start func(*resource.Op, *object.Object) error) error {
	s := op.Object
	customer, err := subscriber(op, s)
	if err != nil {
		return err
	}
	switch {
	case len(op.Params.Array("items")) == 0:
		return missingParam("items")
	case op.Params.String("payment_behavior") == pendingIfIncomplete:
		return apierr.Invalid("", "payment_behavior", "Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription.")
	}
	if err := fillNew(op, s, customer); err != nil {
		return err
	}
	for _, step := range []func(*resource.Op, *object.Object) error{checkCollection, startTrial, anchorNew, changeItems, discountSubscription, settleCancel, settleWaiting, boundPeriods, backdate, start} {
		if err := step(op, s); err != nil {
			return err
		}
	}
	return nil
}

// fillNew sets what every new subscription says.
func fillNew(op *resource.Op, s, customer *object.Object) error {
	now := op.Now().Unix()
	s.Set("start_date", now)
	if start := op.Params.Int("backdate_start_date"); start > 0 {
		if start > now {
			return apierr.Invalid("", "backdate_start_date", "`backdate_start_date` must be in the past.")
		}
		s.Set("start_date", start)
	}
	s.Set("status", "incomplete")
	s.Set("cancel_at_period_end", false)
	s.Set("billing_schedules", []any{})
	s.Set("discounts", []any{})
	s.Set("test_clock", customer.Get("test_clock"))
	s.Sub("items").Set("url", "/v1/subscription_items?subscription="+s.ID())
	setBillingMode(op, s)
	showTerms(s)
	return subscriptionCurrency(op, s, customer)
}

// showTerms fills in what programs read without asking whether it is there.
func showTerms(s *object.Object) {
	leaving(s)
	pay := s.Sub("payment_settings")
	for _, name := range []string{"payment_method_options", "payment_method_types"} {
		if !pay.Has(name) {
			pay.Set(name, nil)
		}
	}
	if pay.Get("save_default_payment_method") == nil {
		pay.Set("save_default_payment_method", "off")
	}
	if s.Get("default_tax_rates") == nil {
		s.Set("default_tax_rates", []any{})
	}
}

// setBillingMode chooses how the subscription is billed: flexible unless the request says otherwise, as since
// 2025-09-30.clover.
func setBillingMode(op *resource.Op, s *object.Object) {
	sent := op.Params.Object("billing_mode")
	mode := object.New(nil)
	mode.Set("flexible", nil)
	mode.Set("type", "flexible")
	if sent.String("type") == "classic" {
		mode.Set("type", "classic")
		s.Set("billing_mode", mode)
		return
	}
	discounts := "included"
	if named, _ := sent.At("flexible", "proration_discounts").(string); named != "" {
		discounts = named
	}
	mode.Set("flexible", newParams("proration_discounts", discounts))
	s.Set("billing_mode", mode)
}

// anchorNew settles the moment that the periods of a new subscription are counted from: the one that was sent, the end
// of the trial, or now.
func anchorNew(op *resource.Op, s *object.Object) error {
	p, now := op.Params, op.Now()
	config := p.Object("billing_cycle_anchor_config")
	if p.Has("billing_cycle_anchor") && config != nil {
		return onlyOne("billing_cycle_anchor", "billing_cycle_anchor_config")
	}
	anchor := now
	if start := s.Int("start_date"); isFlexible(s) && start < now.Unix() {
		anchor = unix(start)
	}
	if end := s.Int("trial_end"); end > 0 {
		anchor = unix(end)
	}
	price, err := firstPrice(op)
	if err != nil {
		return err
	}
	interval := intervalOf(price)
	switch {
	case p.Int("billing_cycle_anchor") > 0:
		anchor = unix(p.Int("billing_cycle_anchor"))
		if anchor.Before(now) {
			return apierr.Invalid("", "billing_cycle_anchor", "`billing_cycle_anchor` must not be in the past.")
		}
		if anchor.After(interval.After(maxTime(now, unix(s.Int("trial_end"))), 1)) {
			return apierr.Invalid("", "billing_cycle_anchor", "`billing_cycle_anchor` cannot be later than next natural billing date (%d) for plan.", interval.After(now, 1).Unix())
		}
	case config != nil:
		if anchor, err = configuredAnchor(config, interval, anchor); err != nil {
			return err
		}
	}
	s.Set("billing_cycle_anchor", anchor.Unix())
	return nil
}

// configuredAnchor is the next moment that a billing_cycle_anchor_config names.
func configuredAnchor(config *object.Object, interval money.Interval, after time.Time) (time.Time, error) {
	if interval.Unit != "month" && interval.Unit != "year" {
		return after, apierr.Invalid("", "billing_cycle_anchor_config", "`billing_cycle_anchor_config` needs prices that are billed by month or by year.")
	}
	part := func(name string) *int {
		if config.Get(name) == nil {
			return nil
		}
		n := int(config.Int(name))
		return &n
	}
	c := money.AnchorConfig{Day: int(config.Int("day_of_month")), Month: int(config.Int("month")), Hour: part("hour"), Minute: part("minute"), Second: part("second")}
	return c.Next(after, interval), nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// firstPrice is the price of the first item that is sent: the one there is, or what it came with.
func firstPrice(op *resource.Op) (*object.Object, error) {
	first, _ := op.Params.Array("items")[0].(*object.Object)
	if data := first.Object("price_data"); data != nil {
		return data, nil
	}
	id := first.String("price")
	if id == "" {
		return nil, missingParam("items[0][price]")
	}
	return op.Get("price", id, "items[0][price]")
}

// subscriptionCurrency settles in what the subscription is billed: the currency of its first price. A customer pays in
// one currency only.
func subscriptionCurrency(op *resource.Op, s, customer *object.Object) error {
	currency := op.Params.String("currency")
	if currency == "" {
		first, err := firstPrice(op)
		if err != nil {
			return err
		}
		currency = first.String("currency")
		if known := customer.String("currency"); known != "" && known != currency && first.ID() != "" && hasCurrency(op, first, known) {
			currency = known
		}
	}
	s.Set("currency", currency)
	switch known := customer.String("currency"); {
	case known == "":
		customer.Set("currency", currency)
		return op.EmitUpdated(customer)
	case known != currency:
		return apierr.Invalid("", "customer", "You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency %s", known)
	}
	return nil
}

// startBilling writes the first invoice, if there is one, takes its money, and lets the periods run.
//
// Emits customer.subscription.created, then what the invoice does: invoice.created, .finalized and what paying it does;
// customer.subscription.updated once it is paid.
func startBilling(op *resource.Op, s *object.Object) error {
	bill, err := firstBill(op, s)
	if err != nil {
		return err
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	if hasThresholds(s) {
		if err := watchThresholds(op, s); err != nil {
			return err
		}
	}
	in, err := bill.write(op, func(in *object.Object) error {
		if err := taxTrouble(op, in); err != nil && (op.Operation != nil || apierr.As(err) == nil) {
			return err // what a schedule begins in time has an hour to be put right
		}
		s.Set("status", firstStatus(s, in))
		return op.EmitCreated()
	})
	if err != nil {
		return err
	}
	entitled := entitlingProducts(s)
	if err := collectFirst(op, s, in); err != nil || entitled == nil {
		return err // once the first payment succeeds, activateSubscription lets the entitlements follow
	}
	return followEntitlements(op, s.Ref("customer"))
}

// firstStatus is how a subscription begins whose first invoice is in, if it has one.
func firstStatus(s, in *object.Object) string {
	switch {
	case in.Int("amount_due") > 0 && s.String("collection_method") == "charge_automatically" && s.Ref("schedule") == "":
		return "incomplete"
	case s.Int("trial_end") > 0:
		return "trialing"
	}
	return "active"
}

// collectFirst finalizes the first invoice and takes its money. What is sent to the customer, and what a schedule begins,
// stays a draft for an hour.
func collectFirst(op *resource.Op, s, in *object.Object) error {
	if s.Int("trial_end") > 0 {
		if err := scheduleTrialWarning(op, s); err != nil {
			return err
		}
	}
	if in == nil || s.String("collection_method") != "charge_automatically" || s.Ref("schedule") != "" || op.Preview() {
		return nil
	}
	due := in.Int("amount_due") > 0
	if due {
		in.Set("auto_advance", false) // only requests try a first payment
		if err := op.SetTimer(subscriptionExpiry, s, op.Now().Add(incompleteTime)); err != nil {
			return err
		}
	}
	if err := finalizeInvoice(op, in); err != nil {
		return err
	}
	if !due || op.Params.String("payment_behavior") == "default_incomplete" {
		return nil
	}
	return payFirst(op, in)
}

// payFirst tries to pay a first invoice. A decline leaves the subscription incomplete, unless it is not to be made then.
func payFirst(op *resource.Op, in *object.Object) error {
	err := collectInvoice(op, in, collectParams(op), false)
	if s := op.Object; op.Live() && op.Requested(s) && op.Params.String("payment_behavior") != "error_if_incomplete" {
		op.Then(func(op *resource.Op, _ *apierr.Error) error { return op.Load("subscription", s.ID()) })
	}
	var kept resource.ErrKept
	if !errors.As(err, &kept) {
		return err
	}
	if op.Params.String("payment_behavior") == "error_if_incomplete" {
		return refusedBySubscriber(kept.Err)
	}
	return nil
}

// refusedBySubscriber is the error of a request that is taken back as its payment failed. One that wants the customer has
// a code of its own where a subscription asked for it.
func refusedBySubscriber(err *apierr.Error) *apierr.Error {
	if err.Code == "invoice_payment_intent_requires_action" {
		err.Code = "subscription_payment_intent_requires_action"
	}
	return err
}

// collectParams says whether the customer is there while a request pays.
func collectParams(op *resource.Op) *object.Object {
	with := object.New(nil)
	if op.Params.Has("off_session") {
		with.Set("off_session", op.Params.Bool("off_session"))
	}
	return with
}

// expireIncomplete ends a subscription whose first invoice was not paid in time. One that was to go on stays paused.
// Emits payment_intent.canceled, invoice.voided, customer.subscription.updated.
func expireIncomplete(op *resource.Op) error {
	if op.Object.String("status") == "paused" {
		return expireResumption(op, op.Object)
	}
	return expireSubscription(op, op.Object)
}

// expireSubscription ends a subscription that is not to be begun any more.
func expireSubscription(op *resource.Op, s *object.Object) error {
	if s.String("status") != "incomplete" {
		return nil
	}
	if err := op.Move(s, "incomplete_expired"); err != nil {
		return err
	}
	s.Set("ended_at", op.Now().Unix())
	if err := stopPeriods(op, s); err != nil {
		return err
	}
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if err != nil {
		return err
	}
	if in.String("status") == "open" {
		if err := voidInvoice(op, in); err != nil {
			return err
		}
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	return followSubscription(op, s, "payment_failed")
}
