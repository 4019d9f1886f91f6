package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// compose makes of a stored message what goes over the wire. The same message gives the same Message-ID and date each
// time, so that who gets it twice can tell.
func (m *Mailer) compose(s *resource.Survey, stored *object.Object) (*mail.Msg, error) {
	html, text := stored.String("html"), stored.String("text")
	if stored.Get("text") == nil {
		private, err := s.Private("mail", stored.ID())
		if err != nil {
			return nil, err
		}
		html, text = private.String("html"), private.String("text")
	}
	from, err := netmail.ParseAddress(stored.String("from"))
	if err != nil {
		return nil, fmt.Errorf("%w: the sender %q is no address", errRefused, stored.String("from"))
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	if err := errors.Join(msg.To(stored.String("to")), replyTo(msg, stored.String("reply_to")), checkHeader(stored.String("subject"))); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	msg.Subject(stored.String("subject"))
	msg.SetMessageIDWithValue(stored.ID() + "@" + domainOf(from.Address))
	msg.SetDateWithValue(time.Unix(stored.Int("created"), 0).UTC())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no answer of an absent reader comes back
	msg.SetBodyString(mail.TypeTextPlain, text)
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	return msg, m.attach(s, msg, stored)
}

func replyTo(msg *mail.Msg, address string) error {
	if address == "" {
		return nil
	}
	return msg.ReplyTo(address)
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// attach makes the files that go with a message. One that cannot be made any more, as its invoice is gone, is left out.
func (m *Mailer) attach(s *resource.Survey, msg *mail.Msg, stored *object.Object) error {
	for _, v := range stored.Array("attachments") {
		file, _ := v.(*object.Object)
		data, err := m.file(s, file)
		if err != nil {
			return err
		}
		if data == nil {
			continue
		}
		if err := msg.AttachReader(file.String("name"), bytes.NewReader(data), mail.WithFileContentType("application/pdf")); err != nil {
			return err
		}
	}
	return nil
}

// file makes a file; nil if there is nothing that it could be of.
func (m *Mailer) file(s *resource.Survey, file *object.Object) ([]byte, error) {
	in, err := s.Find("invoice", file.String("source"))
	if in == nil || err != nil {
		return nil, err
	}
	read := m.Invoice
	if file.String("document") == "receipt" {
		read = m.Receipt
	}
	d, err := read(s, in)
	if d == nil || err != nil {
		return nil, err
	}
	return paper.PDF(d)
}
