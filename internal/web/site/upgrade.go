package site

import (
	"net/http"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// offer is what the page of the upgrade shows: the plans, and what changing to one of them costs.
type offer struct {
	Plans   []*plan
	Current *object.Object // the price that is paid now
	Choice  *choice
	Preview *object.Object // the invoice of the change; nil where paying comes next
	Method  *object.Object
	Ends    int64 // when the plan would end, for a change to the free one
	Trial   int64
}

// Due is what the change costs now.
func (o *offer) Due() int64 { return o.Preview.Int("amount_due") }

// Credit is what is left over of the plan so far, and pays the next invoices.
func (o *offer) Credit() int64 { return max(-o.Preview.Int("total"), 0) }

func showUpgrade(v *visit) error {
	o, err := v.offer()
	if err != nil || !v.signedIn() {
		return err
	}
	return v.show("upgrade", "Upgrade", o)
}

func (v *visit) offer() (*offer, error) {
	o := &offer{}
	err := v.load(func(op *resource.Op) (err error) {
		if v.Customer == nil {
			return nil
		}
		if o.Plans, o.Choice, err = v.choose(op, v.Query("plan")); err != nil {
			return err
		}
		if v.Standing.Subscription != nil {
			o.Current = v.Standing.Price
		}
		o.Ends = periodEnd(v.Standing.Subscription)
		o.Trial = v.Extension.Int("trial_period_days")
		o.Method, err = payingMethod(op, v.Customer, v.Standing.Subscription)
		return err
	})
	if err != nil || v.Customer == nil || o.Choice == nil || !v.inPlace(o.Choice) {
		return o, err
	}
	o.Preview, err = v.preview(o.Choice)
	return o, err
}

// inPlace reports whether a change is one of a subscription that is paid for already. Whoever pays nothing yet goes
// through the checkout.
func (v *visit) inPlace(c *choice) bool {
	return v.Standing.Paid && c.Paid() && c.Chosen.ID() != v.Standing.Price.ID()
}

// changeOf are the parameters that put the plan's item on another price.
func (v *visit) changeOf(c *choice) []any {
	for _, item := range v.Standing.Subscription.Object("items").Array("data") {
		if i := item.(*object.Object); i.Object("price").ID() == v.Standing.Price.ID() {
			return []any{object.Of("id", i.ID(), "price", c.Chosen.ID())}
		}
	}
	return nil
}

// preview asks what the change would bill, which is what changing will bill within the same second, and cents away from
// it later.
func (v *visit) preview(c *choice) (*object.Object, error) {
	item := v.changeOf(c)[0].(*object.Object)
	return v.call("POST /v1/invoices/create_preview", "subscription", v.Standing.Subscription.ID(),
		"subscription_details[items][0][id]", item.ID(), "subscription_details[items][0][price]", c.Chosen.ID(), "subscription_details[proration_behavior]", "always_invoice")
}

// upgrade changes the plan.
func upgrade(v *visit) error {
	to := v.Base + "/account?done=changed"
	var bill *object.Object // the subscription whose bill comes next
	err := v.load(func(op *resource.Op) error {
		if v.Customer == nil {
			return nil
		}
		_, c, err := v.choose(op, v.r.PostForm.Get("plan"))
		switch {
		case err != nil:
			return err
		case c == nil:
			return apierr.Invalid("", "plan", "Choose a plan.")
		case v.granted():
			return apierr.Invalid("", "plan", "Your plan was given to you. Whoever gave it can change it.")
		case v.inPlace(c) && billed(v.Standing.Subscription):
			bill = v.Standing.Subscription
			return op.Update(bill, object.Of("items", v.changeOf(c), "proration_behavior", "always_invoice"))
		case v.inPlace(c):
			to, err = v.change(op, c, to)
			return err
		case v.Standing.Paid && c.Free:
			return op.Update(v.Standing.Subscription, object.Of("cancel_at_period_end", true))
		case c.Paid() && !v.Standing.Paid:
			to, err = v.checkout(op, c)
			return err
		}
		return nil // it is the plan already
	})
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError && v.Customer != nil {
		return v.refused(api)
	}
	switch {
	case err != nil || !v.signedIn():
		return err
	case bill != nil:
		return v.toBill(bill)
	}
	v.lead(to)
	return nil
}

// change puts the subscription on another price, and bills the difference at once. Where the bank has to be asked, the
// plan changes when that is done, on the page of the invoice.
func (v *visit) change(op *resource.Op, c *choice, to string) (string, error) {
	sub := v.Standing.Subscription
	if err := op.Update(sub, object.Of("items", v.changeOf(c), "proration_behavior", "always_invoice", "payment_behavior", "pending_if_incomplete")); err != nil {
		return "", err
	}
	if sub.Object("pending_update") == nil {
		return to, nil
	}
	in, err := op.Find("invoice", sub.Ref("latest_invoice"))
	if in == nil || err != nil {
		return to, err
	}
	return in.String("hosted_invoice_url"), nil
}

// refused shows the page once more, with why the change did not happen.
func (v *visit) refused(api *apierr.Error) error {
	o, err := v.offer()
	if err != nil {
		return err
	}
	return v.render(api.Status, "upgrade", &page{Title: "Upgrade", Data: o, Notice: api.Message})
}
