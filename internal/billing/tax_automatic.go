package billing

import (
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// automaticTax works out the taxes of what is billed with automatic_tax: invoices, subscriptions, quotes, checkout.
// lines are what is sold, after discounts, shipping included; the answer has the taxes of each, as taxObjects tells
// them, with a tax rate that was made for them or was there already. at is the day of the sale.
//
// status is that of automatic_tax. A location that does not say enough is requires_location_inputs, with the error that a
// create answers with and a finalisation keeps; another refusal is failed, with its error. A fault has no status.
func automaticTax(op *resource.Op, customer *object.Object, lines []taxable, at time.Time) (taxes [][]taxPart, status string, err error) {
	buyer, _, _, err := buyerOf(op, customer)
	if err != nil {
		return nil, "", err
	}
	return automaticTaxFor(op, buyer, lines, at)
}

// automaticTaxFor is automaticTax for somebody who is no customer yet.
func automaticTaxFor(op *resource.Op, buyer taxBuyer, lines []taxable, at time.Time) (taxes [][]taxPart, status string, err error) {
	a, err := newAssessor(op, buyer, nil, at)
	switch e := apierr.As(err); {
	case e != nil && e.Code == taxLocationInvalid:
		return nil, "requires_location_inputs", err
	case e != nil:
		return nil, "failed", err
	case err != nil:
		return nil, "", err
	}
	levies, err := a.assess(lines)
	if err != nil {
		return nil, "", err
	}
	taxes = make([][]taxPart, len(lines))
	for i := range levies {
		for j := range levies[i] {
			l := &levies[i][j]
			rate, err := rateOfLevy(op, l)
			if err != nil {
				return nil, "", err
			}
			taxes[i] = append(taxes[i], taxPart{rate: rate, amount: l.amount, taxable: l.taxableSum, inclusive: l.inclusive, reason: l.reason})
		}
	}
	return taxes, "complete", nil
}

// rateOfLevy is the id of the archived tax rate that stands for a tax, made when it is first needed.
func rateOfLevy(op *resource.Op, l *levy) (string, error) {
	name, jurisdiction := taxNames[l.kind], l.where.country
	if name == "" {
		name = "Tax"
	}
	if l.where.state != "" {
		jurisdiction = l.name
	}
	params := newParams("active", false, "country", l.where.country, "description", name+" "+l.name, "display_name", name, "inclusive", l.inclusive,
		"jurisdiction", jurisdiction, "percentage", object.Number(l.percent.String()), "state", l.where.state, "tax_type", l.kind)
	same, err := op.Lookup("tax_rate", "archived", archivedRate(params)[0])
	if err != nil {
		return "", err
	}
	if len(same) > 0 {
		return same[0].ID(), nil
	}
	rate, err := op.Make("tax_rate", "", params, func(op *resource.Op) error {
		if err := createTaxRate(op); err != nil {
			return err
		}
		op.Object.Set("effective_percentage", op.Object.Get("percentage"))
		return nil
	})
	if err != nil {
		return "", err
	}
	return rate.ID(), nil
}

// archivedRate finds an archived tax rate by all that it says.
func archivedRate(rate *object.Object) []string {
	if rate.Bool("active") {
		return nil
	}
	behavior := "exclusive"
	if rate.Bool("inclusive") {
		behavior = "inclusive"
	}
	return []string{strings.Join([]string{
		rate.String("country"), rate.String("state"), rate.String("tax_type"), rate.String("jurisdiction"), rate.String("display_name"),
		rate.String("description"), numberText(rate.Get("percentage")), behavior,
	}, "|")}
}

// taxesWithin reports whether amounts of a tax_behavior have their tax within them. What is unspecified goes by the
// account's settings. param names what should have said it.
func taxesWithin(op *resource.Op, behavior, currency, param string) (bool, error) {
	if behavior == "" || behavior == "unspecified" {
		settings, err := taxSettings(op)
		if err != nil {
			return false, err
		}
		behavior = settings.Object("defaults").String("tax_behavior")
	}
	switch behavior {
	case "inclusive":
		return true, nil
	case "exclusive":
		return false, nil
	case "inferred_by_currency":
		return currency != "usd" && currency != "cad", nil
	}
	return false, apierr.Invalid("", param, "Automatic tax needs to know whether amounts include tax. Set tax_behavior to `inclusive` or `exclusive`, or set a default in your tax settings.")
}
