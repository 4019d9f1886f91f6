package billing_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// What is sold in a golden case, and to whom.
//
//	currency jpy                                   of all amounts; usd if nothing is said
//	customer tax_exempt=reverse balance=-300       parameters of the customer; "poor" is one without a card
//	price gold 1000/month                          a price of a product of its own, which is called Gold
//	price boxes 1000/3month per 5 up               for every 5, rounded up
//	price setup 1500                               to pay once
//	metered calls 0.5/month                        what was used; "as:calls" at the end shares the meter
//	tiers fonts graduated/month 5:700 10:650+100 rest:600      unit and flat amounts, "+100" for a flat one alone
//	coupon ten 10%   coupon five 500 once   coupon spring 20% 3 months   coupon some 500 on gold,silver
//	rate vat 19% inclusive
//
// Parameters can be added to any of them.

// goldenPrice is a price, its product, and the item of the subscription that has it.
type goldenPrice struct {
	id, product, item string
	event, meter      string // of what is metered
	once              bool
}

// goldenWorld is a case at work.
type goldenWorld struct {
	*servertest.Server
	t              testing.TB
	currency       string
	person         []string // parameters of the customer
	poor           bool     // the customer has no card
	clock, now     string   // the time of the clock
	customer       string
	subscription   string
	prices         map[string]*goldenPrice
	coupons, rates map[string]string // ids by name
	names          map[string]string // coupons and rates by id
	seen           map[string]bool   // invoices and waiting items
	balance        int64
	invoice, note  *object.Object   // the latest
	foreseen       *object.Object   // the preview of the next invoice
	lines, parts   []*object.Object // of the latest invoice, and of the latest credit note
}

func playGolden(t testing.TB, s *servertest.Server, c goldenCase) {
	t.Helper()
	w := &goldenWorld{
		Server: s, t: t, currency: "usd", prices: map[string]*goldenPrice{}, coupons: map[string]string{}, rates: map[string]string{},
		names: map[string]string{}, seen: map[string]bool{},
	}
	for _, step := range c.steps {
		if len(step.words) == 0 {
			w.foresee(nil)
		}
		if step.at != "" {
			w.until(step.at)
		}
		if len(step.words) > 0 {
			w.foreseen = nil
			w.do(step)
		}
		w.check(step)
		if t.Failed() {
			t.Fatalf("%s: %s %s", step.place, step.at, strings.Join(step.words, " "))
		}
	}
}

// until lets time pass. The first time, it makes the clock, and the customer who lives by it.
func (w *goldenWorld) until(date string) {
	w.t.Helper()
	at := w.time(date)
	if at == w.now {
		return
	}
	w.now = at
	if w.clock != "" {
		w.Post("/v1/test_helpers/test_clocks/"+w.clock+"/advance?wait", "frozen_time", at).OK()
		return
	}
	w.clock = w.Post("/v1/test_helpers/test_clocks", "frozen_time", at).OK().ID()
	person := w.Post("/v1/customers", append([]string{"test_clock", w.clock}, w.person...)...).OK()
	w.customer, w.balance = person.ID(), person.Int("balance")
	if !w.poor {
		w.giveCard(nil)
	}
}

// setPerson reads what the customer is like.
func (w *goldenWorld) setPerson(words []string) {
	w.t.Helper()
	w.person, words = w.parameters(words)
	w.poor = slices.Contains(words, "poor")
}

// giveCard gives the customer something to pay with.
func (w *goldenWorld) giveCard([]string) {
	w.t.Helper()
	card := w.Post("/v1/payment_methods/pm_card_visa/attach", "customer", w.customer).OK().ID()
	w.Post("/v1/customers/"+w.customer, "invoice_settings[default_payment_method]", card).OK()
}

func (w *goldenWorld) time(date string) string {
	w.t.Helper()
	at, err := goldenTime(date)
	if err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(at, 10)
}

// parameters are those among words that have a "=", with dates as the numbers that the API takes, and the other words.
func (w *goldenWorld) parameters(words []string) (form, rest []string) {
	w.t.Helper()
	for _, word := range words {
		name, value, found := strings.Cut(word, "=")
		switch {
		case !found:
			rest = append(rest, word)
		case goldenDate.MatchString(value):
			form = append(form, name, w.time(value))
		default:
			form = append(form, name, value)
		}
	}
	return form, rest
}

// makePrice makes "1000/3month per 5 up", and a product for it.
func (w *goldenWorld) makePrice(words []string) {
	w.t.Helper()
	form, words := w.parameters(words)
	p := w.addPrice(words[0])
	amount, interval, recurs := strings.Cut(words[1], "/")
	p.once = !recurs
	form = append(form, "product", p.product, "currency", w.currency, "unit_amount_decimal", amount)
	if recurs {
		form = append(form, recurring(interval)...)
	}
	if len(words) > 3 && words[2] == "per" {
		form = append(form, "transform_quantity[divide_by]", words[3], "transform_quantity[round]", words[4])
	}
	p.id = w.Post("/v1/prices", form...).OK().ID()
}

// addPrice makes the product of a price, unless it is there.
func (w *goldenWorld) addPrice(name string) *goldenPrice {
	w.t.Helper()
	if p := w.prices[name]; p != nil {
		return p
	}
	p := &goldenPrice{product: w.Post("/v1/products", "name", strings.ToUpper(name[:1])+name[1:]).OK().ID()}
	w.prices[name] = p
	return p
}

// makeMetered makes a price for what a meter counts: one of its own, or that of another price.
func (w *goldenWorld) makeMetered(words []string) {
	w.t.Helper()
	p := w.addPrice(words[0])
	last := len(words) - 1
	if of, shared := strings.CutPrefix(words[last], "as:"); shared {
		words = words[:last]
		p.event, p.meter = w.prices[of].event, w.prices[of].meter
	} else {
		p.event = words[0] + "_" + p.product
		p.meter = w.Post("/v1/billing/meters", "display_name", words[0], "event_name", p.event, "default_aggregation[formula]", "sum").OK().ID()
	}
	w.makePrice(append(words, "recurring[usage_type]=metered", "recurring[meter]="+p.meter))
}

// recurring are the parameters of "month" or "3month".
func recurring(interval string) []string {
	unit := strings.TrimLeft(interval, digits)
	form := []string{"recurring[interval]", unit}
	if count := strings.TrimSuffix(interval, unit); count != "" {
		form = append(form, "recurring[interval_count]", count)
	}
	return form
}

// makeTiers makes "graduated/month 5:700 10:650+100 rest:+600".
func (w *goldenWorld) makeTiers(words []string) {
	w.t.Helper()
	form, words := w.parameters(words)
	p := w.addPrice(words[0])
	mode, interval, _ := strings.Cut(words[1], "/")
	form = append(form, "product", p.product, "currency", w.currency, "billing_scheme", "tiered", "tiers_mode", mode)
	form = append(form, recurring(interval)...)
	for i, tier := range words[2:] {
		at := "tiers[" + strconv.Itoa(i) + "]"
		upTo, amounts, _ := strings.Cut(tier, ":")
		if upTo == "rest" {
			upTo = "inf"
		}
		unit, flat, _ := strings.Cut(amounts, "+")
		form = append(form, at+"[up_to]", upTo)
		if unit != "" {
			form = append(form, at+"[unit_amount_decimal]", unit)
		}
		if flat != "" {
			form = append(form, at+"[flat_amount_decimal]", flat)
		}
	}
	p.id = w.Post("/v1/prices", form...).OK().ID()
}

// makeCoupon makes "20% 3 months" or "500 once on gold,silver".
func (w *goldenWorld) makeCoupon(words []string) {
	w.t.Helper()
	form, words := w.parameters(words)
	name, off := words[0], words[1]
	if percent, found := strings.CutSuffix(off, "%"); found {
		form = append(form, "percent_off", percent)
	} else {
		form = append(form, "amount_off", off, "currency", w.currency)
	}
	duration := "forever"
	for i, word := range words {
		switch word {
		case "once":
			duration = "once"
		case "months", "month":
			duration = "repeating"
			form = append(form, "duration_in_months", words[i-1])
		case "on":
			for product := range strings.SplitSeq(words[i+1], ",") {
				form = append(form, "applies_to[products][]", w.prices[product].product)
			}
		}
	}
	id := w.Post("/v1/coupons", append(form, "duration", duration)...).OK().ID()
	w.coupons[name], w.names[id] = id, name
}

func (w *goldenWorld) makeRate(words []string) {
	w.t.Helper()
	form, words := w.parameters(words)
	form = append(form, "display_name", "Tax", "percentage", strings.TrimSuffix(words[1], "%"), "inclusive", strconv.FormatBool(words[2] == "inclusive"))
	id := w.Post("/v1/tax_rates", form...).OK().ID()
	w.rates[words[0]], w.names[id] = id, words[0]
}
