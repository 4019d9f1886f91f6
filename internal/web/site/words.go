package site

import (
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/ui"
)

// say writes a text in the visitor's language.
func (v *visit) say(text string, values ...any) string { return texts[v.Lang].Say(text, values...) }

var texts = map[string]ui.Texts{"de": german}

// PlanName is what the visitor's plan is called.
func (v *visit) PlanName() string {
	if v.Standing == nil || v.Standing.Product == nil {
		return "None"
	}
	return v.Standing.Product.String("name")
}

// every are the words for how often something is paid.
var every = map[string][2]string{
	"day": {"a day", "every %d days"}, "week": {"a week", "every %d weeks"}, "month": {"a month", "every %d months"}, "year": {"a year", "every %d years"},
}

// PriceText is what a price costs, and how often: $5.00 a month.
func (v *visit) PriceText(price *object.Object) string {
	if price.Int("unit_amount") == 0 {
		return v.say("free, for good")
	}
	text, recurring := v.Money(price.Int("unit_amount"), price.String("currency")), price.Object("recurring")
	words := every[recurring.String("interval")]
	if n := recurring.Int("interval_count"); n > 1 {
		return text + " " + v.say(words[1], n)
	}
	return text + " " + v.say(words[0])
}

// MethodText is a payment method as a customer knows it: Visa •••• 4242.
func (v *visit) MethodText(method *object.Object) string {
	kind := method.String("type")
	part := method.Object(kind)
	return paper.Method(kind, part.String("brand"), part.String("last4"))
}

// statuses are those of invoices that members see.
var statuses = map[string]string{"open": "Open", "paid": "Paid", "uncollectible": "Not paid", "void": "Void"}

// Status is how an invoice stands.
func (v *visit) Status(in *object.Object) string { return v.say(statuses[in.String("status")]) }

// SamePlan reports whether a choice is what the visitor has.
func (v *visit) SamePlan(c *choice) bool {
	return v.Standing.Price != nil && c.Chosen.ID() == v.Standing.Price.ID()
}

// Tax is what an invoice has of taxes that are not within its prices.
func (v *visit) Tax(in *object.Object) (sum int64) {
	for _, t := range in.Array("total_taxes") {
		if tax := t.(*object.Object); tax.String("tax_behavior") == "exclusive" {
			sum += tax.Int("amount")
		}
	}
	return sum
}

// FirstTitle is what a short link without a title is called by.
func (v *visit) FirstTitle(share *object.Object) string {
	item := share.Array("items")[0].(*object.Object)
	if title := item.String("title"); title != "" {
		return title
	}
	return item.String("url")
}
