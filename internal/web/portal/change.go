package portal

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// change is what a customer changes a subscription to.
type change struct {
	*choice
	To       *offer
	Count    int64
	Discount string         // the parameter of the new discount, promotion_code or coupon; empty for none
	Of       string         // and its id
	Coupon   *object.Object // what it takes off
	Same     bool           // it is that already
	Later    bool           // it waits for the next period
	At       int64          // the moment that it is reckoned from
	Preview  *object.Object // the invoice that it makes, or the next one; nil if it waits
}

// readChange reads what was chosen; faults says what is wrong with it.
func (v *visit) readChange(op *resource.Op) (c *change, faults map[string]string, err error) {
	c = &change{choice: &choice{}, At: v.pinned()}
	if err := v.readChoice(op, c.choice); err != nil {
		return nil, nil, err
	}
	v.confirmed(c)
	i := slices.IndexFunc(c.Offers, func(o *offer) bool { return o.ID() == c.Chosen })
	if i < 0 {
		return c, map[string]string{"price": "Choose one of these plans"}, nil
	}
	c.To = c.Offers[i]
	if faults := v.readQuantity(c); faults != nil {
		return c, faults, nil
	}
	for _, step := range []func(*resource.Op, *change) (map[string]string, error){v.readCode, v.readCoupon} {
		if faults, err := step(op, c); faults != nil || err != nil {
			return c, faults, err
		}
	}
	c.Same, c.Later = c.same(), v.waits(c)
	return c, nil, nil
}

// pinned is the moment that a change is reckoned from: that at which the customer saw what it costs, as long as a session
// lasts.
func (v *visit) pinned() int64 {
	at, err := strconv.ParseInt(v.r.PostFormValue("at"), 10, 64)
	if err != nil || at > v.now || at < v.now-int64(time.Hour/time.Second) {
		return v.now
	}
	return at
}

// flowConfirm is the flow of a change that the seller has chosen.
const flowConfirm = "subscription_update_confirm"

// confirmed takes what the seller has chosen, if the customer came to confirm that. It may be what customers cannot choose
// by themselves.
func (v *visit) confirmed(c *change) {
	chosen := v.flowOf(flowConfirm, c.ID())
	if chosen == nil {
		return
	}
	item := chosen.Array("items")[0].(*object.Object)
	c.Chosen, c.Quantity, c.Code = item.String("price"), strconv.FormatInt(item.Int("quantity"), 10), ""
	for _, o := range c.Offers {
		o.adjusts, o.least, o.most = true, 0, 0
	}
	for _, d := range chosen.Array("discounts") {
		for _, name := range []string{"coupon", "promotion_code"} {
			if id := d.(*object.Object).String(name); id != "" {
				c.Discount, c.Of = name, id
			}
		}
	}
}

// readQuantity checks the quantity against what is allowed of the product.
func (v *visit) readQuantity(c *change) map[string]string {
	is := c.Items[0].Quantity
	n, err := strconv.ParseInt(c.Quantity, 10, 32)
	c.Count = n
	least, most := max(c.To.least, 1), c.To.most
	switch wrong := err != nil || n < least || most > 0 && n > most; {
	case !c.To.adjusts:
		c.Count = is
	case wrong && most > 0:
		return map[string]string{"quantity": v.say("Enter a number from %d to %d", least, most)}
	case wrong:
		return map[string]string{"quantity": v.say("Enter a number from %d on", least)}
	}
	return nil
}

// readCode finds the promotion code that was typed.
func (v *visit) readCode(op *resource.Op, c *change) (map[string]string, error) {
	if c.Code == "" || !c.Codes {
		return nil, nil
	}
	found, err := op.Lookup("promotion_code", "code", strings.ToLower(c.Code))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found, func(p *object.Object) bool {
		return p.Bool("active") && (p.Ref("customer") == "" || p.Ref("customer") == v.Customer.ID())
	})
	if i < 0 {
		return map[string]string{"code": noCode}, nil
	}
	c.Discount, c.Of = "promotion_code", found[i].ID()
	return nil, nil
}

// readCoupon finds what the discount takes off, and refuses one that takes nothing off the plan.
func (v *visit) readCoupon(op *resource.Op, c *change) (map[string]string, error) {
	if c.Discount == "" {
		return nil, nil
	}
	id := c.Of
	if c.Discount == "promotion_code" {
		code, err := op.Find("promotion_code", id)
		if err != nil {
			return nil, err
		}
		id = code.Object("promotion").Ref("coupon")
	}
	coupon, err := op.Find("coupon", id)
	if coupon == nil || err != nil {
		return map[string]string{"code": noCode}, err
	}
	c.Coupon = coupon
	private, err := op.Private(coupon)
	if only := private.Object("applies_to").Array("products"); err == nil && len(only) > 0 && !slices.Contains(only, any(c.To.Price.Ref("product"))) {
		return map[string]string{"code": notForPlan}, nil
	}
	return nil, err
}

// What is said of codes that do not count.
const (
	noCode     = "This code is not known, or does not count any more"
	notForPlan = "This code cannot be used for this plan"
)

// same reports whether a subscription is what it is changed to already.
func (c *change) same() bool {
	it := c.Items[0]
	if c.Planned != nil && c.Discount == "" {
		it = c.Planned
	}
	return it.Price.ID() == c.To.ID() && it.Quantity == c.Count && c.Discount == ""
}

// waits reports whether the configuration lets a change wait for the next period: where it makes the subscription cheaper,
// or shortens its interval. A trial, which nothing is paid for, has nothing to wait for.
func (v *visit) waits(c *change) bool {
	now, then := c.Items[0], c.To
	if c.Trial > 0 {
		return false
	}
	for _, o := range v.features(subscriptionUpdate).Object("schedule_at_period_end").Array("conditions") {
		switch o.(*object.Object).String("type") {
		case "decreasing_item_amount":
			if then.Price.Int("unit_amount")*c.Count < now.Price.Int("unit_amount")*now.Quantity {
				return true
			}
		case "shortening_interval":
			if days(then.Price) < days(now.Price) {
				return true
			}
		}
	}
	return false
}

// days is about how long the interval of a price is.
func days(price *object.Object) int64 {
	every := price.Object("recurring")
	return every.Int("interval_count") * map[string]int64{"day": 1, "week": 7, "month": 30, "year": 365}[every.String("interval")]
}
