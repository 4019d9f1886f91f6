package mail

import (
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// message is what one address is told.
type message struct {
	kind, to        string
	customer, event string            // ids; empty for none
	says            string            // the id of what it says, see texts.go; empty for nothing that has other words
	values          map[string]string // what the seller's words may name
	letter          letter
	attachments     []attachment
	html, text      string // once it is written
}

// attachment is a file that is made when the message is sent.
type attachment struct {
	document string // invoice or receipt
	name     string
	source   string // the id of the invoice
}

// write makes the text of a message.
func (msg *message) write() (err error) {
	msg.reword()
	if err := checkHeader(msg.letter.Subject); err != nil {
		return err
	}
	msg.html, msg.text, err = msg.letter.render()
	return err
}

// post puts a message that was written into the outbox.
func (m *Mailer) post(op *resource.Op, msg *message) (*object.Object, error) {
	params := object.New(nil)
	for name, value := range map[string]string{
		"customer": msg.customer, "event": msg.event, "html": msg.html, "kind": msg.kind, "subject": msg.letter.Subject, "text": msg.text, "to": msg.to,
	} {
		if value != "" {
			params.Set(name, value)
		}
	}
	files := make([]any, len(msg.attachments))
	for i, a := range msg.attachments {
		file := object.New(nil)
		file.Set("document", a.document)
		file.Set("name", a.name)
		file.Set("source", a.source)
		files[i] = file
	}
	params.Set("attachments", files)
	return op.Make("mail", "", params, m.create)
}

// create finishes a new message: who it is from, and whether it leaves.
func (m *Mailer) create(op *resource.Op) error {
	o := op.Object
	o.Set("created", op.WallNow().Unix()) // mail takes its way by no test clock
	seller, err := sellerIn(op)
	if err != nil {
		return err
	}
	from := m.From
	if from.Name == "" {
		from.Name = seller.Name
	}
	o.Set("from", written(from))
	if IsAddress(seller.Email) {
		o.Set("reply_to", seller.Email)
	}
	if err := op.SetTimer(timerForget, o, op.WallNow().Add(resource.Retention)); err != nil {
		return err
	}
	switch to := o.String("to"); {
	case !IsAddress(to):
		o.Set("status", "failed")
		o.Set("last_error", fmt.Sprintf("%q is no e-mail address.", to))
		return nil
	case m.leaves(op, o.String("kind")):
		o.Set("status", "queued")
		if err := op.SetJob(jobSend, op.WallNow()); err != nil {
			return err
		}
	}
	if kind := o.String("kind"); (kind == kindSignIn || kind == kindDashboard) && op.Live() {
		return conceal(op)
	}
	return nil
}

// written is an address with its name in its own letters, as people read it.
func written(a netmail.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(a.Name)) + `" <` + a.Address + ">"
}

// conceal puts the text of a message that is to be sent into the private part, where no key reads it, until it was.
func conceal(op *resource.Op) error {
	private, o := object.New(nil), op.Object
	for _, name := range []string{"html", "text"} {
		if o.String("status") == "queued" {
			private.Set(name, o.Get(name))
		}
		o.Set(name, nil)
	}
	return op.SetPrivate(o, private)
}

// IsAddress reports whether a text is one e-mail address and nothing else.
func IsAddress(text string) bool {
	a, err := netmail.ParseAddress(text)
	return err == nil && a.Address == text && checkHeader(text) == nil && strings.Contains(text, "@")
}

// checkHeader refuses what would go on as another header.
func checkHeader(text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Errorf("mail: %q cannot stand in a header", text)
	}
	return nil
}

// oneLine makes a name fit for a header: what an API client called a product may have any characters.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
