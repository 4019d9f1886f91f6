package billing

import (
	"math/big"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What the business is run by. The Dashboard says under each chart what it is; both must say the same.
const (
	FigureMRR       = "mrr"       // of a currency: what paying subscriptions bring in a month, in the smallest unit
	FigurePaying    = "paying"    // subscriptions that pay: those with a price above zero that were not given away
	FigureTrialing  = "trialing"  // subscriptions that are tried out
	FigureConverted = "converted" // subscriptions that were tried out and pay
	FigureMembers   = "members"   // of a price: subscriptions that it is in and that give what it gives
	FigureVolume    = "volume"    // of a currency: what was charged
	FigureRefunded  = "refunded"  // of a currency: what of it was paid back
	FigureFailed    = "failed"    // of a currency: charges that failed
	FigureCustomers = "customers" // customers
)

// subscriptionFigures are what a subscription adds.
func subscriptionFigures(s *object.Object) (out []resource.Figure) {
	status := s.String("status")
	running := status == "active" || status == "past_due"
	if running && bringsMoney(s) {
		out = append(out, resource.Figure{Name: FigurePaying, Amount: 1}, resource.Figure{Name: FigureMRR, Of: s.String("currency"), Amount: monthly(s)})
		if s.Int("trial_start") != 0 {
			out = append(out, resource.Figure{Name: FigureConverted, Amount: 1})
		}
	}
	if status == "trialing" {
		out = append(out, resource.Figure{Name: FigureTrialing, Amount: 1})
	}
	if running || status == "trialing" {
		for _, item := range subscriptionItems(s) {
			out = append(out, resource.Figure{Name: FigureMembers, Of: item.Object("price").ID(), Amount: 1})
		}
	}
	return out
}

// bringsMoney reports whether a subscription costs something. One that was given away costs nothing, whatever its price
// (package member makes those). What is metered or in tiers counts: it costs something, if not yet known how much.
func bringsMoney(s *object.Object) bool {
	return !s.Object("metadata").Has("grant") && slices.ContainsFunc(subscriptionItems(s), func(item *object.Object) bool {
		price := item.Object("price")
		metered := price.Object("recurring").String("usage_type") == "metered"
		if !metered && item.Int("quantity") < 1 {
			return false
		}
		unit, ok := new(big.Rat).SetString(price.String("unit_amount_decimal"))
		return ok && unit.Sign() > 0 || !ok && price.String("billing_scheme") == "tiered"
	})
}

// payingRecount takes out the subscriptions that cost nothing and were counted as paying all the same, as figures went by the
// status alone: what they added when they became active, and took when they ended. Which of them cost something before is
// not known any more.
var payingRecount = resource.Recount{Name: "paying subscriptions cost something", Changes: func(s *object.Object) (out []resource.FigureCorrection) {
	status, began, ended := s.String("status"), max(s.Int("created"), s.Int("trial_end")), s.Int("ended_at")
	over := status == "canceled" && ended > s.Int("trial_end")
	if bringsMoney(s) || !over && status != "active" && status != "past_due" {
		return nil
	}
	counted := []resource.Figure{{Name: FigurePaying, Amount: 1}, {Name: FigureMRR, Of: s.String("currency"), Amount: monthly(s)}}
	if s.Int("trial_start") != 0 {
		counted = append(counted, resource.Figure{Name: FigureConverted, Amount: 1})
	}
	for _, f := range counted {
		if over {
			out = append(out, resource.FigureCorrection{Figure: f, Movement: resource.FigureLost, At: ended})
		}
		f.Amount = -f.Amount
		out = append(out, resource.FigureCorrection{Figure: f, Movement: resource.FigureNew, At: began})
	}
	return out
}}

// daysOfMonth is the length of a mean month, for what is billed by days and weeks.
var daysOfMonth = big.NewRat(146097, 4800)

// monthly is what a subscription brings in a month: quantities times the amounts of prices that recur, before discounts and
// taxes. What is metered or in tiers is not known beforehand and does not count.
func monthly(s *object.Object) int64 {
	sum := new(big.Rat)
	for _, item := range subscriptionItems(s) {
		price := item.Object("price")
		recurring := price.Object("recurring")
		unit, ok := new(big.Rat).SetString(price.String("unit_amount_decimal"))
		if count := recurring.Int("interval_count"); !ok || count < 1 || recurring.String("usage_type") == "metered" {
			continue
		}
		part := unit.Mul(unit, big.NewRat(max(item.Int("quantity"), 0), recurring.Int("interval_count")))
		switch recurring.String("interval") {
		case "day":
			part.Mul(part, daysOfMonth)
		case "week":
			part.Mul(part, new(big.Rat).Quo(daysOfMonth, big.NewRat(7, 1)))
		case "year":
			part.Quo(part, big.NewRat(12, 1))
		}
		sum.Add(sum, part)
	}
	return rounded(sum)
}

// rounded is the nearest whole number; halves go up.
func rounded(r *big.Rat) int64 {
	twice := new(big.Int).Add(new(big.Int).Mul(r.Num(), big.NewInt(2)), r.Denom())
	return new(big.Int).Div(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64()
}

// chargeFigures are what a charge adds.
func chargeFigures(c *object.Object) []resource.Figure {
	currency := c.String("currency")
	if c.String("status") == "failed" {
		return []resource.Figure{{Name: FigureFailed, Of: currency, Amount: 1}}
	}
	return []resource.Figure{{Name: FigureVolume, Of: currency, Amount: c.Int("amount_captured")}, {Name: FigureRefunded, Of: currency, Amount: c.Int("amount_refunded")}}
}

func customerFigures(*object.Object) []resource.Figure {
	return []resource.Figure{{Name: FigureCustomers, Amount: 1}}
}
