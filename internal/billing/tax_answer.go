package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How taxes are told in answers, and the errors of those that cannot be worked out.

const taxLocationInvalid = "customer_tax_location_invalid"

// errTaxLocation says that the customer's address does not say where to tax. param may be empty.
func errTaxLocation(param string) *apierr.Error {
	return apierr.Invalid(taxLocationInvalid, param, "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.")
}

func errTaxInactive(op *resource.Op) *apierr.Error {
	if op.Live() {
		return apierr.Invalid("stripe_tax_inactive", "", "Stripe Tax has not been activated on your account. Set your head office with POST /v1/tax/settings to activate it.")
	}
	return apierr.Invalid("stripe_tax_inactive", "", "You must have a valid head office address to enable automatic tax calculation in test mode. Set it with POST /v1/tax/settings.")
}

// taxNames are how the taxes are called.
var taxNames = map[string]string{
	"gst": "GST", "hst": "HST", "igst": "IGST", "jct": "Consumption Tax", "pst": "PST", "qst": "QST", "rst": "RST", "sales_tax": "Sales Tax",
	"service_tax": "Service Tax", "vat": "VAT",
}

// lineBreakdown tells the taxes of one line.
func lineBreakdown(levies []levy) []any {
	out := make([]any, 0, len(levies))
	for i := range levies {
		l, b, j := &levies[i], object.New(nil), object.New(nil)
		j.Set("country", l.where.country)
		j.Set("display_name", l.name)
		j.Set("level", l.level)
		j.Set("state", textOrNull(l.where.state))
		b.Set("amount", l.amount)
		b.Set("jurisdiction", j)
		b.Set("sourcing", l.sourcing)
		b.Set("tax_rate_details", nil)
		if l.imposed() {
			b.Set("tax_rate_details", newParams("display_name", taxNames[l.kind], "percentage_decimal", l.percent.String(), "tax_type", l.kind))
		}
		b.Set("taxability_reason", l.reason)
		b.Set("taxable_amount", l.taxableSum)
		out = append(out, b)
	}
	return out
}

// saleBreakdown tells the taxes of all lines together, each tax once.
func saleBreakdown(lines [][]levy) []any {
	var sums []levy
	place := map[levy]int{}
	for _, line := range lines {
		for _, l := range line {
			key := l
			key.amount, key.taxableSum = 0, 0
			at, known := place[key]
			if !known {
				at = len(sums)
				place[key], sums = at, append(sums, key)
			}
			sums[at].amount += l.amount
			sums[at].taxableSum += l.taxableSum
		}
	}
	out := make([]any, 0, len(sums))
	for i := range sums {
		l, b, rate := &sums[i], object.New(nil), object.New(nil)
		rate.Set("country", l.where.country)
		rate.Set("flat_amount", nil)
		rate.Set("percentage_decimal", l.percent.String())
		rate.Set("rate_type", "percentage")
		rate.Set("state", textOrNull(l.where.state))
		rate.Set("tax_type", textOrNull(l.kind))
		b.Set("amount", l.amount)
		b.Set("inclusive", l.inclusive)
		b.Set("tax_rate_details", rate)
		b.Set("taxability_reason", l.reason)
		b.Set("taxable_amount", l.taxableSum)
		out = append(out, b)
	}
	return out
}

// taxOf is what the taxes of a line come to.
func taxOf(levies []levy) (sum int64) {
	for i := range levies {
		sum += levies[i].amount
	}
	return sum
}
