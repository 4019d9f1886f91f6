package portal

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// choice is what a subscription can be changed to.
type choice struct {
	*subscription
	Offers   []*offer
	Chosen   string // the id of a price
	Quantity string // as it was typed
	Adjusts  bool   // the quantity of an offer can be changed
	Code     string // a promotion code
	Codes    bool   // whether one can be typed
}

// offer is a price that the customer can change to.
type offer struct {
	*item
	adjusts     bool
	least, most int64 // of the quantity; no most if it is 0
}

// ID is that of the price.
func (o *offer) ID() string { return o.Price.ID() }

func showUpdate(v *visit) error {
	c := &choice{}
	if err := v.load(func(op *resource.Op) error { return v.readChoice(op, c) }); err != nil {
		return err
	}
	if !v.Updatable(c.subscription) {
		return v.settled()
	}
	return v.show("update", "Change your plan", c)
}

// allows reports whether the configuration lets the customer change something: price, quantity or promotion_code.
func (v *visit) allows(update string) bool {
	return slices.Contains(v.features(subscriptionUpdate).Array("default_allowed_updates"), any(update))
}

// readChoice reads what is offered, and what was typed of it.
func (v *visit) readChoice(op *resource.Op, c *choice) (err error) {
	if c.subscription, err = v.named(op); err != nil || !v.Updatable(c.subscription) {
		return err
	}
	if c.Offers, err = v.offers(op, c.Items[0]); err != nil {
		return err
	}
	c.Adjusts = slices.ContainsFunc(c.Offers, func(o *offer) bool { return o.adjusts })
	c.Codes = v.allows("promotion_code")
	c.Chosen, c.Quantity = c.Items[0].Price.ID(), strconv.FormatInt(c.Items[0].Quantity, 10)
	if v.r.Form == nil && v.r.ParseForm() != nil {
		return errNothing
	}
	if v.r.Form.Has("price") {
		c.Chosen = v.r.Form.Get("price")
	}
	if typed := strings.TrimSpace(v.r.Form.Get("quantity")); typed != "" {
		c.Quantity = typed
	}
	c.Code = strings.TrimSpace(v.r.Form.Get("code"))
	return nil
}

// offers are the prices that can be chosen: what is paid now, and what else the configuration has in the same currency.
func (v *visit) offers(op *resource.Op, now *item) (found []*offer, err error) {
	for _, p := range v.features(subscriptionUpdate).Array("products") {
		product := p.(*object.Object)
		bounds := product.Object("adjustable_quantity")
		for _, o := range product.Array("prices") {
			id, _ := o.(string)
			price, err := op.Find("price", id)
			if err != nil {
				return nil, err
			}
			if is := id == now.Price.ID(); !is && (!v.allows("price") || !price.Bool("active") || price.String("currency") != now.Price.String("currency")) {
				continue
			}
			it, err := v.item(op, price, now.Quantity)
			if err != nil {
				return nil, err
			}
			found = append(found, &offer{it, bounds.Bool("enabled") && v.allows("quantity"), bounds.Int("minimum"), bounds.Int("maximum")})
		}
	}
	if !slices.ContainsFunc(found, func(o *offer) bool { return o.ID() == now.Price.ID() }) {
		found = append([]*offer{{item: now}}, found...)
	}
	return found, nil
}
