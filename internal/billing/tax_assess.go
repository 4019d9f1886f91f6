package billing

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How automatic tax is worked out: where the customer is, which taxes there are, whether the account collects them,
// and what of each line they take. Calculations and all that bills with automatic_tax come here.

// taxBuyer is who buys: where, under which tax ids, and whether tax is left out for them.
type taxBuyer struct {
	address   *object.Object
	ids       []string // types of the tax ids
	exemption string   // "none", "customer_exempt" or "reverse_charge"
}

// taxable is something sold, after discounts.
type taxable struct {
	amount    int64
	code      string // tax code; empty for the account's default
	inclusive bool
}

// levy is one tax on a line, or the reason why there is none.
type levy struct {
	where      taxLocation
	kind       string // "vat"; empty where no tax is known
	name       string // of the jurisdiction
	level      string // "country" or "state"
	sourcing   string
	percent    money.Percent
	inclusive  bool
	reason     string
	amount     int64
	taxableSum int64
}

// imposed reports whether the tax is charged at all, be it at 0 %.
func (l *levy) imposed() bool {
	return slices.Contains([]string{standardRated, reducedRated, zeroRated}, l.reason)
}

const (
	reducedRated  = "reduced_rated"
	zeroRated     = "zero_rated"
	notCollecting = "not_collecting"
	reverseCharge = "reverse_charge"
	exemptBuyer   = "customer_exempt"
	nontaxable    = "txcd_00000000"
)

// assessor is what the taxes of one sale depend on, but for what is sold.
type assessor struct {
	buyer   taxBuyer
	to      taxLocation
	origin  string // country
	collect registrations
	preset  string // tax code
}

// newAssessor gathers what a sale's taxes depend on. Without a head office or a location it answers Stripe's errors
// stripe_tax_inactive and customer_tax_location_invalid. shipFrom may be nil.
func newAssessor(op *resource.Op, buyer taxBuyer, shipFrom *object.Object, at time.Time) (*assessor, error) {
	settings, err := taxSettings(op)
	if err != nil {
		return nil, err
	}
	if settings.String("status") != "active" {
		return nil, errTaxInactive(op)
	}
	to, ok := locate(buyer.address)
	if !ok {
		return nil, errTaxLocation("")
	}
	collect, err := registered(op, at)
	if err != nil {
		return nil, err
	}
	a := &assessor{buyer: buyer, to: to, collect: collect, preset: settings.Object("defaults").String("tax_code")}
	if a.preset == "" {
		a.preset = presetTaxCode
	}
	a.origin = strings.ToUpper(shipFrom.String("country"))
	if a.origin == "" {
		a.origin = settings.Object("head_office").Object("address").String("country")
	}
	return a, nil
}

// assess works out the taxes of lines that are sold together, each tax rounded once for all of them.
func (a *assessor) assess(lines []taxable) ([][]levy, error) {
	levies, sums := make([][]levy, len(lines)), make([]money.TaxLine, len(lines))
	for i, line := range lines {
		all, err := a.levies(line)
		if err != nil {
			return nil, err
		}
		levies[i], sums[i].Amount = all, line.amount
		for _, l := range all {
			key := l.where.country + l.where.state + l.kind
			sums[i].Rates = append(sums[i].Rates, money.TaxRate{Tax: key, Percent: l.percent, Inclusive: l.inclusive})
		}
	}
	for i, due := range money.Tax(sums, money.PerInvoice) {
		for j := range levies[i] {
			l := &levies[i][j]
			l.amount = due.Taxes[j]
			if l.imposed() {
				l.taxableSum = due.Taxable
			}
		}
	}
	return levies, nil
}

// levies are the taxes that a line bears, without amounts; always at least one, which says why there are no others.
func (a *assessor) levies(line taxable) ([]levy, error) {
	code := line.code
	if code == "" {
		code = a.preset
	}
	to, sourcing := a.to, "destination"
	if a.chargedAtOrigin() {
		to, sourcing = taxLocation{country: a.origin}, "origin"
	}
	place := to.place()
	if place == nil {
		return []levy{{where: to, name: to.country, level: "country", sourcing: sourcing, inclusive: line.inclusive, reason: "not_supported"}}, nil
	}
	if len(place.taxes) == 0 {
		return []levy{{where: to, name: place.name, level: "state", sourcing: sourcing, inclusive: line.inclusive, reason: "not_subject_to_tax", kind: "sales_tax"}}, nil
	}
	out := make([]levy, 0, len(place.taxes))
	for _, tax := range place.taxes {
		l := levy{where: to, kind: tax.kind, name: place.name, level: "country", sourcing: sourcing, inclusive: line.inclusive}
		switch {
		case to.country == "CA" && tax.kind == "gst":
			l.name, l.where.state = "Canada", ""
		case to.state != "":
			l.level = "state"
		}
		if l.reason = a.untaxed(tax.kind, to, code); l.reason == "" {
			text, reason := tax.rateFor(code)
			percent, err := money.ParsePercent(text)
			if err != nil {
				return nil, err
			}
			l.percent, l.reason = percent, reason
		}
		out = append(out, l)
	}
	return out, nil
}

// chargedAtOrigin reports whether a small seller sells to a private customer in another member state.
func (a *assessor) chargedAtOrigin() bool {
	return inEurope(a.to.country) && a.origin != a.to.country && a.collect.smallSeller(a.origin) && !a.business() &&
		!a.collect.collects(a.to, "vat", true) && !a.collect.collects(a.to, "vat", false)
}

// untaxed is why a tax is not charged, or empty.
func (a *assessor) untaxed(kind string, to taxLocation, code string) string {
	switch {
	case code == nontaxable || !a.collect.collects(to, kind, isGoods(code)):
		return notCollecting
	case a.buyer.exemption == exemptBuyer || a.buyer.exemption == reverseCharge:
		return a.buyer.exemption
	case kind != "sales_tax" && a.origin != to.country && a.business():
		return reverseCharge
	}
	return ""
}

// business reports whether the customer has a tax id of the country that they are in.
func (a *assessor) business() bool {
	prefix := strings.ToLower(a.to.country) + "_"
	return slices.ContainsFunc(a.buyer.ids, func(kind string) bool {
		return kind == "eu_vat" && inEurope(a.to.country) || businessIDs[kind] && strings.HasPrefix(kind, prefix)
	})
}

// businessIDs are the types of tax ids that only those have who account for tax themselves, beside eu_vat.
var businessIDs = map[string]bool{
	"ae_trn": true, "au_abn": true, "ca_gst_hst": true, "ch_vat": true, "cl_tin": true, "gb_vat": true, "ge_vat": true, "id_npwp": true, "in_gst": true,
	"is_vat": true, "jp_trn": true, "ke_pin": true, "kr_brn": true, "kz_bin": true, "mx_rfc": true, "no_vat": true, "nz_gst": true, "om_vat": true,
	"ph_tin": true, "rs_pib": true, "sa_vat": true, "sg_gst": true, "th_vat": true, "tr_tin": true, "tw_vat": true, "ua_vat": true, "za_vat": true,
}

// rateFor is the rate of a tax on what a tax code stands for.
func (t placeTax) rateFor(code string) (percent, reason string) {
	percent, reason = t.standard, standardRated
	switch reduced := map[string]string{"txcd_40040000": t.food, "txcd_35010000": t.books}[code]; reduced {
	case "":
	case "0":
		percent, reason = "0", zeroRated
	default:
		percent, reason = reduced, reducedRated
	}
	return percent, reason
}

// isGoods reports whether a tax code stands for something that is sent, rather than a service or something digital.
func isGoods(code string) bool {
	return strings.HasPrefix(code, "txcd_3") || strings.HasPrefix(code, "txcd_4") || code == "txcd_99999999" || code == "txcd_92010001"
}
