package mail_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"encoding/base64"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/server"
)

// sink is a mail server that keeps what it is sent.
type sink struct {
	t        *testing.T
	smtp     *smtp.Server
	address  string
	password string // asked for if it is not empty
	roots    *x509.CertPool

	mu          sync.Mutex
	got         []letter
	connections int
	encrypted   int // connections
	answer      func(command string) error
}

// letter is a message as it arrived.
type letter struct {
	from, to string
	header   netmail.Header
	raw      string
	text     string
	html     string
	files    map[string][]byte
}

// newSink starts a mail server that ends with the test.
func newSink(t *testing.T, opts ...func(*sink)) *sink {
	t.Helper()
	k := &sink{t: t}
	k.smtp = smtp.NewServer(k)
	k.smtp.Domain, k.smtp.ErrorLog = "mail.example.com", log.New(io.Discard, "", 0)
	for _, o := range opts {
		o(k)
	}
	k.listen("127.0.0.1:0")
	t.Cleanup(func() { _ = k.smtp.Close() })
	return k
}

func (k *sink) listen(address string) {
	k.t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		k.t.Fatal(err)
	}
	k.address = l.Addr().String()
	if k.smtp.TLSConfig != nil && k.roots != nil && k.smtp.AllowInsecureAuth {
		l = tls.NewListener(l, k.smtp.TLSConfig) // smtps
	}
	s := k.smtp
	go func() { _ = s.Serve(l) }()
}

// down ends the server; up starts it again at the same address.
func (k *sink) down() { _ = k.smtp.Close() }

func (k *sink) up() {
	k.smtp = smtp.NewServer(k)
	k.smtp.Domain, k.smtp.ErrorLog = "mail.example.com", log.New(io.Discard, "", 0)
	k.listen(k.address)
}

// withSTARTTLS lets the server encrypt, by a certificate that only the sink's own client trusts.
func withSTARTTLS(k *sink) {
	authority, err := server.NewAuthority(clock.Wall{})
	if err != nil {
		k.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	k.smtp.TLSConfig, k.roots = authority.TLS(), roots
}

// withTLS lets every connection begin encrypted.
func withTLS(k *sink) {
	withSTARTTLS(k)
	k.smtp.AllowInsecureAuth = true // the server does not see that the listener is encrypted
}

func withPassword(password string) func(*sink) {
	return func(k *sink) { k.password = password }
}

// server is the sink as it is configured.
func (k *sink) server(scheme, query string) *mail.Server {
	k.t.Helper()
	user := ""
	if k.password != "" {
		user = "sender:" + k.password + "@"
	}
	s, err := mail.ParseServer(scheme + "://" + user + k.address + query)
	if err != nil {
		k.t.Fatal(err)
	}
	s.Roots = k.roots
	return s
}

// refuse sets what the server says to commands; nil lets all pass.
func (k *sink) refuse(answer func(command string) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answer = answer
}

func (k *sink) ask(command string) error {
	k.mu.Lock()
	answer := k.answer
	k.mu.Unlock()
	if answer == nil {
		return nil
	}
	return answer(command)
}

func (k *sink) letters() []letter {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]letter(nil), k.got...)
}

// NewSession begins a connection.
func (k *sink) NewSession(c *smtp.Conn) (smtp.Session, error) {
	k.mu.Lock()
	k.connections++
	k.mu.Unlock()
	return &session{sink: k, conn: c}, nil
}

type session struct {
	sink     *sink
	conn     *smtp.Conn
	from, to string
	known    bool
}

func (s *session) AuthMechanisms() []string {
	if s.sink.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "sender" || password != s.sink.password {
			return errors.New("wrong")
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Reset() {}

func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if _, encrypted := s.conn.TLSConnectionState(); encrypted {
		s.sink.mu.Lock()
		s.sink.encrypted++
		s.sink.mu.Unlock()
	}
	if s.sink.password != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.sink.ask("MAIL")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.sink.ask("RCPT")
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l, err := readLetter(raw)
	if err != nil {
		s.sink.t.Errorf("the message cannot be read: %v\n%s", err, raw)
		return err
	}
	l.from, l.to = s.from, s.to
	s.sink.mu.Lock()
	s.sink.got = append(s.sink.got, l)
	s.sink.mu.Unlock()
	return s.sink.ask("DATA")
}

// readLetter reads a message as a mail program does.
func readLetter(raw []byte) (letter, error) {
	l := letter{raw: string(raw), files: map[string][]byte{}}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return l, err
	}
	l.header = m.Header
	return l, l.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Header.Get("Content-Disposition"), m.Body)
}

func (l *letter) part(contentType, encoding, disposition string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	_, named, _ := mime.ParseMediaType(disposition)
	switch {
	case named["filename"] != "":
		l.files[named["filename"]] = data
	case kind == "text/plain":
		l.text = string(data)
	case kind == "text/html":
		l.html = string(data)
	}
	return nil
}
