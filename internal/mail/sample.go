package mail

import (
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// sampleDay is the day that samples name: 15 January 2030, in unix seconds.
const sampleDay = 1894665600

// samples are what stands in the places of a sample.
func samples(w *words) map[string]string {
	every := w.every["month"]
	return map[string]string{
		"amount": w.amount(900, "usd"), "date": w.day(sampleDay), "due_date": w.day(sampleDay), "retry_date": w.day(sampleDay), "method": "Visa •••• 4242",
		"number": "A1B2C3D4-0001", "plan": "Pro", "old_plan": "Basic", "price": w.amount(900, "usd") + " " + every, "customer": "Ada Lovelace", "email": "ada@example.com",
		"product": "Link Saver", "minutes": "10", "role": w.roles["developer"], "what": w.notices[PasskeyAdded], "url": "https://example.com/webhooks", "reason": "HTTP 500",
	}
}

// Sample is a message as it would be sent, with made-up values: subject and both forms of its text. own is a wording that
// is to be tried; nil takes the one that counts.
func Sample(b *brand.Brand, private *object.Object, t *Text, language string, own *Wording) (subject, html, text string, err error) {
	msg := sample(b, private, t, language, own)
	err = msg.write()
	return msg.letter.Subject, msg.html, msg.text, err
}

func sample(b *brand.Brand, private *object.Object, t *Text, language string, own *Wording) *message {
	w := languages[language]
	values := samples(w)
	values["seller"] = b.Name
	said := t.standard(w, func(name string) string { return values[name] })
	if own != nil {
		private = object.Of(keptTexts, object.Of(t.ID, object.Of(language, object.Of("subject", own.Subject, "body", own.Body))))
	}
	msg := &message{says: t.ID, kind: kindDashboard, values: values, letter: letter{
		Words: w, Subject: oneLine(said.Subject), Heading: said.Heading, Text: emptyLines.Split(said.Body, -1), Seller: seller{*b, private.Object(keptTexts)}, Test: true,
	}}
	l := &msg.letter
	switch t.ID {
	case kindReceipt, kindInvoice:
		l.Lines, l.Total = []paper.Field{field("Pro", values["amount"])}, field(w.total, values["amount"])
		l.Button = link{w.viewInvoice, "https://example.com"}
	case kindPaymentFailed:
		l.Facts, l.Button = []paper.Field{field(w.due, values["amount"])}, link{put(w.payNow, values["amount"]), "https://example.com"}
	case kindSignIn:
		l.Code, l.Button = "123456", link{w.signInLink, "https://example.com"}
	case kindWelcome:
		l.Button = link{w.welcomeButton, "https://example.com"}
	}
	return msg
}

// SendSample writes a sample to somebody who runs the business. An address that is none is ErrNoAddress.
func SendSample(m *Mailer, op *resource.Op, t *Text, language, to string, own *Wording) (*object.Object, error) {
	if !IsAddress(to) {
		return nil, ErrNoAddress
	}
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	account, err := home.Find("account", op.Account())
	if account == nil || err != nil {
		return nil, err
	}
	private, err := home.Private(account)
	if err != nil {
		return nil, err
	}
	b := sellerOf(account, private).Brand
	msg := sample(&b, private, t, language, own)
	msg.to, msg.letter.Base = to, op.BaseURL()
	if err := msg.write(); err != nil {
		return nil, err
	}
	return m.post(op, msg)
}
