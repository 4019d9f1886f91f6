package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
)

// What must come of a step of a golden case.
//
//	invoice 1050                        the next new invoice, by its total; what follows is of this one
//	  line 1000; 2026-04-01..2026-05-01; "1 × Gold"     the next of its lines, the time that it is for, what it says
//	    off ten 100                     what a discount takes off the line
//	    tax vat 50; on 900              a tax on the line
//	  subtotal 1000
//	  without 950                       total_excluding_tax
//	due 750, left 750, paid 0           of the latest invoice: amount_due, _remaining, _paid
//	balance 300                         of the customer
//	waiting -500; "Unused time"         an invoice item that waits, the one first that an invoice shows first; off follows
//	note 500, pre 0, post 500           a credit note, with lines, off and tax
//	period 2026-01-31..2026-02-28       of the subscription's first item

// check compares all that there is with what is wanted.
func (w *goldenWorld) check(step goldenStep) {
	w.t.Helper()
	if w.customer == "" {
		return
	}
	rest := w.checkInvoices(step.want)
	rest = w.checkWaiting(rest)
	rest = w.checkNote(rest)
	rest = w.checkBalance(rest)
	if len(rest) > 0 && w.invoice != nil {
		w.readInvoice(w.invoice.ID())
	}
	for _, one := range rest {
		w.checkAmount(one)
	}
}

// differs says that something is not what is written at a place.
func (w *goldenWorld) differs(at wanted, got any) {
	w.t.Helper()
	w.t.Errorf("%s: %s is %v, want %d", at.place, strings.TrimSpace(at.key+" "+at.name), got, at.amount)
}

// checkInvoices compares each new invoice with its description, and returns what else is wanted.
func (w *goldenWorld) checkInvoices(want []wanted) []wanted {
	w.t.Helper()
	for _, v := range slices.Backward(w.Get("/v1/invoices", "customer", w.customer, "limit", "20").OK().Array("data")) {
		id := v.(*object.Object).ID()
		if w.seen[id] {
			continue
		}
		w.seen[id] = true
		w.readInvoice(id)
		if len(want) == 0 || want[0].key != "invoice" {
			w.t.Errorf("there is another invoice, over %d: %s", w.invoice.Int("total"), linesText(w.lines))
			continue
		}
		var own []wanted
		head := want[0]
		own, want = blockOf(want[1:], "line", "off", "tax", "subtotal", "without", "due")
		if w.invoice.Int("total") != head.amount {
			w.differs(head, w.invoice.Int("total"))
		}
		own = w.checkLines(own, "line", w.lines)
		w.checkSums()
		w.checkForeseen(head)
		if w.invoice.Int("starting_balance") != 0 && !slices.ContainsFunc(own, func(one wanted) bool { return one.key == "due" }) {
			w.t.Errorf("%s: the balance is met, so what is due must be said: %d", head.place, w.invoice.Int("amount_due"))
		}
		for _, one := range own {
			w.checkAmount(one)
		}
	}
	return want
}

// blockOf is what comes next and has one of the keys, and what comes after it.
func blockOf(want []wanted, keys ...string) (own, after []wanted) {
	end := slices.IndexFunc(want, func(one wanted) bool { return !slices.Contains(keys, one.key) })
	if end < 0 {
		end = len(want)
	}
	return want[:end], want[end:]
}

func (w *goldenWorld) readInvoice(id string) {
	w.t.Helper()
	w.invoice = w.Get("/v1/invoices/" + id).OK()
	w.lines = w.list("/v1/invoices/"+id+"/lines", "data.discount_amounts.discount")
}

// list is all that there is below a path, with the discounts whole.
func (w *goldenWorld) list(path, discounts string, form ...string) []*object.Object {
	w.t.Helper()
	var all []*object.Object
	for _, v := range w.Get(path, append(form, "limit", "100", "expand[]", discounts)...).OK().Array("data") {
		all = append(all, v.(*object.Object))
	}
	return all
}

// linesText is what lines say, for mistakes.
func linesText(lines []*object.Object) string {
	var texts []string
	for _, line := range lines {
		text, _ := line.Get("description").(string)
		texts = append(texts, fmt.Sprintf("%d %q", line.Int("amount"), text))
	}
	return strings.Join(texts, ", ")
}

// checkLines compares lines with those that are described, and returns what else is wanted.
func (w *goldenWorld) checkLines(want []wanted, key string, lines []*object.Object) []wanted {
	w.t.Helper()
	for _, line := range lines {
		if len(want) == 0 || want[0].key != key {
			w.t.Errorf("there is another %s; all are %s", key, linesText(lines))
			return want
		}
		var own []wanted
		head := want[0]
		own, want = blockOf(want[1:], "off", "tax")
		w.checkLine(head, line)
		w.checkParts(head, own, "off", w.discountsOf(line))
		w.checkParts(head, own, "tax", w.taxesOf(line))
	}
	if len(want) > 0 && want[0].key == key {
		w.t.Errorf("%s: there is no such %s; all are %s", want[0].place, key, linesText(lines))
	}
	return want
}

func (w *goldenWorld) checkLine(want wanted, line *object.Object) {
	w.t.Helper()
	if got := line.Int("amount"); got != want.amount {
		w.differs(want, got)
	}
	if want.span != [2]int64{} {
		p := line.Object("period")
		if got := [2]int64{p.Int("start"), p.Int("end")}; got != want.span {
			w.t.Errorf("%s: the time is %s, want %s", want.place, spanText(got), spanText(want.span))
		}
	}
	if text, _ := line.Get("description").(string); !strings.Contains(text, want.text) {
		w.t.Errorf("%s: the description is %q, want %q in it", want.place, text, want.text)
	}
}

func spanText(span [2]int64) string {
	return time.Unix(span[0], 0).UTC().Format(time.DateTime) + " to " + time.Unix(span[1], 0).UTC().Format(time.DateTime)
}

// part is what a discount takes off, or a tax comes to.
type part struct {
	name       string
	amount, on int64
}

// checkParts compares the discounts or the taxes of a line with those that are described.
func (w *goldenWorld) checkParts(line wanted, want []wanted, key string, parts []part) {
	w.t.Helper()
	want = slices.DeleteFunc(slices.Clone(want), func(one wanted) bool { return one.key != key })
	if len(parts) != len(want) {
		w.t.Errorf("%s: there are %d of %q, want %d: %+v", line.place, len(parts), key, len(want), parts)
		return
	}
	for i, p := range parts {
		if want[i].name != p.name || want[i].amount != p.amount {
			w.t.Errorf("%s: %s is %s %d", want[i].place, key, p.name, p.amount)
		}
		if on := want[i].on; on != nil && *on != p.on {
			w.t.Errorf("%s: it is on %d, want %d", want[i].place, p.on, *on)
		}
	}
}

// discountsOf are the discounts on a line. Those of prorations may be in the amount already: they take nothing off.
func (w *goldenWorld) discountsOf(line *object.Object) (all []part) {
	parts := line.Array("discount_amounts")
	if details := line.Object("proration_details"); details != nil { // an invoice item
		parts = details.Array("discount_amounts")
	}
	for _, v := range parts {
		d := v.(*object.Object)
		coupon, _ := d.At("discount", "source", "coupon").(string)
		if d.Int("amount") != 0 {
			all = append(all, part{name: w.names[coupon], amount: d.Int("amount")})
		}
	}
	return all
}

func (w *goldenWorld) taxesOf(line *object.Object) (all []part) {
	for _, v := range line.Array("taxes") {
		tax := v.(*object.Object)
		all = append(all, part{name: w.names[tax.Object("tax_rate_details").Ref("tax_rate")], amount: tax.Int("amount"), on: tax.Int("taxable_amount")})
	}
	return all
}

// checkSums adds the lines of the latest invoice up, whatever is written.
func (w *goldenWorld) checkSums() {
	w.t.Helper()
	var total int64
	for _, line := range w.lines {
		total += w.worth(line)
	}
	if got := w.invoice.Int("total"); got != total {
		w.t.Errorf("the lines of the invoice come to %d, but it says %d", total, got)
	}
}

// worth is what is to be paid for a line: with the taxes on top, and without those in it for who pays none.
func (w *goldenWorld) worth(line *object.Object) int64 {
	w.t.Helper()
	worth, onTop := line.Int("amount"), int64(0)
	for _, off := range w.discountsOf(line) {
		worth -= off.amount
	}
	for _, v := range line.Array("taxes") {
		tax := v.(*object.Object)
		inclusive, reason := tax.String("tax_behavior") == "inclusive", tax.String("taxability_reason")
		switch {
		case !inclusive:
			onTop += tax.Int("amount")
		case reason == "customer_exempt", reason == "reverse_charge":
			worth = tax.Int("taxable_amount")
		}
	}
	return worth + onTop
}

// checkWaiting compares the items that wait with those that are described. Where none is, there must be no new one.
func (w *goldenWorld) checkWaiting(want []wanted) []wanted {
	w.t.Helper()
	waiting := w.list("/v1/invoiceitems", "data.proration_details.discount_amounts.discount", "customer", w.customer, "pending", "true")
	described := len(want) > 0 && want[0].key == "waiting"
	fresh := false
	for _, item := range waiting {
		fresh = fresh || !w.seen[item.ID()]
		w.seen[item.ID()] = true
	}
	if !fresh && !described {
		return want
	}
	return w.checkLines(want, "waiting", waiting)
}

// checkNote compares the lines of a new credit note.
func (w *goldenWorld) checkNote(want []wanted) []wanted {
	w.t.Helper()
	if len(want) == 0 || want[0].key != "note" {
		return want
	}
	if got := w.note.Int("total"); got != want[0].amount {
		w.differs(want[0], got)
	}
	return w.checkLines(want[1:], "line", w.parts)
}

// checkBalance compares the customer's balance. A change of it must be written.
func (w *goldenWorld) checkBalance(want []wanted) []wanted {
	w.t.Helper()
	balance := w.Get("/v1/customers/" + w.customer).OK().Int("balance")
	at := slices.IndexFunc(want, func(one wanted) bool { return one.key == "balance" })
	switch {
	case at < 0 && balance != w.balance:
		w.t.Errorf("the balance is %d now, was %d", balance, w.balance)
	case at >= 0 && balance != want[at].amount:
		w.differs(want[at], balance)
	}
	w.balance = balance
	if at < 0 {
		return want
	}
	return slices.Delete(slices.Clone(want), at, at+1)
}

// goldenFields are what amounts are called in an invoice, or in a credit note.
var goldenFields = map[string]string{
	"subtotal": "subtotal", "without": "total_excluding_tax", "due": "amount_due", "left": "amount_remaining", "paid": "amount_paid",
	"pre": "pre_payment_amount", "post": "post_payment_amount",
}

func (w *goldenWorld) checkAmount(want wanted) {
	w.t.Helper()
	name, of := goldenFields[want.key], w.invoice
	switch {
	case want.key == "period":
		item := w.Get("/v1/subscriptions/" + w.subscription).OK().Object("items").Array("data")[0].(*object.Object)
		if got := [2]int64{item.Int("current_period_start"), item.Int("current_period_end")}; got != want.span {
			w.t.Errorf("%s: the period is %s, want %s", want.place, spanText(got), spanText(want.span))
		}
		return
	case name == "":
		w.t.Errorf("%s: there is no %q here", want.place, want.key)
		return
	case want.key == "pre", want.key == "post":
		of = w.note
	}
	if got := of.Int(name); got != want.amount {
		w.differs(want, got)
	}
}
