package mail_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"sharesmart/internal/access"
	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// shop is an account in test mode with a customer who can pay and two plans.
type shop struct {
	*post
	customer, pro, team string
}

func newShop(t *testing.T, customer ...string) *shop {
	t.Helper()
	s := &shop{post: newPost(t, nil)}
	form := []string{"email", "jenny@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa"}
	s.customer = s.Post("/v1/customers", append(form, customer...)...).OK().ID()
	s.pro, s.team = s.plan("Pro", "900"), s.plan("Team", "2900")
	return s
}

func (s *shop) plan(name, amount string) string {
	s.t.Helper()
	product := s.Server.Post("/v1/products", "name", "ShareSmart "+name).OK().ID()
	return s.Server.Post("/v1/prices", "product", product, "currency", "usd", "unit_amount", amount, "recurring[interval]", "month").OK().ID()
}

// Post is the server's.
func (s *shop) Post(path string, form ...string) *servertest.Answer {
	s.t.Helper()
	return s.Server.Post(path, form...)
}

// invoice is a draft over 20.00.
func (s *shop) invoice(form ...string) string {
	s.t.Helper()
	s.Post("/v1/invoiceitems", "customer", s.customer, "currency", "usd", "amount", "2000", "description", "A poster").OK()
	return s.Post("/v1/invoices", append([]string{"customer", s.customer, "pending_invoice_items_behavior", "include"}, form...)...).OK().ID()
}

func (s *shop) subscribe(form ...string) *object.Object {
	s.t.Helper()
	return s.Post("/v1/subscriptions", append([]string{"customer", s.customer, "items[0][price]", s.pro}, form...)...).OK()
}

func itemOf(sub *object.Object) string {
	return sub.Object("items").Array("data")[0].(*object.Object).ID()
}

// mails are the messages, oldest first.
func (s *shop) mails() []*object.Object {
	s.t.Helper()
	s.run(0)
	var all []*object.Object
	for _, v := range s.Get("/v1/mails", "limit", "100").OK().Array("data") {
		all = append(all, v.(*object.Object))
	}
	slices.Reverse(all)
	return all
}

// plain is the text of a message, with all of its spaces alike.
func plain(m *object.Object) string {
	return strings.ReplaceAll(m.String("text"), "\u00a0", " ")
}

// telling is something that happens, and what its customer is told of it.
type telling struct {
	name     string
	customer []string
	do       func(s *shop)
	kind     string // empty if nothing is told
	subject  string
	text     []string // parts of the text
	file     string
}

var german = []string{"preferred_locales[]", "de-DE"}

var tellings = []telling{
	{"a paid invoice", nil, func(s *shop) { s.Post("/v1/invoices/" + s.invoice() + "/pay").OK() },
		"receipt", "Your receipt from ShareSmart", []string{"We have received $20.00 USD.", "A poster: $20.00 USD", "Paid with: Visa •••• 4242", "/invoices/"}, "Receipt-"},
	{"a paid invoice, in German", german, func(s *shop) { s.Post("/v1/invoices/" + s.invoice() + "/pay").OK() },
		"receipt", "Ihr Zahlungsbeleg von ShareSmart", []string{"Wir haben 20,00 $ USD erhalten.", "Datum: 1. September 2026"}, "Zahlungsbeleg-"},
	{"an invoice over nothing", nil, func(s *shop) {
		s.Post("/v1/invoices/" + s.Post("/v1/invoices", "customer", s.customer).OK().ID() + "/finalize").OK()
	}, "", "", nil, ""},
	{"a customer without an address", []string{"email", ""}, func(s *shop) { s.Post("/v1/invoices/" + s.invoice() + "/pay").OK() }, "", "", nil, ""},
	{"an invoice that is sent", nil, func(s *shop) {
		s.Post("/v1/invoices/" + s.invoice("collection_method", "send_invoice", "days_until_due", "14") + "/send").OK()
	}, "invoice", "from ShareSmart", []string{"$20.00 USD is due on September 15, 2026.", "View and pay:", "The invoice is attached."}, "Invoice-"},
	{"a payment without an invoice", nil, func(s *shop) {
		s.Post("/v1/payment_intents", "amount", "500", "currency", "usd", "payment_method", "pm_card_visa", "payment_method_types[]", "card", "confirm", "true",
			"receipt_email", "rosen@example.com", "description", "A pen").OK()
	}, "receipt", "Your receipt from ShareSmart", []string{"We have received $5.00 USD.", "A pen: $5.00 USD", "Reference: ch_"}, ""},
	{"a payment for which nobody asked for a receipt", nil, func(s *shop) {
		s.Post("/v1/payment_intents", "amount", "500", "currency", "usd", "payment_method", "pm_card_visa", "payment_method_types[]", "card", "confirm", "true", "customer", s.customer).OK()
	}, "", "", nil, ""},
	{"a refund", nil, func(s *shop) {
		pi := s.Post("/v1/payment_intents", "amount", "500", "currency", "usd", "payment_method", "pm_card_visa", "payment_method_types[]", "card", "confirm", "true", "customer", s.customer).OK()
		s.Post("/v1/refunds", "payment_intent", pi.ID(), "amount", "200").OK()
	}, "refund", "Your refund from ShareSmart", []string{"We have refunded $2.00 USD to your Visa •••• 4242."}, ""},
	{"a trial that ends", nil, func(s *shop) { s.subscribe("trial_period_days", "2") },
		"trial_ending", "Your trial of ShareSmart Pro ends on September 3, 2026", []string{"After that it costs $9.00 USD a month.", "taken from your Visa •••• 4242"}, ""},
	{"a trial without a card", []string{"payment_method", "", "invoice_settings[default_payment_method]", ""}, func(s *shop) { s.subscribe("trial_period_days", "2") },
		"trial_ending", "Your trial of ShareSmart Pro ends on September 3, 2026", []string{"add a way to pay"}, ""},
	{"an upgrade", nil, func(s *shop) {
		sub := s.subscribe()
		s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", itemOf(sub), "items[0][price]", s.team).OK()
	}, "plan_changed", "Your plan is now ShareSmart Team", []string{"You have upgraded from ShareSmart Pro to ShareSmart Team.", "Price: $29.00 USD a month"}, ""},
	{"a downgrade", nil, func(s *shop) {
		sub := s.subscribe("items[0][price]", s.team)
		s.Post("/v1/subscriptions/"+sub.ID(), "items[0][id]", itemOf(sub), "items[0][price]", s.pro).OK()
	}, "plan_changed", "Your plan is now ShareSmart Pro", []string{"You have gone from ShareSmart Team to ShareSmart Pro."}, ""},
	{"an end at the end of the period", nil, func(s *shop) {
		s.Post("/v1/subscriptions/"+s.subscribe().ID(), "cancel_at_period_end", "true").OK()
	}, "subscription_canceling", "Your plan ends on October 1, 2026", []string{"You have canceled ShareSmart Pro."}, ""},
	{"an end at once", nil, func(s *shop) { s.Delete("/v1/subscriptions/" + s.subscribe().ID()).OK() },
		"subscription_canceled", "Your plan has ended", []string{"ShareSmart Pro has ended"}, ""},
	{"an end of what cost nothing", nil, func(s *shop) {
		s.Delete("/v1/subscriptions/" + s.subscribe("items[0][price]", s.plan("Free", "0")).ID()).OK()
	}, "", "", nil, ""},
	{"a name with line breaks", nil, func(s *shop) {
		product := s.Post("/v1/products", "name", "Pro\r\nBcc: eve@example.com").OK().ID()
		price := s.Post("/v1/prices", "product", product, "currency", "usd", "unit_amount", "900", "recurring[interval]", "month").OK().ID()
		s.subscribe("items[0][price]", price, "trial_period_days", "2")
	}, "trial_ending", "Your trial of Pro Bcc: eve@example.com ends on September 3, 2026", nil, ""},
}

func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range tellings {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, c.customer...)
			c.do(s)
			all := s.mails()
			if c.kind == "" {
				if len(all) > 0 {
					t.Fatalf("it wrote %s", all[0].String("subject"))
				}
				return
			}
			if len(all) == 0 {
				t.Fatal("it wrote nothing")
			}
			// What is told of the same second has no order.
			m := all[max(0, slices.IndexFunc(all, func(m *object.Object) bool { return m.String("kind") == c.kind }))]
			if m.String("kind") != c.kind || !strings.Contains(m.String("subject"), c.subject) || m.String("status") != "held" || m.String("event") == "" {
				t.Fatalf("it wrote %s, %q, %s, of %s", m.String("kind"), m.String("subject"), m.String("status"), m.String("event"))
			}
			for _, part := range c.text {
				if text := plain(m); !strings.Contains(text, part) {
					t.Errorf("the text lacks %q:\n%s", part, text)
				}
			}
			files := m.Array("attachments")
			if (c.file != "") != (len(files) == 1) || c.file != "" && !strings.HasPrefix(files[0].(*object.Object).String("name"), c.file) {
				t.Errorf("attached: %v, want %q", files, c.file)
			}
		})
	}
}

// A renewal that fails is told with when it is tried again, and a renewal that succeeds gives a receipt and nothing else.
func TestRenewals(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe()
	all := s.mails()
	s.run(31 * 24 * time.Hour)
	s.run(2 * time.Hour)
	all = append(all, s.mails()...) // the first one is forgotten by now
	pm := s.Post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer", s.customer).OK().ID()
	s.Post("/v1/customers/"+s.customer, "invoice_settings[default_payment_method]", pm).OK()
	s.run(31 * 24 * time.Hour)
	s.run(2 * time.Hour)
	all = append(all, s.mails()...)
	var kinds []string
	for _, m := range all {
		kinds = append(kinds, m.String("kind"))
	}
	if diff := cmp.Diff([]string{"receipt", "receipt", "payment_failed"}, kinds); diff != "" {
		t.Fatalf("what was told (-want +got):\n%s", diff)
	}
	text := plain(all[slices.Index(kinds, "payment_failed")])
	for _, part := range []string{"We could not take $9.00 USD from your Visa •••• 0341.", "We will try again on ", "Pay $9.00 USD:\nhttp"} {
		if !strings.Contains(text, part) {
			t.Errorf("the text lacks %q:\n%s", part, text)
		}
	}
}

// Which messages leave.
func TestLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		server, test  bool
		env           string
		other         bool // another account than the default one
		signIn, event string
	}{
		{"no server", false, false, access.Live, false, "held", "held"},
		{"live mode", true, false, access.Live, false, "queued", "queued"},
		{"live mode of another account", true, false, access.Live, true, "held", "held"},
		{"test mode", true, false, access.Test, false, "queued", "held"},
		{"test mode, with --mail-test", true, true, access.Test, false, "queued", "queued"},
		{"a sandbox, with --mail-test", true, true, "sandbox", false, "held", "held"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var server *mail.Server
			if c.server {
				server = &mail.Server{Host: "127.0.0.1", Port: 1}
			}
			p := newPost(t, server)
			p.mailer.Test = c.test
			key := map[string]string{access.Live: p.Account.LiveSecret.Secret, access.Test: p.Key}[c.env]
			env := c.env
			if env == "sandbox" {
				sandbox := p.Post("/v1/sandboxes").OK()
				env, key = sandbox.ID(), sandbox.String("secret_key")
			}
			if c.other {
				p.mailer.Account = "acct_another"
			}
			do := func(method, path string, form ...string) *object.Object {
				return p.Do(servertest.Request{Method: method, Path: path, Key: key, Form: form}).OK()
			}
			customer := do("POST", "/v1/customers", "email", "jenny@example.com").ID()
			do("POST", "/v1/invoiceitems", "customer", customer, "currency", "usd", "amount", "2000")
			in := do("POST", "/v1/invoices", "customer", customer, "collection_method", "send_invoice", "days_until_due", "14", "pending_invoice_items_behavior", "include").ID()
			do("POST", "/v1/invoices/"+in+"/send")
			signIn := p.code(p.in(env), "rosen@example.com")
			if got := do("GET", "/v1/mails/"+signIn).String("status"); got != c.signIn {
				t.Errorf("the sign-in code is %s, want %s", got, c.signIn)
			}
			p.run(0)
			told := do("GET", "/v1/mails", "kind", "invoice").Array("data")
			if len(told) != 1 {
				t.Fatalf("%d messages about the invoice, want 1", len(told))
			}
			o := told[0].(*object.Object)
			tried := o.String("status") == "queued" || o.Int("attempts") > 0
			if want := c.event == "queued"; tried != want || !want && o.String("status") != "held" {
				t.Errorf("the invoice is %s after %d attempts, want %s", o.String("status"), o.Int("attempts"), c.event)
			}
		})
	}
}

// In live mode no key reads what lets somebody sign in.
func TestSignInIsSecret(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	p := newPost(t, k.server("smtp", ""))
	id := p.code(p.ns, "jenny@example.com")
	for range 2 {
		o := p.Do(servertest.Request{Path: "/v1/mails/" + id, Key: p.Account.LiveSecret.Secret})
		if strings.Contains(string(o.Body), "482913") || o.OK().Get("text") != nil || o.OK().Get("html") != nil {
			t.Fatalf("the API shows the code: %s", o.Body)
		}
		p.run(0)
	}
	if got := k.letters(); len(got) != 1 || !strings.Contains(got[0].text, "482913") {
		t.Fatal("the code did not arrive")
	}
	test := p.code(p.in(access.Test), "jenny@example.com")
	if !strings.Contains(p.Get("/v1/mails/"+test).OK().String("text"), "482913") {
		t.Error("in test mode the code cannot be read")
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	p := newPost(t, nil)
	for _, to := range []string{"", "jenny", "jenny@example.com\r\nBcc: eve@example.com", "Jenny <jenny@example.com>", "a@example.com, b@example.com", "jenny@example.com ", "\"a\nb\"@example.com"} {
		_, err := p.Engine.Call(t.Context(), p.ns, func(op *resource.Op) (err error) {
			op.Object, err = mail.Welcome{To: to, Download: "https://shop.example"}.Send(p.mailer, op)
			return err
		})
		if err == nil {
			t.Errorf("%q was taken for an address", to)
		}
	}
	for _, to := range []string{"jenny@example.com", "o'neil+x@sub.example.co.uk", "müller@example.com"} {
		if !mail.IsAddress(to) {
			t.Errorf("%q was taken for no address", to)
		}
	}
}

// Whatever anybody is called, it is text.
func TestEscaping(t *testing.T) {
	t.Parallel()
	const name = `<script>alert("1")</script>&amp;`
	s := newShop(t)
	s.Post("/v1/accounts/"+s.Account.ID, "business_profile[name]", name, "business_profile[support_email]", "help@shop.example", "business_profile[url]", "https://shop.example/?a=1&b=<b>").OK()
	product := s.Post("/v1/products", "name", name).OK().ID()
	price := s.Post("/v1/prices", "product", product, "currency", "usd", "unit_amount", "900", "recurring[interval]", "month").OK().ID()
	s.subscribe("items[0][price]", price, "trial_period_days", "2")
	s.Post("/v1/invoiceitems", "customer", s.customer, "currency", "usd", "amount", "2000", "description", name).OK()
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	all := s.mails()
	if len(all) < 2 {
		t.Fatalf("%d messages", len(all))
	}
	for _, m := range all {
		html := m.String("html")
		if strings.Contains(html, "<script") || strings.Contains(html, "<b>") || !strings.Contains(html, "&lt;script&gt;") {
			t.Errorf("%s is not escaped:\n%s", m.String("kind"), html)
		}
		if !strings.Contains(m.String("text"), name) {
			t.Errorf("the text of %s is escaped:\n%s", m.String("kind"), m.String("text"))
		}
		if got := m.String("reply_to"); got != "help@shop.example" {
			t.Errorf("answers go to %q", got)
		}
	}
}

// A message has the account's name, its colour, and a file that is a PDF.
func TestBranding(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	s := &shop{post: newPost(t, k.server("smtp", ""))}
	s.mailer.Test = true
	s.Post("/v1/accounts/"+s.Account.ID, "business_profile[name]", "Café Müller", "settings[branding][primary_color]", "#FFDD00").OK()
	s.customer = s.Post("/v1/customers", "email", "jenny@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	m := s.mails()[0]
	if got := m.String("from"); got != `"Café Müller" <no-reply@shop.example>` {
		t.Errorf("it is from %s", got)
	}
	if html := m.String("html"); !strings.Contains(html, "background-color: #ffdd00") || !strings.Contains(html, "color: #16181d; font-size: 16px; line-height: 20px") {
		t.Errorf("the button has not the account's colour, or cannot be read on it:\n%s", html)
	}
	got := k.letters()
	if len(got) != 1 || len(got[0].files) != 1 {
		t.Fatalf("%d messages arrived, or without a file", len(got))
	}
	for name, data := range got[0].files {
		if !strings.HasPrefix(name, "Receipt-") || !strings.HasPrefix(string(data), "%PDF-") {
			t.Errorf("the file is %s: %.20q", name, data)
		}
	}
	from, err := got[0].header.AddressList("From")
	if err != nil || from[0].Name != "Café Müller" {
		t.Errorf("it arrived from %v, %v", from, err)
	}
}

func TestParseServer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"smtp://mail.example.com":                "mail.example.com:587",
		"smtps://me:secret@mail.example.com":     "mail.example.com:465",
		"smtp://me:p%40ss@mail.example.com:2525": "mail.example.com:2525",
		"smtp://[::1]:1025?starttls=off":         "[::1]:1025",
		"http://mail.example.com":                "",
		"mail.example.com:587":                   "",
		"smtp://":                                "",
		"smtp://mail.example.com:0":              "",
		"smtp://mail.example.com/path":           "",
		"smtp://mail.example.com?starttls=maybe": "",
		"smtps://mail.example.com?starttls=off":  "",
	} {
		s, err := mail.ParseServer(text)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s is taken", text)
		case want != "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && s.String() != want:
			t.Errorf("%s is %s", text, s)
		}
	}
	for text, want := range map[string]gomail.TLSPolicy{
		"smtp://mail.example.com": gomail.TLSMandatory, "smtp://mail.example.com?starttls=optional": gomail.TLSOpportunistic, "smtp://127.0.0.1": gomail.TLSOpportunistic,
	} {
		if s, err := mail.ParseServer(text); err != nil || s.STARTTLS != want {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
	if s, err := mail.ParseServer("smtp://me:p%40ss@mail.example.com"); err != nil || s.User != "me" || s.Password != "p@ss" {
		t.Errorf("the password is %v, %v", s, err)
	}
}

// What is told of somebody who lives by a test clock goes at once, and is tried again, by the wall clock.
func TestTestClock(t *testing.T) {
	t.Parallel()
	k := newSink(t)
	s := &shop{post: newPost(t, k.server("smtp", ""))}
	s.mailer.Test = true
	frozen := servertest.Start.AddDate(3, 0, 0)
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", strconv.FormatInt(frozen.Unix(), 10)).OK().ID()
	s.customer = s.Post("/v1/customers", "email", "jenny@example.com", "test_clock", clock, "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	k.refuse(func(command string) error {
		if command == "RCPT" {
			return &smtp.SMTPError{Code: 450, Message: "come back later"}
		}
		return nil
	})
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	m := s.mails()[0]
	if m.Int("created") != servertest.Start.Unix() || m.Int("attempts") != 1 || !strings.Contains(m.String("text"), "September 1, 2029") {
		t.Fatalf("it was written at %d and tried %d times:\n%s", m.Int("created"), m.Int("attempts"), m.String("text"))
	}
	k.refuse(nil)
	s.run(time.Minute)
	if got := s.mails()[0]; got.String("status") != "sent" || len(k.letters()) != 1 {
		t.Errorf("it is %s after %d attempts", got.String("status"), got.Int("attempts"))
	}
}

// Going back to a snapshot brings the messages of then back, and tells nothing again.
func TestSnapshotTellsNothingAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	if n := len(s.mails()); n != 1 {
		t.Fatalf("%d messages, want 1", n)
	}
	snapshot := s.Post("/v1/test_helpers/snapshots").OK().ID()
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	if n := len(s.mails()); n != 2 {
		t.Fatalf("%d messages, want 2", n)
	}
	s.Post("/v1/test_helpers/snapshots/" + snapshot + "/restore").OK()
	if n := len(s.mails()); n != 1 {
		t.Errorf("%d messages after going back, want 1", n)
	}
}
