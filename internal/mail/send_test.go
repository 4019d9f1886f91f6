package mail_test

import (
	"context"
	netmail "net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// post is an account whose mail is sent to a server.
type post struct {
	*servertest.Server
	t      *testing.T
	mailer *mail.Mailer
	ns     *access.Namespace // live mode
}

func newMailer(server *mail.Server) *mail.Mailer {
	return mail.New(mail.Options{
		Server: server, From: netmail.Address{Address: "no-reply@shop.example"}, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper,
	})
}

func newPost(t *testing.T, server *mail.Server) *post {
	t.Helper()
	m := newMailer(server)
	s := servertest.New(t, servertest.Mail(m))
	m.Account = s.Account.ID
	p := &post{Server: s, t: t, mailer: m}
	p.ns = p.in(access.Live)
	t.Cleanup(func() {
		problems, err := s.Engine.Verify(context.WithoutCancel(t.Context()))
		if err != nil || len(problems) > 0 {
			t.Errorf("the books: %v, %v", problems, err)
		}
	})
	return p
}

func (p *post) in(env string) *access.Namespace {
	p.t.Helper()
	ns, err := p.Registry.Namespace(p.Account.ID, env)
	if err != nil {
		p.t.Fatal(err)
	}
	return ns
}

// code sends a sign-in code in a namespace and returns the message.
func (p *post) code(ns *access.Namespace, to string) string {
	p.t.Helper()
	o, err := p.Engine.Call(p.t.Context(), ns, func(op *resource.Op) (err error) {
		op.Object, err = mail.SignInCode{To: to, Code: "482913", Link: "https://shop.example/in?t=1&u=2", Valid: 10 * time.Minute}.Send(p.mailer, op)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return o.ID()
}

// run does what is due, time passing before it.
func (p *post) run(after time.Duration) {
	p.t.Helper()
	p.Clock.Advance(after)
	if err := p.Engine.RunDue(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// mail is a message as the API shows it.
func (p *post) mail(id string) *object.Object {
	p.t.Helper()
	return p.Do(servertest.Request{Path: "/v1/mails/" + id, Key: p.Account.LiveSecret.Secret}).OK()
}

// is asserts how a message stands.
func (p *post) is(id, status string, attempts int64, lastError string) {
	p.t.Helper()
	o := p.mail(id)
	if o.String("status") != status || o.Int("attempts") != attempts || !strings.Contains(o.String("last_error"), lastError) || lastError == "" && o.Get("last_error") != nil {
		p.t.Fatalf("the message is %s after %d attempts with %q; want %s, %d, %q", o.String("status"), o.Int("attempts"), o.String("last_error"), status, attempts, lastError)
	}
}

func TestDelivered(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	p := newPost(t, k.server("smtp", ""))
	id := p.code(p.ns, "jenny@example.com")
	p.is(id, "queued", 0, "")
	p.code(p.ns, "rosen@example.com")
	p.run(0)
	p.is(id, "sent", 1, "")
	if at := p.mail(id).Int("sent_at"); at != servertest.Start.Unix() {
		t.Errorf("it was sent at %d", at)
	}
	got := k.letters()
	if len(got) != 2 || k.connections != 1 {
		t.Fatalf("%d messages over %d connections, want 2 over 1", len(got), k.connections)
	}
	l := got[0]
	for name, want := range map[string]string{
		"From": `"ShareSmart" <no-reply@shop.example>`, "To": "<jenny@example.com>", "Subject": "Sign in to ShareSmart", "Auto-Submitted": "auto-generated",
		"Message-Id": "<" + id + "@shop.example>", "Date": "Tue, 01 Sep 2026 12:00:00 +0000", "Reply-To": "", "User-Agent": "",
	} {
		if value := l.header.Get(name); value != want {
			t.Errorf("%s: %q, want %q", name, value, want)
		}
	}
	if l.from != "no-reply@shop.example" || l.to != "jenny@example.com" {
		t.Errorf("the envelope is from %q to %q", l.from, l.to)
	}
	for _, want := range []string{"482913", "https://shop.example/in?t=1&u=2", "10 minutes"} {
		if !strings.Contains(l.text, want) {
			t.Errorf("the text does not have %q:\n%s", want, l.text)
		}
	}
	if !strings.Contains(l.html, "482\u00a0913") || !strings.Contains(l.html, `href="https://shop.example/in?t=1&amp;u=2"`) {
		t.Errorf("the HTML lacks the code or the link:\n%s", l.html)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	greylisted := &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "come back later"}
	unknown := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	for _, c := range []struct {
		name, command, status string
		err                   *smtp.SMTPError
	}{
		{"later", "RCPT", "queued", greylisted},
		{"later, after the text", "DATA", "queued", greylisted},
		{"never", "RCPT", "failed", unknown},
		{"never, after the text", "DATA", "failed", unknown},
		{"a sender that is not let in", "MAIL", "queued", &smtp.SMTPError{Code: 530, Message: "who are you"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newSink(t)
			p := newPost(t, k.server("smtp", ""))
			k.refuse(func(command string) error {
				if command == c.command {
					return c.err
				}
				return nil
			})
			id := p.code(p.ns, "jenny@example.com")
			p.run(0)
			p.is(id, c.status, 1, c.err.Message)
			k.refuse(nil)
			before := len(k.letters())
			p.run(59 * time.Second)
			if len(k.letters()) != before {
				t.Fatal("it was tried again at once")
			}
			p.run(time.Second)
			if c.status == "failed" {
				p.is(id, "failed", 1, "no such mailbox")
				return
			}
			p.is(id, "sent", 2, "")
		})
	}
}

// A message that nobody takes is tried for a day, ever more rarely.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	p := newPost(t, k.server("smtp", ""))
	tries := 0
	var at []time.Duration
	k.refuse(func(command string) error {
		if command != "RCPT" {
			return nil
		}
		tries++
		at = append(at, p.Clock.Now().Sub(servertest.Start))
		return &smtp.SMTPError{Code: 451, Message: "not now"}
	})
	id := p.code(p.ns, "jenny@example.com")
	for range 30 * 60 {
		p.run(time.Minute)
	}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 496, 736, 976, 1216, 1456}
	for i := range want {
		want[i] *= time.Minute
	}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("when it was tried (-want +got):\n%s", diff)
	}
	p.is(id, "failed", int64(tries), "not now")
}

// Messages are kept for 30 days.
func TestForgotten(t *testing.T) {
	t.Parallel()
	p := newPost(t, nil)
	id := p.code(p.ns, "jenny@example.com")
	p.run(30*24*time.Hour - time.Second)
	p.is(id, "held", 0, "")
	p.run(time.Second)
	p.Do(servertest.Request{Path: "/v1/mails/" + id, Key: p.Account.LiveSecret.Secret}).Fails(404, "resource_missing")
}

// A server that is down holds up everything, and then everything goes.
func TestServerDown(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	p := newPost(t, k.server("smtp", ""))
	k.down()
	ids := []string{p.code(p.ns, "a@example.com"), p.code(p.ns, "b@example.com"), p.code(p.ns, "c@example.com")}
	p.run(0)
	p.is(ids[0], "queued", 1, "cannot be reached")
	p.is(ids[1], "queued", 0, "")
	k.up()
	p.run(30 * time.Second)
	p.is(ids[1], "sent", 1, "")
	p.is(ids[2], "sent", 1, "")
	p.run(30 * time.Second)
	p.is(ids[0], "sent", 2, "")
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, scheme, query string
		sink                []func(*sink)
		status, lastError   string
		encrypted           int
	}{
		{"STARTTLS", "smtp", "?starttls=required", []func(*sink){withSTARTTLS}, "sent", "", 1},
		{"STARTTLS with a password", "smtp", "?starttls=required", []func(*sink){withSTARTTLS, withPassword("secret")}, "sent", "", 1},
		{"STARTTLS where it can be", "smtp", "", []func(*sink){withSTARTTLS}, "sent", "", 1},
		{"no STARTTLS", "smtp", "?starttls=off", []func(*sink){withSTARTTLS}, "sent", "", 0},
		{"STARTTLS that the server has not", "smtp", "?starttls=required", nil, "queued", "STARTTLS", 0},
		{"smtps", "smtps", "", []func(*sink){withTLS}, "sent", "", 1},
		{"smtps with a password", "smtps", "", []func(*sink){withTLS, withPassword("secret")}, "sent", "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newSink(t, c.sink...)
			p := newPost(t, k.server(c.scheme, c.query))
			id := p.code(p.ns, "jenny@example.com")
			p.run(0)
			p.is(id, c.status, 1, c.lastError)
			if k.encrypted != c.encrypted {
				t.Errorf("%d encrypted connections, want %d", k.encrypted, c.encrypted)
			}
		})
	}
}

// A certificate that nobody vouches for is no encryption.
func TestUntrustedServer(t *testing.T) {
	t.Parallel()
	k := newSink(t, withSTARTTLS)
	server := k.server("smtp", "?starttls=required")
	server.Roots = nil
	p := newPost(t, server)
	id := p.code(p.ns, "jenny@example.com")
	p.run(0)
	p.is(id, "queued", 1, "certificate")
	if len(k.letters()) > 0 {
		t.Error("it was sent all the same")
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	k := newSink(t, withSTARTTLS, withPassword("secret"))
	server := k.server("smtp", "?starttls=required")
	server.Password = "guess"
	p := newPost(t, server)
	id := p.code(p.ns, "jenny@example.com")
	p.run(0)
	p.is(id, "queued", 1, "AUTH")
	if text := p.mail(id).String("last_error"); strings.Contains(text, "guess") || strings.Contains(text, "secret") {
		t.Errorf("the error tells the password: %s", text)
	}
}

// dying is a store that writes nothing any more once its process is dead.
type dying struct {
	store.Store
	dead atomic.Bool
}

func (d *dying) Update(ctx context.Context, fn func(store.Tx) error) error {
	if d.dead.Load() {
		return store.ErrClosed
	}
	return d.Store.Update(ctx, fn)
}

// A process that dies after the server took a message and before that was written sends it again: the same message.
func TestKilledAfterSending(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	now := clock.NewFake(servertest.Start)
	disk, err := sqlite.Open(":memory:", store.Options{Now: func() int64 { return now.Now().Unix() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	first := &dying{Store: disk}
	k.refuse(func(command string) error {
		first.dead.Store(command == "DATA" || first.dead.Load())
		return nil
	})
	var id string
	for i, s := range []store.Store{first, disk} {
		m := newMailer(k.server("smtp", ""))
		e, ns := liveEngine(t, s, now, m)
		if i == 0 {
			o, err := e.Call(t.Context(), ns, func(op *resource.Op) (err error) {
				op.Object, err = mail.SignInCode{To: "jenny@example.com", Code: "482913", Link: "https://shop.example", Valid: time.Minute}.Send(m, op)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			id = o.ID()
		}
		err := e.RunDue(t.Context())
		if died := i == 0; (err != nil) != died {
			t.Fatalf("process %d ended with %v", i+1, err)
		}
		now.Advance(15 * time.Second) // as long as the first one's lease lasts
	}
	got := k.letters()
	if len(got) != 2 || got[0].header.Get("Message-Id") != "<"+id+"@shop.example>" || strip(got[0].raw) != strip(got[1].raw) {
		t.Fatalf("it arrived %d times, want twice the same", len(got))
	}
}

// strip takes the boundaries out of a message, which are drawn by lot.
func strip(raw string) string {
	var lines []string
	for line := range strings.Lines(raw) {
		if !strings.HasPrefix(line, "--") && !strings.Contains(line, "boundary=") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// liveEngine is an engine on a store that another one may have used before, and the live mode of its account.
func liveEngine(t *testing.T, s store.Store, now *clock.Fake, m *mail.Mailer) (*resource.Engine, *access.Namespace) {
	t.Helper()
	registry := access.NewRegistry(s, now, access.Options{})
	id, err := registry.DefaultAccount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id == "" {
		account, err := registry.CreateAccount(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		id = account.ID
	}
	m.Account = id
	ns, err := registry.Namespace(id, access.Live)
	if err != nil {
		t.Fatal(err)
	}
	e, err := resource.New(s, registry, now, append([]resource.Rules{m.Rules()}, billing.Rules()...), resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e, ns
}
