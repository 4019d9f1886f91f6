package mail

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

func field(name, value string) paper.Field { return paper.Field{Name: name, Value: value} }

func toSomebody(a resource.Announcement) bool { return a.Object.String("customer_email") != "" }

// settled are invoices that money was paid for. What cost nothing needs no receipt.
func settled(a resource.Announcement) bool { return toSomebody(a) && a.Object.Int("amount_paid") > 0 }

// renews leaves out the first payment of a subscription: who makes that is there, and sees that it failed.
func renews(a resource.Announcement) bool {
	return toSomebody(a) && a.Object.String("billing_reason") != "subscription_create"
}

// invoiced addresses the message to whom the invoice names.
func (d *desk) invoiced() *object.Object {
	in := d.object
	d.to = in.String("customer_email")
	return in
}

func tellPaid(d *desk) (bool, error) {
	in, w := d.invoiced(), d.words
	method, err := d.methodOf(in)
	if err != nil {
		return false, err
	}
	paid := w.amount(in.Int("amount_paid"), in.String("currency"))
	d.say(kindReceipt, put(w.receipt, d.letter.Seller.Name), w.receiptHeading, put(w.receiptText, paid))
	d.with("amount", paid, "date", w.day(in.Object("status_transitions").Int("paid_at")), "method", method)
	d.goods(in)
	d.fact(w.paidOn, w.day(in.Object("status_transitions").Int("paid_at")))
	d.fact(w.paidWith, method)
	d.fact(w.invoiceNumber, in.String("number"))
	d.letter.Button = link{w.viewInvoice, in.String("hosted_invoice_url")}
	d.attach("receipt", in, w.receiptAttached)
	return true, nil
}

func tellFailed(d *desk) (bool, error) {
	in, w := d.invoiced(), d.words
	method, err := d.methodOf(in)
	if err != nil || in.String("status") != "open" {
		return false, err
	}
	due := w.amount(in.Int("amount_remaining"), in.String("currency"))
	next, again := w.failedEnd, ""
	if at := in.Int("next_payment_attempt"); at > 0 {
		again = w.day(at)
		next = put(w.failedAgain, again)
	}
	text := []string{next + " " + w.failedDo}
	if method != "" {
		text = append([]string{put(w.failedText, due, method)}, text...)
	}
	d.say(kindPaymentFailed, put(w.failed, d.letter.Seller.Name), w.failedHeading, text...)
	d.with("amount", due, "method", method, "retry_date", again, "number", in.String("number"))
	d.fact(w.due, due)
	d.fact(w.invoiceNumber, in.String("number"))
	d.letter.Button = link{put(w.payNow, due), in.String("hosted_invoice_url")}
	return true, nil
}

func tellInvoice(d *desk) (bool, error) {
	in, w := d.invoiced(), d.words
	number, due := in.String("number"), w.amount(in.Int("amount_remaining"), in.String("currency"))
	text, by := put(w.invoiceNow, due), ""
	if at := in.Int("due_date"); at > 0 {
		by = w.day(at)
		text = put(w.invoiceDue, due, by)
	}
	d.say(kindInvoice, put(w.invoice, number, d.letter.Seller.Name), put(w.invoiceHeading, number), text)
	d.with("number", number, "amount", due, "due_date", by)
	d.goods(in)
	d.letter.Button = link{w.invoicePay, in.String("hosted_invoice_url")}
	d.attach("invoice", in, w.invoiceAttached)
	return true, nil
}

// mostLines is how many lines of an invoice a message repeats. All of them are on the file that goes with it.
const mostLines = 8

// goods repeats what an invoice is for.
func (d *desk) goods(in *object.Object) {
	w, currency, lines := d.words, in.String("currency"), in.Object("lines").Array("data")
	if len(lines) == 0 {
		return
	}
	for _, v := range lines[:min(len(lines), mostLines)] {
		line, _ := v.(*object.Object)
		d.letter.Lines = append(d.letter.Lines, field(line.String("description"), w.amount(line.Int("amount"), currency)))
	}
	if len(lines) > mostLines || in.Object("lines").Bool("has_more") {
		d.letter.Lines = append(d.letter.Lines, field(w.more, ""))
	}
	d.letter.Total = field(w.total, w.amount(in.Int("total"), currency))
}

// attach lets the file of an invoice go with the message.
func (d *desk) attach(document string, in *object.Object, note string) {
	kind := map[string]paper.Kind{"invoice": paper.Invoice, "receipt": paper.Receipt}[document]
	name := (&paper.Document{Kind: kind, Language: d.words.Tag, Number: in.String("number")}).FileName()
	d.attachments = append(d.attachments, attachment{document, name, in.ID()})
	d.letter.After = append(d.letter.After, note)
}

// methodOf is what the last payment of an invoice was made with, or tried; empty if that was elsewhere.
func (d *desk) methodOf(in *object.Object) (string, error) {
	var last *object.Object
	err := d.Lookup("invoice_payment", "invoice", in.ID(), func(payment *object.Object) error {
		last = payment
		return nil
	})
	if last == nil || err != nil {
		return "", err
	}
	intent, err := d.Find("payment_intent", last.Object("payment").Ref("payment_intent"))
	if intent == nil || err != nil {
		return "", err
	}
	charge, err := d.Find("charge", intent.Ref("latest_charge"))
	return methodText(charge.Object("payment_method_details")), err
}

// methodText names a way to pay: Visa •••• 4242.
func methodText(details *object.Object) string {
	kind := details.String("type")
	part := details.Object(kind)
	return strings.TrimSpace(paper.Method(kind, part.String("brand"), part.String("last4")))
}
