package portal

import (
	"fmt"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// leaving is what a customer sees before they cancel.
type leaving struct {
	*subscription
	Now     bool           // it ends at once, and not with its period
	Until   int64          // when it ends otherwise
	Credit  int64          // what of it is not used and is credited
	Reasons []reason       // why they leave; empty if they are not asked
	Offer   *object.Object // the coupon for whoever stays; nil for none
}

// reason is why somebody leaves.
type reason struct{ Value, Text string }

// reasons are those of Stripe, as a customer says them.
var reasons = map[string]string{
	"customer_service": "The customer service was not good enough", "low_quality": "The quality was not good enough", "missing_features": "Something is missing", "other": "Another reason",
	"switched_service": "I use something else now", "too_complex": "It is too complicated", "too_expensive": "It costs too much", "unused": "I do not use it enough",
}

// ownReason marks the reasons that the seller has written.
const ownReason = "own-"

// maxComment is how long a comment can be.
const maxComment = 5000

func showCancel(v *visit) error {
	l := &leaving{}
	if err := v.load(func(op *resource.Op) error { return v.readLeaving(op, l) }); err != nil {
		return err
	}
	if !v.Cancelable(l.subscription) {
		return v.settled()
	}
	if err := v.readCredit(l); err != nil {
		return err
	}
	return v.show("cancel", "Cancel your plan", l)
}

func (v *visit) readLeaving(op *resource.Op, l *leaving) (err error) {
	if l.subscription, err = v.named(op); err != nil {
		return err
	}
	l.Now, l.Until = v.features(subscriptionCancel).String("mode") == "immediately", max(l.Renews, l.Trial)
	if l.Reasons, err = v.reasons(op); err != nil {
		return err
	}
	offer := v.flowOf(subscriptionCancel, l.ID()).Object("retention").Object("coupon_offer")
	l.Offer, err = op.Find("coupon", offer.String("coupon"))
	return err
}

// reasons are those that the configuration offers: Stripe's, and the seller's own.
func (v *visit) reasons(op *resource.Op) (offered []reason, err error) {
	asked := v.features(subscriptionCancel).Object("cancellation_reason")
	if !asked.Bool("enabled") {
		return nil, nil
	}
	for _, o := range asked.Array("options") {
		name, _ := o.(string)
		offered = append(offered, reason{name, v.say(reasons[name])})
	}
	for _, o := range asked.Array("feedback_options") {
		id, _ := o.(string)
		option, err := op.Find("billing.feedback_option", id)
		if err != nil {
			return nil, err
		}
		if option.String("status") == "active" {
			offered = append(offered, reason{ownReason + id, option.String("description")})
		}
	}
	return offered, nil
}

// readCredit asks what ending at once would credit.
func (v *visit) readCredit(l *leaving) error {
	behavior := v.features(subscriptionCancel).String("proration_behavior")
	if !l.Now || behavior == "none" {
		return nil
	}
	in, err := v.call("POST /v1/invoices/create_preview", "subscription", l.ID(), "subscription_details[cancel_now]", "true", "subscription_details[proration_behavior]", behavior)
	if refusal(err) != nil || missing(err) {
		return nil // nothing is billed by it
	}
	l.Credit = max(-in.Int("total"), 0)
	return err
}

// cancel ends a subscription with what is paid for, or at once.
func cancel(v *visit) error {
	l := &leaving{}
	if err := v.load(func(op *resource.Op) error { return v.readLeaving(op, l) }); err != nil {
		return err
	}
	feedback := v.feedback(l)
	if l.Now && v.Cancelable(l.subscription) {
		return v.cancelNow(l, feedback)
	}
	return v.act("canceled", func(op *resource.Op) error {
		s, err := v.named(op)
		if err != nil || !v.Cancelable(s) {
			return err // it is canceled already
		}
		if err := v.DropPlan(op, s.Object); err != nil {
			return err
		}
		params := endWithPeriod(s.Object)
		params.Set("cancellation_details", feedback)
		return op.Update(s.Object, params)
	}, subscriptionCancel)
}

// endWithPeriod are the parameters that end a subscription with what is paid for. With flexible billing it is a date that
// says so, as its items may have periods of their own.
func endWithPeriod(sub *object.Object) *object.Object {
	if sub.Object("billing_mode").String("type") == "flexible" {
		return object.Of("cancel_at", "max_period_end")
	}
	return object.Of("cancel_at_period_end", true)
}

func (v *visit) cancelNow(l *leaving, feedback *object.Object) error {
	behavior := v.features(subscriptionCancel).String("proration_behavior")
	form := []string{"prorate", boolText(behavior != "none"), "invoice_now", boolText(behavior == "always_invoice")}
	for name, value := range feedback.All() {
		text, _ := value.(string)
		form = append(form, "cancellation_details["+name+"]", text)
	}
	_, err := v.call("DELETE /v1/subscriptions/"+l.ID(), form...)
	if refused := refusal(err); refused != nil {
		return v.note(refused.Status, "This cannot be done", refused.Message)
	}
	if err != nil && !missing(err) { // it has ended already
		return err
	}
	return v.act("canceled", func(*resource.Op) error { return nil }, subscriptionCancel)
}

// feedback is what the customer said about leaving. What is not offered is not taken.
func (v *visit) feedback(l *leaving) *object.Object {
	details, said := object.New(nil), v.r.PostForm.Get("reason")
	if slices.ContainsFunc(l.Reasons, func(r reason) bool { return r.Value == said }) {
		if own, is := strings.CutPrefix(said, ownReason); is {
			details.Set("feedback_option", own)
		} else {
			details.Set("feedback", said)
		}
	}
	if comment := strings.TrimSpace(v.r.PostForm.Get("comment")); comment != "" && len(l.Reasons) > 0 {
		details.Set("comment", string([]rune(comment)[:min(len([]rune(comment)), maxComment)]))
	}
	return details
}

// stay takes the coupon that is offered to who is about to leave.
func stay(v *visit) error {
	return v.act("stayed", func(op *resource.Op) error {
		l := &leaving{}
		if err := v.readLeaving(op, l); err != nil || l.Offer == nil || !v.Cancelable(l.subscription) {
			return err // it is taken already
		}
		discounts := []any{object.Of("coupon", l.Offer.ID())}
		for _, id := range l.Array("discounts") {
			discounts = append(discounts, object.Of("discount", id))
		}
		return op.Update(l.Object, object.Of("discounts", discounts))
	}, subscriptionCancel)
}

// renew lets a subscription go on that was to end.
func renew(v *visit) error {
	return v.act("renewed", func(op *resource.Op) error {
		s, err := v.named(op)
		if err != nil || !v.Renewable(s) {
			return err // it goes on already, or has ended
		}
		return op.Update(s.Object, object.Of("cancel_at_period_end", false))
	})
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Lasts says how long a coupon counts.
func (v *visit) Lasts(c *object.Object) string {
	switch c.String("duration") {
	case "once":
		return v.say("On your next invoice.")
	case "repeating":
		return v.say("For %d months.", c.Int("duration_in_months"))
	}
	return v.say("For as long as you keep the plan.")
}

// CouponText is what a coupon takes off: 25%, or $5.00.
func (v *visit) CouponText(c *object.Object) string {
	if c.Get("percent_off") != nil {
		return (&paper.Document{Language: v.Lang}).Percent(fmt.Sprint(c.Get("percent_off")))
	}
	return v.Money(c.Int("amount_off"), c.String("currency"))
}
