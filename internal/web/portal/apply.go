package portal

import (
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// update makes a change, if it costs what the customer saw.
func update(v *visit) error {
	c, faults, err := v.change()
	switch {
	case err != nil:
		return err
	case c.Same && v.allowed(c): // the form was sent twice
		v.onward("updated")
		return nil
	case !v.allowed(c):
		return v.settled()
	case len(faults) > 0:
		return v.again(c, faults)
	}
	if err := v.preview(c); err != nil {
		return v.refuse(c, err)
	}
	if !c.Later && v.r.PostForm.Get("seen") != c.Seen() {
		return v.render(http.StatusConflict, "confirm", &page{Title: "Confirm the change", Data: c, Notice: "This costs something else by now. Look at it again, then confirm."})
	}
	return v.apply(c)
}

// allowed reports whether the customer can make a change.
func (v *visit) allowed(c *change) bool { return v.Updatable(c.subscription) }

// apply makes a change. Where the payment needs the customer, the change counts when they have paid, on the page of the
// invoice.
func (v *visit) apply(c *change) error {
	var pay string
	deed := "updated"
	err := v.load(func(op *resource.Op) error {
		c, faults, err := v.readChange(op)
		if err != nil || len(faults) > 0 || c.Same || !v.allowed(c) {
			return err // it was made in the meantime
		}
		if c.Later {
			deed = "planned"
			err = v.plan(op, c)
		} else {
			pay, err = v.make(op, c)
		}
		if err != nil || pay != "" {
			return err
		}
		return v.finish(op, subscriptionUpdate, flowConfirm)
	})
	if refusal(err) != nil {
		return v.refuse(c, err)
	}
	switch {
	case err != nil:
		return err
	case pay != "":
		v.lead(pay)
	default:
		v.onward(deed)
	}
	return nil
}

// make changes the subscription now, and says where the customer pays if that has to come first.
func (v *visit) make(op *resource.Op, c *change) (pay string, err error) {
	if err := v.DropPlan(op, c.Object); err != nil {
		return "", err
	}
	held := c.Items[0]
	params := v.terms(c)
	if held.Price.ID() != c.To.ID() || held.Quantity != c.Count || c.EndsTrial(v.features(subscriptionUpdate)) {
		params.Set("items", []any{object.Of("id", held.ID(), "price", c.To.ID(), "quantity", c.Count)})
		params.Set("payment_behavior", "pending_if_incomplete")
	} else {
		params = object.New(nil) // what was planned is taken back, or only a discount is new
	}
	if c.Discount != "" {
		params.Set("discounts", []any{object.Of(c.Discount, c.Of)})
	}
	if params.Len() == 0 {
		return "", nil
	}
	if err := op.Update(c.Object, params); err != nil || c.Object.Object("pending_update") == nil {
		return "", err
	}
	in, err := op.Find("invoice", c.Ref("latest_invoice"))
	return in.String("hosted_invoice_url"), err
}

// plan lets a change wait for the next period. A discount counts with the next invoice anyway.
func (v *visit) plan(op *resource.Op, c *change) error {
	if c.Discount != "" {
		if err := op.Update(c.Object, object.Of("discounts", []any{object.Of(c.Discount, c.Of)})); err != nil {
			return err
		}
	}
	return v.Plan(op, c.Object, c.To.ID(), c.Count)
}

// keepPlan takes back what was planned for the next period.
func keepPlan(v *visit) error {
	return v.act("kept", func(op *resource.Op) error {
		s, err := v.named(op)
		if err != nil || s.Planned == nil {
			return err
		}
		return v.DropPlan(op, s.Object)
	})
}
