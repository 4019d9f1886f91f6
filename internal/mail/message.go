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
	customer, event string // ids; empty for none
	letter          letter
	attachments     []attachment
}

// attachment is a file that is made when the message is sent.
type attachment struct {
	document string // invoice or receipt
	name     string
	source   string // the id of the invoice
}

// secret reports whether who reads the message can act as its receiver.
func (msg *message) secret() bool { return msg.kind == kindSignIn }

// post writes a message down, and has it sent if it is one that leaves.
func (m *Mailer) post(op *resource.Op, msg *message) (*object.Object, error) {
	msg.letter.Test = !op.Live() && msg.kind != kindSignIn && msg.kind != kindWelcome
	if err := checkHeader(msg.letter.Subject); err != nil {
		return nil, err
	}
	html, text, err := msg.letter.render()
	if err != nil {
		return nil, err
	}
	return op.Make("mail", "", object.New(nil), func(op *resource.Op) error {
		o := op.Object
		m.address(o, msg)
		o.Set("html", html)
		o.Set("text", text)
		if !IsAddress(msg.to) {
			o.Set("status", "failed")
			o.Set("last_error", fmt.Sprintf("%q is no e-mail address.", msg.to))
			return nil
		}
		o.Set("status", "held")
		if m.leaves(op, msg.kind) {
			o.Set("status", "queued")
			if err := op.SetJob(jobSend, op.Now()); err != nil {
				return err
			}
		}
		if msg.secret() && op.Live() {
			return conceal(op)
		}
		return nil
	})
}

// address fills in all but the text.
func (m *Mailer) address(o *object.Object, msg *message) {
	from, seller := m.From, msg.letter.Seller
	if from.Name == "" {
		from.Name = seller.Name
	}
	for name, value := range map[string]any{
		"from": written(from), "to": msg.to, "subject": msg.letter.Subject, "kind": msg.kind, "customer": orNull(msg.customer), "event": orNull(msg.event),
		"reply_to": nil, "attempts": 0, "last_error": nil, "next_attempt_at": nil, "sent_at": nil,
	} {
		o.Set(name, value)
	}
	if IsAddress(seller.Email) {
		o.Set("reply_to", seller.Email)
	}
	files := make([]any, len(msg.attachments))
	for i, a := range msg.attachments {
		file := object.New(nil)
		file.Set("document", a.document)
		file.Set("name", a.name)
		file.Set("source", a.source)
		files[i] = file
	}
	o.Set("attachments", files)
}

// written is an address with its name in its own letters, as people read it.
func written(a netmail.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(a.Name)) + `" <` + a.Address + ">"
}

// conceal puts the text into the private part, where no key reads it, until it was sent.
func conceal(op *resource.Op) error {
	private := object.New(nil)
	for _, name := range []string{"html", "text"} {
		private.Set(name, op.Object.Get(name))
		op.Object.Set(name, nil)
	}
	return op.SetPrivate(op.Object, private)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
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
