package mail

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// teller makes a message of an event.
type teller struct {
	// wants looks at the event before it is committed, so that nothing comes of those about which nobody is written to.
	wants func(a resource.Announcement) bool
	// tell fills in the message; false if there is nothing to tell after all.
	tell func(d *desk) (bool, error)
}

// tellers are the events that customers are written to about.
var tellers = map[string]teller{
	"charge.succeeded":                     {withReceipt, tellCharge},
	"customer.subscription.deleted":        {always, tellEnd},
	"customer.subscription.trial_will_end": {always, tellTrialEnd},
	"customer.subscription.updated":        {changesPlan, tellChange},
	"invoice.paid":                         {settled, tellPaid},
	"invoice.payment_failed":               {renews, tellFailed},
	"invoice.sent":                         {toSomebody, tellInvoice},
	"refund.created":                       {always, tellRefund},
}

func always(resource.Announcement) bool { return true }

func wants(a resource.Announcement) bool {
	t, known := tellers[a.Type]
	return known && t.wants(a)
}

// desk is where a message is written: what is told, to whom, in which words.
type desk struct {
	message
	*resource.Survey
	object   *object.Object // what the event announces, as it was then
	previous *object.Object
	receiver *object.Object // the customer; nil if there is none any more
	words    *words
}

// hear writes to the customer whom an event is about, if there is an address.
func (m *Mailer) hear(s *resource.Survey, event *object.Object) (resource.Hook, error) {
	data := event.Object("data")
	d := &desk{Survey: s, object: data.Object("object"), previous: data.Object("previous_attributes")}
	d.event = event.ID()
	told, err := d.tell(event.String("type"))
	if !told || d.to == "" || err != nil {
		return nil, err
	}
	d.letter.Words, d.letter.Subject, d.letter.Test, d.letter.Base = d.words, oneLine(d.letter.Subject), !s.Live(), s.BaseURL()
	if err := d.write(); err != nil {
		return nil, err
	}
	return func(op *resource.Op) (err error) {
		op.Object, err = m.post(op, &d.message)
		return err
	}, nil
}

func (d *desk) tell(eventType string) (told bool, err error) {
	account, err := d.Self()
	if err != nil {
		return false, err
	}
	private, err := d.SelfPrivate()
	if err != nil {
		return false, err
	}
	d.letter.Seller = sellerOf(account, private)
	if err := d.receive(d.object.Ref("customer")); err != nil {
		return false, err
	}
	return tellers[eventType].tell(d)
}

// receive addresses the message to a customer.
func (d *desk) receive(id string) (err error) {
	if d.receiver, err = d.Find("customer", id); err != nil {
		return err
	}
	d.words = wordsFor(d.receiver.Array("preferred_locales"))
	if d.receiver != nil {
		d.customer, d.to = id, d.receiver.String("email")
		d.with("customer", d.receiver.String("name"))
	}
	return nil
}

// say sets what the message is about.
func (d *desk) say(kind, subject, heading string, text ...string) {
	d.kind, d.says, d.letter.Subject, d.letter.Heading, d.letter.Text = kind, kind, subject, heading, text
}

// fact adds a name with its value, if it has one.
func (d *desk) fact(name, value string) {
	if value != "" {
		d.letter.Facts = append(d.letter.Facts, field(name, value))
	}
}
