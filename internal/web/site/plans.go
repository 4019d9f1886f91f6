package site

import (
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// plan is a product with its prices, as the pages show it.
type plan struct {
	Product  *object.Object
	Prices   []*object.Object
	Free     bool
	Current  bool // the visitor is on it
	Features []string
}

// Name is what the plan is called: the product's name without the extension's.
func (p *plan) Name() string { return p.Product.String("name") }

// Price is the plan's price for an interval; the first if there is none for it.
func (p *plan) Price(interval string) *object.Object {
	for _, price := range p.Prices {
		if price.Object("recurring").String("interval") == interval {
			return price
		}
	}
	return p.Prices[0]
}

// Saves is how many per cent a year costs less than twelve months; 0 if it does not, or one of both is not sold.
func (p *plan) Saves() int64 {
	month, year := p.Price("month"), p.Price("year")
	whole := 12 * month.Int("unit_amount")
	if month == year || whole == 0 || month.String("currency") != year.String("currency") {
		return 0
	}
	return max((whole-year.Int("unit_amount"))*100/whole, 0)
}

// PerMonth is what a month of a price costs, where that is a year's.
func (v *visit) PerMonth(price *object.Object) int64 {
	if price.Object("recurring").String("interval") != "year" {
		return 0
	}
	return price.Int("unit_amount") / 12
}

// plansOf are the extension's plans, the free one first.
func (v *visit) plansOf(op *resource.Op) ([]*plan, error) {
	prices, err := member.PricesOf(op, v.Extension)
	if err != nil {
		return nil, err
	}
	var plans []*plan
	byProduct := map[string]*plan{}
	for _, price := range prices {
		id := price.Ref("product")
		p := byProduct[id]
		if p == nil {
			product, err := op.Find("product", id)
			if err != nil {
				return nil, err
			}
			if product == nil {
				continue
			}
			p = &plan{Product: product, Free: price.ID() == v.Extension.Ref("free_price")}
			for _, f := range product.Array("marketing_features") {
				p.Features = append(p.Features, f.(*object.Object).String("name"))
			}
			p.Current = v.Standing != nil && v.Standing.Product != nil && v.Standing.Product.ID() == id
			byProduct[id] = p
			plans = append(plans, p)
		}
		p.Prices = append(p.Prices, price)
	}
	return plans, nil
}

// choice is a price that can be chosen, with its plan.
type choice struct {
	*plan
	Chosen *object.Object
}

// Paid reports whether the choice costs something.
func (c *choice) Paid() bool { return c != nil && !c.Free }

// chosen finds the price that a visitor means: by its id, its lookup key or its nickname, or "free"; nil if they mean
// none.
func chosen(plans []*plan, said string) *choice {
	if said == "" {
		return nil
	}
	for _, p := range plans {
		if p.Free && said == "free" {
			return &choice{p, p.Prices[0]}
		}
		for _, price := range p.Prices {
			if said == price.ID() || said == price.String("lookup_key") || said == price.String("nickname") && !p.Free {
				return &choice{p, price}
			}
		}
	}
	return nil
}

// both are the plans, and what the visitor chose of them.
func (v *visit) choose(op *resource.Op, said string) ([]*plan, *choice, error) {
	plans, err := v.plansOf(op)
	if err != nil {
		return nil, nil, err
	}
	c := chosen(plans, said)
	if c == nil && v.Query("trial") != "" {
		for _, p := range plans {
			if !p.Free {
				return plans, &choice{p, p.Prices[0]}, nil
			}
		}
	}
	return plans, c, nil
}
