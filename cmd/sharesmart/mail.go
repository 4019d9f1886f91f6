package main

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"

	"sharesmart/internal/billing"
	"sharesmart/internal/mail"
	"sharesmart/internal/server"
)

// nobody is who writes where nothing is sent.
const nobody = "no-reply@localhost"

// mailer writes to customers, as the configuration says.
func (c *Config) mailer() (*mail.Mailer, error) {
	o := mail.Options{Test: c.MailTest, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper, From: netmail.Address{Address: nobody}}
	if c.SMTP != "" {
		s, err := mail.ParseServer(c.SMTP)
		if err != nil {
			return nil, fmt.Errorf("--smtp: %w", err) // without what was written, which may hold a password
		}
		o.Server = s
	}
	if c.MailFrom != "" {
		from, err := netmail.ParseAddress(c.MailFrom)
		if err != nil {
			return nil, fmt.Errorf("--mail-from is %q: write \"Name <name@example.com>\"", c.MailFrom)
		}
		o.From = *from
	}
	switch {
	case c.SMTP != "" && c.MailFrom == "":
		return nil, errors.New("--smtp needs --mail-from: name who writes, as \"ShareSmart <no-reply@example.com>\"")
	case c.SMTP == "" && c.MailTest:
		return nil, errors.New("--mail-test needs --smtp: name the server that sends")
	}
	return mail.New(o), nil
}

// showsOutbox reports whether the page of the outbox is there: on a server that is for development.
func (c *Config) showsOutbox(l *server.Listeners) bool {
	switch a, ok := l.HTTPS.Addr().(*net.TCPAddr); {
	case c.Mock:
		return false // a stand-in writes to nobody
	case c.Demo:
		return true
	default:
		return ok && a.IP.IsLoopback()
	}
}

// mailText says where mail goes.
func mailText(c *Config, l *server.Listeners) string {
	place := "kept here"
	if c.showsOutbox(l) {
		place = "kept at " + baseURL(c, l) + "/outbox"
	}
	s, err := mail.ParseServer(c.SMTP)
	switch {
	case c.SMTP == "" || err != nil:
		return place + "; --smtp sends it"
	case c.MailTest:
		return "sent by " + s.String() + ", test mode's as well"
	}
	return "sent by " + s.String() + "; test mode's is " + place
}
