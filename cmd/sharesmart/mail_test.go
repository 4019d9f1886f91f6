package main

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/server"
)

func TestMailFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		smtp, from, want string
		test             bool
	}{
		{"nothing", "", "", "", false},
		{"a server", "smtp://me:secret@mail.example.com", "ShareSmart <no-reply@example.com>", "", true},
		{"no sender", "smtp://mail.example.com", "", "--mail-from", false},
		{"a sender that is none", "smtp://mail.example.com", "ShareSmart", "--mail-from is \"ShareSmart\"", false},
		{"another protocol", "https://me:secret@mail.example.com", "a@example.com", "--smtp: write smtp://", false},
		{"test mode without a server", "", "", "--mail-test needs --smtp", true},
	} {
		config := Config{Data: inMemory, HTTPS: "127.0.0.1:0", Log: logDefault, SMTP: c.smtp, MailFrom: c.from, MailTest: c.test}
		err := config.Validate()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		case err != nil && strings.Contains(err.Error(), "secret"):
			t.Errorf("%s: the error tells the password: %v", c.name, err)
		}
	}
}

// at is a listener that only has an address.
type at struct {
	net.Listener
	address net.TCPAddr
}

func (l at) Addr() net.Addr { return &l.address }

// The outbox is there on a loopback address, and not on one that others reach.
func TestShowsOutbox(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]bool{"127.0.0.1": true, "::1": true, "0.0.0.0": false, "::": false, "192.0.2.1": false} {
		l := &server.Listeners{HTTPS: at{address: net.TCPAddr{IP: net.ParseIP(ip), Port: 8443}}}
		if got := (&Config{}).showsOutbox(l); got != want {
			t.Errorf("%s: %t, want %t", ip, got, want)
		}
		if !(&Config{Demo: true}).showsOutbox(l) {
			t.Errorf("%s: a demo does not show it", ip)
		}
	}
}

func TestOutboxIsGreeted(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(":memory:")...)
	if got, want := r.shown("Mail"), "kept at "+r.url+"/outbox; --smtp sends it"; got != want {
		t.Errorf("it says of mail %q, want %q", got, want)
	}
	answer, err := r.client.Get(r.url + "/outbox")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the outbox answers %d", answer.StatusCode)
	}
	r.stop()
}
