package billing_test

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

// What is done in a golden case.
//
//	subscribe gold*3[ten] silver [five,vat] classic trial_end=2026-05-01
//	change silver to gold*2, add setup, remove boxes; always_invoice      items; also parameters of the subscription
//	cancel prorate invoice_now     resume     card     used calls 150
//	item 1000[ten,vat] setup*3 33.5*3                                     for the next invoice
//	bill [five,vat]                                                       an invoice of what waits
//	finalize   pay   pay 400   void   uncollectible
//	adjust -300                                                           the customer's balance
//	credit 1*2 2:500 own:3*100[vat] amount=500 refund_amount=500          2 pieces of the 1st line, 500 of the 2nd one
//	take back                                                             void the credit note
//
// Coupons and tax rates in brackets are for what is before them; those that stand alone are for the whole.

// goldenFlags are parameters that can be written by their values.
var goldenFlags = map[string]string{
	"always_invoice": "proration_behavior", "create_prorations": "proration_behavior", "none": "proration_behavior",
	"classic": "billing_mode[type]", "flexible": "billing_mode[type]", "itemized": "billing_mode[flexible][proration_discounts]",
}

func (w *goldenWorld) do(step goldenStep) {
	w.t.Helper()
	verb, words := step.words[0], step.words[1:]
	does, known := map[string]func([]string){
		"currency": func(words []string) { w.currency = words[0] },
		"customer": w.setPerson, "card": w.giveCard,
		"price": w.makePrice, "metered": w.makeMetered, "tiers": w.makeTiers, "coupon": w.makeCoupon, "rate": w.makeRate,
		"subscribe": w.subscribe, "change": w.change, "cancel": w.cancel, "resume": w.resume, "used": w.use,
		"item": w.addItems, "bill": w.bill, "pay": w.pay, "adjust": w.adjust, "credit": w.credit,
		"finalize": w.act("finalize"), "void": w.act("void"), "uncollectible": w.act("mark_uncollectible"),
		"take": func([]string) { w.readNote(w.Post("/v1/credit_notes/" + w.note.ID() + "/void").OK().ID()) },
	}[verb]
	if !known {
		w.t.Fatalf("%s: nobody knows how to %q", step.place, verb)
	}
	does(words)
}

// goldenSold is "gold*3[ten,vat]" in its parts.
type goldenSold struct {
	name, quantity string
	terms          []string // coupons and tax rates
}

func readSold(word string) goldenSold {
	word, terms, _ := strings.Cut(strings.TrimSuffix(word, "]"), "[")
	name, quantity, _ := strings.Cut(word, "*")
	s := goldenSold{name: name, quantity: quantity}
	if terms != "" {
		s.terms = strings.Split(terms, ",")
	}
	return s
}

// terms are the parameters that give coupons and tax rates: those of an item if at names one, or else of the whole.
func (w *goldenWorld) terms(at, rates string, names []string) (form []string) {
	w.t.Helper()
	for _, name := range names {
		discounts, taxes := "discounts", rates
		if at != "" {
			discounts, taxes = at+"[discounts]", at+"["+rates+"]"
		}
		switch {
		case w.coupons[name] != "":
			form = append(form, discounts+"["+strconv.Itoa(len(form))+"][coupon]", w.coupons[name])
		case w.rates[name] != "":
			form = append(form, taxes+"[]", w.rates[name])
		default:
			w.t.Fatalf("%q is no coupon and no tax rate", name)
		}
	}
	return form
}

// item are the parameters of the i-th item of a subscription: what is sold, in the place of another item if that is
// named.
func (w *goldenWorld) item(i int, what goldenSold, replaced string) []string {
	w.t.Helper()
	at := "items[" + strconv.Itoa(i) + "]"
	p := w.prices[what.name]
	if p == nil {
		w.t.Fatalf("no price is called %q", what.name)
	}
	form := []string{at + "[price]", p.id}
	if replaced != "" {
		form = append(form, at+"[id]", w.prices[replaced].item)
	}
	if what.quantity != "" {
		form = append(form, at+"[quantity]", what.quantity)
	}
	return append(form, w.terms(at, "tax_rates", what.terms)...)
}

// keepItems notes which items the subscription has.
func (w *goldenWorld) keepItems(s *object.Object) {
	w.subscription = s.ID()
	for _, v := range s.Object("items").Array("data") {
		item := v.(*object.Object)
		for _, p := range w.prices {
			if p.id == item.Object("price").ID() {
				p.item = item.ID()
			}
		}
	}
}

// flagged takes the flags and parameters from words.
func (w *goldenWorld) flagged(words []string) (form, rest []string) {
	w.t.Helper()
	form, words = w.parameters(words)
	for _, word := range words {
		if name, found := goldenFlags[word]; found {
			form = append(form, name, word)
		} else {
			rest = append(rest, word)
		}
	}
	return form, rest
}

func (w *goldenWorld) subscribe(words []string) {
	w.t.Helper()
	form, words := w.flagged(words)
	form = append(form, "customer", w.customer)
	items := 0
	for _, word := range words {
		what := readSold(word)
		switch p := w.prices[what.name]; {
		case what.name == "":
			form = append(form, w.terms("", "default_tax_rates", what.terms)...)
		case p != nil && p.once:
			form = append(form, w.added(what)...)
		default:
			form = append(form, w.item(items, what, "")...)
			items++
		}
	}
	w.foresee(form)
	w.keepItems(w.Post("/v1/subscriptions", form...).OK())
}

// added are the parameters of what comes along once.
func (w *goldenWorld) added(what goldenSold) []string {
	w.t.Helper()
	form := []string{"add_invoice_items[0][price]", w.prices[what.name].id}
	if what.quantity != "" {
		form = append(form, "add_invoice_items[0][quantity]", what.quantity)
	}
	return append(form, w.terms("add_invoice_items[0]", "tax_rates", what.terms)...)
}

func (w *goldenWorld) change(words []string) {
	w.t.Helper()
	for i, word := range words {
		words[i] = strings.TrimRight(word, ",;")
	}
	form, words := w.flagged(words)
	for i := 0; len(words) > 0; i++ {
		at := "items[" + strconv.Itoa(i) + "]"
		what := readSold(words[0])
		switch {
		case what.name == "":
			form, words = append(form, w.terms("", "default_tax_rates", what.terms)...), words[1:]
		case words[0] == "add":
			form, words = append(form, w.item(i, readSold(words[1]), "")...), words[2:]
		case words[0] == "remove":
			form, words = append(form, at+"[id]", w.prices[words[1]].item, at+"[deleted]", "true"), words[2:]
		case len(words) > 2 && words[1] == "to":
			form, words = append(form, w.item(i, readSold(words[2]), what.name)...), words[3:]
		default:
			form, words = append(form, w.item(i, what, what.name)...), words[1:]
		}
	}
	w.foresee(form)
	w.keepItems(w.Post("/v1/subscriptions/"+w.subscription, form...).OK())
}

func (w *goldenWorld) cancel(words []string) {
	w.t.Helper()
	var form []string
	for _, word := range words {
		form = append(form, word, "true")
	}
	behavior := "none"
	if slices.Contains(words, "prorate") {
		behavior = "create_prorations"
	}
	if slices.Contains(words, "invoice_now") {
		w.foresee([]string{"cancel_now", "true", "proration_behavior", behavior})
	}
	w.Delete("/v1/subscriptions/"+w.subscription, form...).OK()
}

func (w *goldenWorld) resume(words []string) {
	w.t.Helper()
	form, _ := w.flagged(words)
	w.foresee(append([]string{"resume_at", "now"}, form...))
	w.Post("/v1/subscriptions/"+w.subscription+"/resume", form...).OK()
}

// use tells a meter of something that was used.
func (w *goldenWorld) use(words []string) {
	w.t.Helper()
	now := w.Get("/v1/test_helpers/test_clocks/" + w.clock).OK().Int("frozen_time")
	w.Post("/v1/billing/meter_events", "event_name", w.prices[words[0]].event, "payload[value]", words[1], "payload[stripe_customer_id]", w.customer,
		"timestamp", strconv.FormatInt(now, 10)).OK()
}

// addItems makes invoice items, the last one first, so that an invoice shows them as they are written.
func (w *goldenWorld) addItems(words []string) {
	w.t.Helper()
	flags, words := w.flagged(words)
	for _, word := range slices.Backward(words) {
		what := readSold(word)
		form := append(w.terms("", "tax_rates", what.terms), "customer", w.customer)
		switch p := w.prices[what.name]; {
		case p != nil:
			form = append(form, "pricing[price]", p.id)
		case what.quantity != "":
			form = append(form, "currency", w.currency, "unit_amount_decimal", what.name)
		default:
			form = append(form, "currency", w.currency, "amount", what.name)
		}
		if what.quantity != "" {
			form = append(form, "quantity", what.quantity)
		}
		w.Post("/v1/invoiceitems", append(form, flags...)...).OK()
	}
}

func (w *goldenWorld) bill(words []string) {
	w.t.Helper()
	form, words := w.flagged(words)
	for _, word := range words {
		form = append(form, w.terms("", "default_tax_rates", readSold(word).terms)...)
	}
	w.Post("/v1/invoices", append(form, "customer", w.customer, "pending_invoice_items_behavior", "include", "currency", w.currency)...).OK()
}

// act does something with the latest invoice.
func (w *goldenWorld) act(what string) func([]string) {
	return func([]string) {
		w.t.Helper()
		w.Post("/v1/invoices/" + w.invoice.ID() + "/" + what).OK()
	}
}

// pay pays the latest invoice, or an amount of it.
func (w *goldenWorld) pay(words []string) {
	w.t.Helper()
	path := "/v1/invoices/" + w.invoice.ID()
	if len(words) == 0 {
		w.Post(path + "/pay").OK()
		return
	}
	pi := w.Post("/v1/payment_intents", "amount", words[0], "currency", w.currency, "customer", w.customer, "payment_method", "pm_card_visa", "confirm", "true",
		"automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never").OK().ID()
	w.Post(path+"/attach_payment", "payment_intent", pi).OK()
}

func (w *goldenWorld) adjust(words []string) {
	w.t.Helper()
	w.Post("/v1/customers/"+w.customer+"/balance_transactions", "amount", words[0], "currency", w.currency).OK()
}

// credit issues a credit note of the latest invoice.
func (w *goldenWorld) credit(words []string) {
	w.t.Helper()
	form, words := w.flagged(words)
	form = append(form, "invoice", w.invoice.ID())
	for i, word := range words {
		form = append(form, w.credited("lines["+strconv.Itoa(i)+"]", word)...)
	}
	w.readNote(w.Post("/v1/credit_notes", form...).OK().ID())
}

// credited are the parameters of "1*2", two pieces of the first line, "2:500", 500 of the second one, or "own:3*100[vat]",
// a line of its own.
func (w *goldenWorld) credited(at, word string) []string {
	w.t.Helper()
	if own, found := strings.CutPrefix(word, "own:"); found {
		what := readSold(own)
		form := []string{at + "[type]", "custom_line_item", at + "[description]", "Sorry", at + "[quantity]", what.name, at + "[unit_amount_decimal]", what.quantity}
		return append(form, w.terms(at, "tax_rates", what.terms)...)
	}
	how := strings.IndexAny(word, "*:")
	number, err := strconv.Atoi(word[:how])
	if err != nil {
		w.t.Fatal(err)
	}
	name := "[quantity]"
	if word[how] == ':' {
		name = "[amount]"
	}
	return []string{at + "[type]", "invoice_line_item", at + "[invoice_line_item]", w.lines[number-1].ID(), at + name, word[how+1:]}
}

func (w *goldenWorld) readNote(id string) {
	w.t.Helper()
	w.note = w.Get("/v1/credit_notes/" + id).OK()
	w.parts = w.list("/v1/credit_notes/"+id+"/lines", "data.discount_amounts.discount")
}
