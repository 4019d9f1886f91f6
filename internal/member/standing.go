package member

import (
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Standing is what a member has: the plan, and the subscription behind it.
type Standing struct {
	Subscription *object.Object // nil for who was put on the free plan without one
	Price        *object.Object // nil if the extension has no free plan and nothing is paid
	Product      *object.Object
	Paid         bool
	Features     []string // lookup keys
}

// StandingOf finds a member's plan: the best of their subscriptions that gives access, else the free plan. A subscription
// gives access in its trial and while a failed payment is tried again.
func StandingOf(op *resource.Op, ext, customer *object.Object) (*Standing, error) {
	plans, err := plansOf(op, ext)
	if err != nil {
		return nil, err
	}
	subscriptions, err := op.Lookup("subscription", "customer", customer.ID())
	if err != nil {
		return nil, err
	}
	s := &Standing{}
	for _, sub := range subscriptions {
		if price, paid := plans.priceIn(sub); price != nil && givesAccess(sub) && (s.Subscription == nil || paid && !s.Paid) {
			s.Subscription, s.Price, s.Paid = sub, price, paid
		}
	}
	if s.Price == nil {
		s.Price = plans.free
	}
	if s.Price != nil {
		if s.Product, err = op.Find("product", s.Price.Ref("product")); err != nil {
			return nil, err
		}
	}
	s.Features, err = featuresOf(op, customer.ID(), plans.free)
	return s, err
}

func givesAccess(sub *object.Object) bool {
	switch sub.String("status") {
	case "active", "past_due", "trialing":
		return true
	}
	return false
}

// plans are an extension's prices, and the products that other prices of its plans belong to: a member may be on a price
// that is not sold any more.
type plans struct {
	free     *object.Object
	paid     []*object.Object
	products map[string]bool // whether they are paid
}

func plansOf(op *resource.Op, ext *object.Object) (*plans, error) {
	p := &plans{products: map[string]bool{}}
	for _, v := range ext.Array("prices") {
		id, _ := v.(string)
		price, err := op.Find("price", id)
		if err != nil {
			return nil, err
		}
		if price != nil {
			p.paid = append(p.paid, price)
			p.products[price.Ref("product")] = true
		}
	}
	free, err := op.Find("price", ext.Ref("free_price"))
	if free != nil {
		p.free = free
		p.products[free.Ref("product")] = false
	}
	return p, err
}

// priceIn is the price of one of the extension's plans that a subscription has, and whether that plan is paid.
func (p *plans) priceIn(sub *object.Object) (price *object.Object, paid bool) {
	for _, v := range sub.Object("items").Array("data") {
		price := v.(*object.Object).Object("price")
		if paid, known := p.products[price.Ref("product")]; known {
			return price, paid
		}
	}
	return nil, false
}

// featuresOf are the lookup keys of what a customer is entitled to, and of what the free plan gives to everybody.
func featuresOf(op *resource.Op, customer string, free *object.Object) ([]string, error) {
	summary, err := op.Find("entitlements.active_entitlement_summary", customer)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, e := range summary.Object("entitlements").Array("data") {
		keys = append(keys, e.(*object.Object).String("lookup_key"))
	}
	if free != nil {
		product, err := op.Find("product", free.Ref("product"))
		if err != nil || product == nil {
			return keys, err
		}
		attached, err := op.Below("product_feature", product)
		if err != nil {
			return nil, err
		}
		for _, a := range attached {
			keys = append(keys, a.Object("entitlement_feature").String("lookup_key"))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// Has reports whether the member may use a feature.
func (s *Standing) Has(feature string) bool { return slices.Contains(s.Features, feature) }

// describe writes a standing into a member.
func (s *Standing) describe(m *object.Object) {
	features := make([]any, len(s.Features))
	for i, key := range s.Features {
		features[i] = key
	}
	m.Set("features", features)
	m.Set("paid", s.Paid)
	m.Set("plan", s.plan())
	if s.Subscription == nil {
		return
	}
	for _, name := range []string{"cancel_at", "status", "trial_end", "trial_start"} {
		m.Set(name, s.Subscription.Get(name))
	}
	m.Set("past_due", s.Subscription.String("status") == "past_due")
	if s.Paid {
		m.Set("paid_at", s.Subscription.Get("start_date"))
	}
}

func (s *Standing) plan() any {
	if s.Price == nil {
		return nil
	}
	plan, recurring := object.New(nil), s.Price.Object("recurring")
	plan.Set("amount", s.Price.Get("unit_amount"))
	plan.Set("currency", s.Price.Get("currency"))
	plan.Set("interval", nil)
	plan.Set("interval_count", nil)
	if recurring != nil {
		plan.Set("interval", recurring.Get("interval"))
		plan.Set("interval_count", recurring.Get("interval_count"))
	}
	plan.Set("name", s.Product.String("name"))
	plan.Set("nickname", s.Price.Get("nickname"))
	plan.Set("price", s.Price.ID())
	plan.Set("product", s.Price.Ref("product"))
	return plan
}

// validFor is how long what is signed now may be believed without asking again: as long as the extension's grace, and no
// longer than a plan that ends.
func (s *Standing) validFor(op *resource.Op, ext *object.Object) time.Duration {
	grace := time.Duration(ext.Int("grace_period_days")) * 24 * time.Hour
	if ends := s.Subscription.Int("cancel_at"); s.Paid && ends > 0 {
		grace = min(grace, max(time.Unix(ends, 0).Sub(op.Now()), 0))
	}
	return max(grace, shortestToken)
}

// shortestToken lets an install work until its next question, however short the grace.
const shortestToken = time.Hour
